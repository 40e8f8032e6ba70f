"""Somebody wants a run ended: it is written down, asked for, and followed until it is true."""

import pytest

from shared.errors import EndedError, NotFoundError, UnavailableError
from shared.flows.cancel import cancel_request, cancel_run
from shared.flows.submit import submit
from shared.runs import LEASE
from tests.unit.flows.given import BY_USER, HOUR, MINUTE, RUN_ID, World, a_job, a_message, an_outage


@pytest.fixture
def waiting() -> World:
    """A world with a run that may not start yet."""
    world = World()
    submit(world.services, *a_message(notBefore="2030-01-01T10:00:00Z"))
    return world


@pytest.fixture
def submitting() -> World:
    """A world with a run of which nobody knows if it has a job; it has none."""
    world = World()
    world.jobs.fail("create", UnavailableError("PUT jobs: reset"))
    submit(world.services, *a_message())
    return world


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


def test_a_run_that_has_not_begun_ends_at_once(waiting: World) -> None:
    answer = cancel_run(waiting.services, RUN_ID, reason="too dear")

    assert (answer["status"], answer["final"]) == ("Cancelled", True)
    assert waiting.told() == ["run.accepted", "run.cancelled"]
    assert waiting.data("run.cancelled")["cancel"] == BY_USER
    assert waiting.jobs.asked == []
    assert waiting.is_over()


def test_a_run_that_may_have_a_job_ends_when_a_look_finds_none(submitting: World) -> None:
    cancel_run(submitting.services, RUN_ID, reason="too dear")
    at_once = submitting.told()
    submitting.later(LEASE)

    submitting.poll()

    assert at_once == ["run.accepted"]
    assert submitting.told() == ["run.accepted", "run.cancelled"]
    assert submitting.data("run.cancelled")["cancel"] == BY_USER
    assert submitting.jobs.count("create") == 1


def test_a_job_that_turns_up_after_the_wish_is_cancelled() -> None:
    world = World()
    world.jobs.fail("create", UnavailableError("PUT jobs: reset"), when="after")
    world.jobs.breaks("cancel", an_outage())
    submit(world.services, *a_message())
    cancel_run(world.services, RUN_ID, reason="too dear")
    world.jobs.heals()
    world.later(LEASE)

    world.poll()

    assert world.told() == ["run.accepted", "run.submitted", "run.status"]
    assert world.live().status == "Cancelling"


def test_a_job_is_asked_to_end(running: World) -> None:
    answer = cancel_run(running.services, RUN_ID, reason="too dear")

    assert (answer["status"], answer["final"]) == ("Starting", False)
    assert answer["cancelRequested"] is True
    assert running.jobs.count("cancel") == 1


def test_a_job_is_cancelled_when_the_service_says_so(running: World) -> None:
    cancel_run(running.services, RUN_ID, reason="too dear")
    running.poll()
    running.jobs.becomes(RUN_ID, "Canceled")

    running.poll()

    assert running.told()[2:] == ["run.status", "run.cancelled"]
    assert running.data("run.status")["status"] == "Cancelling"
    assert running.data("run.cancelled")["cancel"] == BY_USER
    assert running.is_over()


def test_a_cancel_that_the_service_forgets_is_repeated_in_each_poll_until_it_is_true(
    running: World,
) -> None:
    running.jobs.ignored_cancels = 100
    cancel_run(running.services, RUN_ID, reason=None)
    running.poll_for(5 * MINUTE)
    while_ignored = running.jobs.count("cancel")
    running.jobs.becomes(RUN_ID, "Canceled")

    running.poll_for(5 * MINUTE)

    assert while_ignored == 1 + 20
    assert running.jobs.count("cancel") == 1 + 20 + 1
    assert running.told()[-1] == "run.cancelled"


def test_a_cancel_that_fails_is_repeated_and_delays_nothing_else(running: World) -> None:
    running.jobs.breaks("cancel", an_outage())
    cancel_run(running.services, RUN_ID, reason=None)
    running.jobs.becomes(RUN_ID, "Running")
    running.poll_for(MINUTE)
    while_away = running.told()[-1]
    running.jobs.heals()

    running.poll()

    assert while_away == "run.status"
    assert running.live().status == "Cancelling"


def test_a_job_that_completes_first_is_completed(running: World) -> None:
    running.jobs.ignored_cancels = 1
    cancel_run(running.services, RUN_ID, reason=None)
    running.jobs.becomes(RUN_ID, "Completed")

    running.poll()

    assert running.told()[-1] == "run.completed"
    assert "cancel" not in running.data("run.completed")


def test_a_service_that_is_away_does_not_lose_the_wish(running: World) -> None:
    running.jobs.breaks("cancel", an_outage())

    answer = cancel_run(running.services, RUN_ID, reason="too dear")

    assert answer["cancelRequested"] is True
    wish = running.live().wish
    assert wish is not None
    assert (wish.by, wish.reason) == ("user", "too dear")


def test_a_target_that_has_left_the_settings_does_not_lose_the_wish(running: World) -> None:
    running.targets.clear()

    answer = cancel_run(running.services, RUN_ID, reason=None)

    assert answer["cancelRequested"] is True


def test_the_service_is_not_asked_while_the_wish_is_not_written(running: World) -> None:
    running.table.failing = {"save"}

    with pytest.raises(UnavailableError):
        cancel_run(running.services, RUN_ID, reason=None)

    assert running.jobs.count("cancel") == 0


def test_a_repeat_is_harmless_and_keeps_the_first_reason(running: World) -> None:
    running.jobs.ignored_cancels = 100
    cancel_run(running.services, RUN_ID, reason="too dear")
    running.later(MINUTE)

    cancel_run(running.services, RUN_ID, reason="no, too slow")

    running.jobs.becomes(RUN_ID, "Canceled")
    running.poll()
    assert running.data("run.cancelled")["cancel"] == BY_USER


def test_a_run_that_has_ended_cannot_be_cancelled(ended: World) -> None:
    with pytest.raises(EndedError) as error:
        cancel_run(ended.services, RUN_ID, reason=None)

    assert error.value.status == "Success"
    assert ended.jobs.count("cancel") == 0


def test_a_run_whose_end_is_not_told_yet_has_ended(running: World) -> None:
    running.bus.failing = "before"
    running.jobs.becomes(RUN_ID, "Failed")
    running.poll()

    with pytest.raises(EndedError) as error:
        cancel_run(running.services, RUN_ID, reason=None)

    assert error.value.status == "Failed"


def test_a_run_that_nobody_knows_cannot_be_cancelled() -> None:
    world = World()

    with pytest.raises(NotFoundError):
        cancel_run(world.services, RUN_ID, reason=None)


def test_a_cancelled_run_that_could_not_be_told_is_left_to_the_poller(waiting: World) -> None:
    waiting.bus.failing = "before"
    answer = cancel_run(waiting.services, RUN_ID, reason=None)
    waiting.bus.failing = None

    waiting.poll()

    assert answer["status"] == "Cancelled"
    assert waiting.told() == ["run.accepted", "run.cancelled"]
    assert waiting.is_over()


def test_a_wish_is_not_put_off_by_a_late_retry() -> None:
    world = World()
    throttled = UnavailableError("PUT jobs: 429", clear=True, retry_after=HOUR)
    world.jobs.breaks("create", throttled)
    submit(world.services, *a_message())
    cancel_run(world.services, RUN_ID, reason=None)

    world.poll()

    assert world.told() == ["run.accepted", "run.cancelled"]


def test_a_wish_is_decided_anew_when_another_was_quicker(running: World) -> None:
    running.table.overtaken = {"save": 1}

    cancel_run(running.services, RUN_ID, reason=None)

    assert running.live().wish is not None


def test_a_wish_that_others_always_overtake_is_not_promised(running: World) -> None:
    running.table.overtaken = {"save": 1000, "bury": 1000}

    with pytest.raises(UnavailableError):
        cancel_run(running.services, RUN_ID, reason=None)
    with pytest.raises(UnavailableError):
        cancel_request(running.services, "order-8", reason=None)


def test_a_record_that_has_neither_an_end_nor_a_live_row_is_read_again(running: World) -> None:
    running.lose_live()

    with pytest.raises(UnavailableError):
        cancel_run(running.services, RUN_ID, reason=None)
