"""Read what others send: strict JSON, then a model.

Every fault named by path, no value ever repeated.
"""

import codecs
import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from shared.errors import Fault, RejectedError
from shared.messages.fields import CONTROL

MAX_BYTES = 256 * 1024
MAX_LEVELS = 64
# The host hands a body over as text, with this in place of each byte that is no UTF-8
# (github.com/Azure/azure-sdk-for-net, MessageToStringConverter.cs). In JSON it can be escaped.
REPLACED = "\N{REPLACEMENT CHARACTER}".encode()
MAX_FAULTS = 50
MAX_PATH = 300  # characters of a path that are told
NAME = re.compile(r"[A-Za-z0-9_.:@~+=-]{1,64}")
CONTROL_IN_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
SURROGATE = re.compile(r"[\ud800-\udfff]")
# Where a line break or a tab is part of what is meant.
TEXTS = frozenset({"/description", "/context", "/attributes/command", "/job"})
QUOTED_OR_BRACKET = re.compile(rb'"(?:[^"\\]|\\.)*"?|[\[{]|[\]}]', re.DOTALL)

# The tags of a union's members begin so. No name in a message can, so that a path never takes one
# for the other.
MEMBER = "\x00"
KEY = "[key]"  # pydantic's step from a value to its name

# How pydantic's sentences begin and end.
PREAMBLE = re.compile(r"Value error, |\w+ should (be |have )?")
POSTSCRIPT = re.compile(r" after validation, not \w+$")
EXPECTED = {
    "missing": "required",
    "extra_forbidden": "no such field here",
    "string_type": "a string",
    "bool_type": "true or false",
    "int_type": "an integer",
    "float_type": "a number",
    "dict_type": "an object",
    "model_type": "an object",
    "list_type": "a list",
}


Model = TypeVar("Model", bound=BaseModel)


class _Repeated(dict[str, Any]):
    """An object in which names stand twice."""

    names: tuple[str, ...] = ()


def parse(body: bytes) -> dict[str, Any]:
    """The JSON object in a message; RejectedError (`invalid`) with all that makes it none.

    Refused are: no UTF-8 (also where the host has mended it), a byte order mark, over 256 KiB, over
    64 levels, a name twice in one object, NaN, Infinity and numbers beyond the range of a double,
    lone surrogates, and control characters (but tab and line breaks in a command, a description,
    the context and an inline job).
    """
    if len(body) > MAX_BYTES:
        raise invalid(Fault("", f"{len(body)} bytes", f"at most {MAX_BYTES} bytes"))
    if _levels(body) > MAX_LEVELS:
        raise invalid(Fault("", "deeper nesting", f"at most {MAX_LEVELS} levels"))
    if REPLACED in body:
        raise invalid(Fault("", "U+FFFD, the mark of broken UTF-8", "JSON in UTF-8"))
    document = _document(body)
    if not isinstance(document, dict):
        raise invalid(Fault("", kind(document), "an object"))
    faults = list(_faults(document, "", text=False))
    if faults:
        raise invalid(*faults)
    return document


def read(
    model: type[Model], document: dict[str, Any], *, at: str = "", context: object = None
) -> Model:
    """The document as a model, which may ask for the `context`.

    RejectedError (`invalid`) naming each field that does not fit, below the path `at`.
    """
    try:
        return model.model_validate_json(json.dumps(document), strict=True, context=context)
    except ValidationError as exc:
        errors = exc.errors(include_input=False, include_url=False, include_context=False)
        faults = (
            _fault(document, error["loc"], error["type"], error["msg"], at=at) for error in errors
        )
        raise invalid(*_merged(faults)) from None


def invalid(*faults: Fault) -> RejectedError:
    """The rejection for faults of form."""
    first = faults[0]
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    text = f"{first.path or 'the message'}: found {first.found}, expected {first.expected}{more}"
    return RejectedError("invalid", text, faults=faults[:MAX_FAULTS])


def pointer(at: str, name: str | int) -> str:
    """The JSON Pointer (RFC 6901) one step further.

    A name that is no plain word is not repeated.
    """
    step = str(name) if NAME.fullmatch(str(name)) else "?"
    return f"{at}/{step.replace('~', '~0')}"[:MAX_PATH]


def kind(value: object) -> str:
    """What a JSON value is, without the value."""
    names = {bool: "a boolean", int: "a number", float: "a number", str: "a string", list: "a list"}
    if value is None:
        return "null"
    return names.get(type(value), "an object")


def _document(body: bytes) -> object:
    """The JSON in a message, whatever it holds."""
    if body.startswith(codecs.BOM_UTF8):
        raise invalid(Fault("", "a byte order mark", "JSON in UTF-8 without one"))
    try:
        return json.loads(body.decode("utf-8"), object_pairs_hook=_object)
    except UnicodeDecodeError as exc:
        raise invalid(Fault("", f"no UTF-8 at byte {exc.start}", "JSON in UTF-8")) from None
    except json.JSONDecodeError as exc:
        found = f"no JSON at line {exc.lineno}, column {exc.colno}"
        raise invalid(Fault("", found, "a JSON object")) from None
    except ValueError:
        found = "a number of too many digits"
        raise invalid(Fault("", found, "numbers of at most 4300 digits")) from None


def _merged(faults: Iterable[Fault]) -> list[Fault]:
    """One fault for each place.

    What fits none of several kinds is told once, with all that would be right.
    """
    expected: dict[tuple[str, str], list[str]] = {}
    for fault in faults:
        expected.setdefault((fault.path, fault.found), []).append(fault.expected)
    return [
        Fault(path, found, " or ".join(dict.fromkeys(each)))
        for (path, found), each in expected.items()
    ]


def _levels(body: bytes) -> int:
    """How deep brackets nest; what stands in strings does not count."""
    deepest = level = 0
    for match in QUOTED_OR_BRACKET.finditer(body):
        level += {b"[": 1, b"{": 1, b"]": -1, b"}": -1}.get(match.group(), 0)
        deepest = max(deepest, level)
    return deepest


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object, marked when a name stands twice."""
    seen = dict(pairs)
    if len(seen) == len(pairs):
        return seen
    repeated = _Repeated(seen)
    times = Counter(name for name, _ in pairs)
    repeated.names = tuple(name for name, count in times.items() if count > 1)
    return repeated


def _faults(value: object, at: str, *, text: bool) -> Iterator[Fault]:
    """What no JSON of ours may hold, wherever it stands."""
    if isinstance(value, dict):
        yield from _faults_of_object(value, at, text=text)
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _faults(each, pointer(at, index), text=text)
    elif isinstance(value, str):
        yield from _faults_of_string(value, at, text=text)
    elif isinstance(value, int | float) and not _is_double(value):
        yield Fault(at, "a number that no double holds", "a finite number")


def _is_double(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # an integer of hundreds of digits
        return False


def _faults_of_object(value: dict[str, Any], at: str, *, text: bool) -> Iterator[Fault]:
    """The faults of an object: names twice, odd names, and those of its values."""
    if isinstance(value, _Repeated):
        for name in value.names:
            yield Fault(pointer(at, name), "the same name twice", "each name once")
    for name, each in value.items():
        inside = pointer(at, name)
        yield from (
            Fault(inside, f"{fault.found} in a name", fault.expected)
            for fault in _faults_of_string(name, at, text=text)
        )
        yield from _faults(each, inside, text=text or inside in TEXTS)


def _faults_of_string(value: str, at: str, *, text: bool) -> Iterator[Fault]:
    """Control characters and half characters."""
    if (CONTROL_IN_TEXT if text else CONTROL).search(value):
        yield Fault(at, "a control character", "printable characters")
    if SURROGATE.search(value):
        yield Fault(at, "half a surrogate pair", "whole characters")


def _fault(
    document: object, loc: Sequence[str | int], error: str, message: str, *, at: str
) -> Fault:
    """A pydantic error in our words.

    Steps of `loc` that are no place in the document, like the members of unions, are left out.
    """
    *way, last = loc or [""]
    if error == "missing":
        return Fault(pointer(_there(document, way, at)[0], last), "nothing", EXPECTED[error])
    if error == "extra_forbidden":
        return Fault(_there(document, loc, at)[0], "an unknown field", EXPECTED[error])
    expected = EXPECTED.get(error, POSTSCRIPT.sub("", PREAMBLE.sub("", message, count=1)))
    if last == KEY:
        return Fault(_there(document, way, at)[0], "a name", expected)
    path, value = _there(document, loc, at)
    return Fault(path, kind(value), expected)


def _there(document: object, steps: Iterable[str | int], at: str) -> tuple[str, object]:
    """Where the steps lead to, and what is there."""
    here, path = document, at
    for step in steps:
        if isinstance(here, dict) and step in here:
            here, path = here[str(step)], pointer(path, step)
        elif isinstance(here, list) and isinstance(step, int) and step < len(here):
            here, path = here[step], pointer(path, step)
    return path, here
