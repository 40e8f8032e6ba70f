"""What takes long is told, with the reason."""

from collections.abc import Callable

import pytest

from shared.errors import UnavailableError
from shared.flows.submit import submit
from shared.runs import OUTBOX_ROOM
from tests.unit.flows.given import DAY, HOUR, MINUTE, RUN_ID, World, a_message, an_outage


def times_of_delays(world: World) -> list[str]:
    """When a delay was told."""
    return [event["time"] for event in world.events() if event["type"].endswith(".delayed")]


def a_waiting_run(failure: Exception) -> World:
    """A world in which a run cannot be submitted."""
    world = World()
    world.jobs.breaks("create", failure)
    submit(world.services, *a_message())
    return world


def an_unwatched_run(failure: Exception) -> World:
    """A world in which a job cannot be watched."""
    world = World()
    submit(world.services, *a_message())
    world.jobs.breaks("find", failure)
    world.poll()
    return world


def test_watching_that_fails_is_told_after_ten_minutes_and_at_each_doubling() -> None:
    world = an_unwatched_run(an_outage())

    world.poll_for(90 * MINUTE)

    assert times_of_delays(world) == [
        "2030-01-01T09:10:15Z",
        "2030-01-01T09:20:15Z",
        "2030-01-01T09:40:15Z",
        "2030-01-01T10:20:15Z",
    ]


def test_submission_that_fails_is_told_at_the_first_try_after_each_of_these() -> None:
    world = a_waiting_run(UnavailableError("PUT jobs: 429", clear=True))

    world.poll_for(90 * MINUTE)

    assert times_of_delays(world) == [
        "2030-01-01T09:10:45Z",
        "2030-01-01T09:20:45Z",
        "2030-01-01T09:40:45Z",
        "2030-01-01T10:20:45Z",
    ]


@pytest.mark.parametrize("given", [a_waiting_run, an_unwatched_run])
def test_a_delay_says_since_when_and_why(given: Callable[[Exception], World]) -> None:
    refused = "PUT jobs: 403"
    failure = UnavailableError(refused, code="Http403", clear=True, hint="Grant the role.")
    world = given(failure)

    world.poll_for(15 * MINUTE)

    delay = world.data("run.delayed")["delay"]
    assert delay["since"] == "2030-01-01T09:00:00Z"
    assert delay["error"]["code"] == "Http403"
    assert delay["error"]["message"] == refused
    assert delay["error"]["hint"] == "Grant the role."


@pytest.mark.parametrize("given", [a_waiting_run, an_unwatched_run])
@pytest.mark.parametrize("status", [401, 403])
def test_a_service_that_does_not_let_us_in_is_a_delay(
    status: int, given: Callable[[Exception], World]
) -> None:
    world = given(UnavailableError("jobs", code=f"Http{status}", clear=True))
    world.poll_for(2 * DAY, every=MINUTE)
    world.jobs.heals()

    world.poll_for(10 * MINUTE)

    assert "run.delayed" in world.told()
    assert RUN_ID in world.jobs.jobs
    assert world.live().failing_since is None


@pytest.mark.parametrize("given", [a_waiting_run, an_unwatched_run])
def test_nothing_is_told_of_a_short_outage(given: Callable[[Exception], World]) -> None:
    world = given(UnavailableError("503", clear=True))
    world.poll_for(9 * MINUTE)
    world.jobs.heals()

    world.poll_for(20 * MINUTE)

    assert times_of_delays(world) == []


@pytest.mark.parametrize("given", [a_waiting_run, an_unwatched_run])
def test_no_delay_is_told_after_recovery(given: Callable[[Exception], World]) -> None:
    world = given(UnavailableError("503", clear=True))
    world.poll_for(15 * MINUTE)
    world.jobs.heals()

    world.poll_for(DAY, every=MINUTE)

    assert len(times_of_delays(world)) == 1


def test_each_outage_counts_from_its_own_beginning() -> None:
    world = an_unwatched_run(an_outage())
    world.poll_for(15 * MINUTE)
    world.jobs.heals()
    world.poll_for(15 * MINUTE)
    world.jobs.breaks("find", an_outage())

    world.poll_for(15 * MINUTE)

    assert times_of_delays(world) == ["2030-01-01T09:10:15Z", "2030-01-01T09:40:45Z"]


def test_a_delay_is_not_told_while_the_outbox_is_full() -> None:
    world = an_unwatched_run(an_outage())
    world.bus.failing = "before"

    world.poll_for(30 * DAY, every=HOUR)

    assert len(world.live().outbox) == OUTBOX_ROOM + 1


def test_what_keeps_failing_costs_one_write_and_one_for_each_delay() -> None:
    world = an_unwatched_run(an_outage())
    before = world.table.live(RUN_ID)

    world.poll_for(9 * MINUTE)

    assert world.table.live(RUN_ID) == before
