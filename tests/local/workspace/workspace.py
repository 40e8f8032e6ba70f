"""The workspace: what can be done to jobs, told in terms of jobs, without HTTP."""

import asyncio
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tests.local.workspace import listing
from tests.local.workspace.changes import changed
from tests.local.workspace.job_types import job_type
from tests.local.workspace.ledger import Ledger
from tests.local.workspace.lives import life_of
from tests.local.workspace.refusals import bad_request
from tests.local.workspace.resource import added, without_read_only
from tests.local.workspace.runner import Runner
from tests.local.workspace.schema import Json, read
from tests.local.workspace.site import Site
from tests.local.workspace.state import Job, Jobs

NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9\-_]{0,254}")


@dataclass
class Workspace:
    """Jobs, and what runs them."""

    site: Site
    runner: Runner
    page_size: int
    retry_after: int
    ledger: Ledger = field(default_factory=Ledger)

    @property
    def jobs(self) -> Jobs:
        """All jobs."""
        return self.runner.jobs

    def put(self, name: str, properties: Json, *, api_version: str, by: str) -> tuple[Job, bool]:
        """Create and start a job, or change the little that may change; True when it is new."""
        if not NAME.fullmatch(name):
            raise bad_request(
                f"{name!r} is no name of a job: it must match {NAME.pattern}", "ArgumentInvalid"
            )
        definition = self.definition(name, properties, api_version=api_version)
        job = self.jobs.existing(name)
        if job:
            job.definition = changed(name, job.definition, definition, added=added(job))
            job.modified = datetime.now(UTC)
            return job, False
        job = self._new(name, definition, by=by)
        self.runner.start(job)
        return job, True

    def definition(self, name: str, properties: Json, *, api_version: str) -> Json:
        """Check the properties of a job, and give them as the service keeps them."""
        kind = job_type(properties.get("jobType"))
        definition = read(kind.model, without_read_only(name, properties), api_version=api_version)
        kind.check(definition, self.site.assets)
        life_of(definition["tags"])
        return definition

    def page(self, wanted: listing.Wanted) -> tuple[list[Job], str | None]:
        """Give one page of jobs, newest first, and the token of the next."""
        return listing.page(filter(wanted.fits, self.jobs.newest_first()), size=self.page_size)

    def delete(self, name: str) -> Job | None:
        """Delete a job that is over, after a phase; None when there is none."""
        job = self.jobs.existing(name)
        if job is None:
            return None
        if not job.is_over:
            raise bad_request(
                f"The job {name!r} is {job.status}: only a job that is over can be deleted."
            )
        asyncio.get_running_loop().call_later(self.runner.pace, self.jobs.remove, job)
        return job

    async def stop(self) -> None:
        """Stop all jobs where they are, and their processes."""
        tasks = [job.task for job in self.jobs.everyone() if job.task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self.site.guard.stop()

    def _new(self, name: str, definition: Json, *, by: str) -> Job:
        life = life_of(definition["tags"])
        visible_from = self.runner.visible_from(life)
        return self.jobs.add(name, definition, life=life, visible_from=visible_from, created_by=by)
