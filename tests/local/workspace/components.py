"""Components: commands with named inputs and outputs, kept for the nodes of pipelines.

The contract leaves them untyped; their words are those of
https://learn.microsoft.com/azure/machine-learning/reference-yaml-component-command, and what is not
needed to run one is not looked at.
"""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from tests.local.workspace.assets import Assets
from tests.local.workspace.ids import Scope, short_id
from tests.local.workspace.refusals import bad_request
from tests.local.workspace.schema import HAS_A_WORD, Json, checked, word


class Untyped(BaseModel):
    """A part that the contract does not type: snake case, and more in it than is read here."""

    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True)


class Port(Untyped):
    """What goes into a component, or comes out of it."""

    type: str
    optional: bool = False
    default: Any = None


class Component(Untyped):
    """A command that nodes may run."""

    type: Annotated[str, word("command")]
    command: Annotated[str, HAS_A_WORD]
    environment: Annotated[str, HAS_A_WORD]
    code: str | None = None
    inputs: dict[str, Port] = Field(default_factory=dict)
    outputs: dict[str, Port] = Field(default_factory=dict)
    environment_variables: dict[str, str] = Field(default_factory=dict)
    resources: Json = Field(default_factory=dict)


def component(component_id: str, assets: Assets) -> Component:
    """Give the component behind an id; refuse one that is not there."""
    child = assets.scope.child(component_id)
    kept = assets.components.get((child.name, child.version or "")) if child else None
    if child is None or child.kind != "components" or kept is None:
        raise bad_request(f"There is no component {component_id!r}.", "ComponentNotFound")
    return Component.model_validate(kept["componentSpec"])


def keep(name: str, version: str, properties: Json, assets: Assets) -> bool:
    """Keep a component, or refuse it; True when it is new."""
    spec = checked(Component, properties.get("componentSpec", {}), at="properties.componentSpec")
    assets.check_environment(short_id(spec.environment, "environments", assets.scope))
    if spec.code:
        assets.code(short_id(spec.code, "codes", assets.scope))
    known = assets.components.get((name, version))
    if known and known["componentSpec"] != properties["componentSpec"]:
        text = f"The component {name!r} of version {version!r} exists, and is another."
        raise bad_request(text, "Immutable")
    assets.components[name, version] = properties
    return known is None


def component_id(name: str, version: str, scope: Scope) -> str:
    """Give the id of a version of a component."""
    return f"{scope.id}/components/{name}/versions/{version}"
