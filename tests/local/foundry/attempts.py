"""One try at a job: how it went, what it logged, what it was warned of."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

WORDS = {
    "NotStarted": "queued",
    "Queued": "queued",
    "Preparing": "queued",
    "Provisioning": "queued",
    "Starting": "queued",
    "Completed": "completed",
    "Failed": "failed",
    "Canceled": "canceled",
}


@dataclass(frozen=True)
class Failure:
    """Why an attempt failed."""

    code: str
    message: str
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Warned:
    """Something that the service wants to be known."""

    code: str
    message: str


@dataclass(frozen=True)
class Point:
    """One value of a metric."""

    step: int
    value: float
    created: datetime


PREEMPTED = Failure("Preempted", "The machine was taken away; the job is tried again.")


@dataclass
class Attempt:
    """A try at a job. A machine that is taken away and comes back does not make a new one."""

    number: int
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    status: str = "queued"
    reason: str | None = None
    started: datetime | None = None
    last_started: datetime | None = None
    ended: datetime | None = None
    failure: Failure | None = None
    warnings: list[Warned] = field(default_factory=list)
    metrics: dict[str, list[Point]] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The id by which it is asked for."""
        return str(self.number)

    def follow(self, job_status: str) -> None:
        """Take the status that goes with the job's."""
        now, before = datetime.now(UTC), self.status
        self.status = WORDS.get(job_status, "running")
        if job_status == "Running" and before == "queued":
            self.started = self.started or now
            self.last_started = now
        if self.status in {"completed", "failed", "canceled"}:
            self.ended = now

    def preempt(self) -> None:
        """End it, because its machine went."""
        self.failure, self.reason = PREEMPTED, "preempted"
        self.follow("Failed")

    def log(self, name: str, point: Point) -> None:
        """Take a point of a metric."""
        self.metrics.setdefault(name, []).append(point)
