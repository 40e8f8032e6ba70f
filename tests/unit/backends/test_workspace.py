"""What a workspace is asked for each verb, and what its answers mean."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
import stamina

from shared.backends.definitions import TEMPLATE_STAYS
from shared.backends.looks import THREADS
from shared.backends.workspace.jobs import WorkspaceJobs
from shared.errors import RefusedError, RejectedError, UnavailableError
from shared.runs import Observation, Status
from tests.arm import Clock, Script, a_connection, a_remote, an_error
from tests.jobs import ID, a_document, a_request, bodies

PATIENCE = 20.0  # seconds
RUN = "jr-0123456789abcdef01234567"


@pytest.fixture(autouse=True)
def _no_waiting() -> Iterator[None]:
    with stamina.set_testing(True, attempts=3, cap=True):
        yield


def jobs(script: Script, clock: Clock | None = None) -> WorkspaceJobs[Any]:
    clock = clock or Clock()
    return WorkspaceJobs(a_remote(script, clock=clock), bodies(), clock=clock)


def jobs_answering(answer: Callable[[str], httpx.Response]) -> WorkspaceJobs[Any]:
    """The jobs, each look at which is answered by its name."""
    client = a_connection(lambda request: answer(request.url.path.rpartition("/")[2])).client
    return WorkspaceJobs(a_remote(Script(), client=client), bodies(), clock=Clock())


def found(name: str = RUN, **properties: object) -> httpx.Response:
    return httpx.Response(200, json=a_document(name, **properties))


def inner(status: int, *codes: str) -> httpx.Response:
    chain: dict[str, Any] | None = None
    for code in reversed(codes):
        chain = {"code": code, "innerError": chain}
    info = [{"type": "InnerError", "info": {"value": chain}}]
    error = {"code": "UserError", "message": "No.", "additionalInfo": info}
    return httpx.Response(status, json={"error": error})


def test_a_template_is_the_definition_of_a_job() -> None:
    script = Script(found("train", command="x"))

    definition = jobs(script).definition(a_request())

    assert definition == {"jobType": "Command", "command": "x"}
    assert script.asked[0].url.path == f"{ID}/jobs/train"


def test_a_template_is_asked_for_once_a_minute() -> None:
    script, clock = Script(found("train", command="old"), found("train", command="new")), Clock()
    backend = jobs(script, clock)

    commands = []
    for wait in (timedelta(0), TEMPLATE_STAYS - timedelta(seconds=1), timedelta(seconds=1)):
        clock.now += wait
        commands.append(backend.definition(a_request())["command"])

    assert commands == ["old", "old", "new"]


def test_a_template_that_is_not_there_is_looked_for_again_at_once() -> None:
    backend = jobs(Script(an_error(404), found("train")))

    with pytest.raises(RejectedError) as caught:
        backend.definition(a_request())

    assert caught.value.reason == "template_not_found"
    assert caught.value.hint is not None
    assert backend.definition(a_request())["jobType"] == "Command"


@pytest.mark.parametrize("kind", ["Sweep", None, 7])
def test_a_job_of_another_kind_is_no_template(kind: object) -> None:
    with pytest.raises(RejectedError) as caught:
        jobs(Script(found("train", jobType=kind))).definition(a_request())

    assert caught.value.reason == "template_wrong_type"


@pytest.mark.parametrize("body", [{}, {"properties": 7}, {"name": "other", "properties": {}}])
def test_an_answer_that_is_no_job_rejects_no_template(body: object) -> None:
    with pytest.raises(UnavailableError):
        jobs(Script(httpx.Response(200, json=body))).definition(a_request())


def test_a_created_job_is_seen_in_the_answer() -> None:
    script = Script(httpx.Response(201, json=a_document(RUN, status="Starting")))

    look = jobs(script).create(RUN, {"properties": {}})

    assert look.status is Status.STARTING
    assert (script.methods, script.asked[0].url.path) == (["PUT"], f"{ID}/jobs/{RUN}")


@pytest.mark.parametrize(
    ("answer", "exists"),
    [
        (inner(400, "BadArgument", "ArgumentInvalid"), False),
        (inner(404, "ComputeNotFound"), False),
        (inner(422), False),
        (inner(409), True),
        (inner(400, "Immutable", "JobPropertyImmutable"), True),
        (inner(400, "JobPropertyImmutable"), True),
        (httpx.Response(409), True),
    ],
)
def test_a_refusal_tells_a_taken_name_from_a_wrong_content(
    answer: httpx.Response, *, exists: bool
) -> None:
    with pytest.raises(RefusedError) as caught:
        jobs(Script(answer)).create(RUN, {"properties": {}})

    assert caught.value.exists is exists


def test_a_created_job_that_cannot_be_read_may_exist() -> None:
    with pytest.raises(UnavailableError) as caught:
        jobs(Script(httpx.Response(201, json={"properties": []}))).create(RUN, {})

    assert not caught.value.clear


@pytest.mark.parametrize(
    "answer",
    [httpx.Response(200), httpx.Response(202), an_error(404), an_error(409), an_error(400)],
)
def test_a_cancel_that_comes_too_late_is_no_error(answer: httpx.Response) -> None:
    script = Script(answer)

    jobs(script).cancel(RUN)

    assert (script.methods, script.asked[0].url.path) == (["POST"], f"{ID}/jobs/{RUN}/cancel")


@pytest.mark.parametrize("status", [401, 403, 429, 500])
def test_a_cancel_that_did_not_arrive_is_one(status: int) -> None:
    with pytest.raises(UnavailableError):
        jobs(Script(an_error(status))).cancel(RUN)


def test_many_jobs_are_looked_at_together_each_once_and_each_for_itself() -> None:
    answers = {"a": found("a"), "b": an_error(404), "c": an_error(403), "d": found("x")}
    backend = jobs_answering(lambda name: answers[name])

    looks = list(backend.observe(name for name in "abcda"))

    assert sorted((name, type(look)) for name, look in looks) == [
        ("a", Observation),
        ("b", type(None)),
        ("c", UnavailableError),
        ("d", UnavailableError),
    ]


def test_nothing_is_asked_for_no_jobs() -> None:
    script = Script(found())

    assert list(jobs(script).observe([])) == []
    assert script.asked == []


def test_who_stops_looking_leaves_the_looks_that_have_not_begun() -> None:
    asked, go_on = [], threading.Event()

    def answer(name: str) -> httpx.Response:
        asked.append(name)
        assert name == "0" or go_on.wait(PATIENCE)
        return found(name)

    looks = jobs_answering(answer).observe(map(str, range(1000)))
    next(looks)
    looks.close()  # type: ignore[attr-defined]  # the poller leaves it so, by leaving its loop
    go_on.set()

    for thread in [each for each in threading.enumerate() if each.name.startswith("look")]:
        thread.join(PATIENCE)
    assert len(asked) <= THREADS + 1


def test_templates_are_listed_over_all_pages() -> None:
    link = f"https://arm.example{ID}/jobs?%24skip=1"
    script = Script(
        httpx.Response(200, json={"value": [a_document("a")], "nextLink": link}),
        httpx.Response(200, json={"value": [a_document("b")]}),
    )

    assert [card["name"] for card in jobs(script).templates()] == ["a", "b"]
    assert script.asked[0].url.params["jobType"] == "Command"


def test_a_target_answers_when_it_knows_of_no_job_with_our_odd_name() -> None:
    script = Script(an_error(404))

    jobs(script).ping()

    assert script.asked[0].url.path == f"{ID}/jobs/jr-000000000000000000000000"


@pytest.mark.parametrize(
    "answer", [an_error(403), an_error(404, "ResourceNotFound"), httpx.Response(404)]
)
def test_a_target_that_is_not_there_or_not_for_us_does_not_answer(answer: httpx.Response) -> None:
    with pytest.raises(UnavailableError):
        jobs(Script(answer)).ping()
