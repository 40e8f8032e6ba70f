"""Short stories, each a list of acts, for exhaustive deaths and interleavings."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.record.broker import Broker
from tests.record.handler import Handler
from tests.record.world import Message, World, message


@dataclass(frozen=True)
class Act:
    """One thing that happens. `begin` answers a handler, or None when it is done at once."""

    begin: Callable[[World, Broker], Handler | None]
    message: Message | None = None


def submitted(each: Message) -> Act:
    """The queue delivers a message."""

    def begin(world: World, broker: Broker) -> Handler:
        broker.put([each])
        return broker.deliver(each)

    return Act(begin, each)


def dead_lettered(each: Message) -> Act:
    """The dead-letter queue delivers a message."""

    def begin(world: World, broker: Broker) -> Handler:
        broker.bury(each)
        return broker.deliver(each)

    return Act(begin, each)


def later(minutes: float) -> Act:
    """Time passes."""

    def begin(world: World, broker: Broker) -> None:
        steps = int(minutes) if minutes < 60 else 1
        for _ in range(steps):
            world.advance(minutes / steps)

    return Act(begin)


def down(what: str) -> Act:
    """An outage begins."""
    return Act(lambda world, broker: world.down.add(what))


def up(what: str) -> Act:
    """An outage is over."""
    return Act(lambda world, broker: world.down.discard(what))


def _set(world: World, *, hides_all: bool) -> None:
    world.service.hides_all = hides_all


def _fail(world: World, sends: int) -> None:
    world.failing_sends = sends


HIDE = Act(lambda world, broker: _set(world, hides_all=True))
SHOW = Act(lambda world, broker: _set(world, hides_all=False))
HICCUP = Act(lambda world, broker: _fail(world, 1))
POLL = Act(lambda world, broker: broker.poll())
CANCEL = Act(lambda world, broker: broker.cancel("q"))


def plain(number: int, **wanted: Any) -> Message:
    """A message whose job runs three minutes."""
    return message(number, "q", script={"runsFor": 3}, **wanted)


def endless(number: int, **wanted: Any) -> Message:
    """A message whose job ends only by cancel."""
    return message(number, "q", script={}, **wanted)


def invalid(number: int) -> Message:
    """A message that is no request."""
    return Message(number, "q", b'{"id": "q"}')


def killer(number: int) -> Message:
    """A message that kills whoever accepts it."""
    return message(number, "q", script={"kills": True})


def _stories() -> dict[str, list[Act]]:
    other = message(2, "q", script={"runsFor": 2})
    refused = message(1, "q", script={"refusedUntil": 4, "runsFor": 2})
    soon = message(1, "q", script={"runsFor": 2}, deadlines={"start": "PT2M"})
    flapping = message(1, "q", script={"flaps": True, "runsFor": 14})
    silent = message(1, "q", script={"runsFor": 1, "hidesResult": True})
    brief = endless(1, deadlines={"run": "PT2M"})
    total = endless(1, deadlines={"total": "PT2M"})
    never = message(1, "q", notBefore="2030-01-01T00:09:00Z", deadlines={"total": "PT2M"})
    at_nine = message(1, "q", notBefore="2030-01-01T00:09:00Z", script={"runsFor": 1})
    return {
        "plain": [submitted(plain(1)), POLL, POLL],
        "untold": [submitted(plain(1)), later(2), down("bus"), POLL, later(2), up("bus"), POLL],
        "repeated": [submitted(plain(1)), submitted(plain(2)), POLL],
        "cancelled first": [CANCEL, submitted(endless(1)), CANCEL, POLL],
        "cancelled after": [submitted(endless(1)), CANCEL, POLL, POLL],
        "cancelled first, long ago": [CANCEL, later(8 * 24 * 60), submitted(plain(1)), POLL],
        "cancelled before it may start": [submitted(at_nine), CANCEL, POLL],
        "in conflict": [submitted(plain(1)), submitted(other), POLL],
        "invalid, then right": [
            submitted(invalid(1)),
            submitted(plain(2)),
            submitted(invalid(3)),
            POLL,
        ],
        "rejected, its id is spent": [
            submitted(refused),
            POLL,
            later(1),
            submitted(message(2, "q", script={"refusedUntil": 4, "runsFor": 2})),
            submitted(plain(3)),
            POLL,
        ],
        "dead-lettered": [dead_lettered(plain(1)), submitted(plain(2)), POLL],
        "accepted, then dead-lettered": [submitted(plain(1)), dead_lettered(plain(1)), POLL],
        "in conflict, dead-lettered": [
            submitted(plain(1)),
            dead_lettered(other),
            dead_lettered(invalid(3)),
            POLL,
        ],
        "killer": [submitted(killer(1)), *[dead_lettered(killer(1))] * 7],
        "killer, then right": [
            *[dead_lettered(killer(1))] * 6,
            submitted(plain(2)),
            dead_lettered(killer(1)),
            POLL,
        ],
        "table down": [
            down("table"),
            submitted(plain(1)),
            *[dead_lettered(plain(1))] * 7,
            up("table"),
            dead_lettered(plain(1)),
            POLL,
        ],
        "bus down": [submitted(flapping), down("bus"), *[later(1), POLL] * 13, up("bus"), POLL],
        "bus down, then a hiccup": [
            submitted(flapping),
            later(2),
            down("bus"),
            *[later(1), POLL] * 4,
            up("bus"),
            HICCUP,
            POLL,
        ],
        "unseen twice, long apart": [
            submitted(endless(1)),
            *[later(2), POLL],
            *[HIDE, POLL, SHOW],
            *[later(11), HIDE, POLL, SHOW, POLL],
        ],
        "unseen now and then": [
            submitted(endless(1)),
            *[later(2), POLL],
            *[HIDE, POLL, later(1), SHOW, POLL, later(1)] * 6,
        ],
        "created, then unseen": [submitted(plain(1)), HIDE, later(5), POLL, SHOW, later(5), POLL],
        "ended without a result": [submitted(silent), later(3), POLL, POLL, CANCEL, POLL],
        "expiring": [submitted(soon), later(3), POLL, POLL],
        "run deadline": [submitted(brief), later(1), POLL, later(3), POLL, CANCEL, POLL],
        "total deadline": [submitted(total), later(3), POLL, POLL],
        "total deadline without a job": [submitted(never), later(3), POLL, CANCEL, POLL],
    }


STORIES = _stories()


def messages_of(acts: Sequence[Act]) -> list[Message]:
    """The messages that a story sends."""
    return list(dict.fromkeys(act.message for act in acts if act.message is not None))
