"""Somebody asks what would be made of a request: he is told, and nothing happens."""

import json
from typing import Any

import pytest

from shared.errors import Fault, RejectedError, UnavailableError
from shared.flows.validate import validate
from shared.ports import Json
from tests.edge import Edge
from tests.jobs import ID
from tests.unit.flows.given import RUN_ID, World, a_job, a_request, an_outage

INLINE: Json = {"command": "python train.py", "environmentId": "sklearn:1"}
FINGERPRINT = "0792cb04e2b5853aff3e73972c679bf62868e676e0187058fe72584349dfe508"
OF_MESSAGE = "the MessageId of its message"


def a_body(**changes: Any) -> bytes:
    return json.dumps(a_request(**changes)).encode()


def refused(body: bytes) -> RejectedError:
    """Why a request is refused, with nothing sent and nothing written."""
    edge = Edge()
    with pytest.raises(RejectedError) as caught:
        validate(edge.services, body)
    assert (edge.sent, edge.store.accepted) == ([], [])
    return caught.value


def paths(body: bytes) -> list[str]:
    return [fault.path for fault in refused(body).faults]


def test_a_good_request_is_told_with_the_body_that_would_be_sent() -> None:
    world = World()

    answer = validate(world.services, a_body())

    assert answer == {
        "requestId": "order-7",
        "runId": RUN_ID,
        "target": "demo",
        "jobType": "Command",
        "body": {
            "properties": {
                "jobType": "Command",
                "command": "python train.py",
                "environmentId": f"{ID}/environments/sklearn/versions/1",
                "tags": {"jobrelay": "relay"},
                "properties": {
                    "jobrelay.requestId": "order-7",
                    "jobrelay.fingerprint": FINGERPRINT,
                },
            }
        },
        "warnings": [],
    }


def test_nothing_is_started_and_nothing_is_written() -> None:
    world = World()

    validate(world.services, a_body())

    assert (world.events(), world.copies()) == ([], [])
    assert world.table.run(RUN_ID) is None
    assert world.is_over()
    assert {verb for verb, _ in world.jobs.asked} == {"template", "body"}


def test_a_request_without_an_id_has_that_of_its_message() -> None:
    answer = validate(World().services, a_body(id=None))

    assert (answer["requestId"], answer["runId"]) == (None, None)
    assert answer["body"]["properties"]["properties"]["jobrelay.requestId"] == OF_MESSAGE


def test_a_request_that_has_a_run_already_is_told_again() -> None:
    world = a_job()
    before = world.events()

    answer = validate(world.services, a_body())

    assert answer["runId"] == RUN_ID
    assert world.events() == before


def test_an_inline_job_needs_nobody_to_be_asked() -> None:
    answer = validate(Edge().services, a_body(template=None, job=INLINE))

    assert answer["body"]["properties"]["environmentId"] == f"{ID}/environments/sklearn/versions/1"


def test_what_is_lost_of_an_older_form_is_told() -> None:
    job = {**INLINE, "compute": {"target": "cpu"}, "priority": 3}

    answer = validate(Edge().services, a_body(template=None, job=job))

    assert [warning["path"] for warning in answer["warnings"]] == ["/job/priority"]
    assert answer["body"]["properties"]["computeId"] == f"{ID}/computes/cpu"


@pytest.mark.parametrize(
    ("body", "path"),
    [(b"", ""), (b"[]", ""), (b"{", ""), (b"\xff", ""), (b'{"id": 1}', "/jobType")],
)
def test_what_is_no_request_is_refused(body: bytes, path: str) -> None:
    assert path in paths(body)


def test_faults_of_form_and_of_kind_are_told_together() -> None:
    body = a_body(
        jobType="Sweep",
        displayName="",
        deadlines={"run": "1h"},
        inputs={"x": "-"},
        attributes={"priority": 1},
        sweep={"limits": {"maxTotalTrials": 0}, "searchSpace": {"lr": ["uniform", [1]]}},
    )

    assert paths(body) == [
        "/displayName",
        "/deadlines/run",
        "/attributes/priority",
        "/sweep/limits/maxTotalTrials",
        "/inputs/x",
        "/sweep/searchSpace/lr/1",
    ]


def test_so_are_those_of_an_inline_job() -> None:
    body = a_body(target=None, tags={"jobrelay": "x"}, job={"command": "-"})

    assert paths(body) == ["/tags/jobrelay", "/template", "/job/command", "/job/environmentId"]


def test_what_could_not_be_read_is_not_missed() -> None:
    job = {**INLINE, "command": "python train.py ${{inputs.rate}}"}

    assert refused(a_body(template=None, job=job, inputs={"rate": None})).faults == (
        Fault("/inputs/rate", "null", "a string, a number, true or false"),
    )


def test_an_unknown_target_is_refused_as_such() -> None:
    refusal = refused(a_body(target="moon"))

    assert (refusal.reason, refusal.faults[0].path) == ("unknown_target", "/target")


def test_what_a_target_does_not_allow_is_refused_as_such() -> None:
    refusal = refused(a_body(target="strict", template=None, job=INLINE))

    assert refusal.reason == "not_allowed"
    assert refusal.faults == (Fault("/job", "an override", "none: 'job' is not allowed"),)


def test_an_unknown_template_is_refused_as_its_run_would_be() -> None:
    with pytest.raises(RejectedError) as caught:
        validate(World().services, a_body(template="lost"))

    assert caught.value.reason == "template_not_found"


def test_a_template_that_nothing_can_be_made_of_is_refused_too() -> None:
    world = World()
    world.jobs.templates_by_name["train"]["command"] = "train ${{inputs.rate}}"

    with pytest.raises(RejectedError) as caught:
        validate(world.services, a_body())

    assert [fault.path for fault in caught.value.faults] == ["/inputs/rate"]


def test_a_template_that_cannot_be_read_now_is_no_refusal() -> None:
    world = World()
    world.jobs.breaks("template", an_outage())

    with pytest.raises(UnavailableError):
        validate(world.services, a_body())
