"""Azure Machine Learning: the kinds of jobs that a workspace runs, and who speaks for them."""

from collections.abc import Mapping
from typing import Any

from shared.backends.remote import Connection, Remote
from shared.backends.workspace import automl, command, pipeline, results, spark, sweep
from shared.backends.workspace.arm import Workspace
from shared.backends.workspace.attributes import JobAttributes, ProgramAttributes
from shared.backends.workspace.bodies import Bodies, Family
from shared.backends.workspace.history import remote as run_history
from shared.backends.workspace.jobs import WorkspaceJobs
from shared.ports import Backend
from shared.runs import JobType
from shared.targets import WorkspaceTarget

# A new kind is one new file and one row here.
FAMILIES: Mapping[JobType, Family[Any]] = {
    JobType.COMMAND: Family(
        job=command.CommandJob, attributes=ProgramAttributes, build=command.build
    ),
    JobType.SWEEP: Family(
        job=sweep.SweepJob,
        attributes=sweep.SweepAttributes,
        build=sweep.build,
        faults=sweep.faults,
        sweep=sweep.SweepSettings,
        result=results.of_sweep,
    ),
    JobType.PIPELINE: Family(
        job=pipeline.PipelineJob,
        attributes=JobAttributes,
        build=pipeline.build,
        result=results.with_children,
    ),
    JobType.AUTOML: Family(
        job=automl.AutoMLJob,
        attributes=JobAttributes,
        build=automl.build,
        faults=automl.faults,
        takes_templates=False,
    ),
    JobType.SPARK: Family(
        job=spark.SparkJob, attributes=JobAttributes, build=spark.build, takes_templates=False
    ),
}


def resource_id(target: WorkspaceTarget) -> str:
    """The id of a workspace, which its events tell as their source."""
    return workspace(target).id


def backends(
    target: WorkspaceTarget,
    connection: Connection,
    *,
    app_name: str,
    history: Connection | None = None,
) -> dict[JobType, Backend]:
    """Who speaks for each kind of job in a workspace; for run history its region must be known."""
    place = workspace(target)
    remote, past = Remote(connection, place.id), None
    if history is not None and target.location is not None:
        past = run_history(history, place, location=target.location)
    return {
        job_type: WorkspaceJobs(
            remote,
            Bodies(
                job_type=job_type,
                family=family,
                workspace=place,
                app_name=app_name,
                api_version=connection.api_version,
            ),
            clock=connection.clock,
            history=past,
        )
        for job_type, family in FAMILIES.items()
    }


def workspace(target: WorkspaceTarget) -> Workspace:
    """Where the workspace of a target is."""
    return Workspace(target.subscription_id, target.resource_group, target.workspace)
