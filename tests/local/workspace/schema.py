"""How the body of a job is checked: strictly, with the path of each fault.

Enumerated words are taken in any case, because Microsoft's own clients send some in lower case
(azure-ai-ml 1.35: the goal of a sweep, the rule of its sampling). Unknown properties are refused,
so that a misspelt one cannot pass unseen.
"""

import re
from datetime import timedelta
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    ValidationError,
    ValidationInfo,
)
from pydantic.alias_generators import to_camel, to_snake

from tests.local.workspace.refusals import bad_request
from tests.local.workspace.versions import OURS

Json = dict[str, Any]
LONGEST_MESSAGE = 3000
DURATION = re.compile(
    r"P(?=.)(?:(?P<days>\d+)D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+)S)?)?"
)


class Body(BaseModel):
    """An object of the wire: strict types, camelCase, nothing unknown."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, alias_generator=to_camel)


Checked = TypeVar("Checked", bound=BaseModel)


def word(*words: str) -> AfterValidator:
    """Take one of these words in any case and keep it as it is spelt here."""
    spelt = {known.lower(): known for known in words}

    def one(value: str) -> str:
        if value.lower() not in spelt:
            raise ValueError(f"{value!r} is none of {', '.join(words)}")
        return spelt[value.lower()]

    return AfterValidator(one)


def kind(name: str) -> Discriminator:
    """Choose the member of a union by the word under a name; the tag of `Mpi` is `<mpi>`."""

    def chosen(value: Any) -> str | None:
        found = word_in(value, name)
        return f"<{found.lower()}>" if found else None

    return Discriminator(
        chosen, custom_error_type="kind", custom_error_message=f"needs a {name} that exists"
    )


def word_in(value: Any, name: str) -> str | None:
    """Give the word under a name, of an object that was sent or of one that was read."""
    found = value.get(name) if isinstance(value, dict) else getattr(value, to_snake(name), None)
    return found if isinstance(found, str) else None


def seconds(duration: str) -> float:
    """Read an ISO 8601 duration; ValueError when it is none."""
    parts = DURATION.fullmatch(duration)
    if parts is None:
        raise ValueError(f"{duration!r} is no duration such as P1DT2H3M4S")
    amounts = {unit: int(amount) for unit, amount in parts.groupdict().items() if amount}
    try:
        return timedelta(**amounts).total_seconds()
    except OverflowError as exc:
        raise ValueError(f"{duration!r} is too long") from exc


def checked(model: type[Checked], sent: Json, *, at: str, api_version: str = "") -> Checked:
    """Read an object that was sent; refuse it with the path of each fault, from `at` on."""
    try:
        return model.model_validate(sent, context={"api_version": api_version})
    except ValidationError as exc:
        raise bad_request(_faults(exc, at), "ArgumentInvalid") from None


def read(model: type[Body], properties: Json, *, api_version: str) -> Json:
    """Check the properties of a job; give them in the service's spelling, with its defaults."""
    job = checked(model, properties, at="properties", api_version=api_version)
    return job.model_dump(by_alias=True, exclude_none=True)


def _not_in_ours(value: Any, info: ValidationInfo) -> Any:
    if value is not None and (info.context or {}).get("api_version") == OURS:
        raise ValueError(f"is no part of api-version {OURS}")
    return value


LATER = BeforeValidator(_not_in_ours)
HAS_A_WORD = Field(min_length=1, pattern=r"[a-zA-Z0-9_]")
Guid = Annotated[str, Field(pattern=r"(?i)^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]


def _faults(error: ValidationError, at: str) -> str:
    faults = error.errors(include_input=False)
    told = "; ".join(f"{_path(at, fault['loc'])}: {fault['msg']}" for fault in faults)
    return told[:LONGEST_MESSAGE]


def _path(at: str, location: tuple[int | str, ...]) -> str:
    """Write where a fault is, without the tags that say which member of a union was tried."""
    steps = (str(step) for step in location)
    return ".".join([at, *(step for step in steps if not step.startswith("<"))])


def _duration(text: str) -> str:
    seconds(text)
    return text


Duration = Annotated[str, AfterValidator(_duration)]
