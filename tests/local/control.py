"""The control server of the twin: one place for what tests ask of all its services.

POST   /faults            {"service", "match", "fault", "times"?}: to that service
DELETE /faults?service=   of that service, or of all
POST   /entities          to the bus
POST   /app/kill          end the app as a crash would
POST   /app/start         start it again, at the same address
*      /{service}/{path}  the service's own control route of that path
"""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping

import aiohttp
from aiohttp import web
from aiohttp.typedefs import Handler

from tests.local.app import App
from tests.local.web import HOSTS, refused

JSON = {"Content-Type": "application/json"}
SESSION = web.AppKey("session", aiohttp.ClientSession)


class Control:
    """Hands each request on to the service it is meant for."""

    def __init__(self, controls: Mapping[str, str], app: App | None) -> None:
        """Keep where the services take control requests, and the app if there is one."""
        self._controls = controls
        self._app = app

    def web_app(self) -> web.Application:
        """Build the web application."""
        app = web.Application(middlewares=[_own_host])
        app.cleanup_ctx.append(_session)
        app.router.add_post("/faults", self._add_fault)
        app.router.add_delete("/faults", self._clear_faults)
        app.router.add_post("/entities", self._add_entity)
        app.router.add_post("/app/kill", self._kill)
        app.router.add_post("/app/start", self._start)
        app.router.add_route("*", "/{service}/{path:.+}", self._own_route)
        return app

    async def _add_fault(self, request: web.Request) -> web.Response:
        try:
            spec = await request.json()
            service = spec.pop("service")
        except (AttributeError, KeyError, TypeError, ValueError):
            return refused('the body is {"service", "match", "fault", "times"}')
        return await self._forward(request, service, "faults", json.dumps(spec).encode())

    async def _clear_faults(self, request: web.Request) -> web.Response:
        asked = request.query.get("service")
        answers = [
            await self._forward(request, service, "faults")
            for service in ([asked] if asked else self._controls)
        ]
        return max(answers, key=lambda answer: answer.status)

    async def _add_entity(self, request: web.Request) -> web.Response:
        return await self._forward(request, "bus", "entities", await request.read())

    async def _own_route(self, request: web.Request) -> web.Response:
        service, path = request.match_info["service"], request.match_info["path"]
        return await self._forward(request, service, path, await request.read())

    async def _forward(
        self, request: web.Request, service: str, path: str, body: bytes = b""
    ) -> web.Response:
        """Send a request to a service's own control route and give its answer."""
        if service not in self._controls:
            return refused(f"service is one of {sorted(self._controls)}, not {service!r}")
        url = f"{self._controls[service]}/{path}"
        async with request.app[SESSION].request(
            request.method, url, params=request.query, data=body, headers=JSON
        ) as answer:
            content, kind = await answer.read(), answer.content_type
            return web.Response(status=answer.status, body=content, content_type=kind)

    async def _kill(self, request: web.Request) -> web.Response:
        if not (self._app and self._app.is_running):
            return web.json_response({"error": "no app is running"}, status=409)
        await asyncio.to_thread(self._app.kill)
        return web.Response(status=204)

    async def _start(self, request: web.Request) -> web.Response:
        if not self._app or self._app.is_running:
            return web.json_response({"error": "no app has ended"}, status=409)
        service = await asyncio.to_thread(self._app.start)
        return web.json_response({"pid": service.pid})


async def _session(app: web.Application) -> AsyncIterator[None]:
    async with aiohttp.ClientSession() as app[SESSION]:
        yield


@web.middleware
async def _own_host(request: web.Request, handler: Handler) -> web.StreamResponse:
    if request.host.rpartition(":")[0] not in HOSTS:
        return web.Response(status=403, text=f"host {request.host!r} is not served here")
    return await handler(request)
