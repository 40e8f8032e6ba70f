"""What the flows need from outside.

A record of runs, a publisher of events, a backend for each kind of job.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Generic, Protocol, TypeVar

from shared.errors import Fault, JobrelayError
from shared.messages import Override, Request
from shared.runs import LEASE, Item, JobType, Live, Observation, Result, Run, Section, Tombstone
from shared.signals import SILENT, Telemetry

Json = dict[str, Any]
RowT_co = TypeVar("RowT_co", covariant=True)
Given = TypeVar("Given")
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Versioned(Generic[RowT_co]):
    """A row as it was read. Its ETag makes a write conditional: over this row, and no later one."""

    row: RowT_co
    etag: str


@dataclass(frozen=True)
class Page:
    """The first of what a list holds, and whether there is more."""

    items: tuple[Json, ...]
    truncated: bool = False


class RunStore(Protocol):
    """The record of runs.

    Any call may raise UnavailableError; a write that did may have had its effect.

    A write that loses its reply may also show as ExistsError or StaleError, because the client
    repeats it by itself.
    """

    def run(self, run_id: str) -> Versioned[Run | Tombstone] | None:
        """The record of a run, or the wish to cancel it before it was seen."""

    def live(self, run_id: str) -> Versioned[Live] | None:
        """What is left to do for a run; None when nothing is."""

    def lives(self) -> Iterator[Versioned[Live]]:
        """All runs with anything left to do. Costs the number of these, not of runs ever."""

    def accept(self, run: Run, live: Live, *, over: str | None = None) -> None:
        """Insert both rows together; `over` is the ETag of the tombstone that the record replaces.

        Raises ExistsError or StaleError, and writes nothing then.
        """

    def save(self, live: Live, etag: str) -> None:
        """Replace the row; StaleError when it is not the one with this ETag any more."""

    def save_all(self, rows: Sequence[tuple[Live, str]]) -> list[str]:
        """Replace many rows in few transactions; answers the run ids of those not written.

        One stale row fails its whole transaction: whoever calls decides those rows anew, one by
        one.
        """

    def finish(self, run: Run, run_etag: str, live_etag: str) -> None:
        """Replace the record and delete the live row together.

        StaleError when either was changed.
        """

    def bury(self, stone: Tombstone, *, over: str | None = None) -> None:
        """Insert a tombstone, or replace the one with the ETag `over`.

        ExistsError or StaleError.
        """

    def tries(self, key: str) -> Versioned[int] | None:
        """How often a dead letter has been tried."""

    def count_try(self, key: str, count: int, *, over: str | None, forget_at: datetime) -> None:
        """Write a try down before it is made; ExistsError or StaleError."""

    def forget(self, now: datetime) -> int:
        """Delete records, tombstones and tries whose time is over, never the record of a live run.

        How many it were.
        """

    def ping(self) -> None:
        """Raise UnavailableError when the table does not answer."""


class Publisher(Protocol):
    """Sends events to the topic and copies to the reject queue."""

    def send(self, items: Sequence[Item]) -> Iterator[str]:
        """Send in order and yield the id of each item once the broker has it.

        Raises UnavailableError at the first failure; what was not yielded by then may have been
        sent all the same, and
        nothing after it was.
        """

    def ping(self) -> None:
        """Raise UnavailableError when the broker does not answer."""


class Backend(Protocol):
    """One kind of job at one target.

    Every verb that asks the service may raise UnavailableError; `clear` in it says that there was
    surely no effect.
    """

    def check(self, request: Request) -> tuple[Fault, ...]:
        """What is odd about a request, yet no reason to refuse it.

        Raises RejectedError (`invalid`) with every fault that request and settings alone show.
        """

    def definition(self, request: Request) -> Json:
        """What the job is made from: the one that the request brings, or that of its template.

        RejectedError when there is no template of this kind. It may be up to a minute old.
        """

    def body(self, request: Request, definition: Json, *, run: Run) -> Json:
        """The exact body that creates the job. Pure.

        RejectedError (`invalid`) when none can be made.
        """

    def find(self, run_id: str) -> Observation | None:
        """Look for a job by its name; None when there is none."""

    def create(self, run_id: str, body: Json) -> Observation:
        """Create and start the job, in one request that is never repeated here.

        Raises RefusedError when the service says no.
        """

    def observe(
        self, run_ids: Iterable[str]
    ) -> Iterator[tuple[str, Observation | JobrelayError | None]]:
        """Look for many jobs.

        Each id is answered once, with what was seen, None (no such job) or the failure.
        """

    def cancel(self, run_id: str) -> None:
        """Ask the service to end the job. That it is gone, ended or ending already is no error."""

    def result(self, run: Run, seen: Observation) -> Result:
        """How the job ended, in full. Asked only when it has.

        What cannot be read now is named in `unread` of the answer, beside all that is known.
        """

    def section(self, run_id: str, section: Section, item: str | None = None) -> Page | None:
        """What the service tells of a job beside how far it is; None while it tells nothing of it.

        `item` is one metric, whose points are wanted. NotFoundError when no such job has this.
        """

    def templates(self) -> Iterator[Json]:
        """The jobs that could serve as template.

        Name, displayName, description, inputs, outputs.
        """

    def ping(self) -> None:
        """Raise UnavailableError when the target does not answer, or not to us."""


@dataclass(frozen=True)
class Target:
    """A workspace or project that requests may name; `source` is its address, as events tell it."""

    alias: str
    source: str
    allow: frozenset[Override]
    backends: Mapping[JobType, Backend]


def in_turn(act: Callable[[Given], Answer], given: Iterable[Given]) -> list[Answer]:
    """Do it for each, one after the other."""
    return [act(each) for each in given]


class Spread(Protocol):
    """Do it for each, perhaps in many threads; the answers in the order given."""

    def __call__(self, act: Callable[[Given], Answer], given: Iterable[Given]) -> list[Answer]:
        """Wait for all; what one raises is raised."""


@dataclass(frozen=True, kw_only=True)
class Services:
    """All that the flows use.

    `looked` is the process's memory of its last look at each run, nothing more than a saving.
    `queue` and `topic` are told to operators.
    """

    app_name: str
    source: str
    store: RunStore
    publisher: Publisher
    targets: Mapping[str, Target]
    default_target: str | None
    clock: Callable[[], datetime]
    jitter: Callable[[], float]
    retention: timedelta
    lease: timedelta = LEASE
    spread: Spread = in_turn
    looked: MutableMapping[str, datetime] = field(default_factory=dict)
    telemetry: Telemetry = SILENT
    queue: str = "jobs"
    topic: str = "events"
