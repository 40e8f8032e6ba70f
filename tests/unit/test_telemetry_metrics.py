"""What is counted and measured for operators, over OpenTelemetry's own SDK."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.backends.answers import Answer
from shared.backends.watch import Watch
from shared.errors import Problem
from shared.flows.cancel import cancel_request
from shared.flows.submit import submit
from tests.infra.metrics import METRICS
from tests.telemetry import Told
from tests.unit.flows.given import (
    DAY,
    HOUR,
    MINUTE,
    RUN_ID,
    SECOND,
    World,
    a_message,
    an_envelope,
    an_outage,
)


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def world(told: Told) -> World:
    """A world that tells."""
    world = World()
    world.services = replace(world.services, telemetry=told.telemetry)
    return world


def test_a_request_is_counted_by_what_became_of_it(told: Told, world: World) -> None:
    submit(world.services, *a_message())
    submit(world.services, *a_message(2))
    submit(world.services, *a_message(3, template="another"))
    submit(world.services, b"no request", an_envelope(4))

    assert told.values("jobrelay.requests") == {
        '{"outcome": "accepted"}': 1,
        '{"outcome": "repeated"}': 1,
        '{"outcome": "refused"}': 2,
    }


def test_a_request_that_was_cancelled_before_it_came_is_accepted(told: Told, world: World) -> None:
    cancel_request(world.services, "order-7", reason=None)

    submit(world.services, *a_message())

    assert told.values("jobrelay.requests") == {'{"outcome": "accepted"}': 1}
    assert told.values("jobrelay.submissions") == {}


def test_an_attempt_is_counted_as_submitted(told: Told, world: World) -> None:
    submit(world.services, *a_message())

    assert told.values("jobrelay.submissions") == {
        '{"job_type": "Command", "outcome": "submitted", "target": "demo"}': 1
    }


def test_a_job_that_a_lost_answer_made_is_counted_as_adopted(told: Told, world: World) -> None:
    world.jobs.fail("create", an_outage(), when="after")
    submit(world.services, *a_message())

    world.poll_for(timedelta(minutes=6))

    assert told.values("jobrelay.submissions") == {
        '{"job_type": "Command", "outcome": "delayed", "target": "demo"}': 1,
        '{"job_type": "Command", "outcome": "adopted", "target": "demo"}': 1,
    }


def test_a_job_that_the_service_refuses_is_counted_as_rejected(told: Told, world: World) -> None:
    world.jobs.refusal = Problem("UserError", "no such compute")

    submit(world.services, *a_message())

    assert told.values("jobrelay.submissions") == {
        '{"job_type": "Command", "outcome": "rejected", "target": "demo"}': 1
    }


def test_a_failure_is_counted_with_its_code_whenever_it_makes_a_run_wait(
    told: Told, world: World
) -> None:
    world.jobs.fail("create", an_outage(clear=True))
    submit(world.services, *a_message())
    world.poll_for(timedelta(minutes=1))
    world.jobs.fail("find", an_outage(code="NoAnswer"))
    world.later(SECOND * 30)
    world.poll()

    assert told.values("jobrelay.retries") == {
        '{"code": "Http503", "target": "demo"}': 1,
        '{"code": "NoAnswer", "target": "demo"}': 1,
    }


def test_an_event_is_counted_once_the_broker_has_it(told: Told, world: World) -> None:
    world.bus.failing = "before"
    submit(world.services, *a_message())
    before = told.values("jobrelay.events")

    world.bus.failing = None
    world.poll()

    assert before == {}
    assert told.values("jobrelay.events") == {
        '{"status": "Accepted", "target": "demo", "type": "jobrelay.run.accepted"}': 1,
        '{"status": "Starting", "target": "demo", "type": "jobrelay.run.submitted"}': 1,
    }


def test_a_refusal_is_counted_as_an_event_and_by_its_reason(told: Told, world: World) -> None:
    submit(world.services, *a_message(target="nowhere"))

    assert told.values("jobrelay.rejects") == {'{"reason": "unknown_target"}': 1}
    assert told.values("jobrelay.events") == {
        '{"status": "Rejected", "target": "none", "type": "jobrelay.request.rejected"}': 1
    }


def test_a_rejection_in_the_words_of_a_service_is_counted_in_one_of_ours(
    told: Told, world: World
) -> None:
    world.jobs.refusal = Problem("QuotaOfTheDayExceeded", "no such compute")

    submit(world.services, *a_message())

    assert told.values("jobrelay.rejects") == {'{"reason": "refused_by_service"}': 1}


def test_the_lag_of_an_event_is_from_the_change_until_the_broker_has_it(
    told: Told, world: World
) -> None:
    world.bus.failing = "before"
    submit(world.services, *a_message())
    world.later(MINUTE)
    world.bus.failing = None

    world.poll()

    (lag,) = told.points("jobrelay.event.lag")
    assert (lag.count, lag.sum, lag.max) == (2, 120.0, 60.0)
    assert dict(lag.attributes) == {}


def test_an_event_that_was_sent_before_has_no_further_lag(told: Told, world: World) -> None:
    submit(world.services, *a_message())
    world.jobs.becomes(RUN_ID, "Running")

    world.poll()

    (lag,) = told.points("jobrelay.event.lag")
    assert lag.count == 3


def test_a_poll_observes_how_many_runs_live_at_each_target(told: Told, world: World) -> None:
    world.target("other")
    submit(world.services, *a_message())
    submit(world.services, *a_message(2, id="order-8"))

    world.poll()

    assert told.values("jobrelay.runs.live") == {'{"target": "demo"}': 2, '{"target": "other"}': 0}


def test_a_poll_with_nothing_to_do_observes_that(told: Told, world: World) -> None:
    world.poll()

    assert told.values("jobrelay.runs.live") == {'{"target": "demo"}': 0}
    assert told.values("jobrelay.runs.oldest") == {"{}": 0}
    assert told.values("jobrelay.runs.unobserved") == {"{}": 0}


def test_a_run_that_ends_is_counted_a_last_time(told: Told, world: World) -> None:
    submit(world.services, *a_message())
    world.jobs.becomes(RUN_ID, "Completed")
    world.poll()
    while_ending = told.values("jobrelay.runs.live")

    world.poll()

    assert world.is_over()
    assert while_ending == {'{"target": "demo"}': 1}
    assert told.values("jobrelay.runs.live") == {'{"target": "demo"}': 0}


def test_the_oldest_run_counts_from_its_acceptance(told: Told, world: World) -> None:
    submit(world.services, *a_message())
    world.later(HOUR)
    submit(world.services, *a_message(2, id="order-8"))
    world.later(MINUTE)

    world.poll()

    assert told.values("jobrelay.runs.oldest") == {"{}": 3660.0}


def test_a_job_that_is_seen_is_not_unobserved(told: Told, world: World) -> None:
    submit(world.services, *a_message())
    world.later(DAY)

    world.poll()

    assert told.values("jobrelay.runs.unobserved") == {"{}": 0}


def test_a_job_that_cannot_be_seen_is_unobserved_since_it_was_last(
    told: Told, world: World
) -> None:
    submit(world.services, *a_message())
    world.poll()
    world.jobs.breaks("find", an_outage())
    world.later(HOUR)

    world.poll()

    assert told.values("jobrelay.runs.unobserved") == {"{}": 3600.0}


def test_a_job_that_was_never_seen_is_unobserved_since_it_was_submitted(
    told: Told, world: World
) -> None:
    world.later(HOUR)
    submit(world.services, *a_message())
    world.jobs.breaks("find", an_outage())
    world.later(MINUTE)

    world.poll()

    assert told.values("jobrelay.runs.unobserved") == {"{}": 60.0}


def test_a_run_without_a_job_is_not_unobserved(told: Told, world: World) -> None:
    world.jobs.breaks("create", an_outage(clear=True))
    submit(world.services, *a_message())
    world.later(HOUR)

    world.poll()

    assert told.values("jobrelay.runs.unobserved") == {"{}": 0}


def test_every_metric_is_told_with_the_attributes_and_unit_of_its_contract(
    told: Told, world: World
) -> None:
    world.jobs.fail("create", an_outage())
    submit(world.services, *a_message())
    submit(world.services, b"no request", an_envelope(2))
    world.poll_for(6 * MINUTE)
    Watch("demo", told.telemetry).exchange(
        "GET", "arm.example", lambda: Answer(200, {}, b""), expected={200}
    )

    attributes = {name: told.keys(name) for name in told.metrics()}
    assert attributes == METRICS
    assert {name: metric.unit for name, metric in told.metrics().items()} == {
        "jobrelay.requests": "{request}",
        "jobrelay.submissions": "{submission}",
        "jobrelay.events": "{event}",
        "jobrelay.rejects": "{message}",
        "jobrelay.retries": "{retry}",
        "jobrelay.remote.requests": "{request}",
        "jobrelay.runs.live": "{run}",
        "jobrelay.runs.oldest": "s",
        "jobrelay.runs.unobserved": "s",
        "jobrelay.event.lag": "s",
    }
