"""The inputs and outputs of an inline job (see `wire`)."""

from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    AliasChoices,
    Discriminator,
    Field,
    Tag,
    ValidationInfo,
    field_validator,
)

from shared.backends.fields import ANY_CASE, Description, Text, kind, member
from shared.backends.given import text
from shared.backends.workspace import arm
from shared.backends.workspace.parts import with_a_word
from shared.backends.workspace.wire import Since, TypeOfAsset, scope
from shared.messages.fields import ParameterName, Sent, Uri
from shared.messages.inputs import ModeOfInput, ModeOfOutput, Plain, PlainValue

WITH_ASSET_NAME = Since("2025-12-01")
OF_TYPE = AliasChoices("jobInputType", "type")


def _literal(value: Plain) -> str:
    return with_a_word(text(value))


class LiteralJobInput(Sent):
    """A plain value, which the service takes as text."""

    job_input_type: Annotated[Literal["literal"], ANY_CASE] = Field(
        validation_alias=OF_TYPE, description="That it is a plain value."
    )
    value: Annotated[PlainValue, AfterValidator(_literal)] = Field(description="The value.")
    description: Description | None = Field(None, description="What it is for.")


class DataJobInput(Sent):
    """Data or a model at a place."""

    job_input_type: Annotated[TypeOfAsset, ANY_CASE] = Field(
        validation_alias=OF_TYPE, description="What it is."
    )
    uri: Uri = Field(description="Its address, azureml:name:version, or its id.")
    mode: Annotated[ModeOfInput, ANY_CASE] | None = Field(None, description="How the job gets it.")
    description: Description | None = Field(None, description="What it is for.")

    @field_validator("uri")
    @classmethod
    def _whole(cls, uri: str, info: ValidationInfo) -> str:
        of_type = info.data.get("job_input_type")
        return uri if of_type is None else scope(info).workspace.whole(arm.data(uri, of_type))


def _form_of_input(value: object) -> str | None:
    chosen = kind("jobInputType", "type")(value)
    return chosen if chosen in {None, member("literal")} else member("data")


Input = Annotated[
    Annotated[LiteralJobInput, Tag(member("literal"))]
    | Annotated[DataJobInput, Tag(member("data"))],
    Discriminator(
        _form_of_input,
        custom_error_type="kind",
        custom_error_message="an object whose jobInputType is literal or a type of data",
    ),
]
Inputs = Annotated[dict[ParameterName, Input], Field(max_length=200)]


class JobOutput(Sent):
    """Where an output goes."""

    job_output_type: Annotated[TypeOfAsset, ANY_CASE] = Field(
        validation_alias=AliasChoices("jobOutputType", "type"), description="What it is."
    )
    uri: Annotated[Uri, AfterValidator(arm.address)] | None = Field(
        None, description="Its address; absent: the workspace chooses one for each run."
    )
    mode: Annotated[ModeOfOutput, ANY_CASE] | None = Field(
        None, description="How the job writes it."
    )
    description: Description | None = Field(None, description="What it is for.")
    asset_name: Annotated[Text | None, WITH_ASSET_NAME] = Field(
        None, description="The asset that it becomes."
    )


Outputs = Annotated[dict[ParameterName, JobOutput], Field(max_length=100)]
