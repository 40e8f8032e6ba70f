"""What a job in the older form says and today's cannot: told to its author, and left out."""

import re
from collections.abc import Iterator

from shared.backends.sections import section
from shared.backends.workspace.legacy.form import NEW, program
from shared.errors import Fault
from shared.messages.reading import kind, pointer
from shared.ports import Json

LEFT_OUT = f"nothing: left out, as {NEW} has no such field"
OF_COMPUTE = {"isLocal": f"{LEFT_OUT}; the job runs in Azure", "location": LEFT_OUT}
# How the shells of Linux and Windows name the variable of an input.
VARIABLE = re.compile(r"(?:\$\{?|%)AZURE_ML_INPUT_([A-Za-z0-9_]{1,255})")


def warnings(job: Json, *, at: str) -> Iterator[Fault]:
    """What is lost of the job, and what its author should look at."""
    compute = job["compute"]
    for name, expected in OF_COMPUTE.items():
        if name in compute:
            yield Fault(f"{at}/compute/{name}", kind(compute[name]), expected)
    if "priority" in job:
        expected = f"{LEFT_OUT}; attributes.queueSettings of the request may say how urgent it is"
        yield Fault(f"{at}/priority", "a number", expected)
    part, place = program(job, at)
    yield from _variables(part["command"], f"{place}/command")
    yield from _lost_paths(part, place)
    yield from _guessed_types(part, place)


def _variables(command: str, at: str) -> Iterator[Fault]:
    """The inputs that a command reads by a variable."""
    for name in dict.fromkeys(VARIABLE.findall(command)):
        yield Fault(at, f"a variable AZURE_ML_INPUT_{name}", f"${{{{inputs.{name}}}}} instead")


def _lost_paths(part: Json, at: str) -> Iterator[Fault]:
    """The places on the machine."""
    for section_name, word in (("inputDataBindings", "inputs"), ("outputDataBindings", "outputs")):
        for name, binding in section(part, section_name).items():
            if "pathOnCompute" in binding:
                here = pointer(f"{at}/{section_name}", name)
                expected = f"{LEFT_OUT}; the command finds the place by ${{{{{word}.{name}}}}}"
                yield Fault(f"{here}/pathOnCompute", "a string", expected)


def _guessed_types(part: Json, at: str) -> Iterator[Fault]:
    """The outputs that do not say what they are."""
    for name, binding in section(part, "outputDataBindings").items():
        if "jobOutputType" not in binding:
            here = pointer(f"{at}/outputDataBindings", name)
            expected = "the type of the output; uri_folder is taken"
            yield Fault(f"{here}/jobOutputType", "nothing", expected)
