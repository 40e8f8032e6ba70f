"""What the project says when it refuses.

The shape is `{"error": {"code", "message", "details", "additionalInfo"}}`, that of the project API
(https://learn.microsoft.com/rest/api/aifoundry/). Its codes are not published, but for
`preview_feature_required` (https://github.com/Azure/azure-sdk-for-python/pull/45600); the others
here follow that one, and clients should go by the HTTP status.
"""

from http import HTTPStatus

from aiohttp import web

CODES = {
    400: "invalid_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    409: "conflict",
    413: "request_too_large",
    429: "too_many_requests",
}


class RefusedError(Exception):
    """The project refuses a request; each detail is a fault of its own."""

    def __init__(self, status: int, code: str, message: str, *details: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.details = details


def bad_request(message: str, *details: str) -> RefusedError:
    """Refuse what can never work."""
    return RefusedError(400, CODES[400], message, *details)


def not_found(message: str) -> RefusedError:
    """Refuse what asks for something that is not there."""
    return RefusedError(404, CODES[404], message)


def conflict(message: str) -> RefusedError:
    """Refuse what does not go with how things are at this moment."""
    return RefusedError(409, CODES[409], message)


def code_of(status: int) -> str:
    """Give the code of a failure of which no more than its status is known."""
    is_theirs = status < HTTPStatus.INTERNAL_SERVER_ERROR
    return CODES.get(status, "invalid_request" if is_theirs else "server_error")


def response(refused: RefusedError, request_id: str) -> web.Response:
    """Put a refusal into an answer."""
    error = {
        "code": refused.code,
        "message": str(refused),
        "details": [{"code": refused.code, "message": detail} for detail in refused.details],
        "additionalInfo": {"requestId": request_id},
    }
    return web.json_response({"error": error}, status=refused.status)


def on_demand(status: int) -> web.Response:
    """Give the answer of a failure that somebody asked for."""
    refused = RefusedError(status, code_of(status), "This failure was asked for.")
    return response(refused, "0" * 32)
