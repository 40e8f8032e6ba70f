"""The properties of a command job: a command line, or a recipe that the service makes into one."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PlainSerializer, ValidationInfo, model_validator

from tests.local.foundry.model.parts import (
    Distribution,
    Input,
    Limits,
    Output,
    QueueSettings,
    Resources,
    Service,
)
from tests.local.foundry.model.recipes import Training
from tests.local.foundry.model.schema import (
    Amount,
    Body,
    Count,
    Json,
    Name,
    Surface,
    Text,
    Words,
    only,
    surface_of,
    write,
)

JOB_TYPE = Words("command", is_open=False)
RESERVED = "default"  # the name of an output that the service keeps for itself
ONLY_JOBS = frozenset(
    {"experiment_name", "services", "is_archived", "priority", "capacity_unit_count"}
)
ONLY_TRAINING_JOBS = frozenset({"training"})


def _without_reserved(outputs: Any) -> Any:
    if isinstance(outputs, dict) and any(str(name).lower() == RESERVED for name in outputs):
        raise ValueError(f"the name {RESERVED!r} is reserved by the system")
    return outputs


class CommandJob(Body):
    """What was asked for, with the defaults of the service."""

    job_type: Annotated[str, BeforeValidator(JOB_TYPE.read), PlainSerializer(JOB_TYPE.write)]
    command: Text | None = None
    environment_image_reference: Text | None = None
    training: Annotated[Training | None, only(Surface.TRAINING_JOBS)] = None
    display_name: Annotated[str, Field(max_length=256)] | None = None
    description: Annotated[str, Field(max_length=5000)] | None = None
    tags: dict[str, str] = Field(default_factory=dict)
    properties: dict[str, str] = Field(default_factory=dict)
    code_id: Text | None = None
    compute_id: Text
    inputs: dict[Name, Input] = Field(default_factory=dict)
    outputs: Annotated[dict[Name, Output], BeforeValidator(_without_reserved)] = Field(
        default_factory=dict
    )
    environment_variables: dict[str, str] = Field(default_factory=dict)
    resources: Resources | None = None
    gpu_count: Amount | None = None
    distribution: Distribution | None = None
    limits: Limits | None = None
    queue_settings: QueueSettings | None = None
    user_assigned_identity_id: Text | None = None
    experiment_name: Annotated[str | None, only(Surface.JOBS)] = None
    services: Annotated[dict[str, Service] | None, only(Surface.JOBS)] = None
    is_archived: Annotated[bool, only(Surface.JOBS)] = False
    priority: Annotated[str | None, only(Surface.JOBS)] = None
    capacity_unit_count: Annotated[Count | None, only(Surface.JOBS)] = None

    @property
    def instance_count(self) -> int:
        """How many nodes it runs on."""
        return (self.resources.instance_count if self.resources else None) or 1

    @model_validator(mode="after")
    def _either_command_or_recipe(self, info: ValidationInfo) -> "CommandJob":
        if self.training is not None:
            if self.command is not None:
                raise ValueError("command must be left out where there is a training recipe")
            return self
        needed = {"command": "command", "environment_image_reference": "environmentImageReference"}
        for plain, camel in needed.items():
            if getattr(self, plain) is None:
                is_camel = surface_of(info).is_camel
                raise ValueError(
                    f"{camel} is required" if is_camel else f"{plain} is required without training"
                )
        return self


def written(job: CommandJob, surface: Surface) -> Json:
    """Write the properties of a job as a contract spells them, without what it does not have."""
    if surface is Surface.JOBS:
        return write(job, surface, without=ONLY_TRAINING_JOBS)
    properties = write(job, surface, without=ONLY_JOBS)
    properties.get("queue_settings", {}).pop("priority", None)
    return properties
