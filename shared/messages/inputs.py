"""The inputs and outputs that a request gives."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag

from shared.messages.fields import ParameterName, Sent, Uri
from shared.messages.reading import MEMBER

Plain = str | bool | int | float
TypeOfData = Literal[
    "uri_file",
    "uri_folder",
    "mltable",
    "custom_model",
    "mlflow_model",
    "triton_model",
    "safetensors_model",
]
ModeOfInput = Literal[
    "ReadOnlyMount", "ReadWriteMount", "Download", "Direct", "EvalMount", "EvalDownload"
]
ModeOfOutput = Literal["ReadWriteMount", "Upload", "Direct"]


def _plain(value: object) -> object:
    if not isinstance(value, Plain):
        raise ValueError("a string, a number, true or false")
    return value


def _form_of_input(value: object) -> str:
    if not isinstance(value, dict):
        return f"{MEMBER}plain"
    return f"{MEMBER}literal" if value.get("type") == "literal" else f"{MEMBER}data"


def _form_of_outputs(value: object) -> str:
    return f"{MEMBER}names" if isinstance(value, list) else f"{MEMBER}map"


PlainValue = Annotated[Plain, BeforeValidator(_plain)]


class LiteralInput(Sent):
    """A plain value, said at length."""

    type: Literal["literal"] = Field(description="That it is a plain value.")
    value: PlainValue = Field(description="The value.")


class DataInput(Sent):
    """Data or a model at a place."""

    type: TypeOfData = Field(description="What it is.")
    uri: Uri = Field(description="Its address, azureml:name:version, or its id.")
    mode: ModeOfInput | None = Field(
        None, description="How the job gets it; absent: the template's way."
    )


Input = Annotated[
    Annotated[PlainValue, Tag(f"{MEMBER}plain")]
    | Annotated[LiteralInput, Tag(f"{MEMBER}literal")]
    | Annotated[DataInput, Tag(f"{MEMBER}data")],
    Discriminator(_form_of_input),
]


class Output(Sent):
    """Where an output goes."""

    type: TypeOfData = Field("uri_folder", description="What it is.")
    uri: Uri | None = Field(
        None, description="Its address; absent: the workspace chooses one for each run."
    )
    mode: ModeOfOutput | None = Field(
        None, description="How the job writes it; absent: the template's way."
    )


Outputs = Annotated[
    Annotated[list[ParameterName], Field(max_length=100), Tag(f"{MEMBER}names")]
    | Annotated[dict[ParameterName, Output], Field(max_length=100), Tag(f"{MEMBER}map")],
    Discriminator(_form_of_outputs),
]


class Parameter(Sent):
    """An input, an output or both, in one list."""

    name: ParameterName = Field(description="Its name in the template.")
    direction: Literal["Input", "Output", "Input&Output"] = Field(
        "Input", description="Whether it is set, told of in the final event, or both."
    )
    value: Input | None = Field(
        None, description="The value of an input, as in `inputs`; an output has none."
    )
