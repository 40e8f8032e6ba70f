"""The kinds of jobs, and who speaks for them. A new kind is one new file and one row here."""

from collections.abc import Mapping
from typing import Any

from shared.backends import command
from shared.backends.arm import Workspace
from shared.backends.bodies import Bodies, Family
from shared.backends.remote import Connection, Remote
from shared.backends.workspace import WorkspaceJobs
from shared.messages.fields import Sent
from shared.ports import Backend
from shared.runs import JobType
from shared.settings import WorkspaceTarget

FAMILIES: Mapping[JobType, Family[Any]] = {
    JobType.COMMAND: Family(command.CommandAttributes, command.build),
}
ATTRIBUTES: Mapping[JobType, type[Sent]] = {
    job_type: family.attributes for job_type, family in FAMILIES.items()
}


def resource_id(target: WorkspaceTarget) -> str:
    """The id of a target, which its events tell as their source."""
    return _workspace(target).id


def backends(
    target: WorkspaceTarget, connection: Connection, *, app_name: str
) -> dict[JobType, Backend]:
    """Who speaks for each kind of job at a target."""
    workspace = _workspace(target)
    remote = Remote(connection, workspace.id)
    return {
        job_type: WorkspaceJobs(
            remote, Bodies(job_type, family, workspace, app_name), clock=connection.clock
        )
        for job_type, family in FAMILIES.items()
    }


def _workspace(target: WorkspaceTarget) -> Workspace:
    return Workspace(target.subscription_id, target.resource_group, target.workspace)
