"""The job routes of Azure Resource Manager (https://learn.microsoft.com/rest/api/azureml/jobs)."""

import secrets

from aiohttp import web

from tests.local.workspace import clients, listing
from tests.local.workspace.door import CLAIMS, WORKSPACE, Route, arm_url, json_object, unreadable
from tests.local.workspace.ids import PROVIDER
from tests.local.workspace.refusals import REGION, not_found
from tests.local.workspace.resource import resource
from tests.local.workspace.schema import Json
from tests.local.workspace.state import Job

JOBS = f"{clients.PATH}/jobs"
OPERATION = (
    f"/subscriptions/{{subscription}}/providers/{PROVIDER}"
    "/locations/{location}/mfeOperationResults/{id}"
)
ENVELOPE = {"properties", "id", "name", "type", "systemData"}


async def create(request: web.Request) -> web.Response:
    """Create a job and start it, or change a little of one."""
    workspace = request.app[WORKSPACE]
    job, is_new = workspace.put(
        request.match_info["name"],
        await _properties(request),
        api_version=request.query["api-version"],
        by=request[CLAIMS]["appid"],
    )
    return web.json_response(resource(job, workspace.site.scope), status=201 if is_new else 200)


async def get(request: web.Request) -> web.Response:
    """Show a job."""
    workspace = request.app[WORKSPACE]
    return web.json_response(
        resource(workspace.jobs.get(request.match_info["name"]), workspace.site.scope)
    )


async def list_jobs(request: web.Request) -> web.Response:
    """Show a page of jobs."""
    workspace = request.app[WORKSPACE]
    jobs, token = workspace.page(listing.wanted(request.query))
    page: Json = {"value": [resource(job, workspace.site.scope) for job in jobs]}
    if token:
        page["nextLink"] = arm_url(request, request.path, {**request.query, "$skip": token})
    return web.json_response(page)


async def cancel(request: web.Request) -> web.Response:
    """Cancel a job: 200 when it had not begun, 202 when its command must be ended first."""
    workspace = request.app[WORKSPACE]
    job = workspace.jobs.get(request.match_info["name"])
    return web.Response() if workspace.runner.cancel(job) else _accepted(request, "cancel", job)


async def delete(request: web.Request) -> web.Response:
    """Delete a job: 202, or 204 when there is none."""
    job = request.app[WORKSPACE].delete(request.match_info["name"])
    return _accepted(request, "delete", job) if job else web.Response(status=204)


async def operation(request: web.Request) -> web.Response:
    """Tell how an operation that was answered with 202 goes: 202 still, then 200."""
    verb, _, name = request.match_info["id"].partition(":")
    name = name.rpartition(":")[0]
    job = request.app[WORKSPACE].jobs.existing(name)
    if verb not in {"cancel", "delete"}:
        raise not_found(f"there is no operation {request.match_info['id']!r}")
    goes_on = job is not None and (verb == "delete" or not job.is_over)
    return _accepted(request, verb, job) if goes_on and job else web.Response()


ROUTES = (
    Route("create", "PUT", f"{JOBS}/{{name}}", create),
    Route("get", "GET", f"{JOBS}/{{name}}", get),
    Route("list", "GET", JOBS, list_jobs),
    Route("delete", "DELETE", f"{JOBS}/{{name}}", delete),
    Route("cancel", "POST", f"{JOBS}/{{name}}/cancel", cancel),
    Route("operation", "GET", OPERATION, operation),
)


def _accepted(request: web.Request, verb: str, job: Job) -> web.Response:
    """Answer 202 with the place to look at."""
    workspace = request.app[WORKSPACE]
    path = OPERATION.format(
        subscription=workspace.site.scope.subscription,
        location=REGION,
        id=f"{verb}:{job.name}:{secrets.token_hex(8)}",
    )
    location = arm_url(request, path, {"api-version": request.query["api-version"]})
    headers = {"Location": location, "Retry-After": str(workspace.retry_after)}
    return web.Response(status=202, headers=headers)


async def _properties(request: web.Request) -> Json:
    """Read `{"properties": {...}}`; refuse a body of another shape."""
    body = await json_object(request)
    properties = body.get("properties")
    if not isinstance(properties, dict):
        raise unreadable("it must have an object 'properties'")
    unknown = sorted(body.keys() - ENVELOPE)
    if unknown:
        raise unreadable(f"it has no members {', '.join(unknown)}")
    return properties
