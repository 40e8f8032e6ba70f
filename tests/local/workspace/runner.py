"""Leads each job through its statuses, from Starting to its end.

The walk is that of
https://learn.microsoft.com/azure/machine-learning/how-to-track-monitor-analyze-runs; each status
lasts one phase, Running as long as the work takes. The command starts at Running and is killed by a
cancel.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from tests.local.workspace.children import Children
from tests.local.workspace.job_types import JOB_TYPES
from tests.local.workspace.lives import Life
from tests.local.workspace.refusals import RefusedError, bad_request
from tests.local.workspace.schema import seconds
from tests.local.workspace.site import Site
from tests.local.workspace.state import BEFORE_RUNNING, Failure, Job, Jobs

ON_DEMAND = Failure("UserError", "The job failed, as its tag asks.")


class _OverdueError(Exception):
    """The job ran longer than its limit."""


@dataclass(frozen=True)
class Runner:
    """Runs jobs on the site; the pace is how many seconds a phase takes."""

    site: Site
    pace: float
    jobs: Jobs = field(default_factory=Jobs)

    def start(self, job: Job) -> None:
        """Set a new job on its way."""
        job.become(BEFORE_RUNNING[0])
        job.task = asyncio.create_task(self._lead(job))

    def visible_from(self, life: Life) -> datetime:
        """Tell from when on a job that begins now may be seen."""
        return datetime.now(UTC) + timedelta(seconds=life.hidden_phases * self.pace)

    def cancel(self, job: Job) -> bool:
        """Cancel a job; True when it is over at once, False when that takes a while."""
        if not job.can_be_cancelled:
            raise _too_late(job)
        job.cancels += 1
        if job.cancels <= job.life.ignored_cancels or job.status == "CancelRequested":
            return False
        return self.end(job)

    def end(self, job: Job) -> bool:
        """Cancel a job that can be cancelled, whatever its life would make of it."""
        is_idle = job.status in BEFORE_RUNNING
        job.become("Canceled" if is_idle else "CancelRequested")
        if job.task:
            job.task.cancel()
        return is_idle

    async def _lead(self, job: Job) -> None:
        try:
            failure = await self._walk(job)
        except asyncio.CancelledError:
            if job.status not in {"Canceled", "CancelRequested"}:
                raise  # the workspace stops
            await self._canceled(job)
        except _OverdueError:
            job.become("CancelRequested")
            await self._canceled(job)
        else:
            job.become("Finalizing")
            await asyncio.sleep(self.pace * job.life.finalizing_phases)
            job.failure = failure
            job.become("Failed" if failure else "Completed")

    async def _canceled(self, job: Job) -> None:
        if not job.is_over:
            await asyncio.sleep(self.pace)
            job.become("Canceled")

    async def _walk(self, job: Job) -> Failure | None:
        for status in BEFORE_RUNNING:
            job.become(status)
            await asyncio.sleep(self.pace)
        if job.life.stays_queued:
            await asyncio.Event().wait()
        for _ in range(job.life.evictions):
            await self._be_evicted(job)
        return await self._run(job)

    async def _be_evicted(self, job: Job) -> None:
        job.become("Running")
        work = asyncio.create_task(self._work(job))
        try:
            await asyncio.sleep(self.pace)
        finally:
            await _stopped(work)
        job.warnings.append("The machine of the job was taken away; the job starts again.")
        job.become("Queued")
        await asyncio.sleep(self.pace)

    async def _run(self, job: Job) -> Failure | None:
        job.become("Running")
        work = asyncio.create_task(self._work(job))
        try:
            await self._live(job)
            return ON_DEMAND if job.life.fails else await work
        finally:
            await _stopped(work)

    async def _live(self, job: Job) -> None:
        """Stay Running for a phase at least, with what the job's life brings."""
        await asyncio.sleep(self.pace)
        job.is_gone = job.life.vanishes
        if job.life.stops_responding:
            job.become("NotResponding")
            await asyncio.sleep(self.pace)
            job.become("Running")
            await asyncio.sleep(self.pace)

    async def _work(self, job: Job) -> Failure | None:
        kind = JOB_TYPES[job.definition["jobType"]]
        timeout = job.definition.get("limits", {}).get("timeout")
        children = Children(job, self.jobs, self)
        try:
            async with asyncio.timeout(seconds(timeout) if timeout else None):
                return await kind.work(job, self.site, children)
        except TimeoutError as exc:
            raise _OverdueError from exc
        except RefusedError as exc:
            return Failure("UserError", str(exc))
        except (OSError, ValueError) as exc:
            # No disk, no process, or text that no process can be given.
            return Failure("ServiceError", f"The workspace could not run the job: {exc}")
        finally:
            await children.stop()


async def _stopped(work: asyncio.Task[Failure | None]) -> None:
    """End the work of a job, and wait until nothing of it is left."""
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)


def _too_late(job: Job) -> RefusedError:
    text = f"The job {job.name!r} is {job.status} and can no longer be cancelled."
    return bad_request(text, "InvalidRunStatus")
