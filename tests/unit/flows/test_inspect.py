"""Somebody asks how a run is."""

import pytest

from shared.errors import NotFoundError, UnavailableError
from shared.flows.cancel import cancel_request, cancel_run
from shared.flows.inspect import inspect
from shared.flows.submit import submit
from tests.unit.flows.given import RUN_ID, World, a_message


def test_a_live_run_shows_its_status_and_its_timeline() -> None:
    world = World()
    submit(world.services, *a_message())

    view = inspect(world.services, RUN_ID)

    assert view["runId"] == RUN_ID
    assert view["requestId"] == "order-7"
    assert (view["status"], view["final"], view["cancelRequested"]) == ("Starting", False, False)
    assert [(entry["seq"], entry["type"]) for entry in view["timeline"]] == [
        (1, "jobrelay.run.accepted"),
        (2, "jobrelay.run.submitted"),
    ]
    assert view["data"] == world.data("run.submitted")


def test_a_wish_that_is_not_true_yet_is_shown() -> None:
    world = World()
    submit(world.services, *a_message())
    cancel_run(world.services, RUN_ID, reason=None)

    view = inspect(world.services, RUN_ID)

    assert view["cancelRequested"] is True


def test_an_ended_run_shows_its_last_event() -> None:
    world = World()
    submit(world.services, *a_message())
    world.jobs.becomes(RUN_ID, "Completed")
    world.poll()

    view = inspect(world.services, RUN_ID)

    assert (view["status"], view["final"]) == ("Success", True)
    assert view["data"] == world.data("run.completed")
    assert len(view["timeline"]) == 3


def test_a_run_whose_end_is_not_told_yet_shows_it_whole() -> None:
    world = World()
    world.bus.failing = "before"
    submit(world.services, *a_message())
    world.jobs.becomes(RUN_ID, "Completed")
    world.poll()

    view = inspect(world.services, RUN_ID)

    assert (view["status"], view["final"]) == ("Success", True)
    assert "default" in view["data"]["outputs"]


def test_a_request_that_has_not_come_has_no_run_to_show() -> None:
    world = World()
    cancel_request(world.services, "order-7", reason=None)

    with pytest.raises(NotFoundError):
        inspect(world.services, RUN_ID)


def test_a_run_that_nobody_knows_is_not_found() -> None:
    world = World()

    with pytest.raises(NotFoundError):
        inspect(world.services, RUN_ID)


def test_a_record_that_has_neither_an_end_nor_a_live_row_is_read_again() -> None:
    world = World()
    submit(world.services, *a_message())
    world.lose_live()

    with pytest.raises(UnavailableError):
        inspect(world.services, RUN_ID)
