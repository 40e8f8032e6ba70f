"""What operators are told of each step, over OpenTelemetry's own SDK."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from opentelemetry.trace import SpanKind, StatusCode, format_span_id, format_trace_id

from shared.app import build
from shared.errors import Problem, RejectedError, UnavailableError
from shared.flows.cancel import cancel_run
from shared.flows.dead_letter import dead_letter
from shared.flows.submit import submit
from shared.runs import Envelope, run_id_of
from shared.settings import Settings
from tests.telemetry import SPAN_ID, TRACE_ID, TRACEPARENT, Told, links, parent
from tests.unit.flows.given import (
    APP_NAME,
    RUN_ID,
    SECOND,
    World,
    a_message,
    an_envelope,
    an_outage,
)
from tests.unit.flows.jobs import Clock
from tests.unit.test_leaks import CANARY, TAKEN, WORD
from tests.unit.test_settings import LEAST

THERE = (TRACE_ID, SPAN_ID)


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def world(told: Told) -> World:
    """A world that tells."""
    world = World()
    world.services = replace(world.services, telemetry=told.telemetry)
    return world


def traced(number: int = 1, **changes: Any) -> tuple[bytes, Envelope]:
    """A message whose producer traces it."""
    body, envelope = a_message(number, **changes)
    return body, replace(envelope, traceparent=TRACEPARENT)


# -- spans


def test_a_message_that_is_taken_is_told_of_in_the_producers_trace(
    told: Told, world: World
) -> None:
    submit(world.services, *traced())

    accept, attempt = told.span("accept"), told.span("submit")
    assert (parent(accept), links(accept)) == (THERE, [])
    assert (parent(attempt), links(attempt)) == (THERE, [])
    assert accept.attributes == {
        "messaging.system": "servicebus",
        "messaging.operation.name": "accept",
        "messaging.operation.type": "process",
        "messaging.destination.name": "jobs",
        "messaging.message.id": "message-1",
        "jobrelay.run.id": RUN_ID,
        "jobrelay.target": "demo",
        "jobrelay.job.type": "Command",
        "jobrelay.status": "Accepted",
    }
    assert attempt.attributes == {
        "jobrelay.run.id": RUN_ID,
        "jobrelay.target": "demo",
        "jobrelay.job.type": "Command",
        "jobrelay.status": "Starting",
        "jobrelay.outcome": "submitted",
    }


def test_a_message_without_a_trace_begins_one(told: Told, world: World) -> None:
    submit(world.services, *a_message())

    assert [(parent(span), links(span)) for span in told.spans()] == [(None, [])] * 3


def test_what_is_published_is_linked_to_the_traces_that_it_belongs_to(
    told: Told, world: World
) -> None:
    submit(world.services, *traced())

    publish = told.span("publish")
    assert (publish.kind, links(publish)) == (SpanKind.CLIENT, [THERE])
    assert publish.attributes == {
        "messaging.system": "servicebus",
        "messaging.operation.name": "publish",
        "messaging.operation.type": "send",
        "messaging.destination.name": "events",
        "messaging.batch.message_count": 2,
    }


def test_nothing_is_told_of_publishing_nothing(told: Told, world: World) -> None:
    submit(world.services, *a_message())

    world.poll_for(5 * SECOND, every=SECOND)

    assert len(told.spans("publish")) == 1


def test_a_dead_letter_is_of_its_own_queue_and_its_first_attempt_of_its_trace(
    told: Told, world: World
) -> None:
    dead_letter(world.services, *traced())
    world.poll()

    accept = told.span("accept")
    assert (accept.attributes or {})["messaging.destination.name"] == "jobs/$DeadLetterQueue"
    assert [parent(span) for span in (accept, told.span("submit"))] == [THERE, THERE]


def test_a_later_attempt_is_linked_to_the_producers_trace(told: Told, world: World) -> None:
    world.jobs.fail("create", an_outage(clear=True))
    submit(world.services, *traced())

    world.poll_for(timedelta(minutes=1))

    first, second = told.spans("submit")
    assert (parent(first), links(first)) == (THERE, [])
    assert (parent(second), links(second)) == (None, [THERE])


def test_a_look_is_linked_to_the_traces_of_its_runs(told: Told, world: World) -> None:
    submit(world.services, *traced())
    submit(world.services, *a_message(2, id="order-8"))

    world.poll()

    look = told.span("observe")
    assert (parent(look), links(look)) == (None, [THERE])
    assert look.attributes == {
        "jobrelay.target": "demo",
        "jobrelay.job.type": "Command",
        "jobrelay.runs": 2,
    }


def test_a_cancel_is_linked_to_the_trace_of_the_run(told: Told, world: World) -> None:
    world.jobs.ignored_cancels = 1
    submit(world.services, *traced())

    cancel_run(world.services, RUN_ID, reason="too dear")
    world.poll()

    by_user, by_poll = told.spans("cancel")
    assert [links(span) for span in (by_user, by_poll)] == [[THERE], [THERE]]
    assert (by_user.attributes or {})["jobrelay.run.id"] == RUN_ID


def test_many_looks_are_linked_to_few_traces(told: Told) -> None:
    many = [f"00-{number:032x}-{SPAN_ID}-01" for number in range(1, 200)]

    with told.telemetry.span("observe", {}, links=[None, many[0], *many]):
        pass

    assert len(links(told.span("observe"))) == 64


def test_what_is_done_in_threads_is_part_of_what_their_caller_does(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in LEAST.items():
        monkeypatch.setenv(name, value)
    spread = build(Settings.read(), clock=Clock(), telemetry=told.telemetry).spread

    def look(name: str) -> None:
        with told.telemetry.span(name, {}):
            pass

    with told.telemetry.span("poll", {}):
        spread(look, ["observe", "submit"])

    poll = told.span("poll").context
    here = (format_trace_id(poll.trace_id), format_span_id(poll.span_id))
    assert [parent(told.span(name)) for name in ("observe", "submit")] == [here, here]


# -- failures


def test_an_attempt_that_has_to_wait_is_a_failure(told: Told, world: World) -> None:
    world.jobs.fail("create", an_outage())

    submit(world.services, *a_message())

    attempt = told.span("submit")
    assert attempt.status.status_code is StatusCode.ERROR
    assert (attempt.attributes or {})["error.type"] == "Http503"
    assert (attempt.attributes or {})["jobrelay.outcome"] == "delayed"


def test_a_job_that_is_refused_is_no_failure(told: Told, world: World) -> None:
    world.jobs.refusal = Problem("UserError", "no such compute")

    submit(world.services, *a_message())

    attempt = told.span("submit")
    assert attempt.status.status_code is StatusCode.UNSET
    assert (attempt.attributes or {})["jobrelay.outcome"] == "rejected"


def test_a_message_that_is_refused_is_no_failure(told: Told, world: World) -> None:
    submit(world.services, b"no request", an_envelope())

    assert {span.name for span in told.spans()} == {"accept", "publish"}
    assert {span.status.status_code for span in told.spans()} == {StatusCode.UNSET}


def test_a_table_that_does_not_answer_is_a_failure(told: Told, world: World) -> None:
    world.table.failing.add("accept")

    with pytest.raises(UnavailableError):
        submit(world.services, *a_message())

    accept = told.span("accept")
    assert accept.status.status_code is StatusCode.ERROR
    assert (accept.attributes or {})["error.type"] == "NoTable"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UnavailableError("x", code="NoAnswer"), "NoAnswer"),
        (UnavailableError("x", code=f"{CANARY} said so"), "Other"),
        (KeyError(CANARY), "KeyError"),
        (RejectedError("invalid", CANARY), None),
    ],
)
def test_an_exception_is_told_by_its_kind_alone(
    told: Told, error: Exception, code: str | None
) -> None:
    with pytest.raises(type(error)), told.telemetry.span("accept", {}):
        raise error

    span = told.span("accept")
    assert (span.attributes or {}).get("error.type") == code
    assert (span.status.status_code is StatusCode.ERROR) == (code is not None)
    assert (span.events, span.status.description) == ((), None)


# -- what must not be told


def test_nothing_that_a_request_or_a_service_says_is_told(told: Told, world: World) -> None:
    world.jobs.fail("create", UnavailableError("PUT jobs: 503", code=CANARY, said=CANARY))
    run_id = run_id_of(APP_NAME, CANARY)

    submit(world.services, *traced(**TAKEN))
    world.poll_for(timedelta(minutes=5))
    cancel_run(world.services, run_id, reason=CANARY)
    world.jobs.becomes(run_id, "Failed", error={"error": {"code": CANARY, "message": CANARY}})
    world.poll_for(timedelta(minutes=1))
    dead_letter(world.services, *traced(2, **{**TAKEN, "context": f"another {CANARY}"}))
    submit(world.services, *traced(3, id="order-9", jobType=[CANARY]))

    everything = told.everything()
    assert {span.name for span in told.spans()} == {
        "accept",
        "submit",
        "observe",
        "publish",
        "cancel",
    }
    assert "Other" in everything
    assert CANARY not in everything
    assert WORD not in everything
