"""The project: what can be done to jobs, told in terms of jobs, without HTTP."""

import asyncio
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from tests.local.foundry.changes import changed
from tests.local.foundry.idempotency import Answers
from tests.local.foundry.lives import life_of
from tests.local.foundry.model.command_job import CommandJob
from tests.local.foundry.operations import Operation, Operations
from tests.local.foundry.outputs import definition_shown
from tests.local.foundry.refusals import bad_request, conflict
from tests.local.foundry.runner import Runner
from tests.local.foundry.site import Site
from tests.local.foundry.state import Job, Jobs
from tests.local.workspace.ledger import Ledger

# The contracts give no pattern; this is the one of jobs in Azure Machine Learning.
NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9\-_]{0,254}")


@dataclass
class Project:
    """Jobs, and what runs them."""

    site: Site
    runner: Runner
    page_size: int
    retry_after: int
    operations: Operations = field(default_factory=Operations)
    answers: Answers = field(default_factory=Answers)
    ledger: Ledger = field(default_factory=Ledger)

    @property
    def jobs(self) -> Jobs:
        """All jobs."""
        return self.runner.jobs

    def create(self, name: str, wanted: CommandJob, *, by: str) -> Job:
        """Create and start a job under a name that is free."""
        self._check(name, wanted)
        if self.jobs.existing(name):
            raise conflict(f"A job with the name {name!r} already exists.")
        job = self._new(name, wanted, by=by)
        self.runner.start(job)
        return job

    def put(self, name: str, wanted: CommandJob, *, by: str) -> tuple[Job, bool]:
        """Create and start a job, or change the little that may change; True when it is new."""
        job = self.jobs.existing(name)
        if job is None:
            return self.create(name, wanted, by=by), True
        self._check(name, wanted)
        shown = definition_shown(job, self.site.place)
        job.definition = changed(name, job.definition, wanted, shown=shown)
        job.modified = datetime.now(UTC)
        return job, False

    def add(self, name: str, wanted: CommandJob, *, by: str) -> Job:
        """Put a job there that has never run, and has completed all the same."""
        self._check(name, wanted)
        job = self._new(name, wanted, by=by)
        job.become("Running")
        job.become("Completed")
        return job

    def cancel(self, name: str) -> Operation | None:
        """Cancel a job; None when it is over at once, or has been over for long."""
        job = self.jobs.get(name)
        return None if self.runner.cancel(job) else self.operations.cancel(job)

    def delete(self, name: str) -> Operation | None:
        """Delete a job that is over, after a phase; None when there is none."""
        job = self.jobs.existing(name)
        if job is None:
            return None
        if not job.is_over:
            return self.operations.refused_delete(job)
        asyncio.get_running_loop().call_later(self.runner.pace, self.jobs.remove, job)
        return self.operations.delete(job, lambda: self.jobs.known(name) is not job)

    async def stop(self) -> None:
        """Stop all jobs where they are, and their processes."""
        tasks = [job.task for job in self.jobs.everyone() if job.task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self.site.guard.stop()

    def _check(self, name: str, wanted: CommandJob) -> None:
        if not NAME.fullmatch(name):
            raise bad_request(f"{name!r} is no name of a job: it must match {NAME.pattern}")
        self.site.check(wanted)
        life_of(wanted.tags)

    def _new(self, name: str, wanted: CommandJob, *, by: str) -> Job:
        life = life_of(wanted.tags)
        visible_from = datetime.now(UTC) + timedelta(seconds=life.hidden_phases * self.runner.pace)
        return self.jobs.add(name, wanted, life=life, visible_from=visible_from, created_by=by)
