"""Puts the project behind HTTP."""

from aiohttp import web

from tests.local.foundry import (
    artifact_routes,
    attempt_routes,
    control,
    door,
    history,
    job_routes,
    metric_routes,
    run_routes,
    storage,
    training_routes,
)
from tests.local.foundry.door import Contract
from tests.local.foundry.model.schema import Surface
from tests.local.foundry.project import Project
from tests.local.web_faults import with_faults

LARGEST_BODY = 4 * 1024 * 1024
PARTS = (
    training_routes,
    attempt_routes,
    artifact_routes,
    metric_routes,
    job_routes,
    history,
    run_routes,
    storage,
)


def build(project: Project, *, key: str, contracts: dict[Surface, Contract]) -> web.Application:
    """Build the app: the door, then the routes."""
    app = web.Application(client_max_size=LARGEST_BODY, middlewares=[door.recorded])
    served = {route.handler: route for part in PARTS for route in part.ROUTES}
    app[door.PROJECT], app[door.KEY] = project, key
    app[door.CONTRACTS], app[door.ROUTES] = contracts, served
    with_faults(app, door.dialect(served))
    app.middlewares.extend((door.worded, door.admitted))
    app.on_response_prepare.append(door.with_request_id)
    for route in served.values():
        app.router.add_route(route.method, route.path, route.handler)
    control.add_routes(app.router)
    return app
