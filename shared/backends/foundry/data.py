"""The inputs and outputs of a training job (see `wire`)."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Discriminator, Field, Tag

from shared.backends.fields import ANY_CASE, Description, Text, in_any_case, kind, member
from shared.backends.foundry.wire import Free, Said
from shared.backends.foundry.words import ASSETS, MODES
from shared.messages.fields import ParameterName, Uri

LITERAL, RESERVED = "literal", "default"
DATA_ONLY: Free = {"not": {"pattern": in_any_case([LITERAL])}}  # in the schemas
Mode = Annotated[Text, MODES]


def _no_literal(word: str) -> str:
    if word.casefold() == LITERAL:
        raise ValueError("a type of data: only an input is a literal")
    return word


def _unreserved(name: str) -> str:
    if name.casefold() == RESERVED:
        raise ValueError(f"another name than {RESERVED!r}, which the service keeps for itself")
    return name


class LiteralOfTraining(Said):
    """A plain value."""

    job_input_type: Annotated[Literal["literal"], ANY_CASE] = Field(
        description="That it is a plain value."
    )
    value: str = Field(description="The value, always as text.")


class DataOfTraining(Said):
    """Data or a model at a place."""

    job_input_type: Annotated[Text, ASSETS] = Field(
        description="What it is; one that we do not know is sent as it is.",
        json_schema_extra=DATA_ONLY,
    )
    uri: Uri = Field(description="Its address or id.")
    mode: Mode | None = Field(None, description="How the job gets it.")


def _form_of_input(value: object) -> str | None:
    chosen = kind("job_input_type")(value)
    return chosen if chosen in {None, member(LITERAL)} else member("data")


InputOfTraining = Annotated[
    Annotated[LiteralOfTraining, Tag(member(LITERAL))]
    | Annotated[DataOfTraining, Tag(member("data"))],
    Discriminator(
        _form_of_input,
        custom_error_type="kind",
        custom_error_message="an object whose job_input_type is literal or a type of data",
    ),
]


class OutputOfTraining(Said):
    """Where an output goes, and what it becomes."""

    job_output_type: Annotated[Text, AfterValidator(_no_literal), ASSETS] = Field(
        description="What it is; one that we do not know is sent as it is.",
        json_schema_extra=DATA_ONLY,
    )
    mode: Mode | None = Field(None, description="How the job writes it.")
    asset_name: Text | None = Field(None, description="The asset that it becomes.")
    asset_version: Text | None = Field(None, description="The version of that asset.")
    uri: Uri | None = Field(
        None, description="Its address; absent: the service chooses one for each run."
    )
    base_model_id: Text | None = Field(None, description="The model that it was made from.")
    description: Description | None = Field(None, description="What it is for.")


InputsOfTraining = Annotated[dict[ParameterName, InputOfTraining], Field(max_length=200)]
OutputsOfTraining = Annotated[
    dict[Annotated[ParameterName, AfterValidator(_unreserved)], OutputOfTraining],
    Field(max_length=100),
]
