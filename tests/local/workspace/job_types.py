"""The job types of the workspace: one file and one row each. A type without a row is refused."""

from typing import Protocol

from tests.local.workspace import automl, command, pipeline, spark, sweep
from tests.local.workspace.assets import Assets
from tests.local.workspace.children import Children
from tests.local.workspace.parts import JobBase
from tests.local.workspace.refusals import bad_request
from tests.local.workspace.schema import Json
from tests.local.workspace.site import Site
from tests.local.workspace.state import Failure, Job


class JobType(Protocol):
    """What the workspace asks of a job type."""

    @property
    def model(self) -> type[JobBase]:
        """The properties that a job of this type may have."""

    def check(self, definition: Json, assets: Assets) -> None:
        """Refuse a definition that names what is not there."""

    async def work(self, job: Job, site: Site, children: Children) -> Failure | None:
        """Do the job while it is Running; it may be cancelled, and started again, at any moment."""


JOB_TYPES: dict[str, JobType] = {
    "Command": command.CommandJobs(),
    "Pipeline": pipeline.PipelineJobs(),
    "AutoML": automl.AutoMLJobs(),
    "Spark": spark.SparkJobs(),
    "Sweep": sweep.SweepJobs(),
}


def job_type(word: object) -> JobType:
    """Give the job type that a body names; refuse one that has no row."""
    rows = {name.lower(): kind for name, kind in JOB_TYPES.items()}
    kind = rows.get(word.lower()) if isinstance(word, str) else None
    if kind is None:
        served = ", ".join(JOB_TYPES)
        raise bad_request(f"properties.jobType: {word!r} is none of {served}", "ArgumentInvalid")
    return kind
