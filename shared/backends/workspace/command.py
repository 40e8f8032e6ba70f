"""Command: one command."""

from typing import Annotated, Literal

from pydantic import Field

from shared.backends.fields import ANY_CASE, Seconds
from shared.backends.sections import section
from shared.backends.workspace import program, values
from shared.backends.workspace.arm import Workspace
from shared.backends.workspace.attributes import ProgramAttributes
from shared.backends.workspace.data import Inputs, Outputs
from shared.backends.workspace.inline import InlineJob
from shared.backends.workspace.parts import QueueSettings
from shared.backends.workspace.program import Program
from shared.messages import Request, invalid
from shared.messages.fields import Sent
from shared.ports import Json


class CommandLimits(Sent):
    """How long a command may run."""

    job_limits_type: Annotated[Literal["Command"], ANY_CASE] = Field(
        "Command", description="That these are the limits of a Command."
    )
    timeout: Seconds | None = Field(None, description="After this the service cancels it.")


class CommandJob(InlineJob, Program):
    """A Command, in the words of the service."""

    inputs: Inputs | None = Field(None, description="What the command reads.")
    outputs: Outputs | None = Field(None, description="What the command writes.")
    limits: CommandLimits | None = Field(None, description="How long it may run.")
    queue_settings: QueueSettings | None = Field(None, description="How urgent it is.")


def build(
    definition: Json, request: Request, attributes: ProgramAttributes, workspace: Workspace
) -> Json:
    """The job; RejectedError (`invalid`) when something it needs is missing."""
    limits = {**section(definition, "limits"), **attributes.limits}
    job = {
        **program.overlaid(definition, attributes, workspace),
        **attributes.laid_over(workspace),
        "limits": limits and {**limits, "jobLimitsType": "Command"},
        "inputs": values.inputs(definition, request, workspace),
        "outputs": values.outputs(definition, request, workspace),
    }
    defined = {"inputs": job["inputs"], "outputs": {*job["outputs"], values.SYSTEM_OUTPUT}}
    faults = [*program.missing(job)] or [*program.undefined(job, defined)]
    if faults:
        raise invalid(*faults)
    return job
