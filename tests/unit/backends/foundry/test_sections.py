"""What can be read on of a training job, by either contract."""

from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest
import stamina

from shared.errors import NotFoundError, UnavailableError
from shared.ports import Page
from shared.runs import Section
from tests.arm import an_error
from tests.project import NAME, PROFILES, Project, a_job, trainings

AT = f"training_jobs/{NAME}"
RUNS = f"jobs/{NAME}/history/runs/{NAME}"
WHEN = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _no_waiting() -> Iterator[None]:
    with stamina.set_testing(True, attempts=1):
        yield


def test_attempts_are_told_with_their_errors() -> None:
    attempt = {
        "id": "1",
        "status": "failed",
        "started_at": int(WHEN.timestamp()),
        "error": {"code": "UserError", "message": "No."},
        "is_latest": True,
    }
    project = Project({f"{AT}/attempts": {"data": [attempt, 7], "has_more": False}})

    page = trainings(project).section(NAME, Section.ATTEMPTS)

    assert page == Page(
        (
            {
                "id": "1",
                "status": "failed",
                "status_reason": None,
                "is_latest": True,
                "started_at": WHEN,
                "ended_at": None,
                "compute_seconds": None,
                "compute": None,
                "error": {"code": "UserError", "message": "No.", "hint": None},
                "warnings": [],
            },
        )
    )


def test_the_points_of_a_metric_are_asked_for_by_its_encoded_name() -> None:
    point = {"step": 4, "created_at": int(WHEN.timestamp()), "data": {"train/loss rate": 1.5}}
    place = f"{AT}/attempts/latest/metrics/train%2Floss%20rate"
    project = Project({place: {"data": [point], "has_more": True}})

    page = trainings(project).section(NAME, Section.METRICS, "train/loss rate")

    assert page == Page(
        ({"name": "train/loss rate", "step": 4, "at": WHEN, "value": 1.5},), truncated=True
    )


def test_the_points_of_a_metric_of_a_job_are_asked_for_by_a_body() -> None:
    point = {"step": 4, "createdUtc": "2026-11-21T09:00:00Z", "data": {"loss": 1.5}}
    asked: list[bytes] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.read())
        return httpx.Response(200, json={"value": [point]})

    page = trainings(answer, "jobs").section(NAME, Section.METRICS, "loss")

    assert asked == [b'{"metricName":"loss"}']
    assert page == Page(({"name": "loss", "step": 4, "at": WHEN, "value": 1.5},))


@pytest.mark.parametrize("name", ["..", ".", "", "a/../b", "a//b", "/a", "a?b", "a%2fb", "a\n"])
def test_no_name_of_a_metric_leads_elsewhere(name: str) -> None:
    project = Project({})

    with pytest.raises(ValueError, match="plain names"):
        trainings(project).section(NAME, Section.METRICS, name)

    assert project.asked == []


@pytest.mark.parametrize(
    ("profile", "documents"),
    [
        (
            "training_jobs",
            {f"{AT}/services": {"services": {"Studio": {"type": "studio", "port": 443}, "x": 7}}},
        ),
        (
            "jobs",
            {
                f"{RUNS}/serviceinstances/0": {
                    "instances": {"Studio": {"type": "studio", "port": 443}}
                }
            },
        ),
    ],
)
def test_services_are_told_by_name(profile: str, documents: dict[str, object]) -> None:
    page = trainings(Project(documents), profile).section(NAME, Section.SERVICES)

    assert page == Page(
        (
            {
                "name": "Studio",
                "type": "studio",
                "status": None,
                "port": 443,
                "endpoint": None,
                "error": None,
            },
        )
    )


def test_the_outputs_of_a_job_are_those_of_its_document() -> None:
    job = a_job(outputs={"model": {"jobOutputType": "uri_folder", "assetVersion": "3"}})

    page = trainings(Project({f"jobs/{NAME}": job}), "jobs").section(NAME, Section.OUTPUTS)

    assert page == Page(
        (
            {
                "name": "model",
                "type": "uri_folder",
                "uri": None,
                "asset_id": None,
                "asset_name": None,
                "asset_version": "3",
            },
        )
    )


@pytest.mark.parametrize("experiment", [None, 7, "../x", "a b", ""])
def test_artifacts_of_an_odd_experiment_are_not_asked_for(experiment: object) -> None:
    project = Project({RUNS: {"experimentId": experiment}})

    assert trainings(project, "jobs").section(NAME, Section.ARTIFACTS) is None
    assert project.asked == [f"GET {RUNS}"]


def test_a_list_of_many_pages_says_that_there_is_more() -> None:
    asked: list[str | None] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.params.get("after"))
        path = f"a{len(asked)}"
        page = {"data": [{"path": path}], "has_more": True, "last_id": path}
        return httpx.Response(200, json=page)

    page = trainings(answer).section(NAME, Section.ARTIFACTS)

    assert page is not None
    assert [each["path"] for each in page.items] == ["a1", "a2", "a3", "a4", "a5"]
    assert page.truncated
    assert asked == [None, "a1", "a2", "a3", "a4"]


@pytest.mark.parametrize(
    ("profile", "section"),
    [
        ("training_jobs", Section.CHILDREN),
        ("jobs", Section.CHILDREN),
        ("jobs", Section.ATTEMPTS),
    ],
)
def test_what_a_contract_has_not_is_not_asked_for(profile: str, section: Section) -> None:
    project = Project({})

    with pytest.raises(NotFoundError):
        trainings(project, profile).section(NAME, section)

    assert project.asked == []


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize(
    "section", [Section.METRICS, Section.ARTIFACTS, Section.SERVICES, Section.OUTPUTS]
)
def test_of_a_job_that_is_not_there_nothing_is_told(profile: str, section: Section) -> None:
    assert trainings(Project({}), profile).section(NAME, section) is None


@pytest.mark.parametrize("profile", PROFILES)
def test_a_service_that_cannot_be_asked_is_not_one_that_has_nothing(profile: str) -> None:
    with pytest.raises(UnavailableError):
        trainings(lambda _: an_error(503), profile).section(NAME, Section.METRICS)
