"""The routes of components (https://learn.microsoft.com/rest/api/azureml/component-versions)."""

from aiohttp import web

from tests.local.workspace import clients
from tests.local.workspace.assets import Assets
from tests.local.workspace.components import component_id, keep
from tests.local.workspace.door import CLAIMS, WORKSPACE, Route, json_object, unreadable
from tests.local.workspace.ids import PROVIDER
from tests.local.workspace.refusals import not_found
from tests.local.workspace.schema import Json

COMPONENTS = f"{clients.PATH}/components/{{component}}/versions/{{version}}"


async def put(request: web.Request) -> web.Response:
    """Create a version of a component."""
    properties = (await json_object(request)).get("properties")
    if not isinstance(properties, dict):
        raise unreadable("it must have an object 'properties'")
    name, version, assets = _addressed(request)
    is_new = keep(name, version, properties, assets)
    return web.json_response(_resource(request), status=201 if is_new else 200)


async def get(request: web.Request) -> web.Response:
    """Show a version of a component."""
    name, version, assets = _addressed(request)
    if (name, version) not in assets.components:
        raise not_found(f"There is no component {name!r} of version {version!r}.")
    return web.json_response(_resource(request))


ROUTES = (
    Route("component", "PUT", COMPONENTS, put),
    Route("component", "GET", COMPONENTS, get),
)


def _addressed(request: web.Request) -> tuple[str, str, Assets]:
    address = request.match_info
    return address["component"], address["version"], request.app[WORKSPACE].site.assets


def _resource(request: web.Request) -> Json:
    name, version, assets = _addressed(request)
    return {
        "id": component_id(name, version, assets.scope),
        "name": version,
        "type": f"{PROVIDER}/workspaces/components/versions",
        "systemData": {"createdBy": request[CLAIMS]["appid"], "createdByType": "Application"},
        "properties": assets.components[name, version],
    }
