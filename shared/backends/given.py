"""The values that a request gives: where they stand, what they are, how they are written."""

import json
from collections.abc import Iterator

from shared.errors import Fault
from shared.messages import Request
from shared.messages.inputs import DataInput, LiteralInput, Plain
from shared.messages.reading import kind, pointer

Given = Plain | LiteralInput | DataInput


def text(value: Plain) -> str:
    """A plain value as services take it: a string as it is, any other as JSON prints it."""
    return value if isinstance(value, str) else json.dumps(value)


def place(request: Request, section: str, name: str) -> str:
    """The path to a value, wherever the request has it."""
    for index, parameter in enumerate(request.parameters or ()):
        if parameter.name == name:
            return f"/parameters/{index}/{'value' if section == 'inputs' else 'name'}"
    if section == "outputs" and isinstance(request.outputs, list):
        return f"/outputs/{request.outputs.index(name)}"
    return pointer(f"/{section}", name)


def kind_of(given: Given) -> str:
    """What it is, in the words of a fault."""
    if isinstance(given, DataInput):
        return "a string"
    return kind(given.value if isinstance(given, LiteralInput) else given)


def unknown_outputs(request: Request, known: set[str]) -> Iterator[Fault]:
    """The outputs that the final event must carry and the job has not."""
    both = {p.name for p in request.parameters or () if p.direction == "Input&Output"}
    for name in sorted((request.wanted_outputs or frozenset()) - known - both):
        found = "a name that is no output of the job"
        yield Fault(place(request, "outputs", name), found, f"one of: {', '.join(sorted(known))}")
