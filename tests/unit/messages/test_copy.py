"""The reject queue keeps the message as it came, with the reason beside it."""

import gzip
import json
import os
from dataclasses import replace

from shared.errors import Fault, Problem, RejectedError
from shared.messages import copy_of_message, copy_of_run
from shared.messages.copy import MAX_BODY, MAX_CODE, MAX_DESCRIPTION, MAX_FAULTS
from shared.runs import Item, Kind
from tests.rows import a_run
from tests.unit.flows.given import an_envelope

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
REJECTION = RejectedError("invalid", "/a: found x, expected y", faults=[Fault("/a", "x", "y")])


def the_copy(body: bytes, problem: Problem = REJECTION.problem) -> Item:
    return copy_of_message(body, an_envelope(), problem, request_id="order-7")


def test_a_message_is_kept_as_it_came_with_the_reason() -> None:
    envelope = an_envelope(trace=TRACE, correlation_id="c", content_type="text/plain")

    copy = copy_of_message(b"\xff{", envelope, REJECTION.problem, request_id="order-7")

    assert copy == Item(
        id=f"copy-{envelope.key}",
        kind=Kind.COPY,
        body=b"\xff{",
        content_type="text/plain",
        correlation_id="c",
        properties={
            "requestId": "order-7",
            "reason": "invalid",
            "description": "/a: found x, expected y",
            "faults": '[{"path": "/a", "found": "x", "expected": "y"}]',
            "messageId": "message-1",
            "traceparent": TRACE,
        },
    )


def test_what_is_not_known_is_left_out() -> None:
    envelope = an_envelope(message_id=None, content_type=None)

    copy = copy_of_message(b"", envelope, Problem("dead_lettered", "tried"), request_id=None)

    assert copy.content_type == "application/json"
    assert copy.properties == {"reason": "dead_lettered", "description": "tried"}


def test_a_rejected_run_is_kept_under_its_own_id() -> None:
    run = a_run(body=b"{}")

    copy = copy_of_run(run, Problem("template_not_found", "no such job"))

    assert (copy.id, copy.body) == (f"copy-{run.id}", b"{}")
    assert copy.properties == {
        "requestId": run.request_id,
        "runId": run.id,
        "reason": "template_not_found",
        "description": "no such job",
    }


def test_a_body_that_fits_is_not_compressed() -> None:
    copy = the_copy(b"x" * MAX_BODY)

    assert copy.body == b"x" * MAX_BODY
    assert copy.properties.keys().isdisjoint({"contentEncoding", "truncated"})


def test_a_large_body_is_compressed() -> None:
    body = b"x" * (MAX_BODY + 1)

    copy = the_copy(body)

    assert gzip.decompress(copy.body) == body
    assert copy.properties["contentEncoding"] == "gzip"
    assert "truncated" not in copy.properties


def test_a_body_that_does_not_fit_even_so_is_cut() -> None:
    copy = the_copy(os.urandom(MAX_BODY * 2))

    assert len(copy.body) == MAX_BODY
    assert copy.properties["truncated"] is True


def test_a_copy_is_the_same_every_time() -> None:
    once, again = the_copy(b"x" * (MAX_BODY + 1)), the_copy(b"x" * (MAX_BODY + 1))

    time_in_the_header = once.body[4:8]
    assert once == again
    assert time_in_the_header == bytes(4)


def test_words_beside_the_body_are_few() -> None:
    details = tuple({"path": f"/{number}", "found": "x" * 500} for number in range(50))
    problem = replace(REJECTION.problem, code="x" * 200, message="x" * 2000, details=details)

    copy = the_copy(b"{}", problem)

    assert copy.properties["reason"] == "x" * MAX_CODE
    assert copy.properties["description"] == "x" * MAX_DESCRIPTION
    faults = str(copy.properties["faults"])
    assert len(faults) <= MAX_FAULTS
    assert json.loads(faults) == list(details[: len(json.loads(faults))])
    assert len(json.loads(faults)) == 15


def test_a_detail_that_has_no_room_at_all_is_left_out() -> None:
    copy = the_copy(b"{}", Problem("UserError", "x", details=({"message": "x" * MAX_FAULTS},)))

    assert "faults" not in copy.properties
