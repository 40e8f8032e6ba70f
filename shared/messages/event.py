"""What subscribers read: CloudEvents 1.0 in structured JSON, frozen when they are made."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

from shared.errors import RejectedError
from shared.messages.data import FaultData, RefusalData
from shared.messages.telling import run_data
from shared.runs import Entry, Envelope, Item, Kind, Live, Result, Run, Status

PREFIX = "jobrelay.run."
REFUSED = "jobrelay.request.rejected"
MAX_NAME = 256  # characters
CONTENT_TYPE = "application/cloudevents+json; charset=utf-8"

Properties = Mapping[str, str | int | bool | None]

NAMES = {
    Status.ACCEPTED: "accepted",
    Status.SUCCESS: "completed",
    Status.FAILED: "failed",
    Status.CANCELLED: "cancelled",
    Status.REJECTED: "rejected",
    Status.EXPIRED: "expired",
}


def event(
    run: Run,
    live: Live,
    *,
    source: str,
    at: datetime,
    name: str | None = None,
    result: Result | None = None,
) -> tuple[Entry, Item]:
    """The event that tells of the row as it now is, and its line in the timeline.

    Its seq is the row's next one. `name` is the last word of its type; absent, the status gives it.
    """
    seq = live.seq + 1
    type_ = PREFIX + (name or NAMES.get(live.status, "status"))
    data = run_data(run, live, result, delayed=name == "delayed")
    attributes = {
        "id": f"{run.id}:{seq}",
        "source": source,
        "type": type_,
        "subject": run.id,
        "time": at,
        "datacontenttype": "application/json",
        "seq": seq,
    }
    properties: Properties = {
        "type": type_,
        "status": live.status.value,
        "final": live.status.is_final,
        "jobType": run.job_type.value,
        "target": run.target,
        "experimentName": (data["experimentName"] or "")[:MAX_NAME] or None,
        "seq": seq,
    }
    entry = Entry(seq, type_, live.status, at)
    return entry, _item(attributes, data, properties, run.envelope, run.request_id)


def refusal(
    envelope: Envelope,
    rejection: RejectedError,
    *,
    source: str,
    request_id: str | None,
    conflicts_with: str | None = None,
) -> Item:
    """The event for a message that no run comes of: a function of message and reason alone."""
    data = RefusalData(
        reason=rejection.reason,
        message=str(rejection),
        hint=rejection.hint,
        faults=[FaultData(**asdict(fault)) for fault in rejection.faults],
        request_id=request_id,
        message_id=envelope.message_id,
        conflicts_with=conflicts_with,
    )
    attributes = {
        "id": envelope.key,
        "source": source,
        "type": REFUSED,
        "time": envelope.enqueued_at,
        "datacontenttype": "application/json",
    }
    properties: Properties = {
        "type": REFUSED,
        "status": Status.REJECTED.value,
        "final": conflicts_with is None,
        "reason": rejection.reason,
    }
    return _item(attributes, data.model_dump(mode="json"), properties, envelope, request_id)


def _item(
    attributes: dict[str, Any],
    data: dict[str, Any],
    properties: Properties,
    envelope: Envelope,
    request_id: str | None,
) -> Item:
    """An event as it goes over the wire.

    Its subject, or its id where it has none, is the session.
    """
    trace = {"traceparent": envelope.traceparent} if envelope.traceparent else {}
    present = {name: value for name, value in properties.items() if value is not None}
    return Item(
        id=attributes["id"],
        kind=Kind.EVENT,
        body=JSONFormat().write(CloudEvent({**attributes, **trace}, data)),
        content_type=CONTENT_TYPE,
        session_id=attributes.get("subject", attributes["id"]),
        correlation_id=envelope.correlation_id or request_id,
        properties={**present, **trace},
    )
