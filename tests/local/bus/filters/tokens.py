"""The words of a SQL filter."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from tests.local.bus.filters.errors import FilterSyntaxError

KEYWORDS = {"AND", "OR", "NOT", "IN", "LIKE", "ESCAPE", "IS", "NULL", "EXISTS", "TRUE", "FALSE"}
QUOTES = {"string": "'", "bracketed": "]", "quoted": '"'}  # what is written twice inside


class Kind(StrEnum):
    """What sort of word it is."""

    NUMBER = "number"
    STRING = "string"
    NAME = "name"
    KEYWORD = "keyword"
    SYMBOL = "symbol"
    END = "end"


@dataclass(frozen=True)
class Token:
    """A word, as it is meant: quotes are gone, keywords are in capitals."""

    kind: Kind
    text: str
    position: int


_WORDS = re.compile(
    r"""
      (?P<space>\s+)
    | (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
    | '(?P<string>(?:[^']|'')*)'
    | \[(?P<bracketed>(?:[^\]]|\]\])+)\]
    | "(?P<quoted>(?:[^"]|"")+)"
    | (?P<word>[^\W\d_]\w*)
    | (?P<symbol><>|!=|<=|>=|[=<>+\-*/%(),.])
    """,
    re.VERBOSE,
)


def tokens(expression: str) -> list[Token]:
    """Cut a filter into words; FilterSyntaxError for what is none."""
    return [*_cut(expression), Token(Kind.END, "the end", len(expression))]


def _cut(expression: str) -> Iterator[Token]:
    position = 0
    while position < len(expression):
        match = _WORDS.match(expression, position)
        if match is None:
            raise FilterSyntaxError(
                f"character {position + 1}: {expression[position]!r} means nothing here"
            )
        if match.lastgroup != "space":
            yield _token(match)
        position = match.end()


def _token(match: re.Match[str]) -> Token:
    group, position = match.lastgroup or "", match.start()
    text = match[group]
    if group in QUOTES:
        kind = Kind.STRING if group == "string" else Kind.NAME
        return Token(kind, text.replace(2 * QUOTES[group], QUOTES[group]), position)
    if group == "word":
        is_keyword = text.upper() in KEYWORDS
        return (
            Token(Kind.KEYWORD, text.upper(), position)
            if is_keyword
            else Token(Kind.NAME, text, position)
        )
    return Token(Kind(group), text, position)
