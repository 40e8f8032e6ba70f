"""Conditions in a SQL filter: true, false, or None where that cannot be known."""

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from tests.local.bus.filters.errors import FilterError
from tests.local.bus.filters.values import Property, Value, is_number
from tests.local.bus.messages import Content

Truth = bool | None


@dataclass(frozen=True)
class Not:
    """The opposite."""

    inner: "Condition"

    def holds(self, content: Content) -> Truth:
        """Turn it round; what is unknown stays unknown."""
        return _negated(self.inner.holds(content))


@dataclass(frozen=True)
class And:
    """Both."""

    left: "Condition"
    right: "Condition"

    def holds(self, content: Content) -> Truth:
        """One that is false decides, whatever the other is."""
        left = self.left.holds(content)
        if left is False:
            return False
        right = self.right.holds(content)
        return False if right is False else left and right


@dataclass(frozen=True)
class Or:
    """One of two."""

    left: "Condition"
    right: "Condition"

    def holds(self, content: Content) -> Truth:
        """One that is true decides, whatever the other is."""
        left = self.left.holds(content)
        if left is True:
            return True
        right = self.right.holds(content)
        return True if right is True else None if left is None or right is None else False


@dataclass(frozen=True)
class Comparison:
    """Two values side by side."""

    operator: str
    left: Value
    right: Value

    def holds(self, content: Content) -> Truth:
        """Compare; FilterError for values that cannot be compared so."""
        left, right = self.left.value(content), self.right.value(content)
        if left is None or right is None:
            return None
        return _compare(self.operator, left, right)


@dataclass(frozen=True)
class IsNull:
    """A property that is missing or null."""

    property: Property

    def holds(self, content: Content) -> Truth:
        """Tell."""
        return self.property.value(content) is None


@dataclass(frozen=True)
class Exists:
    """A property that is there, null or not."""

    property: Property

    def holds(self, content: Content) -> Truth:
        """Tell."""
        return self.property.exists(content)


@dataclass(frozen=True)
class In:
    """A value among others."""

    operand: Value
    choices: tuple[Value, ...]

    def holds(self, content: Content) -> Truth:
        """Look for an equal one; with an unknown choice, not to be found is unknown."""
        operand = self.operand.value(content)
        if operand is None:
            return None
        choices = [choice.value(content) for choice in self.choices]
        if any(choice is not None and _compare("=", operand, choice) for choice in choices):
            return True
        return None if None in choices else False


@dataclass(frozen=True)
class Like:
    """A text and a pattern: % is any text, _ any character."""

    operand: Value
    pattern: Value
    escape: Value | None

    def holds(self, content: Content) -> Truth:
        """Match the whole text."""
        texts = [
            part.value(content)
            for part in (self.operand, self.pattern, self.escape)
            if part is not None
        ]
        if None in texts:
            return None
        operand, pattern, *escape = (_text(text) for text in texts)
        return (
            _regular_expression(pattern, escape[0] if escape else None).fullmatch(operand)
            is not None
        )


Condition = Not | And | Or | Comparison | IsNull | Exists | In | Like

_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def _negated(truth: Truth) -> Truth:
    return None if truth is None else not truth


def _compare(sign: str, left: object, right: object) -> bool:
    numbers = is_number(left) and is_number(right)
    if not numbers and type(left) is not type(right):
        raise FilterError(f"{left!r} and {right!r} cannot be compared")
    if sign in {"=", "<>", "!="}:
        return (left == right) == (sign == "=")
    if not numbers:
        raise FilterError(f"{sign} is for numbers, not for {left!r}")
    return _ORDER[sign](left, right)


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    raise FilterError(f"LIKE is for texts, not for {value!r}")


@lru_cache(maxsize=256)
def _regular_expression(pattern: str, escape: str | None) -> re.Pattern[str]:
    if escape is not None and len(escape) != 1:
        raise FilterError(f"ESCAPE takes one character, not {escape!r}")
    first, *others = _pieces(pattern, escape)
    if not others:
        return re.compile(first, re.DOTALL)
    # Each piece stays where it is first found: so no pattern takes longer than the text is long.
    middle = "".join(f"(?>.*?{piece})" for piece in others[:-1])
    return re.compile(f"{first}{middle}.*{others[-1]}", re.DOTALL)


def _pieces(pattern: str, escape: str | None) -> list[str]:
    """Cut a pattern at each %, and write the pieces as regular expressions."""
    pieces, characters = [""], iter(pattern)
    for character in characters:
        if character == escape:
            pieces[-1] += re.escape(next(characters, character))
        elif character == "%":
            pieces.append("")
        else:
            pieces[-1] += "." if character == "_" else re.escape(character)
    return pieces
