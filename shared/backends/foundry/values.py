"""The inputs and outputs of a training job: its own, under those that a request gives."""

from collections.abc import Iterator

from shared.backends.foundry.data import LITERAL, RESERVED
from shared.backends.foundry.words import ASSETS, MODES
from shared.backends.given import Given, kind_of, place, text, unknown_outputs
from shared.backends.sections import present, section
from shared.errors import Fault
from shared.messages import Request
from shared.messages.inputs import DataInput, LiteralInput, Output, Plain
from shared.ports import Json


def faults(request: Request) -> Iterator[Fault]:
    """What is wrong with the values of a request, whatever the job."""
    for name, given in request.given_inputs.items():
        if isinstance(given, DataInput):
            yield from _unknown(given, place(request, "inputs", name))
    for name, output in request.given_outputs.items():
        at = place(request, "outputs", name)
        yield from _unknown(output, at)
        if name.casefold() == RESERVED:
            expected = f"another name than {RESERVED!r}, which the service keeps for itself"
            yield Fault(at, "a name", expected)


def faults_beside(definition: Json, request: Request) -> Iterator[Fault]:
    """What is wrong with them beside this definition."""
    old = section(definition, "inputs")
    for name, given in request.given_inputs.items():
        known = section(old, name).get("job_input_type", LITERAL)
        if isinstance(given, Plain) and known != LITERAL:
            expected = f"type and uri, as it is a {known}, or type literal"
            yield Fault(place(request, "inputs", name), kind_of(given), expected)
    yield from unknown_outputs(
        request, {*section(definition, "outputs"), *request.given_outputs, RESERVED}
    )


def inputs(definition: Json, request: Request) -> Json:
    """The inputs of the job; what is given over one of the same type keeps what it does not say."""
    old = section(definition, "inputs")
    new = {name: _input(given) for name, given in request.given_inputs.items()}
    return {**old, **{name: _over(section(old, name), value) for name, value in new.items()}}


def outputs(definition: Json, request: Request) -> Json:
    """The outputs of the job."""
    old = section(definition, "outputs")
    given = request.given_outputs.items()
    new = {
        name: {"job_output_type": output.type, **section(old, name), **_output(output)}
        for name, output in given
    }
    return {**old, **new}


def _unknown(given: DataInput | Output, at: str) -> Iterator[Fault]:
    """The type and the mode that a training job has not."""
    if given.type not in ASSETS.known:
        expected = f"one of: {', '.join(ASSETS.known)}. A training job has no {given.type}"
        yield Fault(f"{at}/type", "a string", expected)
    if given.mode is not None and MODES.read(given.mode) not in MODES.known:
        known = ", ".join(MODES.camel(word) for word in MODES.known)
        yield Fault(f"{at}/mode", "a string", f"one of: {known}. There is no {given.mode}")


def _input(given: Given) -> Json:
    if isinstance(given, DataInput):
        return present({"job_input_type": given.type, "uri": given.uri, "mode": _mode(given.mode)})
    plain = given.value if isinstance(given, LiteralInput) else given
    return {"job_input_type": LITERAL, "value": text(plain)}


def _output(given: Output) -> Json:
    said = given.type if "type" in given.model_fields_set else None
    return present({"job_output_type": said, "uri": given.uri, "mode": _mode(given.mode)})


def _mode(mode: str | None) -> str | None:
    return None if mode is None else MODES.read(mode)


def _over(old: Json, new: Json) -> Json:
    return {**old, **new} if old.get("job_input_type") == new["job_input_type"] else new
