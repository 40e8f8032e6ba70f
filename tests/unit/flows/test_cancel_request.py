"""Somebody wants the run of a request ended, perhaps before the request has come."""

import pytest

from shared.errors import EndedError, NotFoundError
from shared.flows.cancel import cancel_request, cancel_run
from shared.flows.submit import submit
from shared.runs import TOMBSTONE_FOR, Tombstone
from tests.unit.flows.given import BY_USER, DAY, RUN_ID, SECOND, World, a_job, a_message


@pytest.fixture
def running() -> World:
    """A world with a job."""
    return a_job()


@pytest.fixture
def ended() -> World:
    """A world with a run that is over."""
    world = World()
    submit(world.services, *a_message())
    world.jobs.becomes(RUN_ID, "Completed")
    world.poll()
    return world


def test_a_request_that_has_not_come_has_no_run_to_cancel() -> None:
    world = World()
    cancel_request(world.services, "order-7", reason=None)

    with pytest.raises(NotFoundError):
        cancel_run(world.services, RUN_ID, reason=None)


def test_the_run_of_a_request_is_cancelled_by_the_id_of_the_request(running: World) -> None:
    answer = cancel_request(running.services, "order-7", reason="too dear")

    assert answer["runId"] == RUN_ID
    assert answer["cancelRequested"] is True
    assert running.jobs.count("cancel") == 1


def test_the_ended_run_of_a_request_cannot_be_cancelled(ended: World) -> None:
    with pytest.raises(EndedError) as error:
        cancel_request(ended.services, "order-7", reason=None)

    assert error.value.status == "Success"


def test_a_request_may_be_cancelled_before_it_comes() -> None:
    world = World()

    answer = cancel_request(world.services, "order-7", reason="too dear")

    assert answer == {
        "runId": RUN_ID,
        "requestId": "order-7",
        "status": None,
        "final": False,
        "cancelRequested": True,
        "timeline": [],
        "data": None,
    }


def test_a_request_that_was_cancelled_before_it_came_ends_without_a_job() -> None:
    world = World()
    cancel_request(world.services, "order-7", reason="too dear")
    world.later(TOMBSTONE_FOR - SECOND)

    submit(world.services, *a_message())

    assert world.told() == ["run.accepted", "run.cancelled"]
    assert world.data("run.cancelled")["cancel"] == BY_USER
    assert world.jobs.asked == []


def test_a_wish_for_a_request_that_does_not_come_for_a_week_is_void() -> None:
    world = World()
    cancel_request(world.services, "order-7", reason="too dear")
    world.later(TOMBSTONE_FOR)

    submit(world.services, *a_message())

    assert world.told() == ["run.accepted", "run.submitted"]
    assert world.live().wish is None


def test_a_second_wish_lives_a_week_and_keeps_the_first_reason() -> None:
    world = World()
    cancel_request(world.services, "order-7", reason="too dear")
    world.later(6 * DAY)
    cancel_request(world.services, "order-7", reason="no, too slow")
    world.later(6 * DAY)

    submit(world.services, *a_message())

    assert world.data("run.cancelled")["cancel"] == BY_USER


def test_a_wish_after_a_void_one_is_new() -> None:
    world = World()
    cancel_request(world.services, "order-7", reason="too dear")
    world.later(8 * DAY)

    cancel_request(world.services, "order-7", reason="no, too slow")

    found = world.table.run(RUN_ID)
    assert found is not None
    assert isinstance(found.row, Tombstone)
    assert found.row.wish.reason == "no, too slow"
    assert found.row.expires == world.clock.now + TOMBSTONE_FOR


def test_a_wish_before_the_request_is_decided_anew_when_another_was_quicker() -> None:
    world = World()
    world.table.overtaken = {"bury": 1}

    cancel_request(world.services, "order-7", reason=None)

    assert world.table.run(RUN_ID) is not None
