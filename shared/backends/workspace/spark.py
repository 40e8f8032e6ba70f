"""Spark: a program for a Spark pool. Inputs and outputs are read, the rest is taken as it is."""

from typing import Any

from pydantic import ConfigDict, Field

from shared.backends.workspace import values
from shared.backends.workspace.arm import Workspace
from shared.backends.workspace.attributes import JobAttributes
from shared.backends.workspace.data import Inputs, Outputs
from shared.backends.workspace.inline import InlineJob
from shared.backends.workspace.wire import CodeId, EnvironmentId
from shared.messages import Request
from shared.ports import Json


class SparkJob(InlineJob):
    """A Spark job: what every job may say is checked, the rest goes to the service as it is."""

    model_config = ConfigDict(extra="allow")

    code_id: CodeId = Field(description="Name and version, or id.")
    environment_id: EnvironmentId | None = Field(None, description="Name and version, or id.")
    entry: dict[str, Any] = Field(min_length=1, description="Where the program begins.")
    inputs: Inputs | None = Field(None, description="What the program reads.")
    outputs: Outputs | None = Field(None, description="What the program writes.")


def build(
    definition: Json, request: Request, attributes: JobAttributes, workspace: Workspace
) -> Json:
    """The job."""
    return {
        **definition,
        **attributes.laid_over(workspace),
        "inputs": values.inputs(definition, request, workspace),
        "outputs": values.outputs(definition, request, workspace),
    }
