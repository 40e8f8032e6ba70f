"""The world that the flows run in: a clock, a table, a bus and a service, and all that goes wrong.

Every call of a port is a place where another handler may run, or where the process may die. A
handler runs in a greenlet of its own (`handler.py`).
"""

import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from shared import messages
from shared.errors import ExistsError, StaleError, UnavailableError
from shared.messages import Override
from shared.ports import Services, Target, Versioned
from shared.runs import Envelope, Item, JobType, Kind, Live, Run, Tombstone
from tests.fakes import MemoryStore
from tests.record.handler import DiedError, pause
from tests.record.service import BEGIN, MINUTE, Service

BATCH = 2
APP_NAME = "storm"

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Message:
    """A message on the queue: its number is the broker's, for ever its own."""

    number: int
    request: str
    body: bytes

    @property
    def envelope(self) -> Envelope:
        """What the host would say of it."""
        return messages.envelope(
            app_name=APP_NAME,
            queue="jobs",
            sequence_number=self.number,
            message_id=self.request,
            enqueued_at=BEGIN,
            correlation_id=None,
            content_type="application/json",
            trace=None,
        )

    @property
    def script(self) -> dict[str, Any]:
        """What its job will do; nothing for a message that is no request."""
        context = json.loads(self.body).get("context")
        return context if isinstance(context, dict) else {}


def message(number: int, request: str, **wanted: Any) -> Message:
    """A message that asks for a job.

    `script` tells what it will do, the rest are fields of the request.
    """
    script = wanted.pop("script", {})
    document = {"id": request, "jobType": "Command", "template": "t", "context": script, **wanted}
    return Message(number, request, json.dumps(document).encode())


@dataclass
class World:
    """Everything outside the flows. Faults are drawn from `rng` while `faulty`."""

    rng: random.Random
    put_mode: str = "noop"
    dedup: bool = True
    faulty: bool = False
    now: datetime = BEGIN
    down: set[str] = field(default_factory=set)
    topic: list[Item] = field(default_factory=list)
    rejects: list[Item] = field(default_factory=list)
    widest: int = 0
    failing_sends: int = 0  # so many of the next sends fail

    def __post_init__(self) -> None:
        """Build what the flows use."""
        self.memory = MemoryStore()
        self.service = Service(self)
        target = Target("t", "urn:target", frozenset(Override), {JobType.COMMAND: self.service})
        self.services = Services(
            app_name=APP_NAME,
            source="urn:app",
            store=Table(self),
            publisher=Bus(self),
            targets={"t": target},
            default_target="t",
            clock=lambda: self.now,
            jitter=self.rng.random,
            retention=timedelta(days=90),
        )

    def chance(self, share: float) -> bool:
        """Does a fault of this likelihood happen now?"""
        return self.faulty and self.rng.random() < share

    def told(self) -> list[dict[str, Any]]:
        """The events on the topic, as subscribers read them."""
        return [json.loads(item.body) for item in self.topic]

    def advance(self, minutes: float = 1) -> None:
        """Let time pass; the jobs go on minute by minute."""
        self.now += minutes * MINUTE
        self.service.advance()


class Table:
    """The store, shaken: outages, failures before the effect, replies lost after it."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._memory = world.memory

    def run(self, run_id: str) -> Versioned[Run | Tombstone] | None:
        return self._read(lambda: self._memory.run(run_id))

    def live(self, run_id: str) -> Versioned[Live] | None:
        return self._read(lambda: self._memory.live(run_id))

    def lives(self) -> Iterator[Versioned[Live]]:
        return iter(self._read(lambda: list(self._memory.lives())))

    def tries(self, key: str) -> Versioned[int] | None:
        return self._read(lambda: self._memory.tries(key))

    def accept(self, run: Run, live: Live, *, over: str | None = None) -> None:
        if (run.card.context or {}).get("kills"):
            raise DiedError
        self._measure(live)
        self._write(lambda: self._memory.accept(run, live, over=over), ExistsError)

    def save(self, live: Live, etag: str) -> None:
        self._measure(live)
        self._write(lambda: self._memory.save(live, etag), StaleError)

    def save_all(self, rows: Sequence[tuple[Live, str]]) -> list[str]:
        self._fail()
        unsaved = self._memory.save_all(rows)
        lost = self._world.chance(0.01)
        pause()
        return [row.run_id for row, _ in rows] if lost else unsaved

    def finish(self, run: Run, run_etag: str, live_etag: str) -> None:
        self._write(lambda: self._memory.finish(run, run_etag, live_etag), StaleError)

    def bury(self, stone: Tombstone, *, over: str | None = None) -> None:
        lost = ExistsError if over is None else StaleError
        self._write(lambda: self._memory.bury(stone, over=over), lost)

    def count_try(self, key: str, count: int, *, over: str | None, forget_at: datetime) -> None:
        lost = ExistsError if over is None else StaleError
        act = lambda: self._memory.count_try(key, count, over=over, forget_at=forget_at)  # noqa: E731
        self._write(act, lost)

    def forget(self, now: datetime) -> int:
        return self._memory.forget(now)

    def ping(self) -> None:
        self._fail()

    def _fail(self) -> None:
        if "table" in self._world.down or self._world.chance(0.01):
            raise UnavailableError("the table is away", clear=True)

    def _read(self, act: Callable[[], Answer]) -> Answer:
        self._fail()
        answer = act()
        pause()
        return answer

    def _write(self, act: Callable[[], None], lost: type[Exception]) -> None:
        self._fail()
        act()
        reply_is_lost = self._world.chance(0.01)
        pause()
        if reply_is_lost:
            raise lost("the client repeats the write by itself, and meets its own")

    def _measure(self, live: Live) -> None:
        self._world.widest = max(self._world.widest, len(live.outbox))


class Bus:
    """The publisher, shaken: small batches, some of which fail, before or after their effect."""

    def __init__(self, world: World) -> None:
        self._world = world

    def send(self, items: Sequence[Item]) -> Iterator[str]:
        for start in range(0, len(items), BATCH):
            batch = items[start : start + BATCH]
            self._send(batch)
            pause()
            yield from (item.id for item in batch)

    def ping(self) -> None:
        """It always answers."""

    def _send(self, batch: Sequence[Item]) -> None:
        world = self._world
        fails = world.failing_sends > 0
        world.failing_sends -= fails
        if fails or "bus" in world.down or world.chance(0.1):
            raise UnavailableError("the bus is away")
        for item in batch:
            place = world.rejects if item.kind is Kind.COPY else world.topic
            if not (world.dedup and any(known.id == item.id for known in place)):
                place.append(item)
        if world.chance(0.03):
            pause()
            raise UnavailableError("the reply of the bus is lost")
