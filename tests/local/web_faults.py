"""Faults on demand for an HTTP service: the routes that set them, and the middleware that acts.

What each kind does, and what `when` says (before unless given):

===============  =============================================================================
`latency`        waits `seconds`, before or after the effect
`status`         answers with `status` and `headers`, before (no effect) or after the effect
`reset`          drops the connection with a TCP reset, before or after the effect
`slow`           has the effect; its answer comes in pieces, spread over `seconds`
`malformed`      has the effect; its answer is broken JSON
`wrong_type`     has the effect; its answer is JSON of another shape
`token_expired`  no effect; the service's own answer to an expired token
===============  =============================================================================
"""

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from tests.local.faults import Fault, Faults
from tests.local.web import CONTROL, is_control, own_host, refused

PIECES = 8
CUT_SHORT = b'{"value": [{"name": '
OTHER_SHAPE = b'["nothing", {"like": "it"}, 7]'


@dataclass(frozen=True)
class Dialect:
    """What the faults must know of a service: its operations, and how it says that it failed."""

    operations: frozenset[str]
    operation: Callable[[web.Request], Awaitable[tuple[str, str] | None]]
    """What a request asks for, and about which name; None for what has no faults."""
    error: Callable[[int], web.Response]
    """The service's own error answer with this HTTP status."""


def with_faults(app: web.Application, dialect: Dialect) -> None:
    """Give an app the faults, the control routes that set them, and the check of the host."""
    faults = Faults()
    app.middlewares.append(own_host)
    app.middlewares.append(_faulty(faults, dialect))
    app.router.add_post(f"{CONTROL}/faults", _adding(faults, dialect))
    app.router.add_delete(f"{CONTROL}/faults", _clearing(faults))
    app.router.add_get(f"{CONTROL}/faults", _counting(faults))


def _adding(faults: Faults, dialect: Dialect) -> Handler:
    async def add(request: web.Request) -> web.Response:
        try:
            spec = await request.json()
            _check_match(spec.get("match", {}), dialect)
            faults.add(spec)
        except (AttributeError, KeyError, TypeError, ValueError) as exc:
            return refused(f"not a fault: {type(exc).__name__}: {exc}")
        return web.Response(status=204)

    return add


def _check_match(match: dict[str, Any], dialect: Dialect) -> None:
    """Refuse what would never match, or would match more than was meant."""
    unknown = match.keys() - {"operation", "name"}
    if unknown:
        raise ValueError(f"match has operation and name, not {', '.join(sorted(unknown))}")
    operation = match.get("operation")
    if operation is not None and operation not in dialect.operations:
        raise ValueError(
            f"match.operation is one of {', '.join(sorted(dialect.operations))}, not {operation!r}"
        )


def _counting(faults: Faults) -> Handler:
    async def count(request: web.Request) -> web.Response:
        return web.json_response({"pending": faults.pending})

    return count


def _clearing(faults: Faults) -> Handler:
    async def clear(request: web.Request) -> web.Response:
        faults.clear()
        return web.Response(status=204)

    return clear


def _faulty(faults: Faults, dialect: Dialect) -> Middleware:
    @web.middleware
    async def answer(request: web.Request, handler: Handler) -> web.StreamResponse:
        asked = None if is_control(request) else await dialect.operation(request)
        fault = faults.take(*asked) if asked else None
        return await _act(fault, request, handler, dialect) if fault else await handler(request)

    return answer


async def _act(
    fault: Fault, request: web.Request, handler: Handler, dialect: Dialect
) -> web.StreamResponse:
    """Let the fault happen, before or after the effect of the request."""
    if fault.kind == "token_expired":
        return dialect.error(401)
    if fault.when == "before" and fault.kind in {"reset", "status"}:
        return _broken(fault, request, dialect)
    if fault.when == "before" and fault.kind == "latency":
        await asyncio.sleep(fault.seconds)
        return await handler(request)
    return await _distorted(fault, request, await handler(request), dialect)


def _broken(fault: Fault, request: web.Request, dialect: Dialect) -> web.Response:
    if fault.kind == "reset":
        return _reset(request)
    error = dialect.error(fault.status)
    error.headers.update(fault.headers)
    return error


async def _distorted(
    fault: Fault, request: web.Request, answer: web.StreamResponse, dialect: Dialect
) -> web.StreamResponse:
    if fault.kind in {"reset", "status"}:
        return _broken(fault, request, dialect)
    if fault.kind == "latency":
        await asyncio.sleep(fault.seconds)
    if fault.kind == "slow":
        return await _dribbled(request, answer, fault.seconds)
    bodies = {"malformed": CUT_SHORT, "wrong_type": OTHER_SHAPE}
    if fault.kind in bodies:
        return web.Response(
            status=answer.status, body=bodies[fault.kind], content_type="application/json"
        )
    return answer


def _reset(request: web.Request) -> web.Response:
    """Drop the connection with a TCP reset; the answer returned goes nowhere."""
    transport = request.transport
    if transport is not None:
        connection = transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    return web.Response(status=500)


async def _dribbled(
    request: web.Request, answer: web.StreamResponse, seconds: float
) -> web.StreamResponse:
    """Send an answer in a few pieces, spread over so many seconds."""
    body = (
        answer.body if isinstance(answer, web.Response) and isinstance(answer.body, bytes) else b""
    )
    slow = web.StreamResponse(status=answer.status, headers=answer.headers)
    slow.content_length = len(body)
    await slow.prepare(request)
    size = max(1, -(-len(body) // PIECES))
    for start in range(0, len(body), size):
        await asyncio.sleep(seconds / PIECES)
        await slow.write(body[start : start + size])
    await slow.write_eof()
    return slow
