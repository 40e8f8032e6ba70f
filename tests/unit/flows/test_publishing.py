"""Events leave the rows for the bus, and runs leave the rows of the living."""

import pytest

from shared.flows.cancel import cancel_run
from shared.flows.submit import submit
from shared.runs import OUTBOX_ROOM, OUTBOX_ROOM_BYTES, State
from tests.unit.flows.given import DAY, MINUTE, OTHER_ID, RUN_ID, World, a_message


@pytest.fixture
def silent() -> World:
    """A world with a job, of which nothing could be told yet."""
    world = World()
    world.bus.failing = "before"
    submit(world.services, *a_message())
    return world


def flap(world: World, times: int) -> None:
    """Let the job change its status so often, and be seen each time."""
    for _ in range(times):
        for status in ("Running", "NotResponding"):
            world.jobs.becomes(RUN_ID, status)
            world.poll_for(MINUTE)


def test_each_run_is_told_in_order(silent: World) -> None:
    submit(silent.services, *a_message(2, id="order-8"))
    silent.bus.failing = None

    silent.poll()

    assert silent.told(RUN_ID) == ["run.accepted", "run.submitted"]
    assert silent.told(OTHER_ID) == ["run.accepted", "run.submitted"]


def test_what_was_sent_before_the_bus_failed_is_marked_and_nothing_else(silent: World) -> None:
    silent.bus.failing = None
    silent.bus.refused = {f"{RUN_ID}:2"}

    silent.poll()

    assert silent.told() == ["run.accepted"]
    assert [item.id for item in silent.live().outbox] == [f"{RUN_ID}:2"]


def test_nothing_newer_is_sent_after_a_failure(silent: World) -> None:
    silent.bus.failing = None
    silent.bus.refused = {f"{RUN_ID}:1"}

    silent.poll()

    assert silent.told(RUN_ID) == []
    assert len(silent.live().outbox) == 2


def test_what_was_sent_without_our_hearing_of_it_is_sent_again_unchanged(silent: World) -> None:
    silent.bus.failing = "after"
    silent.poll()
    silent.bus.failing = None
    silent.later(DAY)

    silent.poll()

    first, again, *_ = [item for item in silent.bus.sent if item.id == f"{RUN_ID}:1"]
    assert first == again


def test_an_event_that_the_bus_refuses_does_not_hold_up_other_runs_for_ever(
    silent: World,
) -> None:
    submit(silent.services, *a_message(2, id="order-8"))
    silent.bus.failing = None
    silent.bus.refused = {f"{min(RUN_ID, OTHER_ID)}:1"}

    silent.poll()
    at_first = silent.told()
    silent.jitter = 0.5
    silent.poll()

    assert at_first == []
    assert silent.told(max(RUN_ID, OTHER_ID)) == ["run.accepted", "run.submitted"]


def test_a_run_goes_on_while_nothing_can_be_told(silent: World) -> None:
    silent.jobs.becomes(RUN_ID, "Completed")

    silent.poll_for(MINUTE)

    assert silent.live().state is State.ENDED
    assert [item.id for item in silent.live().outbox] == [f"{RUN_ID}:{seq}" for seq in (1, 2, 3)]


def test_a_run_stays_until_its_end_is_told(silent: World) -> None:
    silent.jobs.becomes(RUN_ID, "Completed")
    silent.poll_for(DAY, every=MINUTE)
    stays = not silent.is_over()
    silent.bus.failing = None

    silent.poll()

    assert stays
    assert silent.is_over()
    assert silent.told() == ["run.accepted", "run.submitted", "run.completed"]


def test_a_run_that_could_not_be_finished_is_finished_later() -> None:
    world = World()
    world.table.failing = {"finish"}
    submit(world.services, *a_message(template="lost"))
    world.table.failing = set()

    world.poll()

    assert world.is_over()
    assert world.told() == ["run.accepted", "run.rejected"]


def test_a_run_that_cannot_be_finished_tells_nothing_after_its_end() -> None:
    world = World()
    world.table.failing = {"finish"}
    submit(world.services, *a_message(template="lost"))

    world.poll_for(30 * MINUTE)

    assert world.told() == ["run.accepted", "run.rejected"]


def test_a_run_that_is_written_while_it_is_finished_is_finished_later() -> None:
    world = World()
    world.table.overtaken = {"finish": 1}
    submit(world.services, *a_message(template="lost"))
    at_once = world.is_over()

    world.poll()

    assert (at_once, world.is_over()) == (False, True)


def test_a_run_that_another_finishes_first_is_finished() -> None:
    world = World()
    world.table.before["save_all"] = world.poll

    submit(world.services, *a_message(template="lost"))

    assert world.is_over()


def test_marks_that_others_overtook_are_written_one_by_one(silent: World) -> None:
    submit(silent.services, *a_message(2, id="order-8"))
    silent.bus.failing = None
    silent.table.overtaken = {"save_all": 1}

    silent.poll()

    assert silent.live(RUN_ID).outbox == silent.live(OTHER_ID).outbox == ()


def test_what_came_into_an_outbox_while_it_was_sent_is_sent_later() -> None:
    world = World()
    world.bus.failing = "before"
    submit(world.services, *a_message(notBefore="2030-01-01T10:00:00Z"))
    world.bus.failing = None
    world.table.before["save_all"] = lambda: cancel_untold(world)

    world.poll()

    assert world.told() == ["run.accepted", "run.cancelled"]
    assert world.is_over()


def cancel_untold(world: World) -> None:
    """Cancel while the bus is away."""
    world.bus.failing = "before"
    cancel_run(world.services, RUN_ID, reason=None)
    world.bus.failing = None


def test_an_outbox_takes_only_so_many_changes(silent: World) -> None:
    flap(silent, OUTBOX_ROOM)

    assert len(silent.live().outbox) == OUTBOX_ROOM + 1


def test_an_outbox_takes_only_so_many_bytes() -> None:
    world = World()
    world.bus.failing = "before"
    tags = {f"{number:03}{'n' * 90}": "v" * 1000 for number in range(49)}
    submit(world.services, *a_message(tags=tags))

    flap(world, OUTBOX_ROOM)

    largest = max(len(item.body) for item in world.live().outbox)
    size = sum(len(item.body) for item in world.live().outbox)
    assert OUTBOX_ROOM_BYTES < size <= OUTBOX_ROOM_BYTES + largest


def test_a_full_outbox_takes_the_end(silent: World) -> None:
    flap(silent, OUTBOX_ROOM)
    silent.jobs.becomes(RUN_ID, "Completed")

    silent.poll_for(MINUTE)

    assert silent.live().state is State.ENDED
    assert len(silent.live().outbox) == OUTBOX_ROOM + 2


def test_what_a_full_outbox_did_not_take_is_told_by_a_later_look(silent: World) -> None:
    flap(silent, OUTBOX_ROOM)
    silent.bus.failing = None

    silent.poll_for(5 * MINUTE)

    assert [event["seq"] for event in silent.events()] == list(range(1, OUTBOX_ROOM + 3))
    assert silent.events()[-1]["data"]["status"] == "Unknown"


def test_marks_that_could_not_be_written_do_not_stop_the_poll(silent: World) -> None:
    silent.bus.failing = None
    silent.table.failing = {"save_all"}
    silent.jobs.becomes(RUN_ID, "Completed")

    silent.poll_for(MINUTE)

    assert silent.live().state is State.ENDED
