"""Deadlines: how a run ends that takes too long."""

import pytest

from shared.errors import UnavailableError
from shared.flows.cancel import cancel_run
from shared.flows.submit import submit
from shared.runs import LEASE
from tests.unit.flows.given import HOUR, MINUTE, RUN_ID, SECOND, World, a_message, an_outage

THROTTLED = UnavailableError("PUT jobs: 429", clear=True)


@pytest.mark.parametrize("deadline", ["start", "total"])
def test_a_run_without_a_job_expires(deadline: str) -> None:
    world = World()
    world.jobs.breaks("create", THROTTLED)
    submit(world.services, *a_message(deadlines={deadline: "PT10M"}))

    world.poll_for(10 * MINUTE)
    in_time = world.told()
    world.poll_for(15 * SECOND)

    assert in_time == ["run.accepted"]
    assert world.told() == ["run.accepted", "run.expired"]
    assert world.is_over()


def test_an_expired_run_says_when_it_ended() -> None:
    world = World()
    world.jobs.breaks("create", THROTTLED)
    submit(world.services, *a_message(deadlines={"start": "PT10M"}))

    world.poll_for(11 * MINUTE)

    data = world.data("run.expired")
    assert data["status"] == "Expired"
    assert data["times"]["ended"] == "2030-01-01T09:10:15Z"
    assert data["times"]["totalSeconds"] == 615.0


def test_a_run_that_may_have_a_job_expires_only_after_a_look() -> None:
    world = World()
    world.jobs.fail("create", UnavailableError("reset"))
    submit(world.services, *a_message(deadlines={"start": "PT1M"}))
    world.later(LEASE)

    world.poll()

    assert world.told() == ["run.accepted", "run.expired"]
    assert world.jobs.count("find") == 1


def test_a_run_that_has_a_job_after_all_does_not_expire() -> None:
    world = World()
    world.jobs.fail("create", UnavailableError("reset"), when="after")
    submit(world.services, *a_message(deadlines={"start": "PT1M"}))
    world.later(LEASE)

    world.poll()

    assert world.told() == ["run.accepted", "run.submitted"]


def test_a_run_does_not_expire_while_the_look_fails() -> None:
    world = World()
    world.jobs.fail("create", UnavailableError("reset"))
    world.jobs.breaks("find", an_outage())
    submit(world.services, *a_message(deadlines={"start": "PT1M"}))

    world.poll_for(9 * MINUTE)

    assert world.told() == ["run.accepted"]


def test_the_start_deadline_counts_from_when_the_run_may_start() -> None:
    world = World()
    world.jobs.breaks("create", THROTTLED)
    deadlines = {"start": "PT10M"}
    submit(world.services, *a_message(notBefore="2030-01-01T10:00:00Z", deadlines=deadlines))

    world.poll_for(HOUR + 10 * MINUTE)
    in_time = world.told()
    world.poll_for(15 * SECOND)

    assert in_time == ["run.accepted"]
    assert world.told() == ["run.accepted", "run.expired"]


def test_the_total_deadline_counts_from_acceptance_whenever_the_run_may_start() -> None:
    world = World()
    deadlines = {"total": "PT10M"}
    submit(world.services, *a_message(notBefore="2030-01-01T10:00:00Z", deadlines=deadlines))

    world.poll_for(11 * MINUTE)

    assert world.told() == ["run.accepted", "run.expired"]
    assert world.jobs.asked == []


def test_the_start_deadline_means_nothing_to_a_job() -> None:
    world = World()
    submit(world.services, *a_message(deadlines={"start": "PT1M"}))

    world.poll_for(10 * MINUTE)

    assert world.live().wish is None


@pytest.mark.parametrize("deadline", ["run", "total"])
def test_a_job_that_takes_too_long_is_cancelled(deadline: str) -> None:
    world = World()
    submit(world.services, *a_message(deadlines={deadline: "PT10M"}))

    world.poll_for(10 * MINUTE)
    in_time = world.jobs.count("cancel")
    world.poll_for(15 * SECOND)

    assert (in_time, world.jobs.count("cancel")) == (0, 1)


@pytest.mark.parametrize("deadline", ["run", "total"])
def test_a_job_that_took_too_long_says_so_in_the_end(deadline: str) -> None:
    world = World()
    submit(world.services, *a_message(deadlines={deadline: "PT10M"}))
    world.poll_for(11 * MINUTE)
    world.jobs.becomes(RUN_ID, "Canceled")

    world.poll()

    assert world.data("run.cancelled")["cancel"] == {
        "by": deadline,
        "reason": f"the {deadline} deadline passed",
        "at": "2030-01-01T09:10:15Z",
    }


def test_the_run_deadline_counts_from_submission() -> None:
    world = World()
    world.jobs.breaks("create", UnavailableError("429", clear=True, retry_after=8 * MINUTE))
    submit(world.services, *a_message(deadlines={"run": "PT10M"}))
    world.jobs.heals()

    world.poll_for(8 * MINUTE)
    world.poll_for(10 * MINUTE)
    in_time = world.jobs.count("cancel")
    world.poll_for(15 * SECOND)

    assert (in_time, world.jobs.count("cancel")) == (0, 1)


def test_a_deadline_does_not_overrule_a_user() -> None:
    world = World()
    world.jobs.ignored_cancels = 100
    submit(world.services, *a_message(deadlines={"run": "PT10M"}))
    cancel_run(world.services, RUN_ID, reason="too dear")
    world.poll_for(11 * MINUTE)
    world.jobs.becomes(RUN_ID, "Canceled")

    world.poll()

    assert world.data("run.cancelled")["cancel"] == {
        "by": "user",
        "reason": "too dear",
        "at": "2030-01-01T09:00:00Z",
    }


def test_a_deadline_does_not_overrule_a_user_who_is_just_quicker() -> None:
    world = World()
    submit(world.services, *a_message(deadlines={"run": "PT10M"}))
    world.later(11 * MINUTE)
    world.table.before["save"] = lambda: cancel_run(world.services, RUN_ID, reason="too dear")

    world.poll()

    wish = world.live().wish
    assert wish is not None
    assert wish.by == "user"


def test_a_user_does_not_overrule_a_deadline() -> None:
    world = World()
    submit(world.services, *a_message(deadlines={"run": "PT10M"}))
    world.poll_for(11 * MINUTE)
    cancel_run(world.services, RUN_ID, reason="too dear")
    world.jobs.becomes(RUN_ID, "Canceled")

    world.poll()

    assert world.data("run.cancelled")["cancel"]["by"] == "run"
