"""The schemas of events: CloudEvents 1.0 in structured JSON."""

from shared.messages.data import FinalRunData, RefusalData, RunData
from shared.messages.envelope import TRACEPARENT
from shared.messages.event import NAMES, PREFIX, REFUSED
from shared.ports import Json
from shared.runs import FINAL, RUN_ID
from tests.schemas.definitions import definitions, document

ENDS = tuple(sorted(PREFIX + NAMES[status] for status in FINAL))
STEPS = tuple(PREFIX + word for word in ("accepted", "submitted", "status", "delayed"))

TEXT: Json = {"type": "string", "minLength": 1}
ALWAYS: Json = {
    "specversion": {"const": "1.0", "description": "The version of CloudEvents."},
    "source": {**TEXT, "format": "uri-reference", "description": "Who tells."},
    "time": {"type": "string", "format": "date-time", "description": "When it was made."},
    "datacontenttype": {"const": "application/json", "description": "What the data is."},
}
TRACE: Json = {
    "type": "string",
    "pattern": f"^{TRACEPARENT.pattern}$",
    "description": "The trace of the request (W3C Trace Context), if it had one.",
}


def run_event_schema() -> Json:
    """An event of a run."""
    parts = definitions([RunData, FinalRunData], "serialization")
    attributes = {
        **ALWAYS,
        "source": {
            **ALWAYS["source"],
            "description": "The resource id of the workspace, or the address of the project.",
        },
        "id": {
            "type": "string",
            "pattern": f"^{RUN_ID.pattern}:[1-9][0-9]*$",
            "description": "The run and the seq. Who has seen it may drop the event.",
        },
        "type": {"enum": [*STEPS, *ENDS], "description": "What happened."},
        "subject": {
            "type": "string",
            "pattern": f"^{RUN_ID.pattern}$",
            "description": "The run.",
        },
        "seq": {
            "type": "integer",
            "minimum": 1,
            "description": "1, 2, 3 and so on, without a gap. Drop what is not above the last.",
        },
        "traceparent": TRACE,
        "data": {"type": "object", "description": "How the run is."},
    }
    rules = {
        "if": {"properties": {"type": {"enum": [*ENDS]}}},
        "then": {"properties": {"data": {"$ref": "#/$defs/FinalRunData"}}},
        "else": {"properties": {"data": {"$ref": "#/$defs/RunData"}}},
    }
    body = _event("What happened to a run.", attributes)
    return document("run-event.schema.json", "Jobrelay run event", {**body, **rules}, parts)


def refusal_schema() -> Json:
    """The event for a message that no run comes of."""
    parts = definitions([RefusalData], "serialization")
    attributes = {
        **ALWAYS,
        "source": {**ALWAYS["source"], "description": "The app."},
        "time": {**ALWAYS["time"], "description": "When the message came to the queue."},
        "id": {**TEXT, "description": "The same for each delivery of the message."},
        "type": {"const": REFUSED, "description": "That a message was refused."},
        "traceparent": TRACE,
        "data": {"$ref": "#/$defs/RefusalData", "description": "Why."},
    }
    body = _event("A message was refused: no run comes of it.", attributes)
    name, title = "request-rejected-event.schema.json", "Jobrelay refusal of a request"
    return document(name, title, body, parts)


def _event(description: str, attributes: Json) -> Json:
    return {
        "description": description,
        "type": "object",
        "properties": attributes,
        "required": [name for name in attributes if name != "traceparent"],
    }
