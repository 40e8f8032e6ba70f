"""A job that the service does not know any more: is it lost?"""

import pytest

from shared.flows.cancel import cancel_run
from tests.unit.flows.given import HOUR, MINUTE, RUN_ID, SECOND, World, a_job, an_outage


@pytest.fixture
def running() -> World:
    """A world in which one job runs."""
    world = a_job()
    world.jobs.becomes(RUN_ID, "Running")
    world.poll()
    return world


def test_a_job_that_is_gone_for_ten_minutes_is_lost(running: World) -> None:
    running.jobs.vanish(RUN_ID)

    running.poll_for(10 * MINUTE)
    in_time = running.told()[-1]
    running.poll_for(MINUTE)

    assert in_time == "run.status"
    assert running.data("run.failed")["error"]["code"] == "JobNotFound"
    assert running.is_over()


def test_a_job_that_is_missing_is_looked_for_in_every_poll(running: World) -> None:
    running.poll_for(2 * HOUR)
    running.jobs.vanish(RUN_ID)
    running.poll_for(5 * MINUTE)

    before = running.jobs.count("find")
    running.poll_for(5 * MINUTE)

    assert running.jobs.count("find") - before == 20


def test_a_job_that_is_found_again_was_not_lost(running: World) -> None:
    running.jobs.hidden = {RUN_ID}
    running.poll_for(9 * MINUTE)
    running.jobs.hidden = set()
    running.poll_for(15 * SECOND)
    running.jobs.hidden = {RUN_ID}

    running.poll_for(9 * MINUTE)

    assert running.told()[-1] == "run.status"


def test_looks_that_fail_do_not_make_a_job_lost(running: World) -> None:
    running.jobs.hidden = {RUN_ID}
    running.poll_for(8 * MINUTE)
    running.jobs.breaks("find", an_outage())
    running.poll_for(5 * MINUTE)
    running.jobs.heals()

    running.poll_for(MINUTE)

    assert running.told()[-1] == "run.status"


def test_a_void_look_that_found_a_missing_job_has_found_it(running: World) -> None:
    running.jobs.hidden = {RUN_ID}
    running.poll_for(5 * MINUTE)
    running.jobs.hidden = set()
    running.jobs.ignored_cancels = 1
    running.jobs.before["find"] = lambda: cancel_run(running.services, RUN_ID, reason=None)

    running.poll()

    assert running.live().wish is not None
    assert running.live().missing_since is None
    assert running.live().missing_at is None


def test_a_void_look_that_found_nothing_changes_nothing(running: World) -> None:
    running.jobs.misses = 1
    running.jobs.before["find"] = lambda: cancel_run(running.services, RUN_ID, reason=None)

    running.poll_for(15 * SECOND)

    assert running.live().missing_since is None
