"""The HTTP routes as OpenAPI 3.1."""

import tomllib
from http import HTTPStatus
from pathlib import Path

from shared import problems
from shared.messages.data import FinalRunData, RunData, Told
from shared.messages.discovery import TemplatesData
from shared.messages.http import ID_IN_PATH, Cancel
from shared.messages.http import METRIC as METRIC_IN_PATH
from shared.messages.sections import ITEMS, PointData, SectionView
from shared.messages.validation import Validation
from shared.messages.view import RunView
from shared.ports import Json
from shared.runs import RUN_ID, JobType, Section
from tests.schemas.definitions import DIALECT, definitions

PROJECT = Path(__file__).parents[2] / "pyproject.toml"
AT = "#/components/schemas/"
RUN: Json = {
    "name": "runId",
    "in": "path",
    "required": True,
    "description": "Id of the run.",
    "schema": {"type": "string", "pattern": f"^{RUN_ID.pattern}$"},
}
REQUEST: Json = {
    "name": "requestId",
    "in": "path",
    "required": True,
    "description": "Id of the request; one of other characters is cancelled by the run's id.",
    "schema": {"type": "string", "pattern": f"^{ID_IN_PATH.pattern}$"},
}
ALIAS: Json = {
    "name": "alias",
    "in": "path",
    "required": True,
    "description": "Alias of the target.",
    "schema": {"type": "string"},
}
JOB_TYPE: Json = {
    "name": "jobType",
    "in": "query",
    "required": False,
    "description": "The kind of job; absent: all kinds.",
    "schema": {"enum": [*JobType]},
}
SECTION: Json = {
    "name": "section",
    "in": "path",
    "required": True,
    "description": "What is wanted; no kind of job has all of it.",
    "schema": {"enum": [*Section]},
}
METRIC: Json = {
    "name": "name",
    "in": "path",
    "required": True,
    "description": "Name of the metric, with each `/` in it as `%2F`.",
    "schema": {"type": "string", "pattern": f"^{METRIC_IN_PATH.pattern}$"},
}
HEALTH: Json = {
    "type": "object",
    "description": "Each dependency by name, with `ok` or a word for why it does not answer.",
    "additionalProperties": {"type": "string"},
}
REASON: Json = {
    "description": "Why; nothing at all will do.",
    "required": False,
    "content": {"application/json": {"schema": {"$ref": f"{AT}Cancel"}}},
}
BAD_BODY = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
)


def openapi() -> Json:
    """The routes of the app."""
    project = tomllib.loads(PROJECT.read_text())["project"]
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": DIALECT,
        "info": {
            "title": "Jobrelay",
            "version": project["version"],
            "description": project["description"],
            "license": {"name": project["license"], "identifier": project["license"]},
        },
        "servers": [{"url": "/api", "description": "The function app."}],
        "security": [{"key": []}, {"code": []}],
        "paths": _paths(),
        "components": {"schemas": _schemas(), "securitySchemes": _keys()},
    }


def _paths() -> Json:
    ended, unavailable = HTTPStatus.CONFLICT, HTTPStatus.SERVICE_UNAVAILABLE
    cancelled = "The end of the run is wanted; its events tell when it comes."
    return {
        "/runs/{runId}/cancel": {
            "post": {
                "operationId": "cancel_run",
                "summary": "Cancel a run. A repeat is harmless.",
                "parameters": [RUN],
                "requestBody": REASON,
                "responses": {
                    **_run(HTTPStatus.ACCEPTED, cancelled),
                    **_problems(
                        *BAD_BODY, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, ended, unavailable
                    ),
                },
            }
        },
        "/requests/{requestId}/cancel": {
            "post": {
                "operationId": "cancel_request",
                "summary": "Cancel the run of a request, also before the request has come.",
                "parameters": [REQUEST],
                "requestBody": REASON,
                "responses": {
                    **_run(HTTPStatus.ACCEPTED, cancelled),
                    **_problems(*BAD_BODY, HTTPStatus.FORBIDDEN, ended, unavailable),
                },
            }
        },
        "/runs/{runId}": {
            "get": {
                "operationId": "get_run",
                "summary": "Tell how a run is.",
                "parameters": [RUN],
                "responses": {
                    **_run(HTTPStatus.OK, "The run."),
                    **_problems(HTTPStatus.NOT_FOUND, unavailable),
                },
            }
        },
        "/runs/{runId}/{section}": {
            "get": {
                "operationId": "get_section",
                "summary": "Tell more of the job of a run, as the service knows it now.",
                "parameters": [RUN, SECTION],
                "responses": {
                    **_answer(HTTPStatus.OK, "What is told.", _section(*ITEMS.values())),
                    **_problems(HTTPStatus.NOT_FOUND, unavailable),
                },
            }
        },
        "/runs/{runId}/metrics/{name}": {
            "get": {
                "operationId": "get_metric",
                "summary": "Tell the values of one metric of a run.",
                "parameters": [RUN, METRIC],
                "responses": {
                    **_answer(HTTPStatus.OK, "Its values.", _section(PointData)),
                    **_problems(HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND, unavailable),
                },
            }
        },
        "/targets/{alias}/jobs": {
            "get": {
                "operationId": "list_templates",
                "summary": "Tell which jobs of a target could be templates.",
                "parameters": [ALIAS, JOB_TYPE],
                "responses": {
                    **_answer(HTTPStatus.OK, "The jobs.", {"$ref": f"{AT}TemplatesData"}),
                    **_problems(HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND, unavailable),
                },
            }
        },
        "/validate": {
            "post": {
                "operationId": "validate_request",
                "summary": "Tell what would be made of a request, and start nothing.",
                "requestBody": {
                    "description": "A request, as a message would bring it.",
                    "required": True,
                    "content": {"application/json": {"schema": {"type": "object"}}},
                },
                "responses": {
                    **_answer(HTTPStatus.OK, "It is good.", {"$ref": f"{AT}Validation"}),
                    **_problems(
                        HTTPStatus.BAD_REQUEST, HTTPStatus.UNSUPPORTED_MEDIA_TYPE, unavailable
                    ),
                },
            }
        },
        "/health": {
            "get": {
                "operationId": "health",
                "summary": "Tell what answers and what does not.",
                "responses": {
                    **_answer(HTTPStatus.OK, "Everything answers.", HEALTH),
                    **_answer(unavailable, "Something does not.", HEALTH),
                    **_no_key(),
                },
            }
        },
    }


def _answer(
    status: HTTPStatus, description: str, schema: Json, content_type: str = "application/json"
) -> Json:
    content = {content_type: {"schema": schema}}
    return {str(status.value): {"description": description, "content": content}}


def _run(status: HTTPStatus, description: str) -> Json:
    return _answer(status, description, {"$ref": f"{AT}RunView"})


def _section(*models: type[Told]) -> Json:
    """A section whose items are of these kinds."""
    items = {"anyOf": [{"$ref": f"{AT}{model.__name__}"} for model in models]}
    of_items = {"properties": {"items": {"type": "array", "items": items}}}
    return {"allOf": [{"$ref": f"{AT}SectionView"}, of_items]}


def _problems(*statuses: HTTPStatus) -> Json:
    schema, found = {"$ref": f"{AT}ProblemData"}, _no_key()
    for status in statuses:
        found |= _answer(status, f"{problems.TITLES[status]}.", schema, problems.CONTENT_TYPE)
    return dict(sorted(found.items()))


def _no_key() -> Json:
    return {
        str(HTTPStatus.UNAUTHORIZED.value): {
            "description": "The key, or the token, is missing or wrong."
        }
    }


def _schemas() -> Json:
    told = definitions(
        [
            RunView,
            RunData,
            FinalRunData,
            TemplatesData,
            Validation,
            problems.ProblemData,
            SectionView,
            *ITEMS.values(),
        ],
        "serialization",
        at=AT,
    )
    told["RunView"]["properties"]["data"] = {
        "anyOf": [{"$ref": f"{AT}RunData"}, {"$ref": f"{AT}FinalRunData"}, {"type": "null"}],
        "description": told["RunView"]["properties"]["data"]["description"],
    }
    return dict(sorted({**told, **definitions([Cancel], "validation", at=AT)}.items()))


def _keys() -> Json:
    """The keys of Azure Functions."""
    return {
        "key": {
            "type": "apiKey",
            "in": "header",
            "name": "x-functions-key",
            "description": "A key of the function or of the app.",
        },
        "code": {
            "type": "apiKey",
            "in": "query",
            "name": "code",
            "description": "The same in the address, where logs may keep it.",
        },
    }
