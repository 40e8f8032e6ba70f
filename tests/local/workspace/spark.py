"""The job type Spark: checked as the service does it, and only played.

See https://learn.microsoft.com/azure/machine-learning/reference-yaml-job-spark. Here is no Spark:
the job walks through its statuses, and what it would have made is a file that says so.
"""

from typing import Annotated

from pydantic import Field, Tag

from tests.local.workspace import scripted
from tests.local.workspace.assets import Assets
from tests.local.workspace.children import Children
from tests.local.workspace.parts import Inputs, JobBase, Outputs, QueueSettings
from tests.local.workspace.schema import HAS_A_WORD, Body, Json, kind, word
from tests.local.workspace.site import Site
from tests.local.workspace.state import Failure, Job


class PythonEntry(Body):
    """A Python file."""

    spark_job_entry_type: Annotated[str, word("SparkJobPythonEntry")]
    file: Annotated[str, HAS_A_WORD]


class ScalaEntry(Body):
    """A class in one of the jars."""

    spark_job_entry_type: Annotated[str, word("SparkJobScalaEntry")]
    class_name: Annotated[str, HAS_A_WORD]


Entry = Annotated[
    Annotated[PythonEntry, Tag("<sparkjobpythonentry>")]
    | Annotated[ScalaEntry, Tag("<sparkjobscalaentry>")],
    kind("sparkJobEntryType"),
]


class SparkResources(Body):
    """The machines of a Spark job."""

    instance_type: str | None = None
    runtime_version: str | None = None


class SparkJob(JobBase):
    """The properties of a Spark job."""

    job_type: Annotated[str, word("Spark")]
    code_id: Annotated[str, HAS_A_WORD]
    entry: Entry
    args: str | None = None
    archives: list[str] | None = None
    files: list[str] | None = None
    jars: list[str] | None = None
    py_files: list[str] | None = None
    conf: dict[str, str] = Field(default_factory=dict)
    environment_id: str | None = None
    environment_variables: dict[str, str] = Field(default_factory=dict)
    inputs: Inputs = Field(default_factory=dict)
    outputs: Outputs = Field(default_factory=dict)
    queue_settings: QueueSettings = Field(default_factory=QueueSettings)
    resources: SparkResources | None = None


class SparkJobs:
    """How Spark jobs are checked and played."""

    model = SparkJob

    def check(self, definition: Json, assets: Assets) -> None:
        """Refuse a definition that names what is not there."""
        scripted.check(definition, assets)
        assets.code(definition["codeId"])

    async def work(self, job: Job, site: Site, _children: Children) -> Failure | None:
        """Leave what a real one would have made."""
        return scripted.play(job, site)
