"""The inputs and outputs of a job: those of its template, under those that a request gives."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import get_args

from shared.backends.given import Given, kind_of, place, text, unknown_outputs
from shared.backends.workspace import arm
from shared.backends.workspace.arm import Workspace
from shared.backends.workspace.wire import TypeOfAsset
from shared.errors import Fault
from shared.messages import Request
from shared.messages.inputs import DataInput, LiteralInput, Output, Plain
from shared.ports import Json

# What the service asks of a literal: LiteralJobInput in
# learn.microsoft.com/azure/templates/microsoft.machinelearningservices/2024-10-01/workspaces/jobs
HAS_A_WORD = re.compile(r"[a-zA-Z0-9_]")
TYPES = get_args(TypeOfAsset)
SYSTEM_OUTPUT = "default"  # the service gives it to every job, for logs and artifacts


def faults(request: Request) -> Iterator[Fault]:
    """What is wrong with the values of a request, whatever the template."""
    for name, given in request.given_inputs.items():
        at = place(request, "inputs", name)
        if isinstance(given, DataInput):
            yield from _of_no_workspace(given.type, at)
        try:
            _input(given)
        except ValueError as exc:
            step = "/uri" if isinstance(given, DataInput) else ""
            yield Fault(f"{at}{step}", kind_of(given), str(exc))
    for name, output in request.given_outputs.items():
        at = place(request, "outputs", name)
        yield from _of_no_workspace(output.type, at)
        try:
            _output(output)
        except ValueError as exc:
            yield Fault(f"{at}/uri", "a string", str(exc))


def _of_no_workspace(type_of_data: str, at: str) -> Iterator[Fault]:
    """The fault of a type that only other services have."""
    if type_of_data not in TYPES:
        expected = f"one of: {', '.join(TYPES)}. A workspace has no {type_of_data}"
        yield Fault(f"{at}/type", "a string", expected)


def faults_beside(definition: Json, request: Request) -> Iterator[Fault]:
    """What is wrong with them beside this definition."""
    old = _section(definition, "inputs").items()
    types = {name: value["jobInputType"] for name, value in old if "jobInputType" in value}
    for name, given in request.given_inputs.items():
        if isinstance(given, Plain) and types.get(name, "literal") != "literal":
            expected = f"type and uri, as it is a {types[name]}, or type literal"
            yield Fault(place(request, "inputs", name), kind_of(given), expected)
    known = {*_section(definition, "outputs"), *request.given_outputs, SYSTEM_OUTPUT}
    yield from unknown_outputs(request, known)


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
