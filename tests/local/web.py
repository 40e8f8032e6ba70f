"""What the HTTP services of the twin share: the server, the check of the host, control answers.

Only 127.0.0.1 is listened on, and requests that name another host are refused: so a page in a
browser cannot reach a service through a name of its own.
"""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web
from aiohttp.typedefs import Handler

CONTROL = "/twin"
HOSTS = {"127.0.0.1", "localhost"}


@asynccontextmanager
async def serving(app: web.Application, *, tls: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    """Serve an app on a free port of 127.0.0.1 and give its base URL."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls).start()
        port = runner.addresses[0][1]
        yield f"{'https' if tls else 'http'}://127.0.0.1:{port}"
    finally:
        await runner.cleanup()


def server_tls(certificate: Path, key: Path) -> ssl.SSLContext:
    """Read what a server needs to speak TLS."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    return context


def refused(text: str) -> web.Response:
    """Say that a control request was no good, and why."""
    return web.json_response({"error": text}, status=400)


def is_control(request: web.Request) -> bool:
    """Tell whether a request speaks to the twin, not to the service it stands in for."""
    return request.path.startswith(f"{CONTROL}/")


@web.middleware
async def own_host(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse a request for another host."""
    if request.host.rpartition(":")[0] not in HOSTS:
        return web.Response(status=403, text=f"host {request.host!r} is not served here")
    return await handler(request)
