"""The token endpoint of the twin: the managed identity that an App Service gives its app.

    TWIN_KEY=… python -m tests.local.token [--lifetime SECONDS] [--client-id ID] [--audience URL]

The protocol is https://learn.microsoft.com/azure/app-service/overview-managed-identity (REST
endpoint reference), as azure-identity 1.27 speaks it through msal 1.x: GET with
`api-version=2019-08-01`, `resource` and perhaps `client_id`, and the secret in X-IDENTITY-HEADER.
The fault operation is `token`, its name the audience.

It proves that an app asks for the right audience and renews in time. It proves nothing about roles:
in the twin every identity may do everything.
"""

import argparse
import asyncio
import hmac
import secrets
import time
from dataclasses import dataclass

from aiohttp import web

from tests.local import bearer, process
from tests.local.web import CONTROL, serving
from tests.local.web_faults import Dialect, with_faults

API_VERSION = "2019-08-01"
PATH = "/msi/token"
SYSTEM_ASSIGNED = "00000000-0000-0000-0000-0000000000aa"
A_DAY = 24 * 60 * 60
AUDIENCES = frozenset(
    {
        "https://management.azure.com",
        "https://management.core.windows.net",
        "https://ml.azure.com",
        "https://ai.azure.com",
        "https://servicebus.azure.net",
        "https://storage.azure.com",
    }
)


class UnknownError(Exception):
    """A token was asked for in a way, for an audience or for an identity that is not known."""


@dataclass(frozen=True)
class Identity:
    """The identities of the app: whom they may ask tokens for, and how long those live."""

    key: str
    header: str
    lifetime: int
    client_ids: frozenset[str]
    audiences: frozenset[str]

    def token(self, *, resource: str, client_id: str, now: int) -> dict[str, str]:
        """Answer with a token; UnknownError for an audience or an identity that does not exist."""
        audience = resource.rstrip("/")
        if audience not in self.audiences:
            raise UnknownError(f"no service has the audience {resource!r}")
        if client_id not in self.client_ids | {SYSTEM_ASSIGNED}:
            raise UnknownError(f"no identity has the client id {client_id!r}")
        access = bearer.issue(
            self.key, audience=audience, client_id=client_id, now=now, lifetime=self.lifetime
        )
        return {
            "access_token": access,
            "expires_on": str(now + self.lifetime),
            "resource": resource,
            "token_type": "Bearer",
            "client_id": client_id,
        }


def endpoint(identity: Identity) -> web.Application:
    """Build the endpoint."""

    async def token(request: web.Request) -> web.Response:
        if not hmac.compare_digest(request.headers.get("X-IDENTITY-HEADER", ""), identity.header):
            return _error(401, "the header X-IDENTITY-HEADER is missing or wrong")
        if request.query.get("api-version") != API_VERSION:
            return _error(400, f"api-version is {API_VERSION}")
        client_id = request.query.get("client_id", SYSTEM_ASSIGNED)
        try:
            resource = request.query.get("resource", "")
            answer = identity.token(resource=resource, client_id=client_id, now=int(time.time()))
        except UnknownError as exc:
            return _error(400, str(exc))
        return web.json_response(answer)

    app = web.Application()
    app.router.add_get(PATH, token)
    with_faults(app, Dialect(frozenset({"token"}), _operation, _fault))
    return app


async def _operation(request: web.Request) -> tuple[str, str] | None:
    return ("token", request.query.get("resource", "").rstrip("/"))


def _fault(status: int) -> web.Response:
    return _error(status, "this failure was asked for")


def _error(status: int, message: str) -> web.Response:
    return web.json_response({"statusCode": status, "message": message}, status=status)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.local.token", description=__doc__)
    parser.add_argument("--lifetime", type=int, default=A_DAY, help="seconds that a token lives")
    parser.add_argument("--client-id", action="append", default=[], help="a user-assigned identity")
    parser.add_argument("--audience", action="append", default=[], help="one more known audience")
    return parser.parse_args()


async def main() -> None:
    """Serve until told to stop."""
    options = _options()
    identity = Identity(
        key=bearer.shared_key(),
        header=secrets.token_hex(16),
        lifetime=options.lifetime,
        client_ids=frozenset(options.client_id),
        audiences=AUDIENCES | {audience.rstrip("/") for audience in options.audience},
    )
    async with serving(endpoint(identity)) as url:
        process.announce(endpoint=f"{url}{PATH}", header=identity.header, control=f"{url}{CONTROL}")
        await process.until_stopped()


if __name__ == "__main__":
    asyncio.run(main())
