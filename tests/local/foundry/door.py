"""What every request passes on its way in: record, token, project, feature, version."""

import json
import secrets
import time
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler
from yarl import URL

from tests.local import bearer
from tests.local.foundry import refusals
from tests.local.foundry.model.schema import Json, Surface
from tests.local.foundry.project import Project
from tests.local.foundry.refusals import RefusedError, bad_request, not_found
from tests.local.web import is_control
from tests.local.web_faults import Dialect

AUDIENCE = "https://ai.azure.com"
FEATURES = "Foundry-Features"
DEFAULT_PROJECT = "_project"


@dataclass(frozen=True)
class Contract:
    """What a request must bring besides its token; no feature: none is asked for."""

    version: str
    feature: str | None = None


@dataclass(frozen=True)
class Route:
    """One operation: what the faults and the record call it, where it is, and who answers it.

    Without a surface it is open to whoever has its signed address.
    """

    operation: str
    method: str
    path: str
    handler: Handler
    surface: Surface | None


PROJECT = web.AppKey("project", Project)
KEY = web.AppKey("key", str)
CONTRACTS = web.AppKey("contracts", dict[Surface, Contract])
ROUTES = web.AppKey("routes", dict[Handler, Route])
CLAIMS = web.RequestKey("claims", dict[str, Any])
REQUEST_ID = web.RequestKey("request_id", str)


def address(request: web.Request, path: str, **query: str) -> str:
    """Give an address on the host that the request came to, below the project."""
    path = f"{request.app[PROJECT].site.place.path}{path}"
    return str(URL.build(scheme=request.scheme, authority=request.host, path=path, query=query))


async def json_object(request: web.Request) -> Json:
    """Read the body of a request; refuse one that is no JSON object."""
    try:
        body = json.loads(await request.read(), parse_constant=_no_constant)
    except (ValueError, RecursionError) as exc:
        raise bad_request(f"The body is not JSON: {exc}") from exc
    if not isinstance(body, dict):
        raise bad_request("The body is no JSON object.")
    return body


def _no_constant(word: str) -> None:
    """Refuse NaN and Infinity, which Python would take."""
    raise ValueError(f"{word} is no value")


@web.middleware
async def recorded(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Write the request down, with its answer if one is sent."""
    if is_control(request):
        return await handler(request)
    request[REQUEST_ID] = secrets.token_hex(16)
    operation, name = await _operation(request) or ("", "")
    entry = request.app[PROJECT].ledger.note(operation, name, request.method)
    answer = await handler(request)
    if request.transport is not None and not request.transport.is_closing():
        entry.status = answer.status
    return answer


@web.middleware
async def worded(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Put refusals into the words of the service."""
    try:
        return await handler(request)
    except RefusedError as exc:
        return refusals.response(exc, request.get(REQUEST_ID, ""))
    except web.HTTPException as exc:
        if is_control(request):
            raise
        code = refusals.code_of(exc.status)
        refused = RefusedError(exc.status, code, f"{request.path}: {exc.reason}")
        return refusals.response(refused, request[REQUEST_ID])


@web.middleware
async def admitted(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse a request without a good token, for another project, or for another contract."""
    route = _route(request)
    if route and route.surface:
        request[CLAIMS] = _claims(request)
        _check_project(request)
        _check_contract(request, request.app[CONTRACTS][route.surface])
    return await handler(request)


async def with_request_id(request: web.Request, answer: web.StreamResponse) -> None:
    """Say with every answer by which id the service would know the request."""
    if REQUEST_ID in request:
        answer.headers["x-ms-request-id"] = request[REQUEST_ID]


def dialect(routes: dict[Handler, Route]) -> Dialect:
    """Describe the service to the faults."""
    operations = frozenset(route.operation for route in routes.values())
    return Dialect(operations, _operation, refusals.on_demand)


def _route(request: web.Request) -> Route | None:
    return request.app[ROUTES].get(request.match_info.handler)


async def _operation(request: web.Request) -> tuple[str, str] | None:
    """Tell what is asked for, and of which job: its name may stand in the body alone."""
    route = _route(request)
    if route is None:
        return None
    is_unnamed = route.operation == "create" and "name" not in request.match_info
    name = await _name_in_body(request) if is_unnamed else request.match_info.get("name", "")
    return route.operation, name


async def _name_in_body(request: web.Request) -> str:
    """Read a name from the body; whatever is wrong with that, the handler will say."""
    if (request.content_length or 0) > request.client_max_size:
        return ""
    try:
        return str((await json_object(request)).get("name", ""))
    except (RefusedError, web.HTTPException):
        return ""


def _claims(request: web.Request) -> dict[str, Any]:
    header = request.headers.get("Authorization")
    try:
        return bearer.check(
            request.app[KEY], header, audiences={AUDIENCE, f"{AUDIENCE}/"}, now=time.time()
        )
    except bearer.TokenError as exc:
        raise RefusedError(401, refusals.code_of(401), str(exc)) from exc


def _check_project(request: web.Request) -> None:
    given, ours = request.match_info["project"], request.app[PROJECT].site.place.project
    if given not in {ours, DEFAULT_PROJECT}:
        raise not_found(f"There is no project {given!r}.")


def _check_contract(request: web.Request, contract: Contract) -> None:
    version = request.query.get("api-version")
    if version != contract.version:
        given = "is missing" if version is None else f"{version!r} is not served"
        raise bad_request(f"The api-version {given}: these routes have {contract.version}.")
    sent = {word.strip() for word in request.headers.get(FEATURES, "").split(",")}
    if contract.feature and contract.feature not in sent:
        text = f"These routes are in preview: {FEATURES} must name {contract.feature}."
        raise RefusedError(403, "preview_feature_required", text)
