"""The job type Command: a command line, run in a subprocess.

See https://learn.microsoft.com/azure/machine-learning/reference-yaml-job-command. What is written
to the folder `outputs` beside the code goes to the job's artifacts, as the service does it.
"""

import shutil
from pathlib import Path
from typing import Annotated

from pydantic import Field

from tests.local.workspace import bindings, execution
from tests.local.workspace.assets import Assets
from tests.local.workspace.children import Children
from tests.local.workspace.parts import (
    Distribution,
    Inputs,
    JobBase,
    Outputs,
    QueueSettings,
    Resources,
)
from tests.local.workspace.placeholders import fill, unknown
from tests.local.workspace.refusals import bad_request
from tests.local.workspace.schema import HAS_A_WORD, Body, Duration, Json, word
from tests.local.workspace.site import LOG, Site
from tests.local.workspace.state import Failure, Job

LONGEST_MESSAGE = 3000  # learn.microsoft.com/azure/machine-learning/resource-limits-capacity


class CommandJobLimits(Body):
    """How long a command may run; after that it is cancelled."""

    job_limits_type: Annotated[str, word("Command")]
    timeout: Duration | None = None


def _no_limits() -> CommandJobLimits:
    return CommandJobLimits.model_validate({"jobLimitsType": "Command"})


class CommandJob(JobBase):
    """The properties of a Command job."""

    job_type: Annotated[str, word("Command")]
    command: Annotated[str, HAS_A_WORD]
    environment_id: Annotated[str, HAS_A_WORD]
    code_id: str | None = None
    environment_variables: dict[str, str] = Field(default_factory=dict)
    inputs: Inputs = Field(default_factory=dict)
    outputs: Outputs = Field(default_factory=dict)
    distribution: Distribution | None = None
    limits: CommandJobLimits = Field(default_factory=_no_limits)
    resources: Resources = Field(default_factory=Resources)
    queue_settings: QueueSettings = Field(default_factory=QueueSettings)


class CommandJobs:
    """How Command jobs are checked and done."""

    model = CommandJob

    def check(self, definition: Json, assets: Assets) -> None:
        """Refuse a definition that names what is not there."""
        if "computeId" in definition:
            assets.check_compute(definition["computeId"])
        assets.check_environment(definition["environmentId"])
        if "codeId" in definition:
            assets.code(definition["codeId"])
        for uri in bindings.addresses(definition):
            assets.datastores.path(uri)
        missing = unknown(definition["command"], bindings.names(definition))
        if missing:
            text = f"The command uses {', '.join(missing)}, which the job has not."
            raise bad_request(text, "ArgumentInvalid")

    async def work(self, job: Job, site: Site, _children: Children) -> Failure | None:
        """Run the command; its exit code decides."""
        datastores = site.assets.datastores
        lost = bindings.lost_inputs(job.definition, datastores)
        if lost:
            return Failure("UserError", f"There is nothing at these inputs: {', '.join(lost)}")
        folder = site.workplace(job)
        text = fill(job.definition["command"], bindings.values(job, datastores))
        environment = {**site.environment(job, folder), **job.definition["environmentVariables"]}
        command = execution.Command(text, folder, site.log(job), environment)
        ended = await execution.run(command, site.guard)
        _keep_outputs(folder, site.artifact(job, "outputs"))
        return _failure(ended)


def _keep_outputs(folder: Path, place: Path) -> None:
    if (folder / "outputs").is_dir():
        shutil.copytree(folder / "outputs", place, dirs_exist_ok=True)


def _failure(ended: execution.Ended) -> Failure | None:
    if ended.code == 0:
        return None
    how = f"The command ended with exit code {ended.code}, see {LOG}."
    return Failure("UserError", f"{how} Its last words: {ended.complaint}"[:LONGEST_MESSAGE])
