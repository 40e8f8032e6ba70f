"""How an inline job is read: in the service's own words, with short names made whole ids.

Names, words and what is required are those of api-version 2024-10-01:
learn.microsoft.com/azure/templates/microsoft.machinelearningservices/2024-10-01/workspaces/jobs.
Words are taken in any case, because Microsoft's own clients send some in lower case.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    TypeAdapter,
    ValidationInfo,
)
from pydantic.alias_generators import to_snake
from pydantic_core import CoreSchema, core_schema

from shared.backends.workspace import arm
from shared.backends.workspace.arm import Workspace
from shared.messages.fields import DURATION, Duration, shown
from shared.messages.reading import MEMBER

PREVIEW = "-preview"
A_DURATION = TypeAdapter(Duration)


@dataclass(frozen=True)
class Scope:
    """What an inline job is read for: its context."""

    workspace: Workspace
    api_version: str


class _AnyCase:
    """Takes a word of a Literal in any case, and keeps it as it is spelt there."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        spelt = {word.casefold(): word for word in get_args(source)}

        def spell(value: object) -> object:
            return spelt.get(value.casefold(), value) if isinstance(value, str) else value

        return core_schema.no_info_before_validator_function(spell, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """The words as they are spelt, to choose from, and any other spelling of them."""
        spelt = handler(schema)
        words = spelt["enum"] if "enum" in spelt else [spelt["const"]]
        return {"type": "string", "anyOf": [{"enum": words}, {"pattern": _in_any_case(words)}]}


def _in_any_case(words: Iterable[str]) -> str:
    """A regular expression, as ECMA 262 knows it, for these words in any case."""
    each = ("".join(f"[{letter.upper()}{letter.lower()}]" for letter in word) for word in words)
    return f"^({'|'.join(each)})$"


ANY_CASE = _AnyCase()


@dataclass(frozen=True)
class Since:
    """A field that stable api-versions have from this date on."""

    date: str

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        def known(value: object, info: Any) -> object:
            version = scope(info).api_version
            if value is not None and version.removesuffix(PREVIEW) < self.date:
                raise ValueError(
                    f"nothing: api-version {version} has no such field. An operator may set "
                    f"ARM_API_VERSION to {self.date}"
                )
            return value

        return core_schema.with_info_before_validator_function(known, handler(source))


def scope(info: ValidationInfo) -> Scope:
    """What the job is read for."""
    if not isinstance(info.context, Scope):
        raise TypeError("an inline job is read for a workspace")
    return info.context


def kind(*names: str) -> Callable[[object], str | None]:
    """Choose the member of a union by the word under one of these names; see `member`."""

    def chosen(value: object) -> str | None:
        found = next((each for each in (_said(value, name) for name in names) if each), None)
        return member(found) if isinstance(found, str) else None

    return chosen


def _said(value: object, name: str) -> object:
    """What is under a name: of an object that is read, or of a model that is written again."""
    if isinstance(value, dict):
        return value.get(name)
    return getattr(value, to_snake(name), None) if isinstance(value, BaseModel) else None


def member(word: str) -> str:
    """The tag of the member of a union that a word names."""
    return f"{MEMBER}{word.casefold()}"


def _placed(read: Callable[[str], str]) -> AfterValidator:
    """An id, or a short name that becomes one."""

    def whole(text: str, info: ValidationInfo) -> str:
        return scope(info).workspace.whole(read(text))

    return AfterValidator(whole)


def _whole_seconds(text: str) -> str:
    duration: timedelta = A_DURATION.validate_python(text)
    if duration.microseconds:
        raise ValueError("whole seconds")
    return text


Place = Annotated[str, Field(min_length=1, max_length=1000)]
ComputeId = Annotated[Place, _placed(arm.compute)]
EnvironmentId = Annotated[Place, _placed(arm.environment)]
CodeId = Annotated[Place, _placed(arm.code)]
ComponentId = Annotated[Place, _placed(arm.component)]
Seconds = Annotated[str, AfterValidator(_whole_seconds), shown(DURATION)]
Count = Annotated[int, Field(ge=1, le=1_000_000)]
