"""The timer ticks: every run goes one step on, none at the cost of another."""

import logging
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import TypeVar

import pytest

from shared.errors import UnavailableError
from shared.flows.dead_letter import dead_letter
from shared.flows.poll import poll
from shared.flows.submit import submit
from shared.runs import State
from tests.unit.flows.given import (
    HOUR,
    MINUTE,
    OTHER_ID,
    RUN_ID,
    SECOND,
    World,
    a_message,
    an_outage,
)

CRASH = ZeroDivisionError("odd")

Given = TypeVar("Given")
Answer = TypeVar("Answer")


@pytest.fixture
def two() -> World:
    """A world with two jobs."""
    world = World()
    submit(world.services, *a_message(1))
    submit(world.services, *a_message(2, id="order-8"))
    return world


@pytest.mark.parametrize("verb", ["find", "result"])
@pytest.mark.parametrize("crashing", [RUN_ID, OTHER_ID])
def test_a_job_that_the_app_fails_at_does_not_stop_the_others(
    two: World, crashing: str, verb: str
) -> None:
    (other,) = {RUN_ID, OTHER_ID} - {crashing}
    two.jobs.breaks(verb, CRASH, of=crashing)
    two.jobs.becomes(RUN_ID, "Completed")
    two.jobs.becomes(OTHER_ID, "Completed")

    two.poll_for(MINUTE)

    assert two.is_over(other)
    assert two.live(crashing).state is State.SUBMITTED


def test_a_run_that_the_app_fails_to_submit_does_not_stop_the_others() -> None:
    world = World()
    outage = an_outage(clear=True)
    world.jobs.breaks("create", outage)
    submit(world.services, *a_message(1))
    submit(world.services, *a_message(2, id="order-8"))
    world.jobs.heals()
    world.jobs.breaks("body", CRASH, of=RUN_ID)

    world.poll_for(MINUTE)

    assert world.live(OTHER_ID).state is State.SUBMITTED
    assert world.live(RUN_ID).state is State.SUBMITTING


def test_a_failure_of_the_app_is_logged_once_with_its_traceback(
    two: World, caplog: pytest.LogCaptureFixture
) -> None:
    two.jobs.breaks("find", CRASH, of=RUN_ID)

    two.poll()

    (error,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert error.getMessage() == f"run {RUN_ID} failed in the app"
    assert error.exc_info is not None
    assert error.exc_info[1] is CRASH


def test_what_cannot_even_be_written_into_the_row_is_logged(
    two: World, caplog: pytest.LogCaptureFixture
) -> None:
    two.jobs.breaks("find", CRASH, of=RUN_ID)
    two.table.failing = {"save"}

    two.poll()

    assert f"run {RUN_ID} has to wait: the table does not answer" in caplog.text


def test_a_failure_of_the_app_is_told_as_a_delay_in_time(two: World) -> None:
    two.jobs.breaks("find", CRASH, of=RUN_ID)

    two.poll_for(11 * MINUTE)

    assert two.told(RUN_ID)[-1] == "run.delayed"
    assert two.data("run.delayed")["delay"]["error"]["code"] == "ZeroDivisionError"
    assert "odd" not in str(two.data("run.delayed"))
    assert "run.delayed" not in two.told(OTHER_ID)


def test_a_run_goes_on_once_the_app_is_mended(two: World) -> None:
    two.jobs.breaks("find", CRASH, of=RUN_ID)
    two.poll_for(HOUR)
    two.jobs.heals()
    two.jobs.becomes(RUN_ID, "Completed")

    two.poll()

    assert two.told(RUN_ID)[-1] == "run.completed"


def test_a_target_that_is_away_does_not_stop_the_others() -> None:
    world = World()
    away = world.target("away")
    submit(world.services, *a_message(1))
    submit(world.services, *a_message(2, id="order-8", target="away"))
    away.breaks("find", an_outage())
    world.jobs.becomes(RUN_ID, "Completed")

    world.poll()

    assert world.is_over(RUN_ID)


def test_a_target_that_is_slow_does_not_hold_up_the_others() -> None:
    world = World(spread=in_threads)
    slow = world.target("slow")
    submit(world.services, *a_message(1))
    submit(world.services, *a_message(2, id="order-8", target="slow"))
    for jobs, run_id in ((world.jobs, RUN_ID), (slow, OTHER_ID)):
        jobs.becomes(run_id, "Running")
    meeting = Barrier(2, timeout=30)
    world.jobs.before["find"] = slow.before["find"] = meeting.wait

    world.poll()

    assert world.told(RUN_ID)[-1] == world.told(OTHER_ID)[-1] == "run.status"


def in_threads(act: Callable[[Given], Answer], given: Iterable[Given]) -> list[Answer]:
    """Do it for each at the same time."""
    with ThreadPoolExecutor() as pool:
        return list(pool.map(act, given))


def test_a_service_that_fails_for_all_jobs_is_asked_once(two: World) -> None:
    two.jobs.breaks("observe", an_outage())

    two.poll()

    assert two.jobs.count("observe") == 1
    assert two.live(RUN_ID).failing_since == two.clock.now
    assert two.live(OTHER_ID).failing_since == two.clock.now


def test_a_bus_that_the_app_fails_at_does_not_stop_the_poll(
    two: World, caplog: pytest.LogCaptureFixture
) -> None:
    two.bus.crash = CRASH
    two.jobs.becomes(RUN_ID, "Completed")

    two.poll()

    assert two.live(RUN_ID).state is State.ENDED
    assert "publishing failed in the app" in caplog.text


def test_a_run_whose_record_is_gone_does_not_stop_the_others(two: World) -> None:
    two.lose_record(RUN_ID)
    two.jobs.becomes(RUN_ID, "Completed")
    two.jobs.becomes(OTHER_ID, "Completed")

    two.poll()

    assert two.is_over(OTHER_ID)
    assert two.live(RUN_ID).state is State.SUBMITTED


def test_a_table_that_is_away_is_said_to_the_host(two: World) -> None:
    two.table.failing = {"lives"}

    with pytest.raises(UnavailableError):
        two.poll()


def test_no_look_begins_after_the_time_is_over(two: World) -> None:
    poll(two.services, until=two.clock.now)

    assert two.jobs.count("observe") == 0


def test_a_look_that_was_begun_in_time_counts(two: World) -> None:
    two.jobs.takes = 20 * SECOND
    two.jobs.becomes(RUN_ID, "Running")
    two.jobs.becomes(OTHER_ID, "Running")

    two.poll()

    assert two.jobs.count("find") == 1
    assert two.told().count("run.status") == 1


def test_jobs_that_were_left_are_looked_at_first_the_next_time() -> None:
    world = World()
    run_ids = submitted(world, 5)
    world.jobs.takes = 5 * SECOND

    world.poll()
    world.poll()

    looked = [name for verb, name in world.jobs.asked if verb == "find"]
    assert looked == [*run_ids, run_ids[0]]


def submitted(world: World, count: int) -> list[str]:
    """So many jobs."""
    for number in range(count):
        submit(world.services, *a_message(number, id=f"order-{number}"))
    return [each.row.run_id for each in world.table.lives()]


def test_no_job_is_created_after_the_time_is_over() -> None:
    world = World()
    world.jobs.breaks("create", UnavailableError("429", clear=True))
    submitted(world, 5)
    world.jobs.heals()
    world.jobs.asked.clear()
    world.jobs.takes = 5 * SECOND
    world.later(MINUTE)

    world.poll()

    assert world.jobs.count("create") == 1
    assert world.jobs.count("find") == 1


def test_no_job_is_created_when_the_time_is_over_from_the_start() -> None:
    world = World()
    dead_letter(world.services, *a_message())

    poll(world.services, until=world.clock.now)

    assert world.jobs.asked == []


def test_runs_that_were_left_are_driven_first_the_next_time() -> None:
    world = World()
    world.jobs.breaks("create", UnavailableError("429", clear=True))
    run_ids = submitted(world, 3)
    world.jobs.asked.clear()
    world.jobs.takes = 5 * SECOND
    world.later(MINUTE)

    world.poll()
    world.poll()
    world.poll()

    assert {name for verb, name in world.jobs.asked if verb == "create"} == set(run_ids)


def test_a_run_that_ended_while_time_was_over_is_still_finished(two: World) -> None:
    two.bus.failing = "before"
    two.jobs.becomes(RUN_ID, "Completed")
    two.poll()
    two.bus.failing = None

    poll(two.services, until=two.clock.now - timedelta(seconds=1))

    assert two.is_over(RUN_ID)
