"""Reads Bicep files as far as the tests of the infrastructure need it.

Objects, arrays, loops, conditions and plain literals become values; any other expression is kept as
it is written. What it cannot read is an error, never left out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeAlias

INFRA = Path(__file__).parents[2] / "infra"


@dataclass(frozen=True)
class Raw:
    """An expression, as it is written."""

    text: str


Value: TypeAlias = "str | int | bool | Raw | list[Value] | Object | None"
Object: TypeAlias = dict[str, Value]


@dataclass
class Declaration:
    """One statement: `resource`, `param`, `var` and so on."""

    kind: str
    name: str
    head: str
    value: Value
    decorators: dict[str, Value] = field(default_factory=dict)
    comment: str = ""
    children: list["Declaration"] = field(default_factory=list)
    is_existing: bool = False
    is_conditional: bool = False


def read(path: Path) -> list[Declaration]:
    """Every declaration of a file, in order; nested resources are children."""
    return list(_Reader(path.read_text(encoding="utf-8"), path.name).program())


def all_files() -> list[Path]:
    """Every Bicep file of the project."""
    return sorted(INFRA.rglob("*.bicep"))


def resources(declarations: list[Declaration], parent: str = "") -> Iterator[Declaration]:
    """Every resource with its whole type, nested ones included."""
    for each in declarations:
        if each.kind == "resource":
            name = each.head.partition("@")[0]
            whole = f"{parent}/{name}" if parent else name
            yield replace(each, head=whole)
            yield from resources(each.children, whole)


STATEMENT = re.compile(
    r"(?:(?P<kind>param|var|type|func|resource|module|output|metadata) +(?P<name>\w+)"
    r"|(?P<bare>targetScope|using|import))"
)
WORD = re.compile(r"[A-Za-z_]\w*")
NESTED = re.compile(r"resource +\w+ +'")
CLOSING = {"(": ")", "[": "]", "{": "}"}
LITERALS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
ESCAPED = re.compile(r"\\(u\{[0-9a-fA-F]+\}|.)")
MEANT = {"n": "\n", "r": "\r", "t": "\t"}


class _Reader:
    def __init__(self, text: str, name: str) -> None:
        self._text = text
        self._name = name
        self._at = 0
        self._comment: list[str] = []

    def program(self) -> Iterator[Declaration]:
        while self._space():
            yield self._declaration()

    def _declaration(self) -> Declaration:
        comment = "\n".join(self._comment)
        decorators = dict(self._decorators())
        match = STATEMENT.match(self._text, self._at)
        if not match:
            raise self._wrong("a statement")
        self._at = match.end()
        kind, name = match["kind"] or match["bare"], match["name"] or ""
        found = Declaration(kind, name, "", None, decorators, comment)
        if kind in ("import", "using"):
            found.head = self._raw("")
            return found
        found.head = self._raw("=").strip()
        self._after(kind, found)
        return found

    def _after(self, kind: str, found: Declaration) -> None:
        """What stands behind the head: nothing, for a parameter without default; else a value."""
        if not self._skip("="):
            return
        if kind == "func":
            self._skip(">")
        found.is_existing = found.head.endswith(" existing")
        found.head = found.head.removesuffix(" existing").strip("'")
        self._space()
        if kind == "type" and self._peek() == "|":
            found.value = self._union()
            return
        if self._text.startswith("if ", self._at):
            self._at += 3
            found.is_conditional = self._bracketed() != ""
            self._space()
        found.value = self._value(found.children)

    def _decorators(self) -> Iterator[tuple[str, Value]]:
        while self._skip("@"):
            name = self._word()
            inside = self._bracketed()[1:-1]
            yield name, _Reader(inside, self._name)._value([]) if inside else True
            self._space()

    def _value(self, children: list[Declaration]) -> Value:
        if self._peek() == "{":
            return self._object(children)
        if self._peek() == "[":
            return self._array(children)
        return _literal(self._raw(",}]").strip())

    def _object(self, children: list[Declaration]) -> Object:
        found: Object = {}
        self._at += 1
        while self._space() and not self._skip("}"):
            if NESTED.match(self._text, self._at):
                children.append(self._declaration())
                continue
            for _ in self._decorators():
                pass
            key = self._key()
            if key in found or not self._skip(":"):
                raise self._wrong(f"one value for {key}")
            self._space()
            found[key] = self._value(children)
            self._space()
            self._skip(",")
        return found

    def _array(self, children: list[Declaration]) -> Value:
        self._at += 1
        self._space()
        if self._text.startswith("for ", self._at):
            loop = self._raw(":")
            self._at += 1
            self._space()
            body = self._value(children)
            self._space()
            if not self._skip("]"):
                raise self._wrong("the end of a loop")
            return {loop: body}
        found: list[Value] = []
        while self._space() and not self._skip("]"):
            found.append(self._value(children))
            self._space()
            self._skip(",")
        return found

    def _union(self) -> list[Value]:
        found: list[Value] = []
        end = self._at
        while self._space() and self._skip("|"):
            found.append(_literal(self._raw("").strip()))
            end = self._at
        self._at = end  # the comment that was skipped belongs to what follows
        return found

    def _key(self) -> str:
        if self._peek() == "'":
            return self._string()[1:-1]
        return "*" if self._skip("*") else self._word()

    def _word(self) -> str:
        match = WORD.match(self._text, self._at)
        if not match:
            raise self._wrong("a name")
        self._at = match.end()
        self._blanks()
        return match[0]

    def _raw(self, stops: str) -> str:
        """The text up to the end of the line or one of these, brackets and strings taken whole."""
        start = self._at
        while (char := self._peek()) not in ("", "\n", *stops):
            if char == "'":
                self._string()
            elif char in CLOSING:
                self._bracketed()
            elif self._text.startswith("//", self._at):
                break
            else:
                self._at += 2 if self._text[self._at : self._at + 2] in ("==", "!=", "=~") else 1
        return self._text[start : self._at]

    def _bracketed(self) -> str:
        start, closing = self._at, CLOSING.get(self._peek())
        if closing is None:
            raise self._wrong("a bracket")
        self._at += 1
        while (char := self._peek()) != closing:
            if char == "":
                raise self._wrong(closing)
            if char == "'":
                self._string()
            elif char in CLOSING:
                self._bracketed()
            else:
                self._at += 1
        self._at += 1
        text = self._text[start : self._at]
        self._blanks()
        return text

    def _string(self) -> str:
        start = self._at
        self._at += 1
        while (char := self._peek()) != "'":
            if char in ("", "\n"):
                raise self._wrong("the end of a string")
            if self._text.startswith("${", self._at):
                self._at += 1
                self._bracketed()
            else:
                self._at += 2 if char == "\\" else 1
        self._at += 1
        return self._text[start : self._at]

    def _space(self) -> bool:
        """Skip white space, keep the comment right before what comes, and say if there is more."""
        self._comment = []
        while True:
            begin = self._at
            self._blanks()
            if self._text.startswith("\n\n", self._at):
                self._comment = []
            if self._peek() == "\n":
                self._at += 1
            elif self._text.startswith("//", self._at):
                end = self._text.find("\n", self._at)
                self._comment.append(self._text[self._at + 2 : end].strip())
                self._at = end
            if self._at == begin:
                return self._peek() != ""

    def _blanks(self) -> None:
        while self._peek() == " ":
            self._at += 1

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _skip(self, char: str) -> bool:
        if self._peek() != char:
            return False
        self._at += 1
        self._blanks()
        return True

    def _wrong(self, wanted: str) -> ValueError:
        line = self._text.count("\n", 0, self._at) + 1
        return ValueError(f"{self._name}:{line}: {wanted} is expected")


def _literal(text: str) -> Value:
    """What an expression says, as far as it is a plain literal."""
    if text in LITERALS:
        return LITERALS[text]
    if re.fullmatch(r"-?\d+", text):
        return int(text)
    if re.fullmatch(r"'(?:[^'\\$]|\\.|\$(?!\{))*'", text):
        return ESCAPED.sub(lambda found: MEANT.get(found[1], found[1]), text[1:-1])
    return Raw(text)
