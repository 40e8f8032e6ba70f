"""The services that run jobs, each in a package of its own, and the kinds of jobs that they run."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

from shared.backends import foundry, workspace
from shared.backends.foundry.attributes import TrainingAttributes
from shared.backends.remote import Connection
from shared.backends.workspace import FAMILIES
from shared.messages.fields import Sent
from shared.ports import Backend
from shared.runs import JobType
from shared.targets import ProjectTarget, WorkspaceTarget

__all__ = ["ATTRIBUTES", "FAMILIES", "Connections", "backends", "source"]

ATTRIBUTES: Mapping[JobType, type[Sent]] = {
    **{job_type: family.attributes for job_type, family in FAMILIES.items()},
    JobType.TRAINING: TrainingAttributes,
}


@dataclass(frozen=True, kw_only=True)
class Connections:
    """How to speak with each service; a project's own address is its target's."""

    workspace: Connection
    history: Connection
    project: Connection

    def of(self, alias: str) -> Self:
        """The same for one target, which operators are told of by its alias."""
        return replace(
            self,
            workspace=self.workspace.of(alias),
            history=self.history.of(alias),
            project=self.project.of(alias),
        )


def backends(
    target: WorkspaceTarget | ProjectTarget, connections: Connections, *, app_name: str
) -> dict[JobType, Backend]:
    """Who speaks for each kind of job at a target."""
    if isinstance(target, ProjectTarget):
        return foundry.backends(target, connections.project, app_name=app_name)
    return workspace.backends(
        target, connections.workspace, app_name=app_name, history=connections.history
    )


def source(target: WorkspaceTarget | ProjectTarget) -> str:
    """The address of a target, which its events tell as their source."""
    return target.endpoint if isinstance(target, ProjectTarget) else workspace.resource_id(target)
