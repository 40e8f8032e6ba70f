"""What the reject queue keeps: the message as it came, with the reason beside it."""

import gzip
import json
from collections.abc import Mapping

from shared.errors import Problem
from shared.runs import Envelope, Item, Kind, Run

# A copy carries more properties than its original, and must fit where that did (256 KB on
# Standard):
# learn.microsoft.com/azure/service-bus-messaging/service-bus-quotas
MAX_BODY = 192 * 1024
MAX_CODE, MAX_DESCRIPTION, MAX_FAULTS = 100, 1000, 8 * 1024  # characters


def copy_of_message(
    body: bytes, envelope: Envelope, problem: Problem, *, request_id: str | None
) -> Item:
    """The copy of a message that no run comes of."""
    return _copy(envelope.key, body, envelope, problem, {"requestId": request_id})


def copy_of_run(run: Run, problem: Problem) -> Item:
    """The copy of the message of a run that was rejected."""
    ids = {"requestId": run.request_id, "runId": run.id}
    return _copy(run.id, run.body, run.envelope, problem, ids)


def _copy(
    name: str, body: bytes, envelope: Envelope, problem: Problem, ids: Mapping[str, str | None]
) -> Item:
    """A message with why it is here. A large body is compressed, and cut if that is not enough."""
    large = len(body) > MAX_BODY
    kept = gzip.compress(body, mtime=0) if large else body
    properties: dict[str, str | int | bool | None] = {
        **ids,
        "reason": problem.code[:MAX_CODE],
        "description": problem.message[:MAX_DESCRIPTION],
        "faults": _faults(problem),
        "messageId": envelope.message_id,
        "traceparent": envelope.traceparent,
        "contentEncoding": "gzip" if large else None,
        "truncated": len(kept) > MAX_BODY or None,
    }
    return Item(
        id=f"copy-{name}",
        kind=Kind.COPY,
        body=kept[:MAX_BODY],
        content_type=envelope.content_type or "application/json",
        correlation_id=envelope.correlation_id,
        properties={name: value for name, value in properties.items() if value is not None},
    )


def _faults(problem: Problem) -> str | None:
    """What is wrong, as JSON: as many of the details as have room."""
    details = [dict(each) for each in problem.details]
    while len(json.dumps(details)) > MAX_FAULTS:
        details.pop()
    return json.dumps(details) if details else None
