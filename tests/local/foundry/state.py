"""The jobs of the project: what each is at this moment, and which may be seen."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tests.local.foundry.attempts import Attempt
from tests.local.foundry.lives import Life
from tests.local.foundry.model.command_job import CommandJob
from tests.local.foundry.refusals import not_found

ENDED = frozenset({"Completed", "Failed", "Canceled"})
BEFORE_RUNNING = ("Queued", "Preparing", "Provisioning", "Starting")
IDLE = frozenset({"NotStarted", *BEFORE_RUNNING})


@dataclass
class Job:
    """A job, in the words of `jobs`; each contract has its own for what it shows."""

    name: str
    number: int
    definition: CommandJob
    life: Life
    visible_from: datetime
    created_by: str
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    modified: datetime = field(default_factory=lambda: datetime.now(UTC))
    status: str = "NotStarted"
    cancels: int = 0
    is_gone: bool = False
    attempts: list[Attempt] = field(default_factory=lambda: [Attempt(1)])
    walk: list[tuple[str, datetime]] = field(default_factory=list)
    task: asyncio.Task[None] | None = None

    @property
    def is_over(self) -> bool:
        """Whether it has ended."""
        return self.status in ENDED

    @property
    def is_visible(self) -> bool:
        """Whether GET and lists show it."""
        return not self.is_gone and datetime.now(UTC) >= self.visible_from

    @property
    def attempt(self) -> Attempt:
        """The newest attempt."""
        return self.attempts[-1]

    def become(self, status: str) -> None:
        """Take another status, and have the attempt follow."""
        if status == self.status:
            return
        self.status = status
        self.modified = datetime.now(UTC)
        self.walk.append((status, self.modified))
        self.attempt.follow(status)

    def begin_again(self) -> None:
        """Begin another attempt, after the machine of the last was taken away."""
        self.attempt.preempt()
        self.attempts.append(Attempt(self.attempt.number + 1))


class Jobs:
    """All jobs by name."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._made = 0

    def add(
        self,
        name: str,
        definition: CommandJob,
        *,
        life: Life,
        visible_from: datetime,
        created_by: str,
    ) -> Job:
        """Make a job under a name that is free."""
        self._made += 1
        job = Job(name, self._made, definition, life, visible_from, created_by)
        # One that has vanished may have had the name; the newest comes last.
        self._jobs.pop(name, None)
        self._jobs[name] = job
        return job

    def known(self, name: str) -> Job | None:
        """Give the job of this name, even one that has vanished."""
        return self._jobs.get(name)

    def existing(self, name: str) -> Job | None:
        """Give the job of this name, whether it may be seen or not: its name is taken."""
        job = self._jobs.get(name)
        return None if job is None or job.is_gone else job

    def get(self, name: str) -> Job:
        """Give a job that may be seen; refuse when there is none."""
        job = self._jobs.get(name)
        if job is None or not job.is_visible:
            raise not_found(f"There is no job {name!r} in the project.")
        return job

    def oldest_first(self) -> list[Job]:
        """Give the jobs that may be seen."""
        return [job for job in self._jobs.values() if job.is_visible]

    def remove(self, job: Job) -> None:
        """Forget a job, unless its name has gone to another."""
        if self._jobs.get(job.name) is job:
            del self._jobs[job.name]

    def everyone(self) -> list[Job]:
        """Give all jobs, seen or not."""
        return list(self._jobs.values())
