"""How an operation that was answered with 202 is followed, on either contract."""

from aiohttp import web
from aiohttp.typedefs import Handler
from pydantic.alias_generators import to_camel

from tests.local.foundry.door import PROJECT, Route, address
from tests.local.foundry.model.schema import Json, Surface
from tests.local.foundry.operations import ENDED, Operation
from tests.local.foundry.refusals import conflict
from tests.local.foundry.times import iso, unix


def operation_routes(path: str, surface: Surface) -> tuple[Route, ...]:
    """Give the routes of a contract's operations."""
    below = f"{path}/operations/{{id}}"
    return (
        Route("operation", "GET", f"{below}/result", _result(surface), surface),
        Route("operation", "GET", f"{below}/status", _status(surface), surface),
    )


def accepted(request: web.Request, operation: Operation, surface: Surface) -> web.Response:
    """Answer 202 with the places to look at."""
    version = {"api-version": request.query["api-version"]}
    path = f"/{surface}/operations/{operation.id}"
    headers = {
        "Location": address(request, f"{path}/result", **version),
        "Operation-Location": address(request, f"{path}/status", **version),
        "Retry-After": str(request.app[PROJECT].retry_after),
    }
    return web.Response(status=202, headers=headers)


def _result(surface: Surface) -> Handler:
    async def result(request: web.Request) -> web.Response:
        """Tell how an operation ended: 202 while it has not; a delete leaves nothing to show."""
        operation = request.app[PROJECT].operations.get(request.match_info["id"])
        if operation.status not in ENDED:
            return accepted(request, operation, surface)
        if operation.failure:
            raise conflict(operation.failure.message)
        if operation.verb == "delete":
            return web.Response()
        return web.json_response(_resource(operation, surface))

    return result


def _status(surface: Surface) -> Handler:
    async def status(request: web.Request) -> web.Response:
        """Tell how an operation goes."""
        operation = request.app[PROJECT].operations.get(request.match_info["id"])
        return web.json_response(_resource(operation, surface))

    return status


def _resource(operation: Operation, surface: Surface) -> Json:
    time = iso if surface.is_camel else unix
    status, failure = operation.status, operation.failure
    shown = {
        "id": operation.id,
        "name": operation.id,
        "status": status,
        "properties": {"job": operation.job.name, "operation": operation.verb},
        "started_at": time(operation.started),
        "ended_at": time(operation.ended),
        "percent_complete": 100.0 if status in ENDED else 50.0,
        "error": {"code": failure.code, "message": failure.message} if failure else None,
    }
    told = {name: value for name, value in shown.items() if value is not None}
    return {to_camel(name): value for name, value in told.items()} if surface.is_camel else told
