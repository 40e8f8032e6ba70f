"""The routes of `training_jobs`: create, show, list, cancel, delete, services.

The paths are those of `src/training_jobs/routes.tsp` in
https://github.com/Azure/azure-rest-api-specs (pull request 42790).
"""

from aiohttp import web

from tests.local.foundry import listing, paging
from tests.local.foundry.door import CLAIMS, PROJECT, Route, json_object
from tests.local.foundry.idempotency import HEADER
from tests.local.foundry.model import envelopes
from tests.local.foundry.model.schema import Json, Surface
from tests.local.foundry.operation_routes import accepted, operation_routes
from tests.local.foundry.paging import whole_number
from tests.local.foundry.resource import training_job
from tests.local.foundry.services import services_of
from tests.local.foundry.state import Job

SURFACE = Surface.TRAINING_JOBS
PATH = "/api/projects/{project}/training_jobs"
JOB = f"{PATH}/{{name:[^/:]+}}"


async def create(request: web.Request) -> web.Response:
    """Create a job and start it; the same `Operation-Id` again is the same job."""
    project = request.app[PROJECT]
    key, body = request.headers.get(HEADER), await json_object(request)
    answer = project.answers.known(key, body)
    if answer is None:
        name, wanted = envelopes.created(body)
        job = project.create(name, wanted, by=request[CLAIMS]["appid"])
        answer = training_job(job, project.site.place)
        project.answers.keep(key, body, answer)
    return web.json_response(answer, status=201)


async def get(request: web.Request) -> web.Response:
    """Show a job."""
    return web.json_response(
        _shown(request, request.app[PROJECT].jobs.get(request.match_info["name"]))
    )


async def list_jobs(request: web.Request) -> web.Response:
    """Show a page of jobs."""
    query = request.query
    wanted = listing.filter_of(
        SURFACE,
        job_type=query.get("job_type"),
        tag=query.get("tag"),
        properties=query.get("properties"),
        view=query.get("list_view_type"),
    )
    jobs = listing.chosen(request.app[PROJECT].jobs.oldest_first(), wanted)
    page = paging.page(query, jobs, key=lambda job: job.name, show=lambda job: _shown(request, job))
    return web.json_response(page)


async def cancel(request: web.Request) -> web.Response:
    """Cancel a job: 200 when it is over, 202 when its command must be ended first."""
    operation = request.app[PROJECT].cancel(request.match_info["name"])
    return accepted(request, operation, SURFACE) if operation else web.Response()


async def delete(request: web.Request) -> web.Response:
    """Delete a job: 202, or 204 when there is none."""
    operation = request.app[PROJECT].delete(request.match_info["name"])
    return accepted(request, operation, SURFACE) if operation else web.Response(status=204)


async def services(request: web.Request) -> web.Response:
    """Show the services of one node of a job: the leader, unless another is asked for."""
    job = request.app[PROJECT].jobs.get(request.match_info["name"])
    node = whole_number(request.query, "node_id", at_least=0) or 0
    return web.json_response({"services": services_of(job, node)})


ROUTES = (
    Route("create", "POST", PATH, create, SURFACE),
    Route("list", "GET", PATH, list_jobs, SURFACE),
    Route("cancel", "POST", f"{JOB}:cancel", cancel, SURFACE),
    Route("get", "GET", JOB, get, SURFACE),
    Route("delete", "DELETE", JOB, delete, SURFACE),
    Route("services", "GET", f"{JOB}/services", services, SURFACE),
    *operation_routes(PATH, SURFACE),
)


def _shown(request: web.Request, job: Job) -> Json:
    return training_job(job, request.app[PROJECT].site.place)
