"""What a project is asked for each verb, by either contract, and what its answers mean."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
import stamina

from shared.backends.definitions import TEMPLATE_STAYS
from shared.errors import RefusedError, RejectedError, UnavailableError
from shared.runs import Observation, Status
from tests.arm import Clock, Script, an_error
from tests.project import ENDPOINT, NAME, PROFILES, a_job, a_training_job, trainings
from tests.unit.backends.foundry.given import from_template

FOUND = {"training_jobs": a_training_job, "jobs": a_job}
EMPTY = {"training_jobs": {"data": [], "has_more": False}, "jobs": {"value": []}}


@pytest.fixture(autouse=True)
def _no_waiting() -> Iterator[None]:
    with stamina.set_testing(True, attempts=3, cap=True):
        yield


def found(profile: str, name: str = NAME, **properties: Any) -> httpx.Response:
    return httpx.Response(200, json=FOUND[profile](name, **properties))


def asked(script: Script) -> list[tuple[str, str]]:
    return [(each.method, str(each.url)) for each in script.asked]


def test_a_training_job_is_posted_with_its_name_as_its_key() -> None:
    script = Script(httpx.Response(201, json=a_training_job(status="queued")))

    look = trainings(script).create(NAME, {"name": NAME, "properties": {}})

    (request,) = script.asked
    assert look.status is Status.STARTING
    assert asked(script) == [("POST", f"{ENDPOINT}/training_jobs?api-version=v1")]
    assert request.headers["operation-id"] == NAME
    assert request.headers["foundry-features"] == "TrainingJobs=V1Preview"
    assert request.headers["authorization"] == "Bearer token-for-https://ai.azure.com/.default"
    assert request.read() == b'{"name":"jr-0123456789abcdef01234567","properties":{}}'


def test_a_job_is_put_under_its_name() -> None:
    script = Script(httpx.Response(201, json=a_job(status="Queued")))

    look = trainings(script, "jobs").create(NAME, {"properties": {}})

    (request,) = script.asked
    assert look.status is Status.STARTING
    assert asked(script) == [("PUT", f"{ENDPOINT}/jobs/{NAME}?api-version=2026-01-15-preview")]
    assert not {"operation-id", "foundry-features"} & {*request.headers}


def test_a_target_may_name_another_version_and_another_preview() -> None:
    script = Script(found("jobs"))

    trainings(script, "jobs", apiVersion="v2", features="Jobs=V1Preview").find(NAME)

    assert asked(script) == [("GET", f"{ENDPOINT}/jobs/{NAME}?api-version=v2")]
    assert script.asked[0].headers["foundry-features"] == "Jobs=V1Preview"


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize(
    ("answer", "exists"),
    [
        (an_error(400, "invalid_request"), False),
        (an_error(422, "UserError"), False),
        (an_error(409, "conflict"), True),
        (httpx.Response(409), True),
        (an_error(400, "immutable_property"), True),
        (an_error(400, "JobAlreadyExists"), True),
    ],
)
def test_a_refusal_tells_a_taken_name_from_a_wrong_content(
    profile: str, answer: httpx.Response, *, exists: bool
) -> None:
    with pytest.raises(RefusedError) as caught:
        trainings(Script(answer), profile).create(NAME, {"properties": {}})

    assert caught.value.exists is exists


@pytest.mark.parametrize("profile", PROFILES)
def test_what_a_project_lacks_refuses_a_job(profile: str) -> None:
    page = httpx.Response(200, json=EMPTY[profile])
    backend = trainings(Script(an_error(404, "not_found"), page), profile)

    with pytest.raises(RefusedError) as caught:
        backend.create(NAME, {"properties": {}})

    assert not caught.value.exists


@pytest.mark.parametrize("profile", PROFILES)
def test_a_project_that_is_not_there_refuses_none(profile: str) -> None:
    backend = trainings(Script(an_error(404, "not_found")), profile)

    with pytest.raises(UnavailableError) as caught:
        backend.create(NAME, {"properties": {}})

    assert caught.value.clear


@pytest.mark.parametrize("answer", [{}, {"properties": 7}, {"name": "other", "properties": {}}])
def test_a_created_job_that_cannot_be_read_may_exist(answer: object) -> None:
    with pytest.raises(UnavailableError) as caught:
        trainings(Script(httpx.Response(201, json=answer))).create(NAME, {})

    assert not caught.value.clear


def test_who_is_not_let_in_is_told_the_role_that_is_missing() -> None:
    with pytest.raises(UnavailableError) as caught:
        trainings(Script(an_error(403, "preview_feature_required"))).create(NAME, {})

    assert "Azure AI User" in (caught.value.hint or "")
    assert "`features`" in (caught.value.hint or "")


@pytest.mark.parametrize("profile", PROFILES)
def test_a_look_sees_all_that_events_tell(profile: str) -> None:
    named = {"display_name": "Run 7"} if profile == "training_jobs" else {"displayName": "Run 7"}
    answer = found(
        profile,
        status="cancelled",
        tags={"a": "b"},
        properties={"jobrelay.fingerprint": "f00"},
        services={"Studio": {"endpoint": "https://ai.azure.com/x?sig=c4nary"}},
        **named,
    )

    look = trainings(Script(answer), profile).find(NAME)

    assert look is not None
    assert (look.status, look.native_status) == (Status.CANCELLED, "cancelled")
    assert (look.job.display_name, look.job.tags) == ("Run 7", {"a": "b"})
    assert look.job.monitor_url == "https://ai.azure.com/x?…"
    assert look.fingerprint == "f00"


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("queued", Status.STARTING),
        ("in_progress", Status.RUNNING),
        ("InProgress", Status.RUNNING),
        ("succeeded", Status.SUCCESS),
        ("Completed", Status.SUCCESS),
        ("failed", Status.FAILED),
        ("cancelled", Status.CANCELLED),
        ("Canceled", Status.CANCELLED),
        ("CancelRequested", Status.CANCELLING),
        ("cancelling", Status.CANCELLING),
        ("NotResponding", Status.UNKNOWN),
        ("Paused", Status.UNKNOWN),
        ("something_new", Status.UNKNOWN),
        (None, Status.UNKNOWN),
    ],
)
def test_each_vocabulary_of_statuses_is_known(word: str | None, status: Status) -> None:
    look = trainings(Script(found("training_jobs", status=word))).find(NAME)

    assert look is not None
    assert look.status is status


def test_many_jobs_are_looked_at_each_for_itself() -> None:
    answers = {"a": found("jobs", "a"), "b": an_error(404), "c": an_error(403)}
    backend = trainings(lambda request: answers[request.url.path.rpartition("/")[2]], "jobs")

    looks = list(backend.observe("abca"))

    assert sorted((name, type(look)) for name, look in looks) == [
        ("a", Observation),
        ("b", type(None)),
        ("c", UnavailableError),
    ]


def test_a_template_is_asked_for_once_a_minute() -> None:
    script, clock = (
        Script(found("jobs", "train", command="old"), found("jobs", "train", command="new")),
        Clock(),
    )
    backend = trainings(script, "jobs", clock=clock)

    commands = []
    for wait in (timedelta(0), TEMPLATE_STAYS - timedelta(seconds=1), timedelta(seconds=1)):
        clock.now += wait
        commands.append(backend.definition(from_template())["command"])

    assert commands == ["old", "old", "new"]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (an_error(404, "not_found"), "template_not_found"),
        (found("jobs", "train", jobType="Pipeline"), "template_wrong_type"),
        (found("jobs", "train", jobType=7), "template_wrong_type"),
    ],
)
def test_not_every_job_is_a_template(answer: httpx.Response, reason: str) -> None:
    with pytest.raises(RejectedError) as caught:
        trainings(Script(answer), "jobs").definition(from_template())

    assert caught.value.reason == reason


def test_templates_of_training_jobs_are_listed_by_cursor() -> None:
    script = Script(
        httpx.Response(
            200, json={"data": [a_training_job("a")], "has_more": True, "last_id": "a b"}
        ),
        httpx.Response(200, json={"data": [a_training_job("b")], "has_more": False}),
    )

    cards = list(trainings(script).templates())

    assert [card["name"] for card in cards] == ["a", "b"]
    assert [dict(each.url.params) for each in script.asked] == [
        {
            "job_type": "command",
            "list_view_type": "active_only",
            "limit": "100",
            "api-version": "v1",
        },
        {
            "job_type": "command",
            "list_view_type": "active_only",
            "limit": "100",
            "after": "a b",
            "api-version": "v1",
        },
    ]


def test_templates_of_jobs_are_listed_by_links() -> None:
    link = f"{ENDPOINT}/jobs?%24skipToken=x&api-version=1"
    script = Script(
        httpx.Response(200, json={"value": [a_job("a")], "nextLink": link}),
        httpx.Response(200, json={"value": [a_job("b"), a_job("c", tags={"jobrelay": "relay"})]}),
    )

    cards = list(trainings(script, "jobs").templates())

    assert [card["name"] for card in cards] == ["a", "b"]
    assert dict(script.asked[1].url.params) == {
        "$skipToken": "x",
        "api-version": "2026-01-15-preview",
    }


def test_a_list_that_leads_elsewhere_is_left() -> None:
    link = "https://evil.example/api/projects/demo/jobs?%24skipToken=x"
    script = Script(httpx.Response(200, json={"value": [], "nextLink": link}))

    with pytest.raises(UnavailableError, match="elsewhere"):
        list(trainings(script, "jobs").templates())

    assert len(script.asked) == 1


def test_a_cursor_that_does_not_move_ends_a_list() -> None:
    page = {"data": [a_training_job("a")], "has_more": True, "last_id": "a"}
    script = Script(httpx.Response(200, json=page))

    assert len(list(trainings(script).templates())) == 2
    assert len(script.asked) == 2


@pytest.mark.parametrize("profile", PROFILES)
def test_a_template_is_shown_as_a_request_would_name_its_values(profile: str) -> None:
    inputs = {
        "training_jobs": {
            "inputs": {"rate": {"job_input_type": "literal", "value": "1"}},
            "outputs": {"model": {"job_output_type": "uri_folder", "mode": "upload"}},
            "display_name": "Train",
        },
        "jobs": {
            "inputs": {"rate": {"jobInputType": "literal", "value": "1"}},
            "outputs": {"model": {"jobOutputType": "uri_folder", "mode": "Upload"}},
            "displayName": "Train",
        },
    }
    listed = {
        "training_jobs": {"data": [a_training_job("a", **inputs["training_jobs"])]},
        "jobs": {"value": [a_job("a", **inputs["jobs"])]},
    }

    cards = list(trainings(Script(httpx.Response(200, json=listed[profile])), profile).templates())

    assert cards == [
        {
            "name": "a",
            "displayName": "Train",
            "description": None,
            "inputs": {"rate": {"type": "literal", "value": "1"}},
            "outputs": {"model": {"type": "uri_folder", "mode": "upload"}},
        }
    ]


@pytest.mark.parametrize("profile", PROFILES)
def test_a_project_answers_with_its_jobs(profile: str) -> None:
    script = Script(httpx.Response(200, json=EMPTY[profile]))

    trainings(script, profile).ping()

    assert script.asked[0].url.path == f"/api/projects/demo/{profile}"


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("status", [401, 403, 404, 500])
def test_a_project_that_is_not_there_or_not_for_us_does_not_answer(
    profile: str, status: int
) -> None:
    with pytest.raises(UnavailableError):
        trainings(Script(an_error(status)), profile).ping()
