"""What the Backend of commands promises besides: over a dict, and over the twin's workspace."""

import secrets
from collections.abc import Iterator

import pytest

from shared.runs import Observation, Run, Status
from tests.contract import worlds
from tests.contract.workspace_twin import Twin, workspace
from tests.contract.worlds import FakeWorld, World
from tests.rows import a_run


@pytest.fixture(scope="module")
def a_workspace() -> Iterator[Twin]:
    with workspace("--strict", "--pace", "0.02") as running:
        yield running


@pytest.fixture
def fake() -> World:
    return FakeWorld()


@pytest.fixture
def commands(a_workspace: Twin) -> Iterator[World]:
    with worlds.of_commands(a_workspace) as world:
        yield world


@pytest.fixture(params=["fake", "commands"])
def world(request: pytest.FixtureRequest) -> World:
    found: World = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def run() -> Run:
    return a_run(f"jr-{secrets.token_hex(12)}", fingerprint=secrets.token_hex(32))


def begin(world: World, run: Run, template: str = "echo", **fields: object) -> Observation:
    """Create the job of a run from a sample."""
    world.expect(run.id, template)
    request = world.a_request(template=template, **fields)
    body = world.backend.body(request, world.backend.definition(request), run=run)
    return world.backend.create(run.id, body)


def test_a_job_belongs_to_its_experiment_and_is_shown_by_studio(world: World, run: Run) -> None:
    seen = begin(world, run, experimentName="orders")

    assert seen.job.experiment_name == "orders"
    assert (seen.job.monitor_url or "").startswith(f"https://ml.azure.com/runs/{run.id}?wsid=")


def test_creating_the_same_again_shows_how_the_job_is_by_now(world: World, run: Run) -> None:
    request = world.a_request(template="echo")
    body = world.backend.body(request, world.backend.definition(request), run=run)
    world.backend.create(run.id, body)
    world.until(run.id, Status.SUCCESS)

    assert world.backend.create(run.id, body).status is Status.SUCCESS


def test_the_outputs_of_a_job_include_that_of_the_service(world: World, run: Run) -> None:
    begin(world, run)
    seen = world.until(run.id, Status.SUCCESS)

    assert world.backend.result(run, seen).outputs.keys() == {"default", "said"}


def test_without_run_history_a_failure_says_what_to_set(world: World, run: Run) -> None:
    begin(world, run, "fail")
    seen = world.until(run.id, Status.FAILED)

    error = world.backend.result(run, seen).error

    assert error is not None
    assert (error.code, error.hint) == (
        "JobFailed",
        "The log of the job says why: open monitorUrl. Set `location` of the target in TARGETS to "
        "the region of the workspace, and it is told here.",
    )
