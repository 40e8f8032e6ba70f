"""AutoML: a task that the service finds a model for. What it is made of is taken as it is."""

from collections.abc import Iterator
from typing import Any

from pydantic import ConfigDict, Field

from shared.backends.workspace.arm import Workspace
from shared.backends.workspace.attributes import JobAttributes
from shared.backends.workspace.inline import InlineJob
from shared.backends.workspace.wire import EnvironmentId
from shared.errors import Fault
from shared.messages import Request
from shared.ports import Json


class AutoMLJob(InlineJob):
    """An AutoML job: what every job may say is checked, the rest goes to the service as it is."""

    model_config = ConfigDict(extra="allow")

    environment_id: EnvironmentId | None = Field(None, description="Name and version, or id.")
    task_details: dict[str, Any] = Field(min_length=1, description="The task and its data.")


def build(definition: Json, _: Request, attributes: JobAttributes, workspace: Workspace) -> Json:
    """The job."""
    return {**definition, **attributes.laid_over(workspace)}


def faults(request: Request) -> Iterator[Fault]:
    """Inputs and outputs are none of a request for such a job."""
    for name, given in (("inputs", request.given_inputs), ("outputs", request.given_outputs)):
        if given:
            at = f"/{name}" if getattr(request, name) else "/parameters"
            yield Fault(at, f"{name} of the request", "none: they stand in job.taskDetails")
