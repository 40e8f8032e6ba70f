"""The control routes of the project: what a test may ask and set beside the service's own.

=========================  ===================================================================
`GET requests?name=`       the requests that came in: operation, name, method, time, status
`DELETE requests`          forget them
`GET files?uri=azureai:…`  the content of a file of an asset or a datastore
`PUT files?uri=azureai:…`  make that file from the body
`GET walk?name=`           the statuses a job has had, and when; a poll may miss one
`POST computes {"name"}`   add a compute
=========================  ===================================================================
"""

from pathlib import Path

from aiohttp import web

from tests.local.foundry.door import PROJECT
from tests.local.foundry.refusals import RefusedError
from tests.local.web import CONTROL, refused


async def requests(request: web.Request) -> web.Response:
    """Show the requests about one name, or all."""
    return web.json_response(request.app[PROJECT].ledger.about(request.query.get("name")))


async def forget(request: web.Request) -> web.Response:
    """Forget the requests."""
    request.app[PROJECT].ledger.clear()
    return web.Response(status=204)


async def read_file(request: web.Request) -> web.Response:
    """Give the content of a file."""
    path = _path(request)
    if not path.is_file():
        text = f"there is no file at {request.query['uri']}"
        return web.json_response({"error": text}, status=404)
    return web.Response(body=path.read_bytes())


async def write_file(request: web.Request) -> web.Response:
    """Make a file."""
    path = _path(request)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(await request.read())
    return web.Response(status=204)


async def walk(request: web.Request) -> web.Response:
    """Show the statuses that a job has had, seen or not."""
    job = request.app[PROJECT].jobs.known(request.query.get("name", ""))
    steps = job.walk if job else []
    return web.json_response(
        [{"status": status, "time": time.isoformat()} for status, time in steps]
    )


async def add_compute(request: web.Request) -> web.Response:
    """Add a compute to the account."""
    try:
        name = (await request.json())["name"]
    except (KeyError, TypeError, ValueError):
        return refused('the body is {"name": …}')
    request.app[PROJECT].site.computes.add(str(name).lower())
    return web.Response(status=204)


def add_routes(router: web.UrlDispatcher) -> None:
    """Add the routes."""
    router.add_get(f"{CONTROL}/requests", requests)
    router.add_delete(f"{CONTROL}/requests", forget)
    router.add_get(f"{CONTROL}/files", read_file)
    router.add_put(f"{CONTROL}/files", write_file)
    router.add_get(f"{CONTROL}/walk", walk)
    router.add_post(f"{CONTROL}/computes", add_compute)


def _path(request: web.Request) -> Path:
    try:
        return request.app[PROJECT].site.files.path(request.query.get("uri", ""))
    except RefusedError as exc:
        raise web.HTTPBadRequest(text=str(exc)) from exc
