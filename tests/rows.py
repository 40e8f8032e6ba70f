"""Records of runs for tests: builders with defaults, and one of each with every field set."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from shared.errors import Problem
from shared.runs import (
    Card,
    Deadlines,
    Entry,
    Envelope,
    Item,
    Job,
    JobType,
    Kind,
    Live,
    Run,
    State,
    Status,
    Tombstone,
    Wish,
)

NOW = datetime(2026, 11, 21, 9, 30, 15, 123457, tzinfo=UTC)
LATER = NOW + timedelta(days=1, microseconds=1)
TEXT = "Zürich 東京 🚀 \u0000\u2028\"'"


def run_id(number: int = 0, *, partition: str = "a") -> str:
    return f"jr-{partition}{number:023x}"


def a_run(of: str | None = None, **changes: Any) -> Run:
    defaults: dict[str, Any] = {
        "id": of or run_id(),
        "request_id": "train-1",
        "fingerprint": "f" * 64,
        "target": "demo",
        "job_type": JobType.COMMAND,
        "body": b'{"jobType": "Command"}',
        "envelope": Envelope(key="m-1", message_id=None, enqueued_at=NOW),
        "card": Card(),
        "accepted_at": NOW,
    }
    return Run(**{**defaults, **changes})


def a_live(of: str | None = None, **changes: Any) -> Live:
    defaults: dict[str, Any] = {
        "run_id": of or run_id(),
        "target": "demo",
        "job_type": JobType.COMMAND,
        "accepted_at": NOW,
        "retry_at": NOW,
        "changed_at": NOW,
    }
    return Live(**{**defaults, **changes})


def a_tombstone(of: str | None = None, **changes: Any) -> Tombstone:
    defaults: dict[str, Any] = {
        "run_id": of or run_id(),
        "wish": Wish("user", None, NOW),
        "expires": LATER,
    }
    return Tombstone(**{**defaults, **changes})


def an_item(number: int = 1, **changes: Any) -> Item:
    defaults: dict[str, Any] = {
        "id": f"{run_id()}:{number}",
        "kind": Kind.EVENT,
        "body": b"{}",
        "content_type": "application/cloudevents+json",
    }
    return Item(**{**defaults, **changes})


def a_full_run(of: str | None = None) -> Run:
    """A record with every field set, to what is hard to write down."""
    return a_run(
        of,
        request_id=TEXT,
        body=bytes(range(256)),
        envelope=Envelope(
            key="m-1",
            message_id=TEXT,
            enqueued_at=NOW,
            correlation_id=TEXT,
            content_type=TEXT,
            traceparent=TEXT,
        ),
        card=Card(
            template="train",
            display_name=TEXT,
            experiment_name=TEXT,
            tags={TEXT: TEXT, "": ""},
            context={"nested": [1, 1.5, True, None, {"0": "0", TEXT: []}], "large": 2**70},
            redrive_of=TEXT,
            wanted_outputs=("model", TEXT),
        ),
        accepted_at=NOW.astimezone(timezone(timedelta(hours=-9, minutes=-30))),
        final=Status.CANCELLED,
        result=b"\xff\x00\n",
        timeline=(Entry(1, "accepted", Status.ACCEPTED, NOW), Entry(2, TEXT, Status.UNKNOWN, NOW)),
        forget_at=LATER,
    )


def a_full_live(of: str | None = None) -> Live:
    """A live row with every field set, to what is hard to write down."""
    binary, moment = bytes(range(256)), NOW + timedelta(microseconds=1)
    properties = {"flag": True, "off": False, "zero": 0, "one": 1, "text": "true", TEXT: TEXT}
    final = an_item(7, body=binary, session_id=TEXT, correlation_id=TEXT, properties=properties)
    return a_live(
        of,
        retry_at=moment,
        changed_at=moment,
        state=State.SUBMITTED,
        status=Status.CANCELLING,
        previous_status=Status.RUNNING,
        native_status=TEXT,
        seq=2**40,
        outbox=(final, an_item(8, kind=Kind.COPY, body=b""), an_item(9, body=TEXT.encode())),
        timeline=(Entry(1, "accepted", Status.ACCEPTED, moment),),
        wish=Wish("user", TEXT, moment),
        claim=3,
        claimed_until=moment,
        deadlines=Deadlines(start=moment, run=timedelta(days=400, microseconds=1), total=LATER),
        run_by=moment,
        attempts=4,
        failing_since=moment,
        delayed=1,
        last_error=Problem(TEXT, TEXT, TEXT, ({"path": TEXT, "deep": [{"a": None}]},), "child"),
        missing_since=moment,
        missing_at=moment,
        job=Job(TEXT, TEXT, {TEXT: TEXT}, "https://example.org/?a=b&c=%20"),
        submitted_at=moment,
        started_at=moment,
        ended_at=moment,
        final_event=binary,
        traceparent=TEXT,
    )
