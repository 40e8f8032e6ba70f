"""Azure Machine Learning: the kinds of jobs that a workspace runs, and who speaks for them."""

from collections.abc import Mapping
from typing import Any

from shared.backends.remote import Connection, Remote
from shared.backends.workspace import command
from shared.backends.workspace.arm import Workspace
from shared.backends.workspace.bodies import Bodies, Family
from shared.backends.workspace.jobs import WorkspaceJobs
from shared.ports import Backend
from shared.runs import JobType
from shared.settings import WorkspaceTarget

# A new kind is one new file and one row here.
FAMILIES: Mapping[JobType, Family[Any]] = {
    JobType.COMMAND: Family(command.CommandAttributes, command.build),
}


def resource_id(target: WorkspaceTarget) -> str:
    """The id of a workspace, which its events tell as their source."""
    return workspace(target).id


def backends(
    target: WorkspaceTarget, connection: Connection, *, app_name: str
) -> dict[JobType, Backend]:
    """Who speaks for each kind of job in a workspace."""
    place = workspace(target)
    remote = Remote(connection, place.id)
    return {
        job_type: WorkspaceJobs(
            remote, Bodies(job_type, family, place, app_name), clock=connection.clock
        )
        for job_type, family in FAMILIES.items()
    }


def workspace(target: WorkspaceTarget) -> Workspace:
    """Where the workspace of a target is."""
    return Workspace(target.subscription_id, target.resource_group, target.workspace)
