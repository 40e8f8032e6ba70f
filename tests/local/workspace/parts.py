"""The parts of a job that several job types share.

Names, required properties, words and patterns are those of api-version 2024-10-01
(https://learn.microsoft.com/azure/templates/microsoft.machinelearningservices/2024-10-01/workspaces/jobs),
counts and lengths those of
https://learn.microsoft.com/azure/machine-learning/resource-limits-capacity.
"""

from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag, model_validator

from tests.local.workspace.schema import HAS_A_WORD, LATER, Body, Guid, Json, kind, word, word_in

ASSETS = ("uri_file", "uri_folder", "mltable", "custom_model", "mlflow_model", "triton_model")
INPUT_MODES = ("ReadOnlyMount", "ReadWriteMount", "Download", "Direct", "EvalMount", "EvalDownload")
OUTPUT_MODES = ("ReadWriteMount", "Upload", "Direct")
LONGEST_EMAILS = 499

Key = Annotated[str, Field(max_length=100)]
Value = Annotated[str, Field(max_length=1000)]
Labels = Annotated[dict[Key, Value], Field(max_length=50)]


class LiteralInput(Body):
    """A value, written as text."""

    job_input_type: Annotated[str, word("literal")]
    value: Annotated[str, HAS_A_WORD]
    description: str | None = None


class AssetInput(Body):
    """A file, a folder or a model, named by its address."""

    job_input_type: Annotated[str, word(*ASSETS)]
    uri: Annotated[str, HAS_A_WORD]
    mode: Annotated[str, word(*INPUT_MODES)] | None = None
    description: str | None = None


def _input_kind(value: Any) -> str:
    found = word_in(value, "jobInputType")
    return "<literal>" if found and found.lower() == "literal" else "<asset>"


Input = Annotated[
    Annotated[LiteralInput, Tag("<literal>")] | Annotated[AssetInput, Tag("<asset>")],
    Discriminator(_input_kind),
]
# They become parts of addresses and of placeholders.
Name = Annotated[str, Field(pattern=r"^[a-zA-Z0-9_][a-zA-Z0-9_.\-]*$")]
Inputs = Annotated[dict[Name, Input], Field(max_length=200)]


class Output(Body):
    """Where a result goes."""

    job_output_type: Annotated[str, word(*ASSETS)]
    uri: str | None = None
    mode: Annotated[str, word(*OUTPUT_MODES)] | None = None
    description: str | None = None
    asset_name: Annotated[str | None, LATER] = None


Outputs = Annotated[dict[Name, Output], Field(max_length=20)]


class AmlToken(Body):
    """The identity of who sends the job, as a token of Azure ML."""

    identity_type: Annotated[str, word("AMLToken")]


class Managed(Body):
    """A managed identity of the compute; none named: the system-assigned one."""

    identity_type: Annotated[str, word("Managed")]
    client_id: Guid | None = None
    object_id: Guid | None = None
    resource_id: str | None = None


class UserIdentity(Body):
    """The Microsoft Entra identity of who sends the job."""

    identity_type: Annotated[str, word("UserIdentity")]


Identity = Annotated[
    Annotated[AmlToken, Tag("<amltoken>")]
    | Annotated[Managed, Tag("<managed>")]
    | Annotated[UserIdentity, Tag("<useridentity>")],
    kind("identityType"),
]


class Mpi(Body):
    """Processes started by MPI."""

    distribution_type: Annotated[str, word("Mpi")]
    process_count_per_instance: int | None = None


class PyTorch(Body):
    """Processes started for torch.distributed."""

    distribution_type: Annotated[str, word("PyTorch")]
    process_count_per_instance: int | None = None


class TensorFlow(Body):
    """Processes started for tf.distribute."""

    distribution_type: Annotated[str, word("TensorFlow")]
    worker_count: int | None = None
    parameter_server_count: int | None = None


Distribution = Annotated[
    Annotated[Mpi, Tag("<mpi>")]
    | Annotated[PyTorch, Tag("<pytorch>")]
    | Annotated[TensorFlow, Tag("<tensorflow>")],
    kind("distributionType"),
]


class Resources(Body):
    """The machines of a job."""

    instance_count: Annotated[int, Field(ge=1)] = 1
    instance_type: str | None = None
    shm_size: Annotated[str, Field(pattern=r"^\d+[bBkKmMgG]$")] = "2g"
    docker_args: str | None = None
    docker_args_list: Annotated[list[str] | None, LATER] = None
    properties: Json | None = None


class QueueSettings(Body):
    """How urgent a job is."""

    job_tier: Annotated[str, word("Null", "Spot", "Basic", "Standard", "Premium")] = "Null"


class NotificationSetting(Body):
    """Whom the service would tell; the workspace here tells nobody."""

    email_on: list[Annotated[str, word("JobCompleted", "JobFailed", "JobCancelled")]] | None = None
    emails: list[str] | None = None
    webhooks: Json | None = None

    @model_validator(mode="after")
    def _short_enough(self) -> "NotificationSetting":
        if len(",".join(self.emails or [])) > LONGEST_EMAILS:
            raise ValueError(f"emails are over {LONGEST_EMAILS} characters together")
        return self


class JobBase(Body):
    """What every job type has."""

    job_type: str
    display_name: Annotated[str, Field(max_length=256)] | None = None
    description: Annotated[str, Field(max_length=5000)] | None = None
    experiment_name: Annotated[str, Field(max_length=256)] = "Default"
    compute_id: str | None = None
    component_id: str | None = None
    identity: Identity | None = None
    is_archived: bool = False
    tags: Labels = Field(default_factory=dict)
    properties: Labels = Field(default_factory=dict)
    services: Json | None = None
    notification_setting: NotificationSetting | None = None
