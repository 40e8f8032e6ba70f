"""A training job that a request brings itself: a command, or a recipe that becomes one."""

import re
from typing import Annotated, Literal

from pydantic import Field

from shared.backends.fields import ANY_CASE, Description, Text, Variables, of_form
from shared.backends.foundry import oddities
from shared.backends.foundry.data import InputsOfTraining, OutputsOfTraining
from shared.backends.foundry.parts import Endpoint, Machines, Processes, TimeLimit, Urgency
from shared.backends.foundry.recipes import Training
from shared.backends.foundry.wire import Amount, ComputeId, ReadOnly, Said, Scope
from shared.errors import Fault
from shared.messages import read
from shared.messages.fields import DisplayName, Properties, Tags
from shared.ports import Json

# A repository, by any of the ways in which git and its hosts name one.
GIT = (
    r"git[+@:].*|ssh:.*|https?://.*\.git([#@/?:].*)?"
    r"|https?://([^/@]*@)?(www\.)?(github|gitlab|bitbucket)\..*"
)
NO_GIT = re.compile(f"(?!(?i:{GIT})$).*")

CodeReference = Annotated[
    Text, of_form(NO_GIT, "the id of code that is uploaded: the service fetches none from git")
]


class TrainingJob(Said):
    """A training job, in the words of the service."""

    job_type: Annotated[Literal["command"], ANY_CASE] = Field(
        "command", description="The kind of job: there is one."
    )
    command: Annotated[str, Field(min_length=1)] | None = Field(
        None, description="What to run, with ${{inputs.x}}; required where there is no training."
    )
    environment_image_reference: Text | None = Field(
        None, description="Image or environment; required where there is no training."
    )
    training: Training | None = Field(
        None, description="The recipe, which the service makes a command of."
    )
    display_name: DisplayName | None = Field(None, description="The job's name for people.")
    description: Description | None = Field(None, description="What it does.")
    experiment_name: DisplayName | None = Field(
        None, description="What it belongs to; profile `jobs` alone has it."
    )
    tags: Tags | None = Field(None, description="Tags; `jobrelay` is ours.")
    properties: Properties | None = Field(None, description="Properties; `jobrelay.*` are ours.")
    code_id: CodeReference | None = Field(None, description="Id of the code.")
    compute_id: ComputeId | None = Field(
        None, description="Id or name of a compute of the account; required."
    )
    inputs: InputsOfTraining | None = Field(None, description="What the job reads.")
    outputs: OutputsOfTraining | None = Field(None, description="What the job writes.")
    environment_variables: Variables | None = Field(None, description="What it finds set.")
    resources: Machines | None = Field(None, description="On which machines.")
    gpu_count: Amount | None = Field(None, description="How many GPUs.")
    distribution: Processes | None = Field(None, description="How many processes it is.")
    limits: TimeLimit | None = Field(None, description="How long it may run.")
    queue_settings: Urgency | None = Field(None, description="How urgent it is.")
    user_assigned_identity_id: Text | None = Field(None, description="As whom it runs.")
    services: dict[Text, Endpoint] | None = Field(
        None, description="What it offers; profile `jobs` alone has it."
    )
    is_archived: bool | None = Field(
        None, description="Whether lists leave it out; profile `jobs` alone has it."
    )
    status: ReadOnly = Field(None, description="Said by the service alone.")


def definition(job: Json, scope: Scope, *, at: str) -> tuple[Json, tuple[Fault, ...]]:
    """The job with whole ids, and what is odd about it.

    RejectedError (`invalid`) with all that is wrong with its fields.
    """
    read_job = read(TrainingJob, job, at=at, context=scope)
    said = read_job.model_dump(mode="json", by_alias=True, exclude_none=True)
    marked = read_job.model_dump(by_alias=True, exclude_none=True)
    return said, (*oddities.new_words(marked, at), *oddities.columns(said, at))
