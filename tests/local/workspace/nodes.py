"""The nodes of a pipeline: what each runs, takes and gives.

The contract leaves nodes untyped; their words are those that azure-ai-ml 1.35 sends
(`entities/_builders`), and what is not needed to run one is not looked at.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import AliasChoices, Field

from tests.local.workspace.assets import Assets
from tests.local.workspace.components import Component, Untyped, component
from tests.local.workspace.parts import ASSETS
from tests.local.workspace.placeholders import PLACEHOLDER
from tests.local.workspace.schema import Json, checked, word

OUTPUT_OF_A_NODE = re.compile(r"parent\.jobs\.(?P<node>[^.]+)\.outputs\.(?P<output>.+)")
# Inline nodes say what they take by what they are given.
ANYTHING = "any"


class Given(Untyped):
    """What a node gives to an input: a value, with bindings in it perhaps, or data."""

    type: str = Field("literal", validation_alias=AliasChoices("job_input_type", "type"))
    value: str = ""
    uri: str | None = None
    mode: str | None = None


class Wanted(Given):
    """Where an output of a node is to go: to its own place, or to that of the pipeline's."""

    type: str = Field("literal", validation_alias=AliasChoices("job_output_type", "type"))


class Node(Untyped):
    """A node: a component, or its parts inline, with what it takes and gives."""

    type: Annotated[str, word("command")]
    component_id: str | None = Field(None, alias="componentId")
    compute_id: str | None = Field(None, alias="computeId")
    display_name: str | None = None
    command: str | None = None
    environment: str | None = None
    code: str | None = None
    inputs: dict[str, Given] = Field(default_factory=dict)
    outputs: dict[str, Wanted] = Field(default_factory=dict)
    environment_variables: dict[str, str] = Field(default_factory=dict)
    resources: Json = Field(default_factory=dict)
    limits: Json = Field(default_factory=dict)
    tags: dict[str, str] = Field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """A node with its component."""

    node: Node
    component: Component

    def needs(self) -> set[str]:
        """Name the nodes whose outputs it takes."""
        found = (OUTPUT_OF_A_NODE.fullmatch(name) for name in self._bound())
        return {output["node"] for output in found if output}

    def _bound(self) -> Iterable[str]:
        return (name for given in self.node.inputs.values() for name in names(given.value))


def steps(jobs: Mapping[str, Json], assets: Assets) -> dict[str, Step]:
    """Read the nodes of a pipeline; refuse what is none, or names a component that is not there."""
    nodes = {name: checked(Node, job, at=at(name)) for name, job in jobs.items()}
    return {name: Step(node, _component(name, node, assets)) for name, node in nodes.items()}


def _component(name: str, node: Node, assets: Assets) -> Component:
    if node.component_id:
        return component(node.component_id, assets)
    inline = {
        **node.model_dump(include={"type", "command", "environment", "code"}),
        "inputs": {key: {"type": ANYTHING} for key in node.inputs},
        "outputs": {key: {"type": _folder_unless_named(out)} for key, out in node.outputs.items()},
    }
    return checked(Component, inline, at=at(name))


def _folder_unless_named(wanted: Wanted) -> str:
    return wanted.type if wanted.type in ASSETS else "uri_folder"


def names(value: str) -> list[str]:
    """Name the bindings in a value."""
    return [str(name) for name in PLACEHOLDER.findall(value)]


def at(name: str) -> str:
    """Say where a node is."""
    return f"properties.jobs.{name}"
