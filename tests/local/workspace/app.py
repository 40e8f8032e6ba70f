"""Puts the workspace behind HTTP."""

from aiohttp import web

from tests.local.web_faults import with_faults
from tests.local.workspace import clients, component_routes, control, door, history, mlflow, routes
from tests.local.workspace.ids import route as any_case
from tests.local.workspace.workspace import Workspace

LARGEST_BODY = 4 * 1024 * 1024  # of a request to Azure Resource Manager


def build(workspace: Workspace, *, key: str, versions: frozenset[str]) -> web.Application:
    """Build the app: the door, then the routes."""
    app = web.Application(client_max_size=LARGEST_BODY, middlewares=[door.recorded])
    parts = (routes, history, clients, component_routes, mlflow)
    served = {route.handler: route for part in parts for route in part.ROUTES}
    app[door.WORKSPACE], app[door.KEY] = workspace, key
    app[door.VERSIONS], app[door.ROUTES] = versions, served
    with_faults(app, door.dialect(served))
    app.middlewares.extend((door.worded, door.admitted))
    app.on_response_prepare.append(door.with_azure_headers)
    for route in served.values():
        app.router.add_route(route.method, any_case(route.path), route.handler)
    control.add_routes(app.router)
    return app
