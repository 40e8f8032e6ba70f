"""What a field of an inline job may hold, whichever service it is for."""

import re
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Annotated, Any, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    TypeAdapter,
)
from pydantic.alias_generators import to_snake
from pydantic_core import CoreSchema, core_schema

from shared.messages.fields import DURATION, ONE_LINE, Duration, shown
from shared.messages.reading import MEMBER

A_DURATION = TypeAdapter(Duration)
VARIABLE = re.compile(r"[^=\s]{1,255}")


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
        return {"type": "string", "anyOf": [{"enum": words}, {"pattern": in_any_case(words)}]}


def in_any_case(words: Iterable[str]) -> str:
    """A regular expression, as ECMA 262 knows it, for these words in any case."""
    each = ("".join(f"[{letter.upper()}{letter.lower()}]" for letter in word) for word in words)
    return f"^({'|'.join(each)})$"


ANY_CASE = _AnyCase()


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


def of_form(form: re.Pattern[str], expected: str) -> AfterValidator:
    """Takes a text of this form, and says in words what would be right."""

    def checked(text: str) -> str:
        if not form.fullmatch(text):
            raise ValueError(expected)
        return text

    return AfterValidator(checked)


def _whole(duration: timedelta) -> timedelta:
    if duration.microseconds:
        raise ValueError("whole seconds")
    return duration


def _whole_seconds(text: str) -> str:
    _whole(A_DURATION.validate_python(text))
    return text


Seconds = Annotated[str, AfterValidator(_whole_seconds), shown(DURATION)]
WholeSeconds = Annotated[Duration, AfterValidator(_whole)]
Count = Annotated[int, Field(ge=1, le=1_000_000)]
Text = Annotated[str, Field(min_length=1, max_length=1000), ONE_LINE]
Description = Annotated[str, Field(max_length=5000)]
Variable = Annotated[
    str,
    of_form(VARIABLE, "a name without = and white space, at most 255 characters"),
    shown(VARIABLE),
]
Variables = Annotated[dict[Variable, str], Field(max_length=200)]
