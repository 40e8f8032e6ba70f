"""A message that no run can come of is told, and a copy is kept."""

import pytest

from shared.errors import UnavailableError
from shared.flows.submit import submit
from shared.messages import Override
from shared.runs import Kind
from tests.unit.flows.given import DAY, RUN_ID, World, a_message, an_envelope


def test_a_refused_message_leaves_a_copy_and_is_told() -> None:
    world = World()
    body, envelope = a_message(jobType="Spell")

    submit(world.services, body, envelope)

    assert [(item.kind, item.id) for item in world.bus.sent] == [
        (Kind.COPY, f"copy-{envelope.key}"),
        (Kind.EVENT, envelope.key),
    ]
    assert world.bus.sent[0].body == body
    assert world.data("request.rejected")["reason"] == "invalid"
    assert world.data("request.rejected")["requestId"] == "order-7"
    assert world.bus.sent[1].properties["final"] is True


def test_a_refused_message_leaves_no_row_and_asks_no_service() -> None:
    world = World()

    submit(world.services, *a_message(template="../secrets"))

    assert world.table.run(RUN_ID) is None
    assert world.is_over()
    assert world.jobs.asked == []


def test_a_refused_message_stays_on_the_queue_until_it_is_told() -> None:
    world = World()
    world.bus.failing = "after"
    with pytest.raises(UnavailableError):
        submit(world.services, b"", an_envelope())
    world.bus.failing = None
    world.later(DAY)

    submit(world.services, b"", an_envelope())

    lost, *repeated = world.bus.sent
    assert lost == repeated[0]
    assert world.told() == ["request.rejected"]


def test_an_unknown_target_is_refused_with_the_known_ones() -> None:
    world = World()

    submit(world.services, *a_message(target="moon"))

    data = world.data("request.rejected")
    assert data["reason"] == "unknown_target"
    assert data["faults"] == [
        {"path": "/target", "found": "an unknown alias", "expected": "one of: demo"}
    ]
    assert "TARGETS" in data["hint"]


def test_a_kind_of_job_that_the_target_does_not_run_is_refused() -> None:
    world = World()
    world.idle_target("idle")

    submit(world.services, *a_message(target="idle"))

    assert world.data("request.rejected")["faults"][0]["path"] == "/jobType"


def test_what_the_kind_of_job_does_not_know_is_refused() -> None:
    world = World()

    submit(world.services, *a_message(attributes={"instanceCount": 0}))

    data = world.data("request.rejected")
    assert data["reason"] == "invalid"
    assert [fault["path"] for fault in data["faults"]] == ["/attributes/instanceCount"]


def test_an_override_that_the_target_does_not_allow_is_refused() -> None:
    world = World(allow=frozenset({Override.INPUTS}))

    submit(world.services, *a_message(attributes={"command": "true"}, tags={"a": "b"}))

    data = world.data("request.rejected")
    assert data["reason"] == "not_allowed"
    assert [fault["path"] for fault in data["faults"]] == ["/tags", "/attributes/command"]
    assert "`allow`" in data["hint"]
