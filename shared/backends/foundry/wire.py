"""How a training job is read: in the words of the service, with short names made whole ids.

Names, words and what is required are those of `training_jobs` (see `words`).
"""

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    WithJsonSchema,
)

from shared.backends.fields import Text
from shared.backends.foundry import computes
from shared.messages.fields import Sent

LARGEST = 2**31 - 1


@dataclass(frozen=True)
class Scope:
    """What a training job is read for: its context."""

    compute_prefix: str | None


class Said(Sent):
    """A part of a training job: its names are those of the service."""

    model_config = ConfigDict(alias_generator=None)


def _whole(text: str, info: ValidationInfo) -> str:
    """An id, or a short name that becomes one."""
    if not isinstance(info.context, Scope):
        raise TypeError("a training job is read for a project")
    return computes.compute(text, info.context.compute_prefix)


def _said_by_service(value: object) -> None:
    if value is not None:
        raise ValueError("nothing: the service itself says this")


ComputeId = Annotated[Text, AfterValidator(_whole)]
ReadOnly = Annotated[None, BeforeValidator(_said_by_service), WithJsonSchema({"type": "null"})]
Int32 = Annotated[int, Field(ge=-LARGEST - 1, le=LARGEST)]
Amount = Annotated[int, Field(ge=0, le=LARGEST)]
Port = Annotated[int, Field(ge=1, le=65535)]
Share = Annotated[float, Field(ge=0, le=1)]
Free = dict[str, Any]
