"""The inputs and outputs of a job: those of its template, under those that a request gives."""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from shared.backends.workspace import arm
from shared.backends.workspace.arm import Workspace
from shared.errors import Fault
from shared.messages import Request
from shared.messages.inputs import DataInput, LiteralInput, Output, Plain
from shared.messages.reading import kind, pointer
from shared.ports import Json

# What the service asks of a literal: LiteralJobInput in
# learn.microsoft.com/azure/templates/microsoft.machinelearningservices/2024-10-01/workspaces/jobs
HAS_A_WORD = re.compile(r"[a-zA-Z0-9_]")
SYSTEM_OUTPUT = "default"  # the service gives it to every job, for logs and artifacts

Given = Plain | LiteralInput | DataInput


def faults(request: Request) -> Iterator[Fault]:
    """What is wrong with the values of a request, whatever the template."""
    for name, given in request.given_inputs.items():
        step = "/uri" if isinstance(given, DataInput) else ""
        try:
            _input(given)
        except ValueError as exc:
            yield Fault(place(request, "inputs", name) + step, _kind(given), str(exc))
    for name, output in request.given_outputs.items():
        try:
            _output(output)
        except ValueError as exc:
            yield Fault(f"{place(request, 'outputs', name)}/uri", "a string", str(exc))


def faults_beside(definition: Json, request: Request) -> Iterator[Fault]:
    """What is wrong with them beside this definition."""
    old = _section(definition, "inputs").items()
    types = {name: value["jobInputType"] for name, value in old if "jobInputType" in value}
    for name, given in request.given_inputs.items():
        if isinstance(given, Plain) and types.get(name, "literal") != "literal":
            expected = f"type and uri, as it is a {types[name]}, or type literal"
            yield Fault(place(request, "inputs", name), _kind(given), expected)
    known = {*_section(definition, "outputs"), *request.given_outputs, SYSTEM_OUTPUT}
    both = {p.name for p in request.parameters or () if p.direction == "Input&Output"}
    for name in sorted((request.wanted_outputs or frozenset()) - known - both):
        found = "a name that is no output of the job"
        yield Fault(place(request, "outputs", name), found, f"one of: {_listed(known)}")


def inputs(
    definition: Json, request: Request, workspace: Workspace, *, but: Collection[str] = ()
) -> dict[str, Json]:
    """The inputs of the job; what is given over one of the same type keeps what it does not say.

    Those named in `but` are none.
    """
    old = _section(definition, "inputs")
    given = request.given_inputs.items()
    new = {name: _input(value) for name, value in given if name not in but}
    for name, value in new.items():
        before = old.get(name, {})
        same = before.get("jobInputType") == value["jobInputType"]
        old[name] = _whole({**before, **value} if same else value, workspace)
    return old


def outputs(definition: Json, request: Request, workspace: Workspace) -> dict[str, Json]:
    """The outputs of the job."""
    old = _section(definition, "outputs")
    for name, given in request.given_outputs.items():
        value = {"jobOutputType": given.type, **old.get(name, {}), **_output(given)}
        old[name] = _whole(value, workspace)
    return old


def text(value: Plain) -> str:
    """A plain value as the service takes it: a string as it is, any other as JSON prints it."""
    return value if isinstance(value, str) else json.dumps(value)


def _input(given: Given) -> Json:
    """An input on the wire, yet without a workspace; ValueError says what would be right."""
    if isinstance(given, DataInput):
        uri = arm.data(given.uri, given.type)
        return _present({"jobInputType": given.type, "uri": uri, "mode": given.mode})
    literal = text(given.value if isinstance(given, LiteralInput) else given)
    if not HAS_A_WORD.search(literal):
        raise ValueError("at least one letter, digit or _: the service takes no other value")
    return {"jobInputType": "literal", "value": literal}


def _output(given: Output) -> Json:
    """What is given of an output, on the wire; ValueError says what would be right."""
    said = given.type if "type" in given.model_fields_set else None
    uri = None if given.uri is None else arm.address(given.uri)
    return _present({"jobOutputType": said, "uri": uri, "mode": given.mode})


def _whole(value: Json, workspace: Workspace) -> Json:
    """The value with the whole id or address of where it is."""
    return {**value, "uri": workspace.whole(value["uri"])} if "uri" in value else value


def _section(definition: Json, name: str) -> dict[str, Json]:
    found = definition.get(name)
    values = found.items() if isinstance(found, dict) else ()
    return {name: value for name, value in values if isinstance(value, dict)}


def _present(value: Mapping[str, object]) -> Json:
    return {key: each for key, each in value.items() if each is not None}


def place(request: Request, section: str, name: str) -> str:
    """The path to a value, wherever the request has it."""
    for index, parameter in enumerate(request.parameters or ()):
        if parameter.name == name:
            return f"/parameters/{index}/{'value' if section == 'inputs' else 'name'}"
    if section == "outputs" and isinstance(request.outputs, list):
        return f"/outputs/{request.outputs.index(name)}"
    return pointer(f"/{section}", name)


def _kind(given: Given) -> str:
    """What it is, in the words of a fault."""
    if isinstance(given, DataInput):
        return "a string"
    return kind(given.value if isinstance(given, LiteralInput) else given)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
