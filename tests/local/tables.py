"""Faults for Table Storage: a proxy before Azurite that hands all on until told otherwise.

    python -m tests.local.tables --upstream http://127.0.0.1:PORT

A SharedKey signature covers the method, the date and the path
(https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key), so path, query,
headers and body go through as they are. The operations for faults are `create`, `get`, `list`,
`update`, `delete`, `transaction`, and `table` for all that is done to tables themselves. The name
is the row key where the request has one, else the table; a transaction has no name.

It proves how an app takes a failing store; the store itself is Azurite's affair.
"""

import argparse
import asyncio
import json
import re
from collections.abc import AsyncIterator
from urllib.parse import unquote

import aiohttp
from aiohttp import web
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from tests.local import process
from tests.local.web import CONTROL, serving
from tests.local.web_faults import Dialect, with_faults

OPERATIONS = frozenset({"create", "get", "list", "update", "delete", "transaction", "table"})
# They speak of one connection, not of the request (RFC 9110, section 7.6.1).
OF_THE_CONNECTION = ("connection", "keep-alive", "transfer-encoding", "content-length")
LARGEST_BODY = 5 * 1024 * 1024
ENTITY = re.compile(r"(?P<table>[^/(]+)\((?P<keys>.+)\)")
ROW_KEY = re.compile(r"RowKey='((?:[^']|'')*)'")
VERBS = {"GET": "get", "PUT": "update", "MERGE": "update", "PATCH": "update", "DELETE": "delete"}


def proxy(upstream: URL) -> web.Application:
    """Build the proxy."""
    app = web.Application(client_max_size=LARGEST_BODY)
    session = web.AppKey("session", aiohttp.ClientSession)

    async def sessions(app: web.Application) -> AsyncIterator[None]:
        async with aiohttp.ClientSession(auto_decompress=False) as app[session]:
            yield

    async def forward(request: web.Request) -> web.Response:
        try:
            return await _forwarded(request)
        except aiohttp.ClientConnectionError as exc:
            return web.Response(status=502, text=f"{upstream} does not answer: {exc}")

    async def _forwarded(request: web.Request) -> web.Response:
        async with app[session].request(
            request.method,
            upstream.join(URL(request.raw_path, encoded=True)),
            headers=_end_to_end(request.headers),
            data=await request.read(),
            skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
            allow_redirects=False,
        ) as answer:
            body = await answer.read()
            return web.Response(
                status=answer.status, headers=_end_to_end(answer.headers), body=body
            )

    app.cleanup_ctx.append(sessions)
    with_faults(app, Dialect(OPERATIONS, _operation, _error))
    app.router.add_route("*", "/{rest:.*}", forward)
    return app


def _end_to_end(headers: CIMultiDictProxy[str]) -> CIMultiDict[str]:
    kept = CIMultiDict(headers)
    for name in OF_THE_CONNECTION:
        kept.popall(name, None)
    return kept


async def _operation(request: web.Request) -> tuple[str, str] | None:
    """Tell what is asked for.

    See https://learn.microsoft.com/rest/api/storageservices/table-service-rest-api.
    """
    resource = unquote(request.raw_path.partition("?")[0]).split("/", 2)[-1]
    if resource == "$batch":
        return ("transaction", "")
    if resource == "Tables" or resource.startswith("Tables("):
        return ("table", "")
    entity = ENTITY.fullmatch(resource)
    if entity:
        row = ROW_KEY.search(entity["keys"])
        return (VERBS.get(request.method, "get"), _plain(row[1]) if row else entity["table"])
    if request.method == "POST":
        return ("create", _row_key(await request.read()) or resource)
    return ("list", resource.removesuffix("()"))


def _plain(quoted: str) -> str:
    return quoted.replace("''", "'")


def _row_key(body: bytes) -> str:
    try:
        entity = json.loads(body)
    except ValueError:
        return ""
    return str(entity.get("RowKey", "")) if isinstance(entity, dict) else ""


def _error(status: int) -> web.Response:
    """Answer with an error of https://learn.microsoft.com/rest/api/storageservices.

    See "Table storage error codes" there.
    """
    codes = {401: "AuthenticationFailed", 403: "AuthorizationFailure", 500: "InternalError"}
    code = codes.get(status, "ServerBusy")
    message = {"lang": "en-US", "value": "this failure was asked for"}
    body = {"odata.error": {"code": code, "message": message}}
    return web.json_response(body, status=status, headers={"x-ms-error-code": code})


async def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(prog="tests.local.tables", description=__doc__)
    parser.add_argument("--upstream", required=True, type=URL, help="where Azurite serves tables")
    async with serving(proxy(parser.parse_args().upstream)) as url:
        process.announce(url=url, control=f"{url}{CONTROL}")
        await process.until_stopped()


if __name__ == "__main__":
    asyncio.run(main())
