"""What the workspace says when it refuses: errors of Resource Manager, filled as by Azure ML.

The shape is common types v3
(https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting); Azure ML puts its own
words into `additionalInfo`, as traces in https://github.com/Azure/azure-cli-extensions/issues/6662
show.
"""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from aiohttp import web

REGION = "westeurope"
# Codes of Resource Manager itself, before a request reaches Azure ML.
CODES = {
    401: "ExpiredAuthenticationToken",
    403: "AuthorizationFailed",
    404: "ResourceNotFound",
    409: "Conflict",
    429: "TooManyRequests",
}


class RefusedError(Exception):
    """The workspace refuses a request; the inner codes go from the general to the particular."""

    def __init__(self, status: int, code: str, message: str, *inner: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.inner = inner


def bad_request(message: str, *inner: str) -> RefusedError:
    """Refuse what can never work."""
    return RefusedError(400, "UserError", message, "BadArgument", *inner)


def not_found(message: str, *inner: str) -> RefusedError:
    """Refuse what asks for something that is not there."""
    return RefusedError(404, "UserError", message, "NotFoundError", *inner)


def response(refused: RefusedError, request_id: str) -> web.Response:
    """Put a refusal into an answer."""
    error = {
        "code": refused.code,
        "message": str(refused),
        "details": [],
        "additionalInfo": _additional_info(refused, request_id),
    }
    return web.json_response({"error": error}, status=refused.status)


def on_demand(status: int) -> web.Response:
    """Give the answer of a failure that somebody asked for."""
    code = CODES.get(
        status, "ServiceError" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "UserError"
    )
    return response(
        RefusedError(status, code, "This failure was asked for."),
        "00000000000000000000000000000000",
    )


def _additional_info(refused: RefusedError, request_id: str) -> list[dict[str, Any]]:
    values: dict[str, Any] = {
        "ComponentName": "managementfrontend",
        "Correlation": {"operation": request_id, "request": request_id[:16]},
        "Environment": REGION,
        "Location": REGION,
        "Time": datetime.now(UTC).isoformat(),
    }
    if refused.inner:
        values["InnerError"] = _nested(refused.inner)
    return [{"type": name, "info": {"value": value}} for name, value in values.items()]


def _nested(codes: tuple[str, ...]) -> dict[str, Any] | None:
    return {"code": codes[0], "innerError": _nested(codes[1:])} if codes else None
