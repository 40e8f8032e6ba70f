"""Pipeline: a graph of steps, which is taken as it is."""

from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, Field

from shared.backends.sections import section
from shared.backends.workspace import arm, values
from shared.backends.workspace.arm import Workspace
from shared.backends.workspace.attributes import JobAttributes
from shared.backends.workspace.data import Inputs, Outputs
from shared.backends.workspace.inline import InlineJob
from shared.backends.workspace.wire import Place
from shared.errors import Fault
from shared.messages import Request, invalid
from shared.ports import Json

STEPS = ("jobs", "componentId", "sourceJobId")
EXPECTED = "steps in jobs, or a componentId that has them"


class PipelineJob(InlineJob):
    """A Pipeline, in the words of the service; those of its steps are their own (snake_case)."""

    VERBATIM: ClassVar[frozenset[str]] = frozenset({"jobs", "settings"})

    jobs: dict[str, Any] | None = Field(None, description="The steps by name, taken as they are.")
    settings: dict[str, Any] | None = Field(None, description="Of all steps, taken as they are.")
    inputs: Inputs | None = Field(None, description="What the steps read.")
    outputs: Outputs | None = Field(None, description="What the steps write.")
    source_job_id: Annotated[Place, AfterValidator(arm.job)] | None = Field(
        None, description="Id of the job that this one is made from."
    )


def build(
    definition: Json, request: Request, attributes: JobAttributes, workspace: Workspace
) -> Json:
    """The job; another compute is that of all steps which name none."""
    given = attributes.laid_over(workspace)
    settings = section(definition, "settings")
    if "computeId" in given:
        settings = {**settings, "default_compute": given["computeId"]}
    if not any(definition.get(name) for name in STEPS):
        at = "/template" if request.job is None else "/job/jobs"
        raise invalid(Fault(at, "no steps", EXPECTED))
    return {
        **definition,
        **given,
        "settings": settings,
        "inputs": values.inputs(definition, request, workspace),
        "outputs": values.outputs(definition, request, workspace),
    }
