"""What is peculiar to Command: what a request may override, and the definition that comes of it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, AliasChoices, Field, model_validator

from shared.backends.workspace import arm, placeholders, values
from shared.backends.workspace.arm import Workspace
from shared.errors import Fault
from shared.messages import Request, invalid
from shared.messages.fields import Duration, Sent
from shared.messages.reading import pointer
from shared.ports import Json

# What makes a Command, besides its inputs and outputs. All else in a template is read-only, or
# tells how its own run went (learn.microsoft.com/rest/api/azureml/jobs/get, CommandJob).
TAKEN_OVER = (
    "command",
    "environmentId",
    "codeId",
    "computeId",
    "distribution",
    "identity",
    "notificationSetting",
)
MERGED = ("environmentVariables", "resources", "limits", "queueSettings")
REQUIRED = {"command": "command", "environmentId": "environment"}
GUID = r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"


def _whole_seconds(duration: timedelta) -> timedelta:
    if duration.microseconds:
        raise ValueError("whole seconds")
    return duration


def _command(text: str) -> str:
    if not values.HAS_A_WORD.search(text):
        raise ValueError("at least one letter, digit or _")
    return text


Guid = Annotated[str, Field(pattern=GUID)]
Variable = Annotated[str, Field(pattern=r"^[^=\s]{1,255}$")]


class Identity(Sent):
    """As whom the job runs; a managed one without an id is the one of the compute itself."""

    identity_type: Literal["AMLToken", "Managed", "UserIdentity"] = Field(
        validation_alias=AliasChoices("type", "identityType"), description="The kind of identity."
    )
    client_id: Guid | None = Field(None, description="Client id of a managed one.")
    object_id: Guid | None = Field(None, description="Object id of a managed one.")
    resource_id: Annotated[str, AfterValidator(arm.identity)] | None = Field(
        None, description="Resource id of a managed one."
    )

    @model_validator(mode="after")
    def _named_if_managed(self) -> "Identity":
        ids = (self.client_id, self.object_id, self.resource_id)
        if self.identity_type != "Managed" and any(ids):
            raise ValueError("an id only beside type Managed")
        return self


class QueueSettings(Sent):
    """How urgent the job is."""

    job_tier: Literal["Null", "Spot", "Basic", "Standard", "Premium"] = Field(
        description="The tier that the job queues in."
    )


class CommandAttributes(Sent):
    """What a request may override of a Command."""

    compute: Annotated[str, AfterValidator(arm.compute)] | None = Field(
        None, description="Name of a compute of the workspace, or its id."
    )
    environment: Annotated[str, AfterValidator(arm.environment)] | None = Field(
        None, description="name:version, the name of a curated environment, or an id."
    )
    command: Annotated[str, AfterValidator(_command)] | None = Field(
        None, description="What to run, with ${{inputs.x}} and ${{outputs.x}}."
    )
    instance_count: Annotated[int, Field(ge=1, le=10_000)] | None = Field(
        None, description="On how many machines."
    )
    instance_type: Annotated[str, Field(min_length=1, max_length=100)] | None = Field(
        None, description="On which machines, where the compute has a choice."
    )
    environment_variables: Annotated[dict[Variable, str], Field(max_length=200)] | None = Field(
        None, description="Laid over the template's."
    )
    timeout: Annotated[Duration, AfterValidator(_whole_seconds)] | None = Field(
        None, description="How long the command may run; the service cancels it then."
    )
    identity: Identity | None = Field(None, description="As whom it runs.")
    queue_settings: QueueSettings | None = Field(None, description="How urgent it is.")


def build(
    template: Json, request: Request, attributes: CommandAttributes, workspace: Workspace
) -> Json:
    """The definition of the job; RejectedError (`invalid`) when something it needs is missing."""
    given = _given(attributes, workspace)
    sections = {name: {**_section(template, name), **given.pop(name)} for name in MERGED}
    job = {
        **{name: template[name] for name in TAKEN_OVER if name in template},
        **{name: value for name, value in given.items() if value is not None},
        **sections,
        "inputs": values.inputs(template, request, workspace),
        "outputs": values.outputs(template, request, workspace),
    }
    faults = [*_missing(job)] or [*_undefined(job)]
    if faults:
        raise invalid(*faults)
    return {name: value for name, value in job.items() if value}


def _given(attributes: CommandAttributes, workspace: Workspace) -> Json:
    """What the request overrides, on the wire."""
    compute, environment = attributes.compute, attributes.environment
    said = attributes.model_dump(mode="json", by_alias=True, exclude_none=True)
    resources = {name: said[name] for name in ("instanceCount", "instanceType") if name in said}
    timeout = attributes.timeout
    limits = {} if timeout is None else {"timeout": f"PT{int(timeout.total_seconds())}S"}
    return {
        "command": attributes.command,
        "computeId": compute and workspace.whole(compute),
        "environmentId": environment and workspace.whole(environment),
        "identity": said.get("identity"),
        "environmentVariables": attributes.environment_variables or {},
        "resources": resources,
        "limits": {**limits, "jobLimitsType": "Command"},
        "queueSettings": said.get("queueSettings", {}),
    }


def _missing(job: Json) -> Iterator[Fault]:
    """What a Command cannot be without."""
    for name, attribute in REQUIRED.items():
        if not isinstance(job.get(name), str) or not job[name]:
            yield Fault(f"/attributes/{attribute}", "nothing", "required, as the template has none")


def _undefined(job: Json) -> Iterator[Fault]:
    """What the command uses and nobody gives."""
    defined = {"inputs": job["inputs"], "outputs": {*job["outputs"], values.SYSTEM_OUTPUT}}
    for section, name in placeholders.undefined(job["command"], defined):
        yield Fault(pointer(f"/{section}", name), "nothing", "required, as the command uses it")


def _section(template: Json, name: str) -> Json:
    section = template.get(name)
    return section if isinstance(section, dict) else {}
