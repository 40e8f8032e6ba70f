"""A run and how it changes: pure, with no word of any service."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self

from shared.errors import Fault, Problem

RUN_ID = re.compile(r"jr-[0-9a-f]{24}")

# Longer than a function may live (2 min), a request may take (30 s) and a minute together.
LEASE = timedelta(minutes=4)
MISSING_FOR = timedelta(minutes=10)
MISSING_GAP = timedelta(minutes=2)
DELAY_TOLD_AFTER = timedelta(minutes=10)
TOMBSTONE_FOR = timedelta(days=7)
OUTBOX_ROOM = 8  # items
OUTBOX_ROOM_BYTES = 100_000
TIMELINE_ROOM = 100  # entries
BACKOFF_FROM, BACKOFF_TO = timedelta(seconds=5), timedelta(minutes=5)
WATCH_TO = timedelta(minutes=5)
WATCH_SHARE = 20  # a run unchanged for an hour is looked at every 1/20 of it: 3 minutes


class JobType(StrEnum):
    """The families of jobs."""

    COMMAND = "Command"
    SWEEP = "Sweep"
    PIPELINE = "Pipeline"
    AUTOML = "AutoML"
    SPARK = "Spark"
    TRAINING = "Training"


class Section(StrEnum):
    """What more can be read of a job: not every kind has all of it."""

    ATTEMPTS = "attempts"
    METRICS = "metrics"
    ARTIFACTS = "artifacts"
    SERVICES = "services"
    CHILDREN = "children"
    OUTPUTS = "outputs"


class State(StrEnum):
    """How far a run is with us."""

    NEW = "New"
    SUBMITTING = "Submitting"
    SUBMITTED = "Submitted"
    ENDED = "Ended"


class Status(StrEnum):
    """How far a run is, in the words of its events."""

    ACCEPTED = "Accepted"
    STARTING = "Starting"
    RUNNING = "Running"
    CANCELLING = "Cancelling"
    UNKNOWN = "Unknown"
    SUCCESS = "Success"
    FAILED = "Failed"
    CANCELLED = "Cancelled"
    REJECTED = "Rejected"
    EXPIRED = "Expired"

    @property
    def is_final(self) -> bool:
        """Does it end the run?"""
        return self in FINAL


FINAL = frozenset(
    {Status.SUCCESS, Status.FAILED, Status.CANCELLED, Status.REJECTED, Status.EXPIRED}
)


class Kind(StrEnum):
    """What an item of an outbox is: an event for the topic or a copy for the reject queue."""

    EVENT = "event"
    COPY = "copy"


@dataclass(frozen=True, kw_only=True)
class Item:
    """Something frozen that is to be sent: the body and all that goes beside it on the wire."""

    id: str
    kind: Kind
    body: bytes
    content_type: str
    session_id: str | None = None
    correlation_id: str | None = None
    properties: Mapping[str, str | int | bool] = field(default_factory=dict)


@dataclass(frozen=True)
class Wish:
    """Who wants the run ended, why and since when; `by` is `user` or the name of a deadline."""

    by: str
    reason: str | None
    at: datetime


@dataclass(frozen=True)
class Job:
    """What is known of the job in Azure besides its status."""

    display_name: str | None = None
    experiment_name: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    monitor_url: str | None = None


@dataclass(frozen=True, kw_only=True)
class Observation:
    """What one look at the remote job said.

    `document` is the service's own answer, for the family alone.
    """

    status: Status
    native_status: str
    job: Job
    fingerprint: str | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    document: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Trials:
    """How many trials of a sweep ended how."""

    completed: int = 0
    failed: int = 0
    cancelled: int = 0
    other: int = 0


@dataclass(frozen=True, kw_only=True)
class Sweep:
    """What a sweep found; `missing` says of each field that is None why it is."""

    best_trial: str | None = None
    score: float | None = None
    metric: str | None = None
    goal: str | None = None
    parameters: Mapping[str, Any] | None = None
    trials: Trials | None = None
    missing: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Training:
    """What a training came to; `missing` says of each field that is None why it is."""

    attempt: Mapping[str, Any] | None = None
    attempts: int | None = None
    compute_seconds: float | None = None
    compute: Mapping[str, Any] | None = None
    framework: str | None = None
    framework_version: str | None = None
    metrics: Mapping[str, Any] | None = None
    logs: tuple[str, ...] | None = None
    warnings: tuple[Mapping[str, str], ...] | None = None
    missing: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Result:
    """How a job ended: its outputs by name, its error, what it found, its times if known.

    `unread` says what could not be read of it, and why; all else is what is known all the same.
    """

    outputs: Mapping[str, Any] = field(default_factory=dict)
    error: Problem | None = None
    sweep: Sweep | None = None
    training: Training | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    unread: Problem | None = None


@dataclass(frozen=True)
class Entry:
    """One line of a run's timeline."""

    seq: int
    type: str
    status: Status
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """What a message says beside its body. `key` names this one message for ever.

    `enqueued_at` is the broker's.
    """

    key: str
    message_id: str | None
    enqueued_at: datetime
    correlation_id: str | None = None
    content_type: str | None = None
    traceparent: str | None = None


@dataclass(frozen=True, kw_only=True)
class Card:
    """What the events of a run repeat from its request; no later version has to read that again."""

    template: str | None = None
    display_name: str | None = None
    experiment_name: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    context: Any = None
    redrive_of: str | None = None
    wanted_outputs: tuple[str, ...] | None = None
    warnings: tuple[Fault, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Run:
    """The record of a run: made once and kept. `body` is the request as it came.

    `final` and `result` say how it ended.
    """

    id: str
    request_id: str
    fingerprint: str
    target: str
    job_type: JobType
    body: bytes
    envelope: Envelope
    card: Card
    accepted_at: datetime
    final: Status | None = None
    result: bytes | None = None
    timeline: tuple[Entry, ...] = ()
    forget_at: datetime | None = None


@dataclass(frozen=True)
class Tombstone:
    """The wish to cancel a request that has not been seen yet."""

    run_id: str
    wish: Wish
    expires: datetime


@dataclass(frozen=True, kw_only=True)
class Deadlines:
    """The moments after which a run is ended; `run` counts from submission and is set then."""

    start: datetime | None = None
    run: timedelta | None = None
    total: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Live:
    """What is left to do for a run. Every change makes a new object.

    The store writes it only over the one it was read as.
    """

    run_id: str
    target: str
    job_type: JobType
    accepted_at: datetime
    retry_at: datetime
    changed_at: datetime
    state: State = State.NEW
    status: Status = Status.ACCEPTED
    previous_status: Status | None = None
    native_status: str | None = None
    seq: int = 0
    outbox: tuple[Item, ...] = ()
    timeline: tuple[Entry, ...] = ()
    wish: Wish | None = None
    claim: int = 0
    claimed_until: datetime | None = None
    deadlines: Deadlines = Deadlines()
    run_by: datetime | None = None
    attempts: int = 0
    failing_since: datetime | None = None
    delayed: int = 0
    last_error: Problem | None = None
    missing_since: datetime | None = None
    missing_at: datetime | None = None
    result_tries: int = 0
    job: Job = Job()
    submitted_at: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    final_event: bytes | None = None
    traceparent: str | None = None

    # -- what it is

    @property
    def has_room(self) -> bool:
        """May something that is not final be added to the outbox? If not it is left unsaid.

        The next look says it again.
        """
        size = sum(len(item.body) for item in self.outbox)
        return len(self.outbox) <= OUTBOX_ROOM and size <= OUTBOX_ROOM_BYTES

    def is_due(self, now: datetime) -> bool:
        """May a run without a job be driven now? The claim of another outranks everything."""
        if self.claimed_until is not None and now < self.claimed_until:
            return False
        return self.wish is not None or self.start_has_passed(now) or now >= self.retry_at

    def start_has_passed(self, now: datetime) -> bool:
        """Has a deadline passed by which the job should exist?"""
        return any(
            by is not None and now > by for by in (self.deadlines.start, self.deadlines.total)
        )

    def end_without_job(self, now: datetime) -> Status | None:
        """How the run may end while there is no job; None: it may not."""
        if self.wish is not None:
            return Status.CANCELLED
        return Status.EXPIRED if self.start_has_passed(now) else None

    def overdue(self, now: datetime) -> str | None:
        """The deadline that has passed while there is a job and nobody wishes its end yet."""
        if self.state is not State.SUBMITTED or self.wish is not None:
            return None
        if self.run_by is not None and now > self.run_by:
            return "run"
        total = self.deadlines.total
        return "total" if total is not None and now > total else None

    def watch_interval(self, now: datetime) -> timedelta:
        """How long after a look the next one is due: the longer unchanged, the longer.

        At once while something is wrong.
        """
        if (
            self.failing_since is not None
            or self.missing_since is not None
            or self.wish is not None
            or self.result_tries > 0
        ):
            return timedelta(0)
        return min((now - self.changed_at) / WATCH_SHARE, WATCH_TO)

    def delay_is_due(self, now: datetime) -> bool:
        """Has it been failing so long that it must be told (again, at each doubling)?"""
        since = self.failing_since
        return (
            since is not None and now - since > DELAY_TOLD_AFTER * 2**self.delayed and self.has_room
        )

    # -- how it changes

    def claimed(self, until: datetime) -> Self:
        """Ours alone to create the job, until then."""
        return replace(
            self,
            state=State.SUBMITTING,
            claim=self.claim + 1,
            claimed_until=until,
            attempts=self.attempts + 1,
        )

    def holds(self, claim: int) -> bool:
        """Is it still claimed by the holder of this claim?"""
        return self.state is State.SUBMITTING and self.claim == claim

    def wished(self, wish: Wish) -> Self:
        """With a wish to end it; the first one stays."""
        return self if self.wish is not None else replace(self, wish=wish)

    def moved(self, status: Status, now: datetime, *, native_status: str | None = None) -> Self:
        """With another status."""
        return replace(
            self,
            state=State.ENDED if status.is_final else self.state,
            status=status,
            previous_status=self.status,
            native_status=native_status,
            changed_at=now,
            ended_at=self.ended_at or now if status.is_final else None,
        )

    def submitted(self, seen: Observation, now: datetime) -> Self:
        """With a job; what failed before is over."""
        limit = self.deadlines.run
        row = replace(
            self,
            state=State.SUBMITTED,
            submitted_at=now,
            run_by=None if limit is None else now + limit,
            claimed_until=None,
            job=seen.job,
        )
        return row.recovered().moved(Status.STARTING, now, native_status=seen.native_status)

    def postponed(self, failure: Problem, now: datetime, *, wait: timedelta, release: bool) -> Self:
        """To be tried again after `wait`.

        The claim goes only when the failure surely had no effect.
        """
        return replace(
            self.failing(failure, now),
            retry_at=now + wait,
            claimed_until=now if release else self.claimed_until,
        )

    def failing(self, failure: Problem, now: datetime) -> Self:
        """With a failure of ours to reach the service; it says nothing about the job."""
        return replace(self, failing_since=self.failing_since or now, last_error=failure)

    def recovered(self) -> Self:
        """With the service reached again."""
        return replace(self, failing_since=None, delayed=0, last_error=None)

    def seen(self, seen: Observation) -> Self:
        """With what a look brought besides the status; the job is there and the service answers."""
        return replace(
            self.recovered(),
            missing_since=None,
            missing_at=None,
            started_at=self.started_at or seen.started_at,
            ended_at=seen.ended_at if seen.status.is_final else None,
            job=seen.job
            if seen.job.monitor_url
            else replace(seen.job, monitor_url=self.job.monitor_url),
        )

    def missing(self, now: datetime) -> Self:
        """With one more look that found no job.

        A gap between two such looks begins the count anew.
        """
        begins = self.missing_at is None or now - self.missing_at > MISSING_GAP
        return replace(
            self.recovered(), missing_since=now if begins else self.missing_since, missing_at=now
        )

    def is_lost(self, now: datetime) -> bool:
        """Have there been nothing but looks in vain for so long that the job must be gone?"""
        return self.missing_since is not None and now - self.missing_since >= MISSING_FOR

    def telling(self, entry: Entry, *items: Item) -> Self:
        """With an event of this moment in the outbox (and a copy, when it is a rejection)."""
        timeline = (*self.timeline, entry)[-TIMELINE_ROOM:]
        final = items[0].body if entry.status.is_final else None
        return replace(
            self, seq=entry.seq, timeline=timeline, outbox=(*self.outbox, *items), final_event=final
        )

    def without(self, sent: set[str] | frozenset[str]) -> Self:
        """Without the items that were sent."""
        return replace(self, outbox=tuple(item for item in self.outbox if item.id not in sent))


def run_id_of(app_name: str, request_id: str) -> str:
    """The id of the run of a request, which is also the name of its job."""
    digest = hashlib.sha256(f"{app_name}\n{request_id}".encode()).hexdigest()
    return f"jr-{digest[:24]}"


def is_run_id(text: str) -> bool:
    """Is this the id of a run, and nothing more?"""
    return RUN_ID.fullmatch(text) is not None


def backoff(attempts: int, jitter: float) -> timedelta:
    """How long to wait after so many attempts: doubling, bounded, spread by `jitter` in [0, 1)."""
    longest: timedelta = min(BACKOFF_FROM * 2 ** min(attempts, 16), BACKOFF_TO)
    return longest * (0.5 + jitter / 2)
