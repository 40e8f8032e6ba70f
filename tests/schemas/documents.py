"""Which files are generated, and from what."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from shared.ports import Json
from tests.schemas.events import refusal_schema, run_event_schema
from tests.schemas.openapi import openapi
from tests.schemas.requests import request_schema

DOCS = Path(__file__).parents[2] / "docs"
DOCUMENTS: Mapping[str, Callable[[], Json]] = {
    "schemas/request.schema.json": request_schema,
    "schemas/run-event.schema.json": run_event_schema,
    "schemas/request-rejected-event.schema.json": refusal_schema,
    "openapi.json": openapi,
}


def text(name: str) -> str:
    """What the file should hold."""
    return json.dumps(DOCUMENTS[name](), indent=2, ensure_ascii=False) + "\n"
