"""What every Backend promises: over a dict, and over the twin's workspace."""

import json
import secrets
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, Protocol

import pytest

from shared.backends.remote import Connection, Remote, http_client
from shared.backends.workspace.arm import Workspace
from shared.backends.workspace.jobs import WorkspaceJobs
from shared.errors import Problem, RefusedError, RejectedError, UnavailableError
from shared.ports import Backend, Json
from shared.runs import Card, Observation, Run, Status
from tests.contract.workspace_twin import Twin, workspace
from tests.fake_backend import FakeBackend
from tests.jobs import ID, a_request, bodies, faults
from tests.rows import a_run

PATIENCE = 20.0  # seconds
SAMPLES = Path(__file__).parents[1] / "local" / "samples"
FATES = {"fail": ("Starting", "Running", "Failed"), "sleep": ("Starting", "Running")}
MANY = 9  # more often than a look is tried
UNDERWAY = {Status.STARTING, Status.RUNNING}

Operation = Literal["get", "create", "cancel"]


class World(Protocol):
    """A backend, and power over what is behind it; the jobs of the folder `samples` are there."""

    @property
    def backend(self) -> Backend:
        """The backend."""

    def expect(self, run_id: str, template: str) -> None:
        """A job of this name is about to be made from this sample."""

    def until(self, run_id: str, *statuses: Status) -> Observation:
        """Let time pass until a job has one of these statuses."""

    def refuse(self, compute: str) -> None:
        """Let there be no compute of this name."""

    def throttle(self, operation: Operation) -> None:
        """Let the service say 429 to the next requests of this kind."""

    def cut(self, operation: Operation, *, when: Literal["before", "after"]) -> None:
        """Lose the next request of this kind, before or after its effect."""


class FakeWorld:
    """The world of the fake."""

    def __init__(self) -> None:
        self.backend = FakeBackend({path.parent.name: _sample(path) for path in _samples()})

    def expect(self, run_id: str, template: str) -> None:
        if template in FATES:
            self.backend.scripts[run_id] = FATES[template]

    def until(self, run_id: str, *statuses: Status) -> Observation:
        for _ in range(10):
            seen = self.backend.find(run_id)
            if seen is not None and seen.status in statuses:
                return seen
            self.backend.advance()
        raise AssertionError(f"{run_id} does not become one of {statuses}")

    def refuse(self, compute: str) -> None:
        hint = "Name a compute of the workspace in attributes.compute, or repair the template."
        self.backend.refusal = Problem("UserError", f"There is no compute {compute!r}.", hint)

    def throttle(self, operation: Operation) -> None:
        self.backend.fail(_verb(operation), UnavailableError("429", clear=True))

    def cut(self, operation: Operation, *, when: Literal["before", "after"]) -> None:
        self.backend.fail(_verb(operation), UnavailableError("reset"), when=when)


class TwinWorld:
    """The world of the twin's workspace."""

    def __init__(self, twin: Twin, backend: Backend) -> None:
        self.backend = backend
        self._twin = twin

    def expect(self, run_id: str, template: str) -> None:
        """Its commands really run."""

    def until(self, run_id: str, *statuses: Status) -> Observation:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            seen = self.backend.find(run_id)
            if seen is not None and seen.status in statuses:
                return seen
            time.sleep(0.02)
        raise AssertionError(f"{run_id} does not become one of {statuses}")

    def refuse(self, compute: str) -> None:
        """It knows its computes."""

    def throttle(self, operation: Operation) -> None:
        self._twin.fault(operation, times=MANY, kind="status", status=429)

    def cut(self, operation: Operation, *, when: Literal["before", "after"]) -> None:
        self._twin.fault(operation, times=MANY, kind="reset", when=when)


@pytest.fixture(scope="module")
def twin() -> Iterator[Twin]:
    with workspace("--strict", "--pace", "0.02") as running:
        yield running


@pytest.fixture
def twin_world(twin: Twin) -> Iterator[World]:
    url, _, id_ = twin.workspace.info["workspace"].partition("/subscriptions/")
    _, _, group, *_, name = id_.split("/")
    place = Workspace(id_.partition("/")[0], group, name)
    with http_client() as client:
        connection = Connection(
            client=client,
            token=lambda _: twin.token,
            clock=lambda: datetime.now(UTC),
            endpoint=url,
            scope="https://management.azure.com/.default",
            api_version="2024-10-01",
        )
        of_commands = replace(bodies(), workspace=place)
        backend = WorkspaceJobs(Remote(connection, place.id), of_commands, clock=connection.clock)
        yield TwinWorld(twin, backend)
    twin.control("DELETE", "faults")


@pytest.fixture(params=["fake", "twin"])
def world(request: pytest.FixtureRequest) -> World:
    if request.param == "fake":
        return FakeWorld()
    world: World = request.getfixturevalue("twin_world")
    return world


@pytest.fixture
def run() -> Run:
    return a_run(f"jr-{secrets.token_hex(12)}", fingerprint=secrets.token_hex(32))


def a_body(world: World, run: Run, template: str = "echo", **fields: object) -> Json:
    request = a_request(template=template, **fields)
    return world.backend.body(request, world.backend.definition(request), run=run)


def begin(world: World, run: Run, template: str = "echo", **fields: object) -> Observation:
    """Create the job of a run from a sample."""
    world.expect(run.id, template)
    return world.backend.create(run.id, a_body(world, run, template, **fields))


def test_a_template_is_the_definition_of_a_job(world: World) -> None:
    assert world.backend.definition(a_request(template="echo"))["displayName"] == "Echo"


def test_a_job_that_is_not_there_is_no_template(world: World) -> None:
    with pytest.raises(RejectedError) as caught:
        world.backend.definition(a_request(template="nowhere"))

    assert caught.value.reason == "template_not_found"


def test_a_request_is_checked_without_asking_the_service(world: World) -> None:
    world.throttle("get")

    with pytest.raises(RejectedError) as caught:
        world.backend.check(a_request(attributes={"instanceCount": 0}))

    assert faults(caught.value) == ["/attributes/instanceCount"]


def test_a_body_that_cannot_be_is_rejected(world: World, run: Run) -> None:
    with pytest.raises(RejectedError) as caught:
        a_body(world, run, outputs=["lost"])

    assert (caught.value.reason, faults(caught.value)) == ("invalid", ["/outputs/0"])


def test_no_job_is_found_before_it_is_created(world: World, run: Run) -> None:
    assert world.backend.find(run.id) is None


def test_a_created_job_begins_and_carries_who_made_it(world: World, run: Run) -> None:
    seen = begin(world, run, displayName="Run 7", experimentName="orders", tags={"a": "b"})

    assert seen.status in UNDERWAY
    assert seen.fingerprint == run.fingerprint
    assert seen.job.display_name == "Run 7"
    assert seen.job.experiment_name == "orders"
    assert seen.job.tags == {"a": "b", "jobrelay": "relay"}
    assert (seen.job.monitor_url or "").startswith(f"https://ml.azure.com/runs/{run.id}?wsid=")


def test_a_created_job_is_found_by_its_name(world: World, run: Run) -> None:
    begin(world, run)

    found = world.backend.find(run.id)

    assert found is not None
    assert found.fingerprint == run.fingerprint


def test_creating_the_same_again_changes_nothing(world: World, run: Run) -> None:
    body = a_body(world, run)
    world.backend.create(run.id, body)
    world.until(run.id, Status.SUCCESS)

    again = world.backend.create(run.id, body)

    assert (again.status, again.fingerprint) == (Status.SUCCESS, run.fingerprint)


def test_a_name_that_is_taken_is_refused_as_such(world: World, run: Run) -> None:
    begin(world, run)

    with pytest.raises(RefusedError) as caught:
        world.backend.create(run.id, a_body(world, run, template="fail"))

    assert caught.value.exists


def test_a_content_that_the_service_refuses_makes_no_job(world: World, run: Run) -> None:
    world.refuse("nowhere")

    with pytest.raises(RefusedError) as caught:
        begin(world, run, attributes={"compute": "nowhere"})

    assert not caught.value.exists
    assert "nowhere" in caught.value.problem.message
    assert "attributes.compute" in (caught.value.problem.hint or "")
    assert world.backend.find(run.id) is None


def test_a_throttled_creation_surely_made_no_job(world: World, run: Run) -> None:
    body = a_body(world, run)
    world.throttle("create")

    with pytest.raises(UnavailableError) as caught:
        world.backend.create(run.id, body)

    assert caught.value.clear
    assert world.backend.find(run.id) is None


@pytest.mark.parametrize(("when", "exists"), [("before", False), ("after", True)])
def test_a_creation_without_an_answer_may_have_made_a_job(
    world: World, run: Run, when: Literal["before", "after"], *, exists: bool
) -> None:
    body = a_body(world, run)
    world.cut("create", when=when)

    with pytest.raises(UnavailableError) as caught:
        world.backend.create(run.id, body)

    assert not caught.value.clear
    assert (world.backend.find(run.id) is not None) is exists


def test_a_look_that_fails_is_not_a_job_that_is_missing(world: World, run: Run) -> None:
    begin(world, run)
    world.cut("get", when="before")

    with pytest.raises(UnavailableError):
        world.backend.find(run.id)


def test_many_looks_answer_each_once(world: World, run: Run) -> None:
    begin(world, run)
    nobody = "jr-ffffffffffffffffffffffff"

    looks = list(world.backend.observe(name for name in (run.id, nobody, run.id)))

    assert sorted(name for name, _ in looks) == sorted([run.id, nobody])
    assert dict(looks)[nobody] is None
    assert isinstance(dict(looks)[run.id], Observation)


def test_of_many_looks_one_that_fails_is_an_answer(world: World, run: Run) -> None:
    begin(world, run)
    world.cut("get", when="before")

    ((name, answer),) = world.backend.observe([run.id])

    assert name == run.id
    assert isinstance(answer, UnavailableError)


def test_a_cancelled_job_ends_so(world: World, run: Run) -> None:
    begin(world, run, "sleep")
    world.until(run.id, Status.RUNNING)

    world.backend.cancel(run.id)

    seen = world.until(run.id, Status.CANCELLED)
    assert world.backend.result(run, seen).error is None


def test_a_cancel_may_be_repeated(world: World, run: Run) -> None:
    begin(world, run, "sleep")
    world.backend.cancel(run.id)

    world.backend.cancel(run.id)

    world.until(run.id, Status.CANCELLED)


def test_a_job_that_has_ended_stays_so_when_it_is_cancelled(world: World, run: Run) -> None:
    begin(world, run)
    world.until(run.id, Status.SUCCESS)

    world.backend.cancel(run.id)

    seen = world.backend.find(run.id)
    assert seen is not None
    assert seen.status is Status.SUCCESS


def test_cancelling_what_is_not_there_is_no_error(world: World, run: Run) -> None:
    world.backend.cancel(run.id)

    assert world.backend.find(run.id) is None


def test_a_completed_job_tells_its_outputs(world: World, run: Run) -> None:
    begin(world, run)
    seen = world.until(run.id, Status.SUCCESS)

    result = world.backend.result(run, seen)

    assert result.error is None
    assert result.outputs.keys() == {"default", "said"}
    assert result.outputs["said"]["type"] == "uri_file"
    assert run.id in result.outputs["said"]["uri"]


def test_a_value_that_is_input_and_output_is_told_at_the_end(world: World, run: Run) -> None:
    parameter = {"name": "message", "direction": "Input&Output", "value": "hi"}
    run = a_run(run.id, fingerprint=run.fingerprint, card=Card(wanted_outputs=("message",)))
    begin(world, run, parameters=[parameter])
    seen = world.until(run.id, Status.SUCCESS)

    assert world.backend.result(run, seen).outputs["message"] == "hi"


def test_a_failed_job_has_an_error(world: World, run: Run) -> None:
    begin(world, run, "fail")
    seen = world.until(run.id, Status.FAILED)

    error = world.backend.result(run, seen).error

    assert error is not None
    assert (error.code, error.hint) == (
        "JobFailed",
        "The log of the job says why: open monitorUrl. Set `location` of the target in TARGETS to "
        "the region of the workspace, and it is told here.",
    )


def test_a_run_may_be_the_template_of_another(world: World, run: Run) -> None:
    begin(world, run, tags={"a": "b"})
    world.until(run.id, Status.SUCCESS)
    other = a_run(f"jr-{secrets.token_hex(12)}", fingerprint="e" * 64)

    seen = begin(world, other, run.id)

    assert seen.fingerprint == "e" * 64
    seen = world.until(other.id, Status.SUCCESS)
    assert run.id not in json.dumps(dict(world.backend.result(other, seen).outputs))


def test_templates_can_be_chosen_from_and_our_runs_are_none(world: World, run: Run) -> None:
    begin(world, run)

    cards = {card["name"]: card for card in world.backend.templates()}

    assert run.id not in cards
    assert cards["echo"]["displayName"] == "Echo"
    assert cards["echo"]["inputs"] == {"message": {"type": "literal", "value": "hello"}}
    assert cards["echo"]["outputs"] == {"said": {"type": "uri_file", "mode": "ReadWriteMount"}}


def test_a_service_that_is_there_answers(world: World) -> None:
    world.backend.ping()


def _samples() -> Iterator[Path]:
    return SAMPLES.glob("*/job.json")


def _sample(path: Path) -> Json:
    definition: Json = json.loads(path.read_text().replace("{workspace}", ID))
    return definition


def _verb(operation: Operation) -> Literal["find", "create", "cancel"]:
    verbs: dict[Operation, Literal["find", "create", "cancel"]] = {
        "get": "find",
        "create": "create",
        "cancel": "cancel",
    }
    return verbs[operation]
