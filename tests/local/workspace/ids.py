"""Ids of Azure resources.

Resource Manager compares them without regard to case, the names of jobs excepted.
"""

import re
from dataclasses import dataclass

PROVIDER = "Microsoft.MachineLearningServices"
JOB_TYPE = f"{PROVIDER}/workspaces/jobs"


@dataclass(frozen=True)
class Child:
    """Something inside a workspace: `environments`, `sklearn`, `1`."""

    kind: str
    name: str
    version: str | None


@dataclass(frozen=True)
class Scope:
    """Where the workspace is."""

    subscription: str = "00000000-0000-0000-0000-000000000001"
    resource_group: str = "twin"
    workspace: str = "demo"

    @property
    def id(self) -> str:
        """The id of the workspace."""
        return (
            f"/subscriptions/{self.subscription}/resourceGroups/{self.resource_group}"
            f"/providers/{PROVIDER}/workspaces/{self.workspace}"
        )

    def child(self, resource_id: str) -> Child | None:
        """Read the id of something in this workspace; None when it is no such id."""
        if not resource_id.lower().startswith(f"{self.id}/".lower()):
            return None
        parts = re.fullmatch(
            r"(\w+)/([^/]+)(?:/(?:versions|labels)/([^/]+))?", resource_id[len(self.id) + 1 :]
        )
        return Child(parts[1].lower(), parts[2], parts[3]) if parts else None


def short_id(text: str, kind: str, scope: Scope) -> str:
    """Give the id behind `azureml:…`, by which components and their clients name an asset."""
    name = text.removeprefix("azureml:")
    if name.startswith("/subscriptions/"):
        return name
    known = re.fullmatch(r"azureml:([^:@/]+):([^:@/]+)", text)
    return f"{scope.id}/{kind}/{known[1]}/versions/{known[2]}" if known else text


def route(template: str) -> str:
    """Turn `/subscriptions/{sub}/…` into a route whose fixed words match in any case."""
    parts = template.strip("/").split("/")
    return "".join(f"/{_any_case(number, part)}" for number, part in enumerate(parts))


def _any_case(number: int, part: str) -> str:
    return part if part.startswith("{") else f"{{_{number}:(?i:{re.escape(part)})}}"
