"""What Microsoft's own client needs around the jobs, to find this workspace and nothing else.

azure-ai-ml 1.35 reads the clouds from ARM_CLOUD_METADATA_URL (`_azure_environments.py`), the
workspace for its discovery address, and there the host of run history (`_job_operations.py`,
`_get_workspace_url`).
"""

from aiohttp import web

from tests.local.bearer import TENANT
from tests.local.workspace.door import OPEN, WORKSPACE, Route
from tests.local.workspace.ids import PROVIDER
from tests.local.workspace.refusals import REGION, not_found

PATH = (
    "/subscriptions/{subscription}/resourceGroups/{group}"
    f"/providers/{PROVIDER}/workspaces/{{workspace}}"
)
CLOUD = "TwinCloud"
METADATA_PATH = "/metadata/endpoints"
DISCOVERY_PATH = "/discovery"


async def show(request: web.Request) -> web.Response:
    """Show the workspace itself."""
    scope = request.app[WORKSPACE].site.scope
    properties = {
        "workspaceId": "00000000-0000-0000-0000-0000000000dd",
        "friendlyName": scope.workspace,
        "provisioningState": "Succeeded",
        "tenantId": TENANT,
        "discoveryUrl": f"{_base(request)}{DISCOVERY_PATH}",
    }
    workspace = {
        "id": scope.id,
        "name": scope.workspace,
        "type": f"{PROVIDER}/workspaces",
        "location": REGION,
        "tags": {},
        "identity": {"type": "SystemAssigned"},
        "properties": properties,
    }
    return web.json_response(workspace)


async def compute(request: web.Request) -> web.Response:
    """Show a compute: azure-ai-ml 1.35 asks for those of the nodes before it sends a pipeline."""
    site, name = request.app[WORKSPACE].site, request.match_info["compute"]
    if name.lower() not in site.assets.computes:
        raise not_found(f"There is no compute {name!r} in the workspace.", "ComputeNotFound")
    compute = {
        "id": f"{site.scope.id}/computes/{name}",
        "name": name,
        "type": f"{PROVIDER}/workspaces/computes",
        "location": REGION,
        "properties": {
            "computeType": "AmlCompute",
            "provisioningState": "Succeeded",
            "properties": {"vmSize": "Standard_DS3_v2", "vmPriority": "Dedicated"},
        },
    }
    return web.json_response(compute)


async def metadata(request: web.Request) -> web.Response:
    """Describe the only cloud there is."""
    cloud = {
        "name": CLOUD,
        "portal": "https://portal.azure.com/",
        "resourceManager": f"{_base(request)}/",
        "authentication": {
            "loginEndpoint": "https://login.microsoftonline.com/",
            "audiences": ["https://management.azure.com/"],
        },
        "suffixes": {"storage": "core.windows.net"},
    }
    return web.json_response([cloud])


async def discovery(request: web.Request) -> web.Response:
    """Say where the services beside Resource Manager are: here, all of them."""
    base = _base(request)
    return web.json_response({"api": base, "history": base})


ROUTES = (
    Route("workspace", "GET", PATH, show),
    Route("compute", "GET", f"{PATH}/computes/{{compute}}", compute),
    Route("metadata", "GET", METADATA_PATH, metadata, audiences=OPEN, has_version=False),
    Route("discovery", "GET", DISCOVERY_PATH, discovery, audiences=OPEN, has_version=False),
)


def _base(request: web.Request) -> str:
    return f"{request.scheme}://{request.host}"
