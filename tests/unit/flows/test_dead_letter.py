"""The broker gave a message up: it is accepted late, refused, or known."""

import pytest

from shared.errors import UnavailableError
from shared.flows.cancel import cancel_request
from shared.flows.dead_letter import TRIES, TRIES_KEPT, dead_letter
from shared.flows.submit import submit
from shared.runs import State
from tests.unit.flows.given import RUN_ID, SECOND, World, a_message, an_envelope

KEY = an_envelope().key


@pytest.fixture
def hopeless() -> World:
    """A world in which accepting the message never came to an end."""
    world = World()
    for _ in range(TRIES):
        try_in_vain(world)
    return world


def try_in_vain(world: World) -> None:
    """Try to accept the message; it fails after the try was written down."""
    world.table.failing = {"accept"}
    with pytest.raises(UnavailableError):
        dead_letter(world.services, *a_message())
    world.table.failing = set()


def tries(world: World) -> int:
    """How often the message was tried."""
    found = world.table.tries(KEY)
    return 0 if found is None else found.row


def test_a_dead_letter_is_accepted_late() -> None:
    world = World()

    dead_letter(world.services, *a_message())

    assert world.told() == ["run.accepted"]
    assert world.live().state is State.NEW
    assert world.jobs.asked == []


def test_a_dead_letter_that_was_accepted_is_driven_by_the_poll() -> None:
    world = World()
    dead_letter(world.services, *a_message())

    world.poll()

    assert world.told() == ["run.accepted", "run.submitted"]


def test_a_dead_letter_whose_run_was_cancelled_before_it_came_gets_no_job() -> None:
    world = World()
    cancel_request(world.services, "order-7", reason=None)

    dead_letter(world.services, *a_message())
    world.poll()

    assert world.told() == ["run.accepted", "run.cancelled"]
    assert world.jobs.asked == []


def test_an_invalid_dead_letter_is_refused_without_a_try() -> None:
    world = World()

    dead_letter(world.services, *a_message(jobType="Spell"))

    assert world.data("request.rejected")["reason"] == "invalid"
    assert [copy.id for copy in world.copies()] == [f"copy-{KEY}"]
    assert tries(world) == 0


def test_a_dead_letter_is_told_the_same_as_in_the_queue() -> None:
    world = World()
    submit(world.services, *a_message(jobType="Spell"))
    told = list(world.bus.sent)

    dead_letter(world.services, *a_message(jobType="Spell"))

    assert world.bus.sent == [*told, *told]


def test_a_dead_letter_that_is_a_repeat_changes_nothing() -> None:
    world = World()
    submit(world.services, *a_message())
    before = world.table.live(RUN_ID)

    dead_letter(world.services, *a_message())

    assert world.table.live(RUN_ID) == before
    assert world.told() == ["run.accepted", "run.submitted"]
    assert tries(world) == 0


def test_a_dead_letter_in_conflict_is_told_so() -> None:
    world = World()
    submit(world.services, *a_message(2, displayName="Another"))

    dead_letter(world.services, *a_message(1))

    assert world.data("request.rejected")["reason"] == "conflict"
    assert world.data("request.rejected")["conflictsWith"] == RUN_ID
    assert tries(world) == 0


def test_a_try_is_written_down_before_it_is_made() -> None:
    world = World()

    try_in_vain(world)
    try_in_vain(world)

    assert tries(world) == 2


def test_a_dead_letter_is_accepted_with_its_last_try() -> None:
    world = World()
    for _ in range(TRIES - 1):
        try_in_vain(world)

    dead_letter(world.services, *a_message())

    assert world.told() == ["run.accepted"]
    assert tries(world) == TRIES


def test_an_outage_of_the_table_counts_for_nothing() -> None:
    world = World()
    world.table.failing = {"count_try"}
    for _ in range(2 * TRIES):
        with pytest.raises(UnavailableError):
            dead_letter(world.services, *a_message())
    world.table.failing = set()

    dead_letter(world.services, *a_message())

    assert world.told() == ["run.accepted"]


def test_a_try_that_another_writes_at_the_same_time_is_made_later() -> None:
    world = World()
    world.table.overtaken = {"count_try": 1}

    with pytest.raises(UnavailableError):
        dead_letter(world.services, *a_message())

    assert world.bus.sent == []


def test_a_dead_letter_whose_id_another_takes_at_the_same_time_is_a_conflict() -> None:
    world = World()
    other = a_message(2, displayName="Another")
    world.table.before["count_try"] = lambda: submit(world.services, *other)

    dead_letter(world.services, *a_message(1))

    assert world.data("request.rejected")["reason"] == "conflict"


def test_a_hopeless_dead_letter_is_refused(hopeless: World) -> None:
    dead_letter(hopeless.services, *a_message())

    assert hopeless.data("request.rejected")["reason"] == "dead_lettered"
    assert "under a new id" in hopeless.data("request.rejected")["hint"]
    assert hopeless.bus.sent[-1].properties["final"] is True
    assert [copy.id for copy in hopeless.copies()] == [f"copy-{KEY}"]
    assert hopeless.is_over()


def test_a_hopeless_dead_letter_is_told_the_same_after_another_got_its_id(
    hopeless: World,
) -> None:
    dead_letter(hopeless.services, *a_message(1))
    told = list(hopeless.bus.sent)
    submit(hopeless.services, *a_message(2, displayName="Another"))

    dead_letter(hopeless.services, *a_message(1))

    assert hopeless.bus.sent[-2:] == told


def test_a_hopeless_dead_letter_that_has_a_run_after_all_is_a_repeat(hopeless: World) -> None:
    submit(hopeless.services, *a_message(2))

    dead_letter(hopeless.services, *a_message(1))

    assert hopeless.told() == ["run.accepted", "run.submitted"]


def test_a_refusal_that_could_not_be_told_comes_again(hopeless: World) -> None:
    hopeless.bus.failing = "before"

    with pytest.raises(UnavailableError):
        dead_letter(hopeless.services, *a_message())


def test_a_dead_letter_is_done_once_it_is_accepted_though_nothing_could_be_told() -> None:
    world = World()
    world.bus.failing = "before"

    dead_letter(world.services, *a_message())

    assert [item.id for item in world.live().outbox] == [f"{RUN_ID}:1"]


def test_tries_are_kept_longer_than_any_message_waits() -> None:
    world = World()
    try_in_vain(world)

    world.later(TRIES_KEPT)
    world.table.forget(world.clock.now)
    kept = tries(world)
    world.table.forget(world.clock.now + SECOND)

    assert (kept, tries(world)) == (1, 0)
