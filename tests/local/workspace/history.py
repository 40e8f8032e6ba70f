"""Run history: why a run failed, and where its logs are; a service beside Resource Manager.

The routes and fields are those that azure-ai-ml 1.35 uses (`_restclient/runhistory`). A PATCH is
what its `jobs.update`, `jobs.archive` and `jobs.restore` send.
"""

import hmac
import re

from aiohttp import web
from aiohttp.typedefs import Handler
from pydantic import Field

from tests.local.workspace import clients, listing
from tests.local.workspace.door import (
    ARM_AUDIENCES,
    KEY,
    OPEN,
    WORKSPACE,
    Route,
    arm_url,
    json_object,
)
from tests.local.workspace.parts import Labels
from tests.local.workspace.refusals import REGION, RefusedError, bad_request
from tests.local.workspace.resource import added
from tests.local.workspace.schema import Body, Json, checked
from tests.local.workspace.site import LOG
from tests.local.workspace.state import Job

WORKSPACE_PATH = f"/history/v1.0{clients.PATH}"
LOG_PATH = "/artifacts/{name}/" + LOG
SOURCE = "executionworker"
# The words by which azureml-widgets tells runs apart.
RUN_TYPES = {"Sweep": "hyperdrive", "AutoML": "automl"}
AUDIENCES = frozenset(ARM_AUDIENCES | {"https://ml.azure.com"})


class Change(Body):
    """What a PATCH may say of a run; what is left out stays."""

    display_name: str | None = None
    description: str | None = None
    hidden: bool | None = None
    tags: Labels = Field(default_factory=dict)
    properties: Labels = Field(default_factory=dict)


async def run(request: web.Request) -> web.Response:
    """Show a run."""
    return web.json_response(_run(_job(request)))


async def details(request: web.Request) -> web.Response:
    """Show a run with its error and its logs."""
    job = _job(request)
    log = request.app[WORKSPACE].site.log(job)
    logs = {LOG: _signed(request, job)} if log.exists() else {}
    more = {
        "createdTimeUtc": job.created.isoformat(),
        "logFiles": logs,
        "warnings": [{"source": SOURCE, "message": message} for message in job.warnings],
        "inputDatasets": [],
        "outputDatasets": [],
    }
    return web.json_response({**_run(job), **more})


async def children(request: web.Request) -> web.Response:
    """Show a page of the runs that a run started, newest first; `$top` makes it shorter."""
    workspace = request.app[WORKSPACE]
    older = listing.older_than(request.query.get("$continuationtoken"))
    found = (job for job in workspace.jobs.children(_job(request)) if job.number < older)
    jobs, token = listing.page(found, size=_size(request))
    page: Json = {"value": [_run(job) for job in jobs]}
    if token:
        query = {**request.query, "$continuationtoken": token}
        page |= {"continuationToken": token, "nextLink": arm_url(request, request.path, query)}
    return web.json_response(page)


async def change(request: web.Request) -> web.Response:
    """Change a run's name, description, tags, properties or whether it is archived."""
    job = _job(request)
    wish = checked(Change, await json_object(request), at="run")
    plain = {
        "displayName": wish.display_name,
        "description": wish.description,
        "isArchived": wish.hidden,
    }
    job.definition = {
        **job.definition,
        **{name: value for name, value in plain.items() if value is not None},
        "tags": {**job.definition["tags"], **wish.tags},
        "properties": {**job.definition["properties"], **wish.properties},
    }
    return web.json_response(_run(job))


async def log(request: web.Request) -> web.FileResponse:
    """Hand out a log to whoever has its signed address."""
    job = _job(request)
    if not hmac.compare_digest(request.query.get("sig", ""), _signature(request, job.name)):
        raise RefusedError(403, "AuthenticationFailed", "The signature of the address is wrong.")
    return web.FileResponse(
        request.app[WORKSPACE].site.log(job), headers={"Content-Type": "text/plain"}
    )


def _route(method: str, path: str, handler: Handler) -> Route:
    return Route(
        "history",
        method,
        f"{WORKSPACE_PATH}{path}",
        handler,
        audiences=AUDIENCES,
        has_version=False,
    )


ROUTES = (
    _route("GET", "/runs/{name}", run),
    _route("GET", "/runs/{name}/details", details),
    _route("GET", "/runs/{name}/children", children),
    _route("PATCH", "/experiments/{experiment}/runs/{name}", change),
    Route("log", "GET", LOG_PATH, log, audiences=OPEN, has_version=False),
)


def _job(request: web.Request) -> Job:
    return request.app[WORKSPACE].jobs.get(request.match_info["name"])


def _size(request: web.Request) -> int:
    """Give the length of a page."""
    longest, top = request.app[WORKSPACE].page_size, request.query.get("$top")
    if top is None:
        return longest
    if not re.fullmatch(r"[1-9]\d{0,8}", top):
        raise bad_request(f"$top is a number above 0, not {top!r}", "ArgumentInvalid")
    return min(int(top), longest)


def _run(job: Job) -> Json:
    parent = {"parentRunId": job.parent, "parentRunUuid": job.parent} if job.parent else {}
    return {
        "runId": job.name,
        "runUuid": job.name,
        "rootRunId": job.root,
        "rootRunUuid": job.root,
        **parent,
        "runNumber": job.number,
        "runType": _run_type(job),
        "status": job.status,
        "displayName": job.definition.get("displayName", job.name),
        "description": job.definition.get("description"),
        "createdUtc": job.created.isoformat(),
        "startTimeUtc": job.started.isoformat() if job.started else None,
        "endTimeUtc": job.ended.isoformat() if job.ended else None,
        "tags": job.definition["tags"],
        "properties": {**job.definition["properties"], **added(job)},
        "hidden": job.definition["isArchived"],
        "error": _error(job),
    }


def _run_type(job: Job) -> str:
    """Give the type of a run; a node of a pipeline says itself that it is one."""
    known = RUN_TYPES.get(job.definition["jobType"], "azureml.scriptrun")
    return added(job).get("azureml.runsource", known)


def _error(job: Job) -> Json | None:
    if job.failure is None or job.ended is None:
        return None
    error: Json = {
        "code": job.failure.code,
        "message": job.failure.message,
        "details": [],
        "innerError": None,
    }
    return {
        "error": error,
        "correlation": {"operation": job.name, "request": job.name},
        "environment": REGION,
        "location": REGION,
        "time": job.ended.isoformat(),
        "componentName": SOURCE,
    }


def _signed(request: web.Request, job: Job) -> str:
    query = {"sv": "2023-11-03", "sr": "b", "sp": "r", "sig": _signature(request, job.name)}
    return arm_url(request, LOG_PATH.format(name=job.name), query)


def _signature(request: web.Request, name: str) -> str:
    return hmac.new(request.app[KEY].encode(), name.encode(), "sha256").hexdigest()
