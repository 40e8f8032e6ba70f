"""What a request may override, by `attributes`."""

from typing import Annotated

from pydantic import AfterValidator, Field

from shared.backends.fields import Text, Variables, WholeSeconds
from shared.backends.workspace import arm
from shared.backends.workspace.arm import Workspace
from shared.backends.workspace.parts import Identity, QueueSettings, WithAWord
from shared.messages.fields import Sent
from shared.ports import Json


class JobAttributes(Sent):
    """What a request may override of any job."""

    compute: Annotated[str, AfterValidator(arm.compute)] | None = Field(
        None, description="Name of a compute of the workspace, or its id."
    )
    identity: Identity | None = Field(None, description="As whom it runs.")

    def laid_over(self, workspace: Workspace) -> Json:
        """What a request overrides of the job as a whole, on the wire."""
        identity = self.identity and self.identity.model_dump(by_alias=True, exclude_none=True)
        given = {"computeId": self.compute and workspace.whole(self.compute), "identity": identity}
        return {name: value for name, value in given.items() if value is not None}


class ProgramAttributes(JobAttributes):
    """What a request may override of a job with a command."""

    environment: Annotated[str, AfterValidator(arm.environment)] | None = Field(
        None, description="name:version, the name of a curated environment, or an id."
    )
    command: WithAWord | None = Field(
        None, description="What to run, with ${{inputs.x}} and ${{outputs.x}}."
    )
    instance_count: Annotated[int, Field(ge=1, le=10_000)] | None = Field(
        None, description="On how many machines."
    )
    instance_type: Annotated[Text, Field(max_length=100)] | None = Field(
        None, description="On which machines, where the compute has a choice."
    )
    environment_variables: Variables | None = Field(None, description="Laid over the template's.")
    timeout: WholeSeconds | None = Field(
        None, description="How long the job may run; the service cancels it then."
    )
    queue_settings: QueueSettings | None = Field(None, description="How urgent it is.")

    def laid_over(self, workspace: Workspace) -> Json:
        queue = self.queue_settings
        said = queue and queue.model_dump(by_alias=True, exclude_none=True)
        return {**super().laid_over(workspace), **({"queueSettings": said} if said else {})}

    @property
    def limits(self) -> dict[str, str]:
        """How long the job may run, on the wire."""
        timeout = self.timeout
        return {} if timeout is None else {"timeout": f"PT{int(timeout.total_seconds())}S"}
