"""What a Command and the trial of a sweep have in common: a command, where and on what it runs."""

from collections.abc import Collection, Iterator, Mapping

from pydantic import Field

from shared.backends.fields import Variables
from shared.backends.sections import present, section
from shared.backends.workspace import placeholders
from shared.backends.workspace.arm import Workspace
from shared.backends.workspace.attributes import ProgramAttributes
from shared.backends.workspace.parts import Distribution, Resources, WithAWord
from shared.backends.workspace.wire import CodeId, EnvironmentId
from shared.errors import Fault
from shared.messages.fields import Sent
from shared.messages.reading import pointer
from shared.ports import Json

REQUIRED = {"command": "command", "environmentId": "environment"}


class Program(Sent):
    """A command, where and on what it runs."""

    command: WithAWord = Field(description="What to run, with ${{inputs.x}} and ${{outputs.x}}.")
    environment_id: EnvironmentId = Field(description="Name and version, or id.")
    code_id: CodeId | None = Field(None, description="Name and version, or id.")
    environment_variables: Variables | None = Field(None, description="What it finds set.")
    distribution: Distribution | None = Field(None, description="How many processes it is.")
    resources: Resources | None = Field(None, description="On which machines.")


def overlaid(program: Json, attributes: ProgramAttributes, workspace: Workspace) -> Json:
    """The program under what a request overrides."""
    environment = attributes.environment
    given = {
        "command": attributes.command,
        "environmentId": environment and workspace.whole(environment),
    }
    resources = {
        "instanceCount": attributes.instance_count,
        "instanceType": attributes.instance_type,
    }
    return {
        **program,
        **present(given),
        "environmentVariables": {
            **section(program, "environmentVariables"),
            **(attributes.environment_variables or {}),
        },
        "resources": {**section(program, "resources"), **present(resources)},
    }


def missing(program: Json) -> Iterator[Fault]:
    """What a program cannot be without."""
    for name, attribute in REQUIRED.items():
        if not isinstance(program.get(name), str) or not program[name]:
            yield Fault(f"/attributes/{attribute}", "nothing", "required, as the template has none")


def undefined(program: Json, defined: Mapping[str, Collection[str]]) -> Iterator[Fault]:
    """What the command uses and nobody gives."""
    for place, name in placeholders.undefined(program["command"], defined):
        at = "/sweep/searchSpace" if place == "search_space" else f"/{place}"
        yield Fault(pointer(at, name), "nothing", "required, as the command uses it")
