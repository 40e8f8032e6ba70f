"""A service that runs jobs, with all its bad habits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from shared.errors import Fault, JobrelayError, Problem, RefusedError, UnavailableError
from shared.messages import Request
from shared.ports import Json, Page
from shared.runs import Job, Observation, Result, Run, Section, Status
from tests.record.handler import pause

if TYPE_CHECKING:
    from tests.record.world import World

BEGIN = datetime(2030, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LAG = MINUTE  # a new job may stay unseen for so long
STATUSES = {
    "Starting": Status.STARTING,
    "Running": Status.RUNNING,
    "NotResponding": Status.UNKNOWN,
    "Completed": Status.SUCCESS,
    "Canceled": Status.CANCELLED,
}
ENDED = {"Completed", "Canceled"}


@dataclass
class RemoteJob:
    """A job of the service.

    Its script: it `runsFor` minutes (absent: until it is cancelled), `flaps` every minute, and
    `hidesResult`.
    """

    fingerprint: str
    script: Mapping[str, Any]
    since: datetime
    status: str = "Starting"
    to_end: bool = False
    starts: int = 1
    unseen_until: datetime = BEGIN

    def advance(self, now: datetime) -> None:
        """One minute of its life."""
        if self.status in ENDED:
            return
        age = (now - self.since) / MINUTE
        if self.to_end:
            self.status = "Canceled"
        elif self.status != "Starting" and age > self.script.get("runsFor", 10**6):
            self.status = "Completed"
        elif self.script.get("flaps") and self.status == "Running":
            self.status = "NotResponding"
        else:
            self.status = "Running"


class Service:
    """The Backend port. `put_mode` says what a PUT of an existing job does.

    Noop, refuse, update or restart.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self.jobs: dict[str, RemoteJob] = {}
        self.lose_next_reply = False
        self.hides_all = False  # every look finds nothing

    def check(self, request: Request) -> tuple[Fault, ...]:
        """Everything fits."""
        return ()

    def definition(self, request: Request) -> Json:
        return {}

    def body(self, request: Request, definition: Json, *, run: Run) -> Json:
        return {"fingerprint": run.fingerprint, "script": request.context or {}}

    def create(self, run_id: str, body: Json) -> Observation:
        world = self._world
        if world.chance(0.06):
            raise UnavailableError("429", clear=True)
        job = self.jobs.get(run_id)
        if job is None:
            self._refuse_content(body["script"])
            job = RemoteJob(body["fingerprint"], body["script"], world.now)
            self.jobs[run_id] = job
        elif world.put_mode == "refuse" or job.fingerprint != body["fingerprint"]:
            pause()
            raise RefusedError(Problem("UserError", "a job of this name exists"), exists=True)
        elif world.put_mode == "restart":
            job.starts += 1
        lost, self.lose_next_reply = self.lose_next_reply or world.chance(0.08), False
        pause()
        if lost:
            raise UnavailableError("the reply of the PUT is lost")
        return _seen(job)

    def find(self, run_id: str) -> Observation | None:
        if self._world.chance(0.05):
            raise UnavailableError("429", clear=True)
        answer = self._visible(run_id)
        pause()
        return answer

    def observe(
        self, run_ids: Iterable[str]
    ) -> Iterator[tuple[str, Observation | JobrelayError | None]]:
        for run_id in run_ids:
            if self._world.chance(0.05):
                yield run_id, UnavailableError("503")
                continue
            self._hide(run_id)
            answer = self._visible(run_id)
            pause()
            yield run_id, answer

    def cancel(self, run_id: str) -> None:
        if self._world.chance(0.1):
            raise UnavailableError("503")
        job = self.jobs.get(run_id)
        if job is not None and not self._world.chance(0.5):  # accepted, then forgotten
            job.to_end = True
        pause()

    def result(self, run: Run, seen: Observation) -> Result:
        hides_it = self.jobs[run.id].script.get("hidesResult")
        if hides_it or self._world.chance(0.1):
            raise UnavailableError("503")
        pause()
        return Result()

    def section(self, run_id: str, section: Section, item: str | None = None) -> Page | None:
        return None

    def templates(self) -> Iterator[Json]:
        return iter(())

    def ping(self) -> None:
        """It always answers."""

    def advance(self) -> None:
        """One minute of all jobs."""
        for job in self.jobs.values():
            job.advance(self._world.now)

    def _refuse_content(self, script: Mapping[str, Any]) -> None:
        if (self._world.now - BEGIN) / MINUTE < script.get("refusedUntil", 0):
            pause()
            raise RefusedError(Problem("UserError", "no such compute"), exists=False)

    def _visible(self, run_id: str) -> Observation | None:
        """What a look would bring: a new job may be unseen yet, a known one for a short while."""
        job, now = self.jobs.get(run_id), self._world.now
        if job is None or self.hides_all or now < max(job.since + LAG, job.unseen_until):
            return None
        return _seen(job)

    def _hide(self, run_id: str) -> None:
        """Begin a stretch of false 404s of at most two minutes, a while after the last."""
        job, now = self.jobs.get(run_id), self._world.now
        if job is not None and now >= job.unseen_until + 2 * MINUTE and self._world.chance(0.15):
            job.unseen_until = now + self._world.rng.randint(1, 2) * MINUTE


def _seen(job: RemoteJob) -> Observation:
    return Observation(
        status=STATUSES[job.status],
        native_status=job.status,
        job=Job(),
        fingerprint=job.fingerprint,
    )
