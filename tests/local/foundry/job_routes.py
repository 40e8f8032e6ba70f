"""The routes of `jobs`: create or change, show, list, cancel, delete.

They are those that azd's extension for training calls (`pkg/client/jobs.go` of version
0.0.3-preview).
"""

import base64
import binascii
from collections.abc import Sequence

from aiohttp import web

from tests.local.foundry import listing
from tests.local.foundry.door import CLAIMS, PROJECT, Route, address, json_object
from tests.local.foundry.model import envelopes
from tests.local.foundry.model.schema import Json, Surface
from tests.local.foundry.operation_routes import accepted, operation_routes
from tests.local.foundry.refusals import bad_request
from tests.local.foundry.resource import job_resource
from tests.local.foundry.state import Job

SURFACE = Surface.JOBS
PATH = "/api/projects/{project}/jobs"
JOB = f"{PATH}/{{name}}"
TOKEN = "$skipToken"


async def put(request: web.Request) -> web.Response:
    """Create a job and start it, or change a little of one."""
    wanted = envelopes.put(await json_object(request))
    job, is_new = request.app[PROJECT].put(
        request.match_info["name"], wanted, by=request[CLAIMS]["appid"]
    )
    return web.json_response(_shown(request, job), status=201 if is_new else 200)


async def get(request: web.Request) -> web.Response:
    """Show a job."""
    return web.json_response(
        _shown(request, request.app[PROJECT].jobs.get(request.match_info["name"]))
    )


async def list_jobs(request: web.Request) -> web.Response:
    """Show a page of jobs, newest first."""
    project, query = request.app[PROJECT], request.query
    wanted = listing.filter_of(
        SURFACE,
        job_type=query.get("jobType"),
        tag=query.get("tag"),
        properties=query.get("properties"),
        view=query.get("listViewType"),
    )
    jobs = _older(listing.chosen(project.jobs.oldest_first(), wanted), query.get(TOKEN))
    page, size = jobs[: project.page_size], project.page_size
    answer: Json = {"value": [_shown(request, job) for job in page]}
    if len(jobs) > size:
        answer["nextLink"] = address(request, "/jobs", **{**query, TOKEN: _token(page[-1])})
    return web.json_response(answer)


async def cancel(request: web.Request) -> web.Response:
    """Cancel a job: 200 when it is over, 202 when its command must be ended first."""
    operation = request.app[PROJECT].cancel(request.match_info["name"])
    return accepted(request, operation, SURFACE) if operation else web.Response()


async def delete(request: web.Request) -> web.Response:
    """Delete a job: 202, or 204 when there is none."""
    operation = request.app[PROJECT].delete(request.match_info["name"])
    return accepted(request, operation, SURFACE) if operation else web.Response(status=204)


ROUTES = (
    Route("create", "PUT", JOB, put, SURFACE),
    Route("get", "GET", JOB, get, SURFACE),
    Route("list", "GET", PATH, list_jobs, SURFACE),
    Route("cancel", "POST", f"{JOB}/cancel", cancel, SURFACE),
    Route("delete", "DELETE", JOB, delete, SURFACE),
    *operation_routes(PATH, SURFACE),
)


def _shown(request: web.Request, job: Job) -> Json:
    return job_resource(job, request.app[PROJECT].site.place)


def _older(oldest_first: Sequence[Job], token: str | None) -> list[Job]:
    """Give the jobs below the one that a token names, newest first."""
    bound = _number(token) if token else None
    return [job for job in reversed(oldest_first) if bound is None or job.number < bound]


def _token(last: Job) -> str:
    return base64.urlsafe_b64encode(f"older than {last.number}".encode()).decode()


def _number(token: str) -> int:
    try:
        return int(base64.urlsafe_b64decode(token).decode().removeprefix("older than "))
    except (binascii.Error, ValueError) as exc:
        raise bad_request(f"{token!r} is no token of this list") from exc
