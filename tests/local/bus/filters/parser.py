"""From the text of a SQL filter to its condition.

https://learn.microsoft.com/azure/service-bus-messaging/service-bus-messaging-sql-filter has the
grammar. Parameters (`@name`) and functions (`newid()`, `property(…)`) are not simulated and
refused by name.
"""

from collections.abc import Callable

from tests.local.bus.filters.conditions import (
    And,
    Comparison,
    Condition,
    Exists,
    In,
    IsNull,
    Like,
    Not,
    Or,
)
from tests.local.bus.filters.errors import FilterSyntaxError
from tests.local.bus.filters.tokens import Kind, Token, tokens
from tests.local.bus.filters.values import LONGEST, Arithmetic, Constant, Property, Signed, Value

LONGEST_EXPRESSION = (
    1024  # characters, https://learn.microsoft.com/azure/service-bus-messaging/service-bus-quotas
)
DEEPEST = 50
COMPARISONS = {"=", "<>", "!=", "<", "<=", ">", ">="}
SYSTEM_PROPERTIES = {
    "contenttype",
    "correlationid",
    "label",
    "messageid",
    "partitionkey",
    "replyto",
    "replytosessionid",
    "sessionid",
    "subject",
    "to",
}

CONSTANTS = {"TRUE": True, "FALSE": False, "NULL": None}

Node = Condition | Value


def condition(expression: str) -> Condition:
    """Read a SQL filter; FilterSyntaxError says what is wrong with it and where."""
    if len(expression) > LONGEST_EXPRESSION:
        raise FilterSyntaxError(
            f"a SQL filter has at most {LONGEST_EXPRESSION} characters, not {len(expression)}"
        )
    return _Parser(expression).whole()


class _Parser:
    """Reads from left to right; a method for each level of the grammar, the loosest first."""

    def __init__(self, expression: str) -> None:
        self._words = tokens(expression)
        self._next = 0
        self._depth = 0

    def whole(self) -> Condition:
        found = self._condition(self._either)
        if self._peek.kind is not Kind.END:
            raise self._unexpected("AND, OR or the end")
        return found

    def _either(self) -> Node:
        start = self._next
        left = self._both()
        while self._skip("OR"):
            left = Or(self._as_condition(left, start), self._condition(self._both))
        return left

    def _both(self) -> Node:
        start = self._next
        left = self._negation()
        while self._skip("AND"):
            left = And(self._as_condition(left, start), self._condition(self._negation))
        return left

    def _negation(self) -> Node:
        if self._skip("NOT"):
            return Not(self._condition(lambda: self._deeper(self._negation)))
        return self._test()

    def _test(self) -> Node:
        start = self._next
        left = self._sum()
        if self._peek.text in COMPARISONS and self._peek.kind is Kind.SYMBOL:
            return Comparison(
                self._take().text, self._as_value(left, start), self._value(self._sum)
            )
        if self._skip("IS"):
            return self._is_null(left, start)
        if self._skip("NOT"):
            return Not(self._membership(self._as_value(left, start)))
        if self._peek.kind is Kind.KEYWORD and self._peek.text in {"IN", "LIKE"}:
            return self._membership(self._as_value(left, start))
        return left

    def _is_null(self, left: Node, start: int) -> Condition:
        is_not = self._skip("NOT")
        self._expect("NULL")
        if not isinstance(left, Property):
            raise self._wrong("IS NULL is asked of a property", start)
        return Not(IsNull(left)) if is_not else IsNull(left)

    def _membership(self, operand: Value) -> Condition:
        if self._skip("IN"):
            return In(operand, self._choices())
        if not self._skip("LIKE"):
            raise self._unexpected("IN or LIKE")
        pattern = self._value(self._sum)
        return Like(operand, pattern, self._value(self._sum) if self._skip("ESCAPE") else None)

    def _choices(self) -> tuple[Value, ...]:
        self._expect("(")
        choices = [self._value(self._sum)]
        while self._skip(","):
            choices.append(self._value(self._sum))
        self._expect(")")
        return tuple(choices)

    def _sum(self) -> Node:
        return self._chain({"+", "-"}, self._product)

    def _product(self) -> Node:
        return self._chain({"*", "/", "%"}, self._signed)

    def _chain(self, signs: set[str], part: Callable[[], Node]) -> Node:
        start = self._next
        left = part()
        while self._peek.kind is Kind.SYMBOL and self._peek.text in signs:
            left = Arithmetic(self._take().text, self._as_value(left, start), self._value(part))
        return left

    def _signed(self) -> Node:
        if self._peek.kind is Kind.SYMBOL and self._peek.text in {"+", "-"}:
            sign = self._take().text
            return Signed(sign, self._value(lambda: self._deeper(self._signed)))
        return self._simple()

    def _simple(self) -> Node:
        if self._skip("("):
            inside = self._deeper(self._either)
            self._expect(")")
            return inside
        if self._skip("EXISTS"):
            self._expect("(")
            found = self._property()
            self._expect(")")
            return Exists(found)
        return self._property() if self._peek.kind is Kind.NAME else self._constant()

    def _constant(self) -> Constant:
        word = self._peek
        if word.kind is Kind.NUMBER:
            return Constant(self._number())
        if word.kind is Kind.STRING:
            return Constant(self._take().text)
        if word.kind is Kind.KEYWORD and word.text in CONSTANTS:
            return Constant(CONSTANTS[self._take().text])
        raise self._unexpected("a value or a condition")

    def _number(self) -> int | float:
        start, text = self._next, self._take().text
        if not text.isdecimal():
            return float(text)
        if int(text) >= LONGEST:
            raise self._wrong(f"{text} is too large for a whole number", start)
        return int(text)

    def _property(self) -> Property:
        start, name = self._next, self._name()
        if self._peek.text == "(" and self._peek.kind is Kind.SYMBOL:
            raise self._wrong(f"the function {name} is not simulated", start)
        if not self._skip("."):
            return Property(name, is_system=False)
        if name not in {"sys", "user"}:
            raise self._wrong(f"the scope is sys or user, not {name}", start)
        part = self._name()
        if name == "sys" and part not in SYSTEM_PROPERTIES:
            raise self._wrong(f"sys.{part} is not among {sorted(SYSTEM_PROPERTIES)}", start)
        return Property(part, is_system=name == "sys")

    def _name(self) -> str:
        if self._peek.kind is not Kind.NAME:
            raise self._unexpected("the name of a property")
        return self._take().text.lower()

    def _condition(self, read: Callable[[], Node]) -> Condition:
        start = self._next
        return self._as_condition(read(), start)

    def _value(self, read: Callable[[], Node]) -> Value:
        start = self._next
        return self._as_value(read(), start)

    def _as_condition(self, node: Node, start: int) -> Condition:
        if isinstance(node, Condition):
            return node
        raise self._wrong("this is a value, where a condition belongs", start)

    def _as_value(self, node: Node, start: int) -> Value:
        if isinstance(node, Value):
            return node
        raise self._wrong("this is a condition, where a value belongs", start)

    def _deeper(self, read: Callable[[], Node]) -> Node:
        self._depth += 1
        if self._depth > DEEPEST:
            raise self._wrong(f"nested more than {DEEPEST} deep", self._next)
        node = read()
        self._depth -= 1
        return node

    @property
    def _peek(self) -> Token:
        return self._words[self._next]

    def _take(self) -> Token:
        word = self._words[self._next]
        self._next += 1
        return word

    def _skip(self, text: str) -> bool:
        found = self._peek.text == text and self._peek.kind in {Kind.KEYWORD, Kind.SYMBOL}
        self._next += found
        return found

    def _expect(self, text: str) -> None:
        if not self._skip(text):
            raise self._unexpected(text)

    def _unexpected(self, wanted: str) -> FilterSyntaxError:
        return self._wrong(f"{wanted} is expected, not {self._peek.text}", self._next)

    def _wrong(self, text: str, word: int) -> FilterSyntaxError:
        return FilterSyntaxError(f"character {self._words[word].position + 1}: {text}")
