"""What every Backend promises: over a dict, and over the twin's workspace and project."""

import json
import secrets
from collections.abc import Iterator

import pytest

from shared.errors import NotFoundError, RefusedError, RejectedError, UnavailableError
from shared.ports import Json
from shared.runs import Card, Observation, Run, Section, Status
from tests.contract import worlds
from tests.contract.foundry_twin import Foundry, foundry
from tests.contract.workspace_twin import Twin, workspace
from tests.contract.worlds import FakeWorld, When, World
from tests.jobs import faults
from tests.rows import a_run

UNDERWAY = {Status.STARTING, Status.RUNNING}


@pytest.fixture(scope="module")
def a_workspace() -> Iterator[Twin]:
    with workspace("--strict", "--pace", "0.02") as running:
        yield running


@pytest.fixture(scope="module")
def a_project() -> Iterator[Foundry]:
    with foundry("--pace", "0.02", "--retry-after", "1") as running:
        yield running


@pytest.fixture
def fake() -> World:
    return FakeWorld()


@pytest.fixture
def commands(a_workspace: Twin) -> Iterator[World]:
    with worlds.of_commands(a_workspace) as world:
        yield world


@pytest.fixture
def training_jobs(a_project: Foundry) -> Iterator[World]:
    with worlds.of_trainings(a_project, "training_jobs") as world:
        yield world


@pytest.fixture
def jobs(a_project: Foundry) -> Iterator[World]:
    with worlds.of_trainings(a_project, "jobs") as world:
        yield world


@pytest.fixture(params=["fake", "commands", "training_jobs", "jobs"])
def world(request: pytest.FixtureRequest) -> World:
    found: World = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def run() -> Run:
    return a_run(f"jr-{secrets.token_hex(12)}", fingerprint=secrets.token_hex(32))


def a_body(world: World, run: Run, template: str = "echo", **fields: object) -> Json:
    request = world.a_request(template=template, **fields)
    return world.backend.body(request, world.backend.definition(request), run=run)


def begin(world: World, run: Run, template: str = "echo", **fields: object) -> Observation:
    """Create the job of a run from a sample."""
    world.expect(run.id, template)
    return world.backend.create(run.id, a_body(world, run, template, **fields))


def test_a_template_is_the_definition_of_a_job(world: World) -> None:
    assert "echo" in json.dumps(world.backend.definition(world.a_request(template="echo")))


def test_a_job_that_is_not_there_is_no_template(world: World) -> None:
    with pytest.raises(RejectedError) as caught:
        world.backend.definition(world.a_request(template="nowhere"))

    assert caught.value.reason == "template_not_found"


def test_a_request_is_checked_without_asking_the_service(world: World) -> None:
    world.throttle("get")

    with pytest.raises(RejectedError) as caught:
        world.backend.check(world.a_request(template="echo", attributes={"instanceCount": 0}))

    assert faults(caught.value) == ["/attributes/instanceCount"]


def test_a_body_that_cannot_be_is_rejected(world: World, run: Run) -> None:
    with pytest.raises(RejectedError) as caught:
        a_body(world, run, outputs=["lost"])

    assert (caught.value.reason, faults(caught.value)) == ("invalid", ["/outputs/0"])


def test_no_job_is_found_before_it_is_created(world: World, run: Run) -> None:
    assert world.backend.find(run.id) is None


def test_a_created_job_begins_and_carries_who_made_it(world: World, run: Run) -> None:
    seen = begin(world, run, displayName="Run 7", tags={"a": "b"})

    assert seen.status in UNDERWAY
    assert seen.fingerprint == run.fingerprint
    assert seen.job.display_name == "Run 7"
    assert seen.job.tags == {"a": "b", "jobrelay": "relay"}


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

    assert again.fingerprint == run.fingerprint
    assert world.until(run.id, Status.SUCCESS).fingerprint == run.fingerprint


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
    world: World, run: Run, when: When, *, exists: bool
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
    assert error.code
    assert error.hint


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
    assert cards["echo"]["outputs"] == {"said": {"type": "uri_file", "mode": world.mount}}


def test_a_service_that_is_there_answers(world: World) -> None:
    world.backend.ping()


def test_outputs_can_be_read_on(world: World, run: Run) -> None:
    begin(world, run)
    world.until(run.id, Status.SUCCESS)

    page = world.backend.section(run.id, Section.OUTPUTS)

    assert page is not None
    assert {"said"} <= {each["name"] for each in page.items}


def test_there_is_nothing_to_read_of_a_job_that_is_not_there(world: World, run: Run) -> None:
    assert world.backend.section(run.id, Section.OUTPUTS) is None


def test_no_job_has_every_section(world: World, run: Run) -> None:
    begin(world, run)

    with pytest.raises(NotFoundError):
        world.backend.section(run.id, Section.CHILDREN)
