"""What the older form may say: every field, what it holds, and no other."""

from collections.abc import Callable
from datetime import timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, AliasChoices, Discriminator, Field, Tag, model_validator

from shared.backends.fields import (
    A_DURATION,
    ANY_CASE,
    Count,
    Description,
    Seconds,
    Text,
    Variables,
    kind,
    member,
)
from shared.backends.sections import section
from shared.backends.workspace import arm, parts
from shared.backends.workspace.legacy import places
from shared.backends.workspace.parts import Mpi, TensorFlow, WithAWord
from shared.backends.workspace.sampling import EarlyTermination, Objective, Trials
from shared.backends.workspace.wire import Place, TypeOfAsset
from shared.messages.fields import DisplayName, ParameterName, Properties, Sent, Tags
from shared.ports import Json

OLD, NEW = "api-version 2021-03-01-preview", "api-version 2024-10-01"
MINUTE = timedelta(minutes=1)
OF_SWEEP = frozenset(
    {"algorithm", "earlyTermination", "maxConcurrentTrials", "maxTotalTrials"}
    | {"objective", "searchSpace", "trial"}
)


def _checked(read: Callable[[str], str]) -> AfterValidator:
    """A place that is right, left as it is given: it becomes whole with the rest of the job."""

    def given(text: str) -> str:
        read(text)
        return text

    return AfterValidator(given)


def _data(text: str) -> str:
    return arm.data(text, "uri_folder")


def _whole_minutes(text: str) -> str:
    if A_DURATION.validate_python(text) % MINUTE:
        raise ValueError("whole minutes")
    return text


Minutes = Annotated[Seconds, AfterValidator(_whole_minutes)]
ModeOfInput = Literal[
    "Direct", "Download", "EvalDownload", "EvalMount", "Mount", "ReadOnlyMount", "ReadWriteMount"
]
ModeOfOutput = Literal["Direct", "Mount", "ReadWriteMount", "Upload"]


class InputBinding(Sent):
    """An input. The form itself has no type: that it may say one is ours."""

    data_id: Annotated[Place, _checked(_data)]
    mode: Annotated[ModeOfInput, ANY_CASE] | None = None
    path_on_compute: str | None = None
    job_input_type: Annotated[TypeOfAsset, ANY_CASE] | None = Field(
        None, validation_alias=AliasChoices("jobInputType", "type")
    )


class OutputBinding(Sent):
    """An output. The form itself has no type: that it may say one is ours."""

    datastore_id: Annotated[Place, AfterValidator(places.datastore)] | None = None
    path_on_datastore: Annotated[Place, AfterValidator(places.path)] | None = None
    mode: Annotated[ModeOfOutput, ANY_CASE] | None = None
    path_on_compute: str | None = None
    job_output_type: Annotated[TypeOfAsset, ANY_CASE] | None = Field(
        None, validation_alias=AliasChoices("jobOutputType", "type")
    )

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.datastore_id is None) != (self.path_on_datastore is None):
            raise ValueError("both datastoreId and pathOnDatastore, or neither")
        return self


class PyTorch(Sent):
    """Processes started for torch.distributed, counted over all instances."""

    distribution_type: Annotated[Literal["PyTorch"], ANY_CASE]
    process_count: Count | None = None


Distribution = Annotated[
    Annotated[Mpi, Tag(member("Mpi"))]
    | Annotated[PyTorch, Tag(member("PyTorch"))]
    | Annotated[TensorFlow, Tag(member("TensorFlow"))],
    Discriminator(
        kind("distributionType"),
        custom_error_type="kind",
        custom_error_message="an object whose distributionType is Mpi, PyTorch or TensorFlow",
    ),
]


class Identity(parts.Identity):
    """As whom the job runs."""

    identity_type: Annotated[Literal["AMLToken", "Managed"], ANY_CASE]


class Compute(Sent):
    """On what the job runs."""

    target: Annotated[Place, _checked(arm.compute)] | None = None
    instance_count: Count | None = None
    instance_type: Text | None = None
    is_local: bool | None = None
    location: str | None = None
    properties: dict[str, str] | None = None


class Program(Sent):
    """A command, what it reads and writes, and how long it may run."""

    command: WithAWord
    environment_id: Annotated[Place, _checked(arm.environment)] | None = None  # see `rules`
    code_id: Annotated[Place, _checked(arm.code)] | None = None
    environment_variables: Variables | None = None
    distribution: Distribution | None = None
    input_data_bindings: dict[ParameterName, InputBinding] | None = None
    output_data_bindings: dict[ParameterName, OutputBinding] | None = None
    timeout: Seconds | None = None


class Job(Sent):
    """What both kinds of jobs have."""

    compute: Compute
    description: Description | None = None
    experiment_name: DisplayName | None = None
    identity: Identity | None = None
    priority: int | None = None
    properties: Properties | None = None
    tags: Tags | None = None


class CommandJob(Job, Program):
    """A Command."""

    job_type: Annotated[Literal["Command"], ANY_CASE] | None = None


class SweepJob(Job, Trials):
    """A Sweep."""

    job_type: Annotated[Literal["Sweep"], ANY_CASE] | None = None
    algorithm: Annotated[Literal["Bayesian", "Grid", "Random"], ANY_CASE]
    early_termination: EarlyTermination | None = None
    objective: Objective
    search_space: dict[str, Any]  # read with that of today's form
    timeout: Minutes | None = None
    trial: Program


MODELS: dict[str, type[CommandJob | SweepJob]] = {"command": CommandJob, "sweep": SweepJob}


def word(job: Json) -> str:
    """The kind of a job as it says itself, or as its fields show."""
    said = job.get("jobType")
    if said is None:
        return "command" if OF_SWEEP.isdisjoint(job) else "sweep"
    return said.casefold() if isinstance(said, str) else ""


def program(job: Json, at: str) -> tuple[Json, str]:
    """The part of a job that has the command, and where that is."""
    return (section(job, "trial"), f"{at}/trial") if word(job) == "sweep" else (job, at)
