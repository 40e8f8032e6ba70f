"""What the tests of the flows are given: messages, and a world in memory with its own clock."""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from shared import messages
from shared.errors import StaleError, UnavailableError
from shared.flows.poll import poll
from shared.flows.submit import submit
from shared.messages import Override
from shared.ports import Json, Services, Spread, Target, Versioned, in_turn
from shared.runs import Envelope, Item, JobType, Kind, Live, Run, Tombstone, run_id_of
from tests.fakes import MemoryPublisher, MemoryStore
from tests.unit.flows.jobs import Clock, Jobs

APP_NAME = "relay"
RUN_ID = run_id_of(APP_NAME, "order-7")
OTHER_ID = run_id_of(APP_NAME, "order-8")
POLL_EVERY = timedelta(seconds=15)
POLL_FOR = timedelta(seconds=12)
SECOND, MINUTE, HOUR, DAY = (
    timedelta(seconds=1),
    timedelta(minutes=1),
    timedelta(hours=1),
    timedelta(days=1),
)


def a_request(**changes: Any) -> Json:
    """The document that a producer sends."""
    return {"id": "order-7", "jobType": "Command", "template": "train", **changes}


def an_envelope(number: int = 1, **changes: Any) -> Envelope:
    """What the broker says of the message of this number."""
    defaults: dict[str, Any] = {
        "app_name": APP_NAME,
        "queue": "requests",
        "sequence_number": number,
        "message_id": f"message-{number}",
        "enqueued_at": Clock().now,
        "correlation_id": None,
        "content_type": "application/json",
        "trace": None,
    }
    return messages.envelope(**{**defaults, **changes})


def a_message(number: int = 1, **changes: Any) -> tuple[bytes, Envelope]:
    """A message with a request in it."""
    return json.dumps(a_request(**changes)).encode(), an_envelope(number)


def an_outage(**changes: Any) -> UnavailableError:
    """A service that does not answer; nobody knows if it did what was asked."""
    return UnavailableError("GET jobs: 503", **{"code": "Http503", **changes})


BY_USER = {"by": "user", "reason": "too dear", "at": "2030-01-01T09:00:00Z"}


class Table(MemoryStore):
    """A table that fails at some of its verbs, or at which others are quicker.

    `overtaken`: how many of the next calls of a verb find that another has written. `before`: what
    happens once, just before the next call of a verb.
    """

    def __init__(self) -> None:
        super().__init__()
        self.failing: set[str] = set()
        self.overtaken: dict[str, int] = {}
        self.before: dict[str, Callable[[], object]] = {}

    def lives(self) -> Iterator[Versioned[Live]]:
        self._answer("lives")
        return super().lives()

    def accept(self, run: Run, live: Live, *, over: str | None = None) -> None:
        self._answer("accept")
        super().accept(run, live, over=over)

    def save(self, live: Live, etag: str) -> None:
        self._answer("save")
        super().save(live, etag)

    def save_all(self, rows: Sequence[tuple[Live, str]]) -> list[str]:
        try:
            self._answer("save_all")
        except StaleError:
            return [live.run_id for live, _ in rows]
        return super().save_all(rows)

    def finish(self, run: Run, run_etag: str, live_etag: str) -> None:
        self._answer("finish")
        super().finish(run, run_etag, live_etag)

    def bury(self, stone: Tombstone, *, over: str | None = None) -> None:
        self._answer("bury")
        super().bury(stone, over=over)

    def count_try(self, key: str, count: int, *, over: str | None, forget_at: datetime) -> None:
        self._answer("count_try")
        super().count_try(key, count, over=over, forget_at=forget_at)

    def ping(self) -> None:
        self._answer("ping")

    def _answer(self, verb: str) -> None:
        self.before.pop(verb, lambda: None)()
        if verb in self.failing:
            raise UnavailableError("the table does not answer", code="NoTable", clear=True)
        times = self.overtaken.get(verb, 0)
        if times:
            self.overtaken[verb] = times - 1
            raise StaleError("another was quicker")


class Bus(MemoryPublisher):
    """A bus that refuses the items of these ids, whenever it meets one; or that crashes."""

    def __init__(self) -> None:
        super().__init__()
        self.refused: set[str] = set()
        self.crash: Exception | None = None

    def send(self, items: Sequence[Item]) -> Iterator[str]:
        if self.crash is not None:
            raise self.crash
        for item in items:
            if item.id in self.refused:
                raise UnavailableError(f"{item.id} is too large", code="MessageTooLarge")
            yield from super().send([item])


class World:
    """The services over fakes, and what they have told."""

    def __init__(
        self,
        *,
        jitter: float = 0.0,
        allow: frozenset[Override] | None = None,
        spread: Spread = in_turn,
    ) -> None:
        self.clock = Clock()
        self.table = Table()
        self.bus = Bus()
        self.targets: dict[str, Target] = {}
        self.jitter = jitter
        self.jobs = self.target("demo", allow=allow)
        self.services = Services(
            app_name=APP_NAME,
            source="urn:jobrelay:relay",
            store=self.table,
            publisher=self.bus,
            targets=self.targets,
            default_target="demo",
            clock=self.clock,
            jitter=lambda: self.jitter,
            retention=90 * DAY,
            spread=spread,
        )

    def target(self, alias: str, *, allow: frozenset[Override] | None = None) -> Jobs:
        """Add a target with a service of its own."""
        jobs = Jobs(self.clock)
        words = frozenset(Override) if allow is None else allow
        self.targets[alias] = Target(alias, f"urn:{alias}", words, {JobType.COMMAND: jobs})
        return jobs

    def idle_target(self, alias: str) -> None:
        """Add a target that runs no kind of job."""
        self.targets[alias] = Target(alias, f"urn:{alias}", frozenset(), {})

    # -- what happens

    def later(self, time: timedelta) -> None:
        """Let time pass."""
        self.clock.now += time

    def poll(self) -> None:
        """Let the timer tick."""
        poll(self.services, until=self.clock.now + POLL_FOR)

    def poll_for(self, time: timedelta, *, every: timedelta = POLL_EVERY) -> None:
        """Let time pass, with the timer ticking."""
        end = self.clock.now + time
        while self.clock.now < end:
            self.later(every)
            self.poll()

    def lose_record(self, run_id: str = RUN_ID) -> None:
        """Let somebody delete the record of a run that is live."""
        del self.table._runs.rows[run_id]

    def lose_live(self, run_id: str = RUN_ID) -> None:
        """Let the live row of a run go without an end, as it looks to who reads it too early."""
        run, live = self.table.run(run_id), self.table.live(run_id)
        assert run is not None
        assert live is not None
        self.table.finish(self.record(run_id), run.etag, live.etag)

    # -- what came of it

    def events(self, run_id: str | None = None) -> list[Json]:
        """The events on the topic; of one run, or all."""
        sent = [json.loads(item.body) for item in self.bus.sent if item.kind is Kind.EVENT]
        return [event for event in sent if run_id in {None, event.get("subject")}]

    def told(self, run_id: str | None = None) -> list[str]:
        """The types of these events, in short."""
        return [event["type"].removeprefix("jobrelay.") for event in self.events(run_id)]

    def event(self, word: str) -> Json:
        """The only event of this type."""
        (found,) = [event for event in self.events() if event["type"] == f"jobrelay.{word}"]
        return found

    def data(self, word: str) -> Json:
        """The data of the only event of this type."""
        data: Json = self.event(word)["data"]
        return data

    def copies(self) -> list[Item]:
        """What the reject queue holds."""
        return [item for item in self.bus.sent if item.kind is Kind.COPY]

    def live(self, run_id: str = RUN_ID) -> Live:
        """The row of a run with anything left to do."""
        found = self.table.live(run_id)
        assert found is not None
        return found.row

    def record(self, run_id: str = RUN_ID) -> Run:
        """The record of a run."""
        found = self.table.run(run_id)
        assert found is not None
        assert isinstance(found.row, Run)
        return found.row

    def is_over(self, run_id: str = RUN_ID) -> bool:
        """Is nothing left to do for a run?"""
        return self.table.live(run_id) is None


def a_job() -> World:
    """A world with a job."""
    world = World()
    submit(world.services, *a_message())
    return world
