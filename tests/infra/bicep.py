"""Reads Bicep files as far as the tests of the infrastructure need it.

Objects, arrays, loops, conditions and plain literals become values; any other expression is kept as
it is written. What it cannot read is an error, never left out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeAlias

from tests.infra.scanner import Scanner

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
    return list(_Reader(Scanner(path.read_text(encoding="utf-8"), path.name)).program())


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
NESTED = re.compile(r"resource +\w+ +'")
LITERALS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
ESCAPED = re.compile(r"\\(u\{[0-9a-fA-F]+\}|.)")
MEANT = {"n": "\n", "r": "\r", "t": "\t"}


class _Reader:
    def __init__(self, scan: Scanner) -> None:
        self._scan = scan

    def program(self) -> Iterator[Declaration]:
        while self._scan.space():
            yield self._declaration()

    def _declaration(self) -> Declaration:
        comment = "\n".join(self._scan.comment)
        decorators = dict(self._decorators())
        match = STATEMENT.match(self._scan.text, self._scan.at)
        if not match:
            raise self._scan.wrong("a statement")
        self._scan.at = match.end()
        kind, name = match["kind"] or match["bare"], match["name"] or ""
        found = Declaration(kind, name, "", None, decorators, comment)
        if kind in ("import", "using"):
            found.head = self._scan.raw("")
            return found
        found.head = self._scan.raw("=").strip()
        self._after(kind, found)
        return found

    def _after(self, kind: str, found: Declaration) -> None:
        """What stands behind the head: nothing, for a parameter without default; else a value."""
        if not self._scan.skip("="):
            return
        if kind == "func":
            self._scan.skip(">")
        found.is_existing = found.head.endswith(" existing")
        found.head = found.head.removesuffix(" existing").strip("'")
        self._scan.space()
        if kind == "type" and self._scan.peek() == "|":
            found.value = self._union()
            return
        if self._scan.text.startswith("if ", self._scan.at):
            self._scan.at += 3
            found.is_conditional = self._scan.bracketed() != ""
            self._scan.space()
        found.value = self._value(found.children)

    def _decorators(self) -> Iterator[tuple[str, Value]]:
        while self._scan.skip("@"):
            name = self._scan.word()
            inside = self._scan.bracketed()[1:-1]
            yield name, _Reader(Scanner(inside, self._scan.name))._value([]) if inside else True
            self._scan.space()

    def _value(self, children: list[Declaration]) -> Value:
        if self._scan.peek() == "{":
            return self._object(children)
        if self._scan.peek() == "[":
            return self._array(children)
        return _literal(self._scan.raw(",}]").strip())

    def _object(self, children: list[Declaration]) -> Object:
        found: Object = {}
        self._scan.at += 1
        while self._scan.space() and not self._scan.skip("}"):
            if NESTED.match(self._scan.text, self._scan.at):
                children.append(self._declaration())
                continue
            for _ in self._decorators():
                pass
            key = self._key()
            if key in found or not self._scan.skip(":"):
                raise self._scan.wrong(f"one value for {key}")
            self._scan.space()
            found[key] = self._value(children)
            self._scan.space()
            self._scan.skip(",")
        return found

    def _array(self, children: list[Declaration]) -> Value:
        self._scan.at += 1
        self._scan.space()
        if self._scan.text.startswith("for ", self._scan.at):
            loop = self._scan.raw(":")
            self._scan.at += 1
            self._scan.space()
            body = self._value(children)
            self._scan.space()
            if not self._scan.skip("]"):
                raise self._scan.wrong("the end of a loop")
            return {loop: body}
        found: list[Value] = []
        while self._scan.space() and not self._scan.skip("]"):
            found.append(self._value(children))
            self._scan.space()
            self._scan.skip(",")
        return found

    def _union(self) -> list[Value]:
        found: list[Value] = []
        end = self._scan.at
        while self._scan.space() and self._scan.skip("|"):
            found.append(_literal(self._scan.raw("").strip()))
            end = self._scan.at
        self._scan.at = end  # the comment that was skipped belongs to what follows
        return found

    def _key(self) -> str:
        if self._scan.peek() == "'":
            return self._scan.string()[1:-1]
        return "*" if self._scan.skip("*") else self._scan.word()


def _literal(text: str) -> Value:
    """What an expression says, as far as it is a plain literal."""
    if text in LITERALS:
        return LITERALS[text]
    if re.fullmatch(r"-?\d+", text):
        return int(text)
    if re.fullmatch(r"'(?:[^'\\$]|\\.|\$(?!\{))*'", text):
        return ESCAPED.sub(lambda found: MEANT.get(found[1], found[1]), text[1:-1])
    return Raw(text)
