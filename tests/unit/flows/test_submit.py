"""A request comes: it becomes a run and a job, once."""

import json
from datetime import timedelta

import pytest

from shared.errors import UnavailableError
from shared.flows.cancel import cancel_request
from shared.flows.dead_letter import dead_letter
from shared.flows.submit import submit
from shared.runs import State
from tests.unit.flows.given import RUN_ID, World, a_message, a_request, an_envelope, an_outage


def test_a_request_becomes_a_job() -> None:
    world = World()

    submit(world.services, *a_message())

    assert world.told() == ["run.accepted", "run.submitted"]
    assert world.live().state is State.SUBMITTED
    assert list(world.jobs.jobs) == [RUN_ID]


def test_a_first_claim_creates_without_a_look() -> None:
    world = World()

    submit(world.services, *a_message())

    assert world.jobs.asked == [("template", "train"), ("body", RUN_ID), ("create", RUN_ID)]


def test_the_id_of_the_message_stands_in_for_that_of_the_request() -> None:
    world = World()
    body = json.dumps({"jobType": "Command", "template": "train"}).encode()

    submit(world.services, body, an_envelope(message_id="order-7"))

    assert world.live(RUN_ID).state is State.SUBMITTED


def test_what_was_sent_is_marked() -> None:
    world = World()

    submit(world.services, *a_message())

    assert world.live().outbox == ()


def test_a_message_stays_on_the_queue_while_there_is_no_record() -> None:
    world = World()
    world.table.failing = {"accept"}

    with pytest.raises(UnavailableError):
        submit(world.services, *a_message())

    assert world.is_over()
    assert world.bus.sent == []
    assert world.jobs.asked == []


def test_a_record_is_decided_anew_when_another_was_quicker() -> None:
    world = World()
    world.table.overtaken = {"accept": 1}

    submit(world.services, *a_message())

    assert world.told() == ["run.accepted", "run.submitted"]


def test_a_wish_for_a_request_is_decided_anew_when_another_was_quicker() -> None:
    world = World()
    cancel_request(world.services, "order-7", reason=None)
    world.table.overtaken = {"accept": 3}

    submit(world.services, *a_message())

    assert world.told() == ["run.accepted", "run.cancelled"]


def test_a_message_stays_on_the_queue_while_others_always_overtake_it() -> None:
    world = World()
    world.table.overtaken = {"accept": 1000}

    with pytest.raises(UnavailableError):
        submit(world.services, *a_message())


@pytest.mark.parametrize("verb", ["save", "save_all"])
def test_a_message_is_done_once_there_is_a_record(verb: str) -> None:
    world = World()
    world.table.failing = {verb}

    submit(world.services, *a_message())

    world.table.failing = set()
    world.poll_for(timedelta(minutes=5))
    assert set(world.told()) == {"run.accepted", "run.submitted"}


def test_events_wait_in_the_row_while_the_bus_is_away() -> None:
    world = World()
    world.bus.failing = "before"

    submit(world.services, *a_message())

    assert [item.id for item in world.live().outbox] == [f"{RUN_ID}:1", f"{RUN_ID}:2"]


def test_a_repeat_of_a_message_changes_nothing() -> None:
    world = World()
    submit(world.services, *a_message(1))
    before = world.table.live(RUN_ID)

    submit(world.services, *a_message(2))

    assert world.table.live(RUN_ID) == before
    assert world.told() == ["run.accepted", "run.submitted"]
    assert world.jobs.count("create") == 1


def test_the_same_content_spelt_otherwise_is_a_repeat() -> None:
    world = World()
    submit(world.services, *a_message(1))
    body = json.dumps(dict(reversed(a_request().items())), indent=4).encode()

    submit(world.services, body, an_envelope(2))

    assert world.told() == ["run.accepted", "run.submitted"]


def test_a_repeat_after_the_end_changes_nothing() -> None:
    world = World()
    submit(world.services, *a_message(1))
    world.jobs.becomes(RUN_ID, "Completed")
    world.poll()
    told = world.told()

    submit(world.services, *a_message(2))

    assert world.is_over()
    assert world.told() == told
    assert world.jobs.count("create") == 1


def test_a_repeat_sends_what_the_first_delivery_could_not() -> None:
    world = World()
    world.bus.failing = "before"
    submit(world.services, *a_message())
    world.bus.failing = None

    submit(world.services, *a_message())

    assert world.told() == ["run.accepted", "run.submitted"]


def test_other_content_under_the_same_id_is_a_conflict() -> None:
    world = World()
    submit(world.services, *a_message(1))
    before = world.table.live(RUN_ID)

    submit(world.services, *a_message(2, displayName="Another"))

    assert world.event("request.rejected")["id"] == an_envelope(2).key
    assert world.data("request.rejected")["reason"] == "conflict"
    assert world.data("request.rejected")["conflictsWith"] == RUN_ID
    assert "an id of its own" in world.data("request.rejected")["hint"]
    assert world.bus.sent[-1].properties["final"] is False
    assert world.table.live(RUN_ID) == before


def test_a_conflict_does_not_drive_the_run() -> None:
    world = World()
    dead_letter(world.services, *a_message(1))

    submit(world.services, *a_message(2, displayName="Another"))

    assert world.jobs.asked == []


def test_a_conflict_leaves_a_copy_of_its_message() -> None:
    world = World()
    submit(world.services, *a_message(1))
    body, envelope = a_message(2, displayName="Another")

    submit(world.services, body, envelope)

    (copy,) = world.copies()
    assert (copy.id, copy.body) == (f"copy-{envelope.key}", body)
    assert copy.properties["reason"] == "conflict"


def test_a_service_that_is_away_delays_the_run_alone() -> None:
    world = World()
    world.jobs.breaks("template", an_outage())

    submit(world.services, *a_message())

    assert world.told() == ["run.accepted"]
    assert world.live().state is State.SUBMITTING
