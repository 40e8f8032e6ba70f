"""Run history of `jobs`: why a run failed, and where its logs are.

The routes and fields are those that azd's extension for training reads (`pkg/client/history.go` and
`pkg/models/history.go` of version 0.0.3-preview). A job that has got no machine has no run yet.
"""

from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5

from aiohttp import web

from tests.local.foundry import storage
from tests.local.foundry.door import PROJECT, Route
from tests.local.foundry.files import LOG
from tests.local.foundry.job_routes import JOB
from tests.local.foundry.model.schema import Json, Surface
from tests.local.foundry.refusals import not_found
from tests.local.foundry.state import Job
from tests.local.foundry.times import duration, iso


def run_of(request: web.Request) -> Job:
    """Give the job whose run a request is about; refuse what has not run."""
    job, name = request.app[PROJECT].jobs.get(request.match_info["name"]), request.match_info["run"]
    if name != job.name or job.attempts[0].started is None:
        raise not_found(f"The job {job.name!r} has no run {name!r}.")
    return job


def experiment_id(job: Job) -> str:
    """Give the id of the experiment that a run belongs to."""
    name = job.definition.experiment_name or "Default"
    return str(uuid5(NAMESPACE_URL, name))


async def run(request: web.Request) -> web.Response:
    """Show the run of a job."""
    return web.json_response(_run(run_of(request)))


async def details(request: web.Request) -> web.Response:
    """Show the run of a job with its warnings and the signed addresses of its logs."""
    job = run_of(request)
    files, until = request.app[PROJECT].site.files, storage.expires()
    has_log = files.log(job, job.attempt).exists()
    log = storage.signed(request, job, job.attempt, LOG, until=until)
    more = {
        "logFiles": {LOG: log} if has_log else {},
        "warnings": [
            {"source": warned.code, "message": warned.message}
            for attempt in job.attempts
            for warned in attempt.warnings
        ],
    }
    return web.json_response({**_run(job), **more})


RUN = f"{JOB}/history/runs/{{run}}"
ROUTES = (
    Route("history", "GET", RUN, run, Surface.JOBS),
    Route("history", "GET", f"{RUN}/details", details, Surface.JOBS),
)


def _run(job: Job) -> Json:
    first, last = job.attempts[0], job.attempt
    ended = last.ended
    length = (ended or datetime.now(UTC)) - (first.started or job.created)
    shown = {
        "runId": job.name,
        "runUuid": job.name,
        "rootRunId": job.name,
        "experimentId": experiment_id(job),
        "status": job.status,
        "createdUtc": iso(job.created),
        "startTimeUtc": iso(first.started),
        "endTimeUtc": iso(ended),
        "duration": duration(length),
        "computeDuration": duration(length),
        "lastModifiedUtc": iso(job.modified),
        "displayName": job.definition.display_name or job.name,
        "description": job.definition.description,
        "target": job.definition.compute_id.rpartition("/")[2],
        "runType": "azureml.scriptrun",
        "createdBy": {"userName": job.created_by, "userObjectId": job.created_by},
        "properties": job.definition.properties,
        "tags": job.definition.tags,
        "error": _error(job),
    }
    return {name: value for name, value in shown.items() if value is not None}


def _error(job: Job) -> Json | None:
    failure = job.attempt.failure
    if failure is None or not job.is_over:
        return None
    return {"error": {"code": failure.code, "message": failure.message}}
