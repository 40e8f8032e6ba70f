"""What every request passes on its way in: the record, and the check of token, version, address."""

import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler
from yarl import URL

from tests.local import bearer
from tests.local.web import is_control
from tests.local.web_faults import Dialect
from tests.local.workspace import refusals, versions
from tests.local.workspace.ids import Scope
from tests.local.workspace.refusals import RefusedError
from tests.local.workspace.schema import Json
from tests.local.workspace.workspace import Workspace

WORKSPACE = web.AppKey("workspace", Workspace)
KEY = web.AppKey("key", str)
VERSIONS = web.AppKey("versions", frozenset[str])
CLAIMS = web.RequestKey("claims", dict[str, Any])
REQUEST_ID = web.RequestKey("request_id", str)

ARM_AUDIENCES = frozenset({"https://management.azure.com", "https://management.core.windows.net"})
OPEN: frozenset[str] = frozenset()  # no token is asked for
READS, WRITES = 249, 199


@dataclass(frozen=True)
class Route:
    """One operation: what the faults and the record call it, where it is, and who answers it."""

    operation: str
    method: str
    path: str
    handler: Handler
    audiences: frozenset[str] = ARM_AUDIENCES
    has_version: bool = True


ROUTES = web.AppKey("routes", dict[Handler, Route])


def arm_url(request: web.Request, path: str, query: Mapping[str, str]) -> str:
    """Give an address on the host that the request came to."""
    return str(URL.build(scheme=request.scheme, authority=request.host, path=path, query=query))


@web.middleware
async def recorded(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Write the request down, with its answer if one is sent."""
    if is_control(request):
        return await handler(request)
    request[REQUEST_ID] = secrets.token_hex(16)
    operation, name = await _operation(request) or ("", "")
    entry = request.app[WORKSPACE].ledger.note(operation, name, request.method)
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
        code = refusals.CODES.get(exc.status, "InvalidRequest")
        refused = RefusedError(exc.status, code, f"{request.path}: {exc.reason}")
        return refusals.response(refused, request[REQUEST_ID])


@web.middleware
async def admitted(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse a request without a good token, without a known version, or for another workspace."""
    route = _route(request)
    if route and route.audiences:
        request[CLAIMS] = _claims(request, route.audiences)
    if route and route.has_version:
        versions.check(request.query.get("api-version"), request.app[VERSIONS])
    _check_address(request.match_info, request.app[WORKSPACE].site.scope)
    return await handler(request)


async def with_azure_headers(request: web.Request, answer: web.StreamResponse) -> None:
    """Add what Resource Manager says with every answer; the quotas are for show."""
    if REQUEST_ID not in request:
        return
    answer.headers["x-ms-request-id"] = request[REQUEST_ID]
    answer.headers["x-ms-correlation-request-id"] = request.headers.get(
        "x-ms-correlation-request-id", request[REQUEST_ID]
    )
    kind, left = ("reads", READS) if request.method == "GET" else ("writes", WRITES)
    answer.headers[f"x-ms-ratelimit-remaining-subscription-{kind}"] = str(left)


async def _operation(request: web.Request) -> tuple[str, str] | None:
    route = _route(request)
    return (route.operation, request.match_info.get("name", "")) if route else None


async def json_object(request: web.Request) -> Json:
    """Read the body of a request; refuse one that is no JSON object."""
    try:
        body = json.loads(await request.read())
    except (ValueError, RecursionError) as exc:
        raise unreadable(str(exc)) from exc
    if not isinstance(body, dict):
        raise unreadable("it must be an object")
    return body


def unreadable(why: str) -> RefusedError:
    """Refuse a body for its shape."""
    return RefusedError(400, "InvalidRequestContent", f"The request content was invalid: {why}")


def dialect(routes: dict[Handler, Route]) -> Dialect:
    """Describe the service to the faults."""
    return Dialect(
        frozenset(route.operation for route in routes.values()), _operation, refusals.on_demand
    )


def _route(request: web.Request) -> Route | None:
    return request.app[ROUTES].get(request.match_info.handler)


def _claims(request: web.Request, audiences: frozenset[str]) -> dict[str, Any]:
    """Check the token; like each cloud's Resource Manager, this one is an audience of its own."""
    header, ours = request.headers.get("Authorization"), f"{request.scheme}://{request.host}"
    try:
        return bearer.check(request.app[KEY], header, audiences=audiences | {ours}, now=time.time())
    except bearer.TokenError as exc:
        raise RefusedError(401, exc.code, str(exc)) from exc


def _check_address(address: Mapping[str, str], scope: Scope) -> None:
    """Refuse, as Resource Manager does, what is not this workspace."""
    expected = (
        ("subscription", scope.subscription, "SubscriptionNotFound"),
        ("group", scope.resource_group, "ResourceGroupNotFound"),
        ("workspace", scope.workspace, "ResourceNotFound"),
    )
    for part, ours, code in expected:
        given = address.get(part, ours)
        if given.lower() != ours.lower():
            raise RefusedError(404, code, f"The {part} '{given}' could not be found.")
