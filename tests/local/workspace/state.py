"""The jobs of the workspace: what each is at this moment, and which may be seen."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tests.local.workspace.lives import Life
from tests.local.workspace.metrics import Logged
from tests.local.workspace.refusals import not_found
from tests.local.workspace.schema import Json

ENDED = frozenset({"Completed", "Failed", "Canceled"})
BEFORE_RUNNING = ("Starting", "Preparing", "Queued")


@dataclass(frozen=True)
class Failure:
    """Why a job failed, in the words of run history."""

    code: str
    message: str


@dataclass
class Job:
    """A job; its definition is what was sent, in the service's spelling.

    A child has a parent, and the root is the job from which all began: itself, where there is no
    parent. `added` is what the work puts into the `properties` that the service shows.
    """

    name: str
    number: int
    definition: Json
    life: Life
    visible_from: datetime
    created_by: str
    root: str
    parent: str | None = None
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    modified: datetime = field(default_factory=lambda: datetime.now(UTC))
    status: str = "NotStarted"
    started: datetime | None = None
    ended: datetime | None = None
    failure: Failure | None = None
    cancels: int = 0
    is_gone: bool = False
    warnings: list[str] = field(default_factory=list)
    added: dict[str, str] = field(default_factory=dict)
    logged: Logged = field(default_factory=Logged)
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
    def can_be_cancelled(self) -> bool:
        """Whether a cancel would be taken; a job that is Finalizing goes on to its end."""
        return not self.is_over and self.status != "Finalizing"

    def become(self, status: str) -> None:
        """Take another status; note when, and above all when it first ran and when it ended."""
        if status == self.status:
            return
        now = datetime.now(UTC)
        self.status = status
        self.walk.append((status, now))
        if status == "Running":
            self.started = self.started or now
        if status in ENDED:
            self.ended = now


class Jobs:
    """All jobs by name."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._made = 0

    def add(
        self,
        name: str,
        definition: Json,
        *,
        life: Life,
        visible_from: datetime,
        created_by: str,
        parent: Job | None = None,
    ) -> Job:
        """Make a job under a name that is free."""
        self._made += 1
        root, above = (parent.root, parent.name) if parent else (name, None)
        job = Job(name, self._made, definition, life, visible_from, created_by, root, above)
        # One that has vanished may have had the name; the newest comes last.
        self._jobs.pop(name, None)
        self._jobs[name] = job
        return job

    def known(self, name: str) -> Job | None:
        """Give the job of this name, even one that has vanished."""
        return self._jobs.get(name)

    def existing(self, name: str) -> Job | None:
        """Give the job of this name, whether it may be seen or not: to a PUT it exists."""
        job = self._jobs.get(name)
        return None if job is None or job.is_gone else job

    def get(self, name: str) -> Job:
        """Give a job that may be seen; refuse when there is none."""
        job = self._jobs.get(name)
        if job is None or not job.is_visible:
            raise not_found(f"There is no job {name!r} in the workspace.", "RunNotFound")
        return job

    def newest_first(self) -> Iterator[Job]:
        """Give the jobs that may be seen, without children."""
        return (job for job in self._reversed() if job.parent is None)

    def children(self, parent: Job) -> list[Job]:
        """Give the children of a job that may be seen, newest first."""
        # One that has vanished may have had the parent's name, and children under it.
        return [
            job
            for job in self._reversed()
            if job.parent == parent.name and job.number > parent.number
        ]

    def remove(self, job: Job) -> None:
        """Forget a job and its children, unless its name has gone to another."""
        if self._jobs.get(job.name) is job:
            self._jobs = {key: other for key, other in self._jobs.items() if not _goes(other, job)}

    def everyone(self) -> list[Job]:
        """Give all jobs, seen or not."""
        return list(self._jobs.values())

    def _reversed(self) -> Iterator[Job]:
        return (job for job in reversed(self._jobs.values()) if job.is_visible)


def _goes(job: Job, root: Job) -> bool:
    return job is root or (job.parent is not None and job.root == root.name)
