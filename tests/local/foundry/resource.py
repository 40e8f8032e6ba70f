"""A job as either contract shows it: what was asked for, and what the service adds to it."""

from tests.local.foundry import training
from tests.local.foundry.ids import Place
from tests.local.foundry.model.command_job import written
from tests.local.foundry.model.schema import Json, Surface
from tests.local.foundry.outputs import definition_shown
from tests.local.foundry.state import IDLE, Job
from tests.local.foundry.times import iso, unix

TYPE = "Microsoft.CognitiveServices/accounts/projects/jobs"
# The proposed contract leaves the words of `status` open; these are those of the project's other
# jobs (https://learn.microsoft.com/rest/api/aifoundry/).
ENDS = {"Completed": "succeeded", "Failed": "failed", "Canceled": "cancelled"}


def training_job(job: Job, place: Place) -> Json:
    """Show a job on `training_jobs`."""
    shown = written(definition_shown(job, place), Surface.TRAINING_JOBS)
    properties = {**shown, "status": _status(job)}
    recipe = job.definition.training
    if recipe:
        framework, version = training.framework_of(recipe)
        resolved = {"resolved_framework": framework, "framework_version": version}
        properties["training"] = {**properties["training"], **resolved}
    return {
        **_envelope(job, place),
        "properties": properties,
        "system_data": {
            "created_by": job.created_by,
            "created_by_type": "Application",
            "created_at": unix(job.created),
            "last_modified_by": job.created_by,
            "last_modified_by_type": "Application",
            "last_modified_at": unix(job.modified),
        },
    }


def job_resource(job: Job, place: Place) -> Json:
    """Show a job on `jobs`; of a recipe it shows that there is a job, and no more."""
    return {
        **_envelope(job, place),
        "tags": job.definition.tags,
        "properties": {
            "displayName": job.name,
            **written(definition_shown(job, place), Surface.JOBS),
            "status": job.status,
            "createdDateTime": iso(job.created),
        },
        "systemData": {
            "createdBy": job.created_by,
            "createdByType": "Application",
            "createdAt": iso(job.created),
            "lastModifiedBy": job.created_by,
            "lastModifiedByType": "Application",
            "lastModifiedAt": iso(job.modified),
        },
    }


def _envelope(job: Job, place: Place) -> Json:
    path = f"{place.account_id}/projects/{place.project}/jobs/{job.name}"
    return {"name": job.name, "id": path, "type": TYPE}


def _status(job: Job) -> str:
    return ENDS.get(job.status, "queued" if job.status in IDLE else "in_progress")
