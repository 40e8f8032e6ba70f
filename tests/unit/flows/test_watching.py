"""A job is watched, at little cost, whatever the service does."""

import logging
from datetime import timedelta

import pytest

from shared.flows.cancel import cancel_run
from shared.flows.submit import submit
from shared.ports import Versioned
from shared.runs import Live, State
from tests.unit.flows.given import (
    DAY,
    HOUR,
    MINUTE,
    OTHER_ID,
    RUN_ID,
    SECOND,
    World,
    a_job,
    a_message,
    an_outage,
)


@pytest.fixture
def running() -> World:
    """A world in which one job runs."""
    world = a_job()
    world.jobs.becomes(RUN_ID, "Running")
    world.poll()
    return world


def test_a_new_status_is_told_once(running: World) -> None:
    running.poll_for(5 * MINUTE)

    assert running.told() == ["run.accepted", "run.submitted", "run.status"]
    assert running.data("run.status")["status"] == "Running"


def test_an_unchanged_run_costs_no_write(running: World) -> None:
    before = running.table.live(RUN_ID)

    running.poll_for(HOUR)

    assert running.table.live(RUN_ID) == before


def test_an_unchanged_run_costs_few_looks(running: World) -> None:
    looks = [looks_in(running, HOUR), looks_in(running, HOUR), looks_in(running, DAY)]

    assert looks == [61, 14, 288]


def looks_in(world: World, time: timedelta) -> int:
    """How often the service is asked in this time, in which the timer ticks every 15 seconds."""
    before = world.jobs.count("find")
    world.poll_for(time)
    return world.jobs.count("find") - before


def test_a_new_status_is_logged(running: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    running.jobs.becomes(RUN_ID, "Completed")
    running.later(MINUTE)

    running.poll()
    running.poll()

    assert caplog.messages == [f"run {RUN_ID} is now Success"]


def test_another_native_word_for_the_same_status_is_not_told(running: World) -> None:
    running.jobs.becomes(RUN_ID, "Finalizing")

    running.poll_for(5 * MINUTE)

    assert running.told() == ["run.accepted", "run.submitted", "run.status"]


def test_a_status_that_we_do_not_know_is_unknown_and_not_the_end(running: World) -> None:
    running.jobs.becomes(RUN_ID, "Hibernating")

    running.poll_for(MINUTE)

    data = running.events()[-1]["data"]
    assert (data["status"], data["nativeStatus"]) == ("Unknown", "Hibernating")
    assert data["previousStatus"] == "Running"
    assert running.bus.sent[-1].properties["final"] is False
    assert running.live().state is State.SUBMITTED


def test_a_run_goes_on_after_a_status_that_we_do_not_know(running: World) -> None:
    running.jobs.becomes(RUN_ID, "Hibernating")
    running.poll_for(MINUTE)
    running.jobs.becomes(RUN_ID, "Completed")

    running.poll_for(MINUTE)

    assert running.told()[-1] == "run.completed"


def test_failing_to_watch_never_ends_a_run(running: World) -> None:
    running.jobs.breaks("find", an_outage())

    running.poll_for(DAY, every=MINUTE)

    assert running.live().state is State.SUBMITTED
    assert set(running.told()[3:]) == {"run.delayed"}


def test_a_job_that_ended_meanwhile_is_told_after_an_outage(running: World) -> None:
    running.jobs.breaks("find", an_outage())
    running.jobs.becomes(RUN_ID, "Completed")
    running.poll_for(2 * HOUR)
    running.jobs.heals()

    running.poll_for(15 * SECOND)

    assert running.told()[-1] == "run.completed"


def test_a_run_whose_target_has_left_the_settings_is_watched_again_when_it_is_back(
    running: World,
) -> None:
    demo = running.targets.pop("demo")
    running.poll_for(15 * MINUTE)
    while_gone = running.told()[3:]

    running.targets["demo"] = demo
    running.jobs.becomes(RUN_ID, "Completed")
    running.poll_for(15 * SECOND)

    assert while_gone == ["run.delayed"]
    assert running.data("run.delayed")["delay"]["error"]["code"] == "unknown_target"
    assert running.told()[-1] == "run.completed"


def test_a_look_that_another_write_overtook_is_void(running: World) -> None:
    running.jobs.becomes(RUN_ID, "Completed")
    running.jobs.before["find"] = lambda: cancel_run(running.services, RUN_ID, reason=None)

    running.poll_for(MINUTE)
    running.poll()

    assert running.jobs.count("result") == 2
    assert running.told()[-1] == "run.completed"


def test_a_void_look_writes_nothing(running: World) -> None:
    written = []
    running.jobs.becomes(RUN_ID, "Completed")
    running.jobs.before["find"] = lambda: written.append(cancelled(running))

    running.poll()

    assert written == [running.table.live(RUN_ID)]


def cancelled(world: World) -> Versioned[Live] | None:
    """The row of a run that somebody has just cancelled."""
    cancel_run(world.services, RUN_ID, reason=None)
    return world.table.live(RUN_ID)


def test_the_memory_of_looks_keeps_no_ended_run(running: World) -> None:
    submit(running.services, *a_message(2, id="order-8"))
    running.poll()
    running.jobs.becomes(RUN_ID, "Completed")

    running.poll_for(MINUTE)

    assert set(running.services.looked) == {OTHER_ID}


def test_the_memory_of_looks_forgets_what_another_process_ended(running: World) -> None:
    running.services.looked["jr-000000000000000000000000"] = running.clock.now

    running.poll()

    assert set(running.services.looked) == {RUN_ID}
