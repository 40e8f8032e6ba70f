"""Values in a SQL filter: constants, properties and sums.

None stands for a property that is not there, for one that is null, and for everything that is made
of such. Types bind as in C#, which the service's page names as its rule: whole numbers have 64
bits and divide towards zero, and nothing but numbers and texts can be added.
"""

import math
from dataclasses import dataclass

from tests.local.bus.filters.errors import FilterError
from tests.local.bus.messages import Content

LONGEST = 2**63


@dataclass(frozen=True)
class Constant:
    """The same for every message."""

    constant: object

    def value(self, content: Content) -> object:
        """Give it."""
        return self.constant


@dataclass(frozen=True)
class Property:
    """An application property or, in the scope `sys`, a property of the message."""

    name: str
    is_system: bool

    def value(self, content: Content) -> object:
        """Give it, None when the message has none."""
        return (content.system if self.is_system else content.properties).get(self.name)

    def exists(self, content: Content) -> bool:
        """Tell whether the message has it, even if it is null."""
        return self.name in (content.system if self.is_system else content.properties)


@dataclass(frozen=True)
class Signed:
    """A number with a sign before it."""

    sign: str
    operand: "Value"

    def value(self, content: Content) -> object:
        """Give it, negative after a minus."""
        operand = self.operand.value(content)
        if operand is None:
            return None
        number = _number(operand)
        return -number if self.sign == "-" else number


@dataclass(frozen=True)
class Arithmetic:
    """Two values and what is done with them."""

    operator: str
    left: "Value"
    right: "Value"

    def value(self, content: Content) -> object:
        """Give the result; FilterError when there is none."""
        left, right = self.left.value(content), self.right.value(content)
        if left is None or right is None:
            return None
        if self.operator == "+" and isinstance(left, str) and isinstance(right, str):
            return left + right
        result = _calculate(self.operator, _number(left), _number(right))
        if isinstance(result, int) and not -LONGEST <= result < LONGEST:
            raise FilterError(f"{left} {self.operator} {right} is too large for a whole number")
        return result


Value = Constant | Property | Signed | Arithmetic


def is_number(value: object) -> bool:
    """Tell whether a value can be calculated with."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _number(value: object) -> int | float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    raise FilterError(f"{value!r} is not a number")


def _calculate(operator: str, left: float, right: float) -> float:
    if operator == "+":
        return left + right
    if operator == "-":
        return left - right
    if operator == "*":
        return left * right
    if right == 0:
        raise FilterError(f"{left} {operator} 0 has no result")
    return _quotient(left, right) if operator == "/" else _remainder(left, right)


def _quotient(left: float, right: float) -> float:
    if isinstance(left, int) and isinstance(right, int):
        whole = abs(left) // abs(right)
        return whole if (left < 0) == (right < 0) else -whole
    return left / right


def _remainder(left: float, right: float) -> float:
    if isinstance(left, int) and isinstance(right, int):
        return left - right * int(_quotient(left, right))
    return math.fmod(left, right)
