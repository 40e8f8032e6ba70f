"""Leads each job through its statuses, from Queued to its end.

Each status lasts one phase, Running as long as the work takes. A command starts at Running and is
killed by a cancel.
"""

import asyncio
from dataclasses import dataclass, field

from tests.local.foundry import command, training
from tests.local.foundry.attempts import Failure, Warned
from tests.local.foundry.refusals import RefusedError
from tests.local.foundry.site import Site
from tests.local.foundry.state import BEFORE_RUNNING, IDLE, Job, Jobs
from tests.local.workspace.schema import seconds

ON_DEMAND = Failure("UserError", "The job failed, as its tag asks.")
EVICTED = Warned("MachineLost", "The machine of the job was taken away; the job starts again.")


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

    def cancel(self, job: Job) -> bool:
        """Ask for the end of a job; True when it is over, False when that takes a while.

        A job that is Finalizing goes on to its end.
        """
        if job.is_over:
            return True
        job.cancels += 1
        if job.cancels <= job.life.ignored_cancels or job.status in {
            "CancelRequested",
            "Finalizing",
        }:
            return False
        return self._end(job, "canceled by the user")

    def _end(self, job: Job, why: str) -> bool:
        is_idle = job.status in IDLE
        job.attempt.reason = why
        job.become("Canceled" if is_idle else "CancelRequested")
        if job.task:
            job.task.cancel()
        return is_idle

    async def _lead(self, job: Job) -> None:
        try:
            failure = await self._walk(job)
        except asyncio.CancelledError:
            if job.status not in {"Canceled", "CancelRequested"}:
                raise  # the project stops
            await self._canceled(job)
        except _OverdueError:
            job.attempt.reason = "ran longer than its limit"
            job.become("CancelRequested")
            await self._canceled(job)
        else:
            job.become("Finalizing")
            await asyncio.sleep(self.pace * job.life.finalizing_phases)
            job.attempt.failure = failure
            job.become("Failed" if failure else "Completed")

    async def _canceled(self, job: Job) -> None:
        if not job.is_over:
            await asyncio.sleep(self.pace)
            job.become("Canceled")

    async def _walk(self, job: Job) -> Failure | None:
        await self._get_machine(job)
        for _ in range(job.life.preemptions):
            await self._run_for_a_phase(job)
            job.begin_again()
            await self._get_machine(job)
        for _ in range(job.life.evictions):
            await self._run_for_a_phase(job)
            job.attempt.warnings.append(EVICTED)
            job.become("Queued")
            await asyncio.sleep(self.pace)
        return await self._run(job)

    async def _get_machine(self, job: Job) -> None:
        for status in BEFORE_RUNNING:
            job.become(status)
            await asyncio.sleep(self.pace)
            if job.life.stays_queued:
                await asyncio.Event().wait()

    async def _run_for_a_phase(self, job: Job) -> None:
        """Run, and lose the machine."""
        job.become("Running")
        work = asyncio.create_task(self._work(job))
        try:
            await asyncio.sleep(self.pace)
        finally:
            await _stopped(work)

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
        limits = job.definition.limits
        timeout = seconds(limits.timeout) if limits and limits.timeout else None
        try:
            async with asyncio.timeout(timeout):
                return await self._do(job)
        except TimeoutError as exc:
            raise _OverdueError from exc
        except RefusedError as exc:
            return Failure("UserError", str(exc))
        except (OSError, ValueError) as exc:
            # No disk, no process, or text that no process can be given.
            return Failure("ServiceError", f"The project could not run the job: {exc}")

    async def _do(self, job: Job) -> Failure | None:
        recipe = job.definition.training
        if recipe is None:
            return await command.run(job, job.attempt, self.site)
        return await training.play(job, job.attempt, recipe, self.site, pace=self.pace)


async def _stopped(work: asyncio.Task[Failure | None]) -> None:
    """End the work of a job, and wait until nothing of it is left."""
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)
