"""Three ways to attack: every one and two deaths, every pair of handlers, and storms of many."""

import itertools
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from shared.runs import FINAL, LEASE, State, run_id_of
from tests.record.broker import Broker
from tests.record.handler import LIFETIME, Handler
from tests.record.promises import broken
from tests.record.service import MINUTE
from tests.record.stories import CANCEL, HIDE, POLL, STORIES, Act, messages_of
from tests.record.world import APP_NAME, Message, World, message

LEASE_MINUTES = int(LEASE / MINUTE)
Found = tuple[str, Counter[str]]
Place = tuple[int, int, int, bool]
# Their runs are in one partition of the table, and so in one transaction.
NEIGHBOURS = ("r0", "r5", "r18")


def deaths(*, double: bool, put_mode: str) -> Iterator[Found]:
    """Every story with one death (or two) at every place, the PUT answered or its reply lost."""
    for name, acts in _stories_for(put_mode):
        for plan, lost in itertools.product(_plans(acts, put_mode, double=double), (False, True)):
            world, broker = _world(put_mode)
            world.service.lose_next_reply = lost
            for index, act in enumerate(acts):
                _perform(act, world, broker, plan.get(index))
            settle(world, broker, messages_of(acts))
            yield f"{name} {plan} lost={lost}", broken(world, broker, messages_of(acts))


def _stories_for(put_mode: str) -> Iterator[tuple[str, list[Act]]]:
    """The stories that can be told of such a service.

    One that hides a job for long, and starts it again on a PUT, no client can hold to one start.
    """
    for name, acts in STORIES.items():
        if put_mode != "restart" or HIDE not in acts:
            yield name, acts


def _plans(acts: Sequence[Act], put_mode: str, *, double: bool) -> Iterator[dict[int, int]]:
    """Where to die: act and number of places passed."""
    world, broker = _world(put_mode)
    lengths = [_perform(act, world, broker, None) for act in acts]
    places = [(i, n) for i, length in enumerate(lengths) for n in range(1, length + 3) if length]
    yield {}
    yield from ({i: n} for i, n in places)
    if double:
        yield from (
            {a[0]: a[1], b[0]: b[1]} for a, b in itertools.combinations(places, 2) if a[0] < b[0]
        )


def _perform(act: Act, world: World, broker: Broker, limit: int | None) -> int:
    """Do one act, to its end or its death; how many places were passed."""
    handler = act.begin(world, broker)
    if not isinstance(handler, Handler):
        return 0
    if limit is None:
        return handler.finish()
    handler.steps(limit)
    handler.die()
    return limit


def pairs(*, put_mode: str, stride: int, story: str | None = None) -> Iterator[Found]:
    """Any two neighbours of a story, or one beside a poll or a cancel, interleaved.

    Between the two time may pass, and the first may die.
    """
    for name, acts in _stories_for(put_mode):
        for at in range(len(acts)) if story in {None, name} else ():
            for second in {id(act): act for act in [*acts[at + 1 : at + 2], POLL, CANCEL]}.values():
                for place in _places(stride):
                    result = _pair(acts, at, second, place, put_mode=put_mode)
                    if result is None:
                        break
                    yield f"{name} {at} {place}", result


def _places(stride: int) -> Iterator[Place]:
    """How far the first goes, how far the second; minutes between; whether the first then dies."""
    times = ((0, False), (int(LIFETIME / MINUTE), False), (LEASE_MINUTES, True))
    for i, j, (minutes, dies) in itertools.product(
        range(0, 26, stride), range(1, 26, stride), times
    ):
        yield i, j, minutes, dies


def _pair(
    acts: Sequence[Act], at: int, second: Act, place: Place, *, put_mode: str
) -> Counter[str] | None:
    """One interleaving; None when the first ends before its place."""
    i, j, minutes, dies = place
    world, broker = _world(put_mode)
    for act in acts[:at]:
        _perform(act, world, broker, None)
    one, two = acts[at].begin(world, broker), second.begin(world, broker)
    if not isinstance(one, Handler) or not isinstance(two, Handler):
        return None
    if not one.steps(i) and i:
        return None
    for _ in range(minutes):
        world.advance()
    two.steps(j)
    one.die() if dies else one.finish()
    two.finish()
    for act in acts[at + 1 :]:
        _perform(act, world, broker, None)
    everything = messages_of(acts)
    settle(world, broker, everything)
    return broken(world, broker, everything)


def storms(*, put_mode: str, dedup: bool, rounds: int, seed: str) -> Iterator[Found]:
    """Random worlds.

    Up to three requests, five handlers at once, deaths, faults, outages, a moving clock.
    """
    for number in range(rounds):
        rng = random.Random(f"{seed}-{number}")
        world = World(rng, put_mode=put_mode, dedup=dedup, faulty=True)
        messages = _storm(world, rng)
        yield f"{put_mode} dedup={dedup} seed={seed}-{number}", messages


def ends(*, rounds: int, seed: str) -> Iterator[str]:
    """How the runs of such storms end."""
    for number in range(rounds):
        rng = random.Random(f"{seed}-{number}")
        world = World(rng, faulty=True)
        _storm(world, rng)
        yield from (
            event["data"]["status"]
            for event in world.told()
            if event["data"].get("status") in FINAL
        )


def _storm(world: World, rng: random.Random) -> Counter[str]:
    """One storm, from its beginning to what is left when it has settled."""
    broker = Broker(world)
    messages, wanted = _cast(rng)
    broker.put(messages)
    outages = list(_outages(rng))
    handlers: list[Handler] = []
    pace = rng.choice((0.12, 0.12, 0.12, 0.03))  # minutes per effect
    minute = 0
    for _ in range(int(rng.randint(8, 36) / pace)):
        world.down = {what for what, begin, end in outages if begin <= minute < end}
        if len(handlers) < 5 and rng.random() < 0.35:
            handlers.append(_next_handler(world, broker, rng, wanted))
        if handlers:
            _step_one(world, rng, handlers)
        if rng.random() < pace:
            minute += 1
            world.advance()
    for handler in handlers:
        handler.die()
    world.down = set()
    for _ in range(LEASE_MINUTES):
        world.advance()
    settle(world, broker, messages)
    return broken(world, broker, messages)


def _outages(rng: random.Random) -> Iterator[tuple[str, int, int]]:
    """What is down, from which minute to which."""
    for what in ("table", "bus"):
        if rng.random() < 0.4:
            begin = rng.randint(0, 12)
            yield what, begin, begin + rng.randint(1, 8)


def _step_one(world: World, rng: random.Random, handlers: list[Handler]) -> None:
    """One of the handlers goes on, or dies: of chance, or because its time is over."""
    handler = rng.choice(handlers)
    if rng.random() < 0.015 or world.now - handler.began > LIFETIME:
        handler.die()
        handlers.remove(handler)
    elif not handler.step():
        handlers.remove(handler)


def _cast(rng: random.Random) -> tuple[list[Message], list[str]]:
    """The messages of one storm: requests, their repeats and conflicts.

    And whose run somebody wants ended.
    """
    messages: list[Message] = []
    wanted: list[str] = []
    numbers = itertools.count(1)

    def add(request: str, kind: dict[str, Any]) -> None:
        number = next(numbers)
        if kind.get("invalid"):
            messages.append(Message(number, request, b'{"id": "%s"}' % request.encode()))
        else:
            messages.append(message(number, request, **{**kind, "script": dict(kind["script"])}))

    for request in NEIGHBOURS[: rng.randint(1, 3)]:
        kind = rng.choice(KINDS)
        add(request, kind)
        more = (
            (0.3, kind),
            (0.25, {"script": {"runsFor": 2}}),
            (0.1, {"invalid": True}),
            (0.1, {"script": {"kills": True}}),
        )
        for share, other in more:
            if rng.random() < share:
                add(request, other)
        if "runsFor" not in kind.get("script", {}) or rng.random() < 0.3:
            wanted.append(request)
    return messages, wanted


KINDS: list[dict[str, Any]] = [
    {"script": {"runsFor": 3}},
    {"script": {"runsFor": 3}},
    {"script": {}},
    {"invalid": True},
    {"script": {"runsFor": 2, "refusedUntil": 12}},
    {"script": {"runsFor": 2}, "notBefore": "2030-01-01T00:04:00Z", "deadlines": {"start": "PT5M"}},
    {"script": {"runsFor": 2}, "deadlines": {"start": "PT2M"}},
    {"script": {"runsFor": 25}},
    {"script": {"runsFor": 15, "flaps": True}},
    {"script": {"runsFor": 2, "hidesResult": True}},
    {"script": {}, "deadlines": {"run": "PT4M"}},
    {"script": {}, "deadlines": {"total": "PT6M"}},
    {"script": {"kills": True}},
]


def _next_handler(world: World, broker: Broker, rng: random.Random, wanted: list[str]) -> Handler:
    """A handler that could start now.

    During an outage the broker delivers again and again, at once.
    """
    choice, times = rng.random(), rng.randint(1, 8) if world.down else 1
    if choice < 0.43 and broker.queue:
        return broker.deliver(rng.choice(list(broker.queue)), times)
    if choice < 0.5 and broker.dead:
        return broker.deliver(rng.choice(broker.dead), times)
    if choice < 0.62 and wanted:
        return broker.cancel(rng.choice(wanted))
    return broker.poll()


def settle(world: World, broker: Broker, messages: Sequence[Message]) -> None:
    """No more faults.

    Deliver what is undelivered, and poll while time passes, until nothing is left to do.
    """
    world.faulty, world.down = False, set()
    for turn in range(80):
        for each in [each for each in messages if broker.holds(each)]:
            broker.deliver(each).finish()
        rows = [found.row for found in world.memory.lives()]
        if turn > 2 and not rows and not any(broker.holds(each) for each in messages):
            return
        if turn >= 8:  # whoever wants the end of an endless job asks for it now
            _end_what_is_endless(world, broker, messages)
        broker.poll().finish()
        world.advance()


def _end_what_is_endless(world: World, broker: Broker, messages: Sequence[Message]) -> None:
    """Cancel the runs that nothing else will end."""
    rows = {found.row.run_id: found.row for found in world.memory.lives()}
    for request in {each.request for each in messages}:
        row = rows.get(run_id_of(APP_NAME, request))
        job = None if row is None else world.service.jobs.get(row.run_id)
        if row is None or job is None or row.wish is not None:
            continue
        if row.state is State.SUBMITTED and "runsFor" not in job.script:
            broker.cancel(request).finish()


def _world(put_mode: str) -> tuple[World, Broker]:
    world = World(random.Random(0), put_mode=put_mode, dedup=False)
    return world, Broker(world)
