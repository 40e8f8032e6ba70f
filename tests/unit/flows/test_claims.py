"""A job is created under a claim: who holds it, who resumes it, what comes of it."""

import pytest

from shared.errors import Problem, UnavailableError
from shared.flows.cancel import cancel_run
from shared.flows.submit import submit
from shared.runs import LEASE, State
from tests.unit.flows.given import RUN_ID, SECOND, World, a_message, an_outage

THROTTLED = UnavailableError("PUT jobs: 429", code="TooManyRequests", clear=True)


def unclear(world: World) -> None:
    """Submit a run whose PUT was not answered, and reached nobody."""
    world.jobs.fail("create", UnavailableError("PUT jobs: reset", code="NoAnswer"))
    submit(world.services, *a_message())


def test_a_clear_failure_gives_the_claim_back() -> None:
    world = World()
    world.jobs.breaks("create", THROTTLED)

    submit(world.services, *a_message())

    assert world.live().state is State.SUBMITTING
    assert world.live().claimed_until == world.clock.now


def test_an_unclear_failure_keeps_the_claim() -> None:
    world = World()

    unclear(world)

    assert world.live().state is State.SUBMITTING
    assert world.live().claimed_until == world.clock.now + LEASE


def test_the_row_says_why_a_run_waits() -> None:
    world = World()
    world.jobs.breaks("create", THROTTLED)

    submit(world.services, *a_message())

    assert world.live().last_error == Problem("TooManyRequests", "PUT jobs: 429")
    assert world.live().failing_since == world.clock.now
    assert world.live().attempts == 1


def test_nobody_drives_a_row_that_another_claims() -> None:
    world = World()
    unclear(world)

    world.poll_for(LEASE - 15 * SECOND)

    assert world.live().attempts == 1
    assert world.jobs.count("find") == 0


def test_a_claim_that_a_fault_of_the_app_has_left_runs_out() -> None:
    world = World()
    world.jobs.breaks("create", ZeroDivisionError("odd"))
    with pytest.raises(ZeroDivisionError):
        submit(world.services, *a_message())
    world.jobs.heals()

    submit(world.services, *a_message())
    at_once = world.told()
    world.poll_for(LEASE)

    assert at_once == ["run.accepted"]
    assert world.told() == ["run.accepted", "run.submitted"]


def test_neither_a_wish_nor_a_deadline_drives_a_row_that_another_claims() -> None:
    world = World()
    world.jobs.fail("create", UnavailableError("PUT jobs: reset"))
    submit(world.services, *a_message(deadlines={"start": "PT1M", "total": "PT1M"}))
    cancel_run(world.services, RUN_ID, reason=None)

    world.poll_for(LEASE - 15 * SECOND)

    assert world.live().state is State.SUBMITTING
    assert world.jobs.count("find") == 0


def test_who_resumes_a_claim_looks_first_and_adopts_the_job() -> None:
    world = World()
    world.jobs.fail("create", UnavailableError("PUT jobs: reset"), when="after")
    submit(world.services, *a_message())
    world.later(LEASE)

    world.poll()

    assert world.told() == ["run.accepted", "run.submitted"]
    assert world.jobs.count("create") == 1


def test_who_resumes_a_claim_and_finds_nothing_creates() -> None:
    world = World()
    unclear(world)
    world.later(LEASE)

    world.poll()

    assert world.live().state is State.SUBMITTED
    assert world.live().attempts == 2
    assert [verb for verb, _ in world.jobs.asked] == [
        "template",
        "body",
        "create",
        "find",
        "template",
        "body",
        "create",
        "observe",
        "find",  # the first look at the new job
    ]


def test_a_failed_look_of_who_resumes_gives_the_claim_back() -> None:
    world = World()
    unclear(world)
    world.later(LEASE)
    world.jobs.breaks("find", an_outage())

    world.poll()

    assert world.live().claimed_until == world.clock.now
    assert world.jobs.count("create") == 1


def test_a_claim_whose_writing_failed_creates_nothing() -> None:
    world = World()
    world.table.failing = {"save"}

    submit(world.services, *a_message())

    assert world.jobs.asked == []


def test_a_claim_that_another_was_quicker_to_write_creates_nothing() -> None:
    world = World()
    world.table.overtaken = {"save": 1}

    submit(world.services, *a_message())

    assert world.jobs.asked == []
    assert world.live().state is State.NEW


def test_what_came_of_a_claim_is_decided_anew_when_another_was_quicker() -> None:
    world = World()
    world.jobs.before["create"] = lambda: world.table.overtaken.update(save=1)

    submit(world.services, *a_message())

    assert world.live().state is State.SUBMITTED


def test_what_came_of_a_claim_keeps_the_wish_that_was_written_meanwhile() -> None:
    world = World()
    world.jobs.before["create"] = lambda: cancel_run(world.services, RUN_ID, reason=None)

    submit(world.services, *a_message())

    assert world.live().state is State.SUBMITTED
    assert world.live().wish is not None


def test_what_came_of_a_claim_and_could_not_be_written_is_found_when_it_runs_out() -> None:
    world = World()
    world.jobs.before["create"] = lambda: world.table.overtaken.update(save=1000)
    submit(world.services, *a_message())
    world.table.overtaken.clear()

    world.poll_for(LEASE)

    assert world.told() == ["run.accepted", "run.submitted"]
    assert world.jobs.count("create") == 1


def test_what_came_of_a_claim_counts_for_nothing_once_another_holds_the_row() -> None:
    world = World()
    world.jobs.before["create"] = lambda: world.poll_for(LEASE)

    submit(world.services, *a_message())

    assert world.jobs.count("create") == 2
    assert world.told() == ["run.accepted", "run.submitted"]
