"""What a message says beside its body: one key for each message, and nothing that could do harm."""

from typing import Any

import pytest

from shared.messages import envelope
from shared.runs import Envelope
from tests.rows import NOW

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def an_envelope(**changes: Any) -> Envelope:
    defaults: dict[str, Any] = {
        "app_name": "relay",
        "queue": "jobs",
        "sequence_number": 1,
        "message_id": "m",
        "enqueued_at": NOW,
        "correlation_id": "c",
        "content_type": "application/json",
        "trace": TRACE,
    }
    return envelope(**{**defaults, **changes})


def test_all_that_is_said_is_kept() -> None:
    assert an_envelope() == Envelope(
        key="m-d551b7e956a9565799861c43",
        message_id="m",
        enqueued_at=NOW,
        correlation_id="c",
        content_type="application/json",
        traceparent=TRACE,
    )


@pytest.mark.parametrize(
    "other",
    [{"app_name": "other"}, {"queue": "q"}, {"sequence_number": 2}, {"message_id": "n"}],
)
def test_another_message_has_another_key(other: dict[str, Any]) -> None:
    assert an_envelope(**other).key != an_envelope().key


@pytest.mark.parametrize(
    "other", [{"correlation_id": None}, {"content_type": None}, {"trace": None}]
)
def test_the_key_is_of_the_message_alone(other: dict[str, Any]) -> None:
    assert an_envelope(**other).key == an_envelope().key


def test_what_is_not_said_is_none() -> None:
    silent = an_envelope(
        sequence_number=None, message_id="", correlation_id="", content_type=None, trace=None
    )

    assert (silent.message_id, silent.correlation_id) == (None, None)
    assert (silent.content_type, silent.traceparent) == (None, None)
    assert silent.key.startswith("m-")


@pytest.mark.parametrize(
    "trace",
    [
        "",
        TRACE.upper(),
        TRACE + "-x",
        TRACE + "\n",
        f"00-{'0' * 32}-b7ad6b7169203331-01",
        f"00-0af7651916cd43dd8448eb211c80319c-{'0' * 16}-01",
        "ff" + TRACE[2:],
        TRACE.encode(),
        7,
        ["x"],
    ],
)
def test_what_is_no_trace_is_dropped(trace: object) -> None:
    assert an_envelope(trace=trace).traceparent is None


@pytest.mark.parametrize("field", ["message_id", "correlation_id", "content_type"])
def test_what_is_repeated_is_short_and_whole(field: str) -> None:
    said = an_envelope(**{field: "\ud800" + "x" * 300})

    assert getattr(said, field) == "?" + "x" * 255
