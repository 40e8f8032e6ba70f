"""A run that was accepted and can never have a job ends as rejected."""

import pytest

from shared.errors import Problem, RefusedError, UnavailableError
from shared.flows.submit import submit
from shared.runs import LEASE, State, Status
from tests.unit.flows.given import RUN_ID, World, a_message, an_outage


def test_a_template_that_is_not_there_rejects_the_run() -> None:
    world = World()

    submit(world.services, *a_message(template="lost"))

    assert world.told() == ["run.accepted", "run.rejected"]
    assert world.data("run.rejected")["error"]["code"] == "template_not_found"
    assert [item.properties.get("final") for item in world.bus.sent] == [False, True, None]
    assert world.record().final is Status.REJECTED
    assert world.is_over()


def test_a_body_that_cannot_be_made_rejects_the_run() -> None:
    world = World()

    submit(world.services, *a_message(outputs=["model"]))

    error = world.data("run.rejected")["error"]
    assert error["code"] == "invalid"
    assert [detail["path"] for detail in error["details"]] == ["/outputs/0"]
    assert world.jobs.count("create") == 0


def test_a_rejected_run_leaves_a_copy_with_its_id() -> None:
    world = World()
    body, envelope = a_message(template="lost")

    submit(world.services, body, envelope)

    (copy,) = world.copies()
    assert (copy.id, copy.body) == (f"copy-{RUN_ID}", body)
    assert copy.properties["runId"] == RUN_ID
    assert copy.properties["requestId"] == "order-7"
    assert copy.properties["reason"] == "template_not_found"


def test_the_id_of_a_rejected_run_is_spent() -> None:
    world = World()
    submit(world.services, *a_message(1, template="lost"))

    submit(world.services, *a_message(2, template="train"))

    assert world.told() == ["run.accepted", "run.rejected", "request.rejected"]
    assert world.data("request.rejected")["reason"] == "conflict"


def test_a_redrive_is_a_request_of_its_own_that_names_the_old_one() -> None:
    world = World()
    submit(world.services, *a_message(1, template="lost"))

    submit(world.services, *a_message(2, id="order-7-again", redriveOf="order-7"))

    assert world.data("run.submitted")["redriveOf"] == "order-7"


def test_content_that_the_service_refuses_rejects_the_run() -> None:
    world = World()
    world.jobs.refusal = Problem("UserError", "There is no such compute.", "Name another.")

    submit(world.services, *a_message())

    assert world.jobs.count("find") == 1
    error = world.data("run.rejected")["error"]
    assert error["code"] == "UserError"
    assert error["message"] == "There is no such compute."
    assert error["hint"] == "Name another."


def test_a_job_of_another_under_the_name_rejects_the_run() -> None:
    world = World()
    world.jobs.is_foreign(RUN_ID)

    submit(world.services, *a_message())

    assert world.data("run.rejected")["error"]["code"] == "name_taken"
    assert "APP_NAME" in world.data("run.rejected")["error"]["hint"]
    assert [copy.id for copy in world.copies()] == [f"copy-{RUN_ID}"]


def test_a_service_that_answers_with_the_job_of_another_rejects_the_run() -> None:
    world = World()
    world.jobs.is_foreign(RUN_ID)
    world.jobs.updates = True
    world.jobs.becomes(RUN_ID, "Running", properties={"jobrelay.fingerprint": "of another"})

    submit(world.services, *a_message())

    assert world.data("run.rejected")["error"]["code"] == "name_taken"


def test_an_answer_without_a_fingerprint_is_taken_for_the_job_that_was_made() -> None:
    world = World()
    world.jobs.is_foreign(RUN_ID)
    world.jobs.updates = True

    submit(world.services, *a_message())

    assert world.live().state is State.SUBMITTED


@pytest.fixture
def made_unheard() -> World:
    """A run whose PUT made a job and was not answered; any other PUT is refused for its name."""
    world = World()
    world.jobs.fail("create", UnavailableError("PUT jobs: reset"), when="after")
    submit(world.services, *a_message())
    taken = RefusedError(Problem("UserError", "A job of this name exists."), exists=True)
    world.jobs.breaks("create", taken)
    return world


def test_a_name_that_our_own_job_has_taken_is_adopted(made_unheard: World) -> None:
    world = made_unheard
    world.jobs.misses = 1
    world.later(LEASE)

    world.poll()

    assert world.jobs.count("create") == 2
    assert world.told() == ["run.accepted", "run.submitted"]


def test_a_taken_name_that_no_look_finds_is_tried_later(made_unheard: World) -> None:
    world = made_unheard
    world.jobs.misses = 2
    world.later(LEASE)

    world.poll()

    assert world.told() == ["run.accepted"]
    assert world.live().claimed_until == world.clock.now + LEASE
    words = "refused: UserError: A job of this name exists."
    assert world.live().last_error == Problem("UserError", words)


def test_a_refusal_that_no_look_confirms_is_no_rejection() -> None:
    world = World()
    world.jobs.refusal = Problem("UserError", "There is no such compute.")
    world.jobs.breaks("find", an_outage())

    submit(world.services, *a_message())

    assert world.told() == ["run.accepted"]
    assert world.live().claimed_until == world.clock.now + LEASE
