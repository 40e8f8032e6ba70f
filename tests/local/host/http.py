"""The HTTP trigger, and the host's own route to run a function by hand.

https://learn.microsoft.com/azure/azure-functions/functions-bindings-http-webhook-trigger for routes
and keys, https://learn.microsoft.com/azure/azure-functions/functions-manually-run-non-http for the
other.
"""

import hmac
from collections.abc import Callable, Mapping

from aiohttp import web
from azure.functions.meta import Datum
from multidict import MultiMapping

from tests.local.host.invoke import FailedError, Given, Invoker
from tests.local.host.routes import Routes

LARGEST_BODY = 100 * 1024 * 1024
RUN = "/admin/functions/{name}"


class Door:
    """Serves the functions with an HTTP trigger. One key opens them all, and the admin route."""

    def __init__(
        self,
        routes: Routes,
        invoker: Invoker,
        *,
        key: str,
        by_hand: Mapping[str, Callable[[], None]],
    ) -> None:
        """Keep who answers what; `by_hand` starts a function by its name."""
        self._routes = routes
        self._invoker = invoker
        self._key = key
        self._by_hand = by_hand

    def app(self) -> web.Application:
        """Build the web application."""
        app = web.Application(client_max_size=LARGEST_BODY)
        app.router.add_post(RUN, self._run_by_hand)
        app.router.add_route("*", "/{path:.*}", self._answer)
        return app

    async def _answer(self, request: web.Request) -> web.Response:
        found = self._routes.find(request.method, request.rel_url.raw_path)
        if not found:
            return web.Response(status=404)
        function, values = found
        is_open = function.options.get("authLevel", "FUNCTION") == "ANONYMOUS"
        if not (is_open or self._has_key(request)):
            return web.Response(status=401)
        try:
            result = await self._invoker.call(function, Given(await _datum(request, values), {}))
        except FailedError:
            return web.Response(status=500)
        return _response(result)

    async def _run_by_hand(self, request: web.Request) -> web.Response:
        """Start a function and say so at once; whether it succeeds is in the log."""
        if not self._has_key(request):
            return web.Response(status=401)
        start = self._by_hand.get(request.match_info["name"].lower())
        if not start:
            return web.Response(status=404)
        if not await _has_object(request):
            return web.Response(status=400)
        start()
        return web.Response(status=202)

    def _has_key(self, request: web.Request) -> bool:
        given = request.headers.get("x-functions-key") or request.query.get("code", "")
        return hmac.compare_digest(given.encode(errors="surrogateescape"), self._key.encode())


async def _has_object(request: web.Request) -> bool:
    """Tell whether the body is an object of JSON, as the route demands."""
    try:
        return isinstance(await request.json(), dict)
    except ValueError:
        return False


async def _datum(request: web.Request, values: Mapping[str, str]) -> Datum:
    """Give a request as the host does: no empty query values, header names in lower case."""
    query = {name: value for name, value in _joined(request.query).items() if value}
    return Datum(
        {
            "method": Datum(request.method, "string"),
            "url": Datum(str(request.url), "string"),
            "headers": _texts(
                {name.lower(): value for name, value in _joined(request.headers).items()}
            ),
            "params": _texts(values),
            "query": _texts(query),
            "body": Datum(await request.read(), "bytes"),
        },
        "http",
    )


def _joined(values: MultiMapping[str]) -> dict[str, str]:
    return {name: ",".join(values.getall(name)) for name in values}


def _texts(values: Mapping[str, str]) -> dict[str, Datum]:
    return {name: Datum(value, "string") for name, value in values.items()}


def _response(result: Datum | None) -> web.Response:
    if result is None:
        return web.Response(status=204)
    if result.type == "string":
        return web.Response(text=result.value)
    headers = {name: value.value for name, value in result.value["headers"].items()}
    return web.Response(
        status=int(result.value["status_code"].value),
        headers=headers,
        body=result.value["body"].value,
    )
