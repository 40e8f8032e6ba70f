"""The parts of an inline job that several kinds of jobs share (see `wire`)."""

import re
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    AliasChoices,
    Discriminator,
    Field,
    Tag,
    ValidationInfo,
    field_validator,
    model_validator,
)

from shared.backends.fields import ANY_CASE, Count, Text, kind, member, of_form
from shared.backends.workspace import arm, values
from shared.backends.workspace.wire import PREVIEW, Since, scope
from shared.messages.fields import ONE_LINE, Sent, shown

GUID = re.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
SHARED_MEMORY = re.compile("[0-9]+[bBkKmMgG]")
MAX_EMAILS = 499  # characters of all of them, joined by commas
WITH_DOCKER_LIST = Since("2025-12-01")
# learn.microsoft.com/azure/templates/microsoft.machinelearningservices/workspaces/jobs
RAY_AGAIN, WITH_RAY = "2026-03-15", ("2024-01-01-preview", "2024-04-01-preview")

Guid = Annotated[str, of_form(GUID, "a GUID"), shown(GUID)]
SharedMemory = Annotated[
    str, of_form(SHARED_MEMORY, "a whole number with its unit, like 2g"), shown(SHARED_MEMORY)
]


def with_a_word(text: str) -> str:
    """The text, if it holds what the service asks of it."""
    if not values.HAS_A_WORD.search(text):
        raise ValueError("at least one letter, digit or _")
    return text


WithAWord = Annotated[str, AfterValidator(with_a_word)]


class Identity(Sent):
    """As whom the job runs; a managed one without an id is the one of the compute itself."""

    identity_type: Annotated[Literal["AMLToken", "Managed", "UserIdentity"], ANY_CASE] = Field(
        validation_alias=AliasChoices("type", "identityType"), description="The kind of identity."
    )
    client_id: Guid | None = Field(None, description="Client id of a managed one.")
    object_id: Guid | None = Field(None, description="Object id of a managed one.")
    resource_id: Annotated[str, AfterValidator(arm.identity)] | None = Field(
        None, description="Resource id of a managed one."
    )

    @model_validator(mode="after")
    def _named_if_managed(self) -> Self:
        ids = (self.client_id, self.object_id, self.resource_id)
        if self.identity_type != "Managed" and any(ids):
            raise ValueError("an id only beside type Managed")
        return self


class Mpi(Sent):
    """Processes started by MPI."""

    distribution_type: Annotated[Literal["Mpi"], ANY_CASE] = Field(description="MPI.")
    process_count_per_instance: Count | None = Field(None, description="Processes per machine.")


class PyTorch(Sent):
    """Processes started for torch.distributed."""

    distribution_type: Annotated[Literal["PyTorch"], ANY_CASE] = Field(description="PyTorch.")
    process_count_per_instance: Count | None = Field(None, description="Processes per machine.")


class TensorFlow(Sent):
    """Processes started for tf.distribute."""

    distribution_type: Annotated[Literal["TensorFlow"], ANY_CASE] = Field(description="TensorFlow.")
    worker_count: Count | None = Field(None, description="Workers.")
    parameter_server_count: Annotated[int, Field(ge=0, le=1_000_000)] | None = Field(
        None, description="Parameter servers."
    )


class Ray(Sent):
    """A cluster of Ray, which some preview api-versions have."""

    distribution_type: Annotated[Literal["Ray"], ANY_CASE] = Field(description="Ray.")
    port: int | None = Field(None, description="Port of the head.")
    address: Text | None = Field(None, description="Address of the head.")
    include_dashboard: bool | None = Field(None, description="Whether there is a dashboard.")
    dashboard_port: int | None = Field(None, description="Port of the dashboard.")
    head_node_additional_args: str | None = Field(None, description="Arguments of the head.")
    worker_node_additional_args: str | None = Field(None, description="Arguments of a worker.")

    @model_validator(mode="after")
    def _known(self, info: ValidationInfo) -> Self:
        version = scope(info).api_version
        if version not in WITH_RAY and not (version.endswith(PREVIEW) and version >= RAY_AGAIN):
            raise ValueError(
                f"Mpi, PyTorch or TensorFlow: api-version {version} has no Ray. An operator may "
                f"set ARM_API_VERSION to {RAY_AGAIN}{PREVIEW}"
            )
        return self


Distribution = Annotated[
    Annotated[Mpi, Tag(member("Mpi"))]
    | Annotated[PyTorch, Tag(member("PyTorch"))]
    | Annotated[TensorFlow, Tag(member("TensorFlow"))]
    | Annotated[Ray, Tag(member("Ray"))],
    Discriminator(
        kind("distributionType"),
        custom_error_type="kind",
        custom_error_message="an object whose distributionType is Mpi, PyTorch or TensorFlow",
    ),
]


class Resources(Sent):
    """The machines of a job."""

    instance_count: Count | None = Field(None, description="How many machines.")
    instance_type: Text | None = Field(
        None, description="Which machines, where the compute has a choice."
    )
    shm_size: SharedMemory | None = Field(
        None, description="Shared memory of the container, like 2g."
    )
    docker_args: str | None = Field(None, description="Further arguments of `docker run`.")
    docker_args_list: Annotated[list[str] | None, WITH_DOCKER_LIST] = Field(
        None, description="The same in a list."
    )
    properties: dict[str, Any] | None = Field(None, description="What else the compute knows.")


class QueueSettings(Sent):
    """How urgent the job is."""

    job_tier: (
        Annotated[Literal["Null", "Spot", "Basic", "Standard", "Premium"], ANY_CASE] | None
    ) = Field(None, description="The tier that the job queues in.")


class Webhook(Sent):
    """Whom else the service tells."""

    webhook_type: Annotated[Literal["AzureDevOps"], ANY_CASE] = Field(description="Its kind.")
    event_type: str | None = Field(None, description="What it is told of.")


class NotificationSetting(Sent):
    """Whom the service tells of the end of a job."""

    email_on: (
        list[Annotated[Literal["JobCompleted", "JobFailed", "JobCancelled"], ANY_CASE]] | None
    ) = Field(None, description="Of which ends.")
    emails: list[Annotated[str, Field(min_length=3), ONE_LINE]] | None = Field(
        None, description="Whom."
    )
    webhooks: dict[str, Webhook] | None = Field(None, description="And by which hooks.")

    @field_validator("emails")
    @classmethod
    def _short_enough(cls, emails: list[str] | None) -> list[str] | None:
        if len(",".join(emails or ())) > MAX_EMAILS:
            raise ValueError(f"at most {MAX_EMAILS} characters in all")
        return emails


class Nodes(Sent):
    """On which machines a service runs."""

    nodes_value_type: Annotated[Literal["All"], ANY_CASE] = Field(description="On all.")


class JobService(Sent):
    """Something that can be reached while the job runs, like JupyterLab."""

    job_service_type: Text | None = Field(None, description="Its kind, like SSH.")
    port: Annotated[int, Field(ge=1, le=65535)] | None = Field(None, description="Its port.")
    endpoint: Text | None = Field(None, description="Its address.")
    properties: dict[str, str] | None = Field(None, description="What its kind knows.")
    nodes: Nodes | None = Field(None, description="Where it runs.")
