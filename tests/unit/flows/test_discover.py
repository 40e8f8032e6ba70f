"""Somebody looks for templates."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from shared.backends.workspace import backends
from shared.errors import NotFoundError, UnavailableError
from shared.flows.discover import MOST, discover
from shared.ports import Json, Target
from shared.runs import JobType
from shared.targets import WorkspaceTarget
from tests.arm import a_connection
from tests.fake_backend import FakeBackend
from tests.jobs import WORKSPACE, a_document, a_template
from tests.unit.flows.given import World, a_job, an_outage

PLACE = WorkspaceTarget(
    kind="workspace",
    subscriptionId=WORKSPACE.subscription_id,
    resourceGroup=WORKSPACE.resource_group,
    workspace=WORKSPACE.name,
)
TRAIN: Json = {
    "name": "train",
    "jobType": "Command",
    "displayName": None,
    "description": None,
    "inputs": {},
    "outputs": {},
}


class Listing(FakeBackend):
    """Has so many templates, and counts those that are asked for."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self._count = count
        self.told = 0

    def templates(self) -> Iterator[Json]:
        for number in range(self._count):
            self.told += 1
            yield {**TRAIN, "name": f"train-{number}", "display_name": None}


class Service:
    """A workspace with jobs, and what was asked of it."""

    def __init__(self, *jobs: Json) -> None:
        self.asked: list[str] = []
        self._jobs = jobs

    def __call__(self, request: httpx.Request) -> httpx.Response:
        kind = request.url.params["jobType"]
        self.asked.append(kind)
        jobs = [job for job in self._jobs if job["properties"]["jobType"] == kind]
        return httpx.Response(200, json={"value": jobs})


def a_world(service: Service) -> World:
    """A world whose target is a workspace of every kind of job."""
    world = World()
    made = backends(PLACE, a_connection(service), app_name="relay")
    world.targets["demo"] = Target("demo", "urn:demo", frozenset(), made)
    return world


def with_listing(*counts: int) -> tuple[World, list[Listing]]:
    """A world with so many templates of each kind."""
    world, listings = World(), [Listing(count) for count in counts]
    kinds: dict[JobType, Any] = dict(zip(JobType, listings, strict=False))
    world.targets["demo"] = Target("demo", "urn:demo", frozenset(), kinds)
    return world, listings


def test_the_jobs_of_a_target_are_told_as_a_request_would_use_them() -> None:
    world = World()
    world.jobs.templates_by_name["train"] = a_template(
        displayName="Train",
        description="Trains.",
        inputs={"rate": {"jobInputType": "literal", "value": "1"}},
        outputs={"model": {"jobOutputType": "uri_folder"}},
    )

    assert discover(world.services, "demo", job_type=None) == {
        "target": "demo",
        "jobs": [
            {
                "name": "train",
                "jobType": "Command",
                "displayName": "Train",
                "description": "Trains.",
                "inputs": {"rate": {"type": "literal", "value": "1"}},
                "outputs": {"model": {"type": "uri_folder"}},
            }
        ],
        "truncated": False,
    }


def test_our_own_runs_are_left_out() -> None:
    answer = discover(a_job().services, "demo", job_type=None)

    assert answer["jobs"] == [TRAIN]


def test_every_kind_with_templates_is_asked_for() -> None:
    service = Service(
        a_document("tune", jobType="Sweep", searchSpace={"lr": ["uniform", [0, 1]]}),
        a_document("train"),
        a_document("find", jobType="AutoML"),
    )

    answer = discover(a_world(service).services, "demo", job_type=None)

    assert service.asked == ["Command", "Sweep", "Pipeline"]
    assert answer["jobs"] == [
        TRAIN,
        {
            **TRAIN,
            "name": "tune",
            "jobType": "Sweep",
            "searchSpace": {"lr": ["uniform", [0, 1]]},
        },
    ]


def test_one_kind_is_asked_for_alone() -> None:
    service = Service(a_document("tune", jobType="Sweep"), a_document("train"))

    answer = discover(a_world(service).services, "demo", job_type=JobType.SWEEP)

    assert service.asked == ["Sweep"]
    assert [job["name"] for job in answer["jobs"]] == ["tune"]


@pytest.mark.parametrize("job_type", [JobType.AUTOML, JobType.SPARK])
def test_what_takes_no_template_has_none(job_type: JobType) -> None:
    service = Service(a_document("x", jobType=job_type.value))

    answer = discover(a_world(service).services, "demo", job_type=job_type)

    assert answer == {"target": "demo", "jobs": [], "truncated": False}
    assert service.asked == []


def test_a_target_may_not_run_the_kind() -> None:
    assert discover(World().services, "demo", job_type=JobType.SWEEP)["jobs"] == []


@pytest.mark.parametrize(
    ("counts", "told", "is_truncated"),
    [
        ((MOST,), MOST, False),
        ((MOST + 1,), MOST, True),
        ((MOST, 1), MOST, True),
        ((1, 1), 2, False),
    ],
)
def test_no_more_are_told_than_can_be_read(
    counts: tuple[int, ...], told: int, *, is_truncated: bool
) -> None:
    world, _ = with_listing(*counts)

    answer = discover(world.services, "demo", job_type=None)

    assert (len(answer["jobs"]), answer["truncated"]) == (told, is_truncated)


def test_no_more_are_asked_for_than_are_told() -> None:
    world, (first, second) = with_listing(MOST + 100, 1)

    discover(world.services, "demo", job_type=None)

    assert (first.told, second.told) == (MOST + 1, 0)


@pytest.mark.parametrize("alias", ["moon", "", "Demo", "../demo"])
def test_an_unknown_target_is_not_found(alias: str) -> None:
    with pytest.raises(NotFoundError):
        discover(World().services, alias, job_type=None)


def test_a_service_that_is_away_is_no_empty_list() -> None:
    world = World()
    world.jobs.fail("templates", an_outage())

    with pytest.raises(UnavailableError):
        discover(world.services, "demo", job_type=None)
