"""The control routes of the bus."""

from typing import Any

import httpx
import pytest

from tests.contract.bus_namespace import Twin


def test_an_entity_is_made_once_and_then_found(twin: Twin) -> None:
    spec = {"kind": "queue", "name": "made-twice", "lockDuration": "PT7S"}

    statuses = [twin.control("POST", "/entities", spec).status_code for _ in range(2)]

    assert statuses == [201, 200]


@pytest.mark.parametrize(
    ("spec", "status", "said"),
    [
        ([], 400, "a JSON object is expected"),
        ({"kind": "stream", "name": "x"}, 400, "kind: 'stream' is none of"),
        ({"kind": "queue", "name": "x", "lockDuration": "5"}, 400, "queue.lockDuration: '5'"),
        ({"kind": "queue", "name": "jobs"}, 409, "with other properties"),
        ({"kind": "subscription", "name": "x", "topic": "no-such"}, 404, "could not be found"),
    ],
)
def test_an_entity_that_cannot_be_made_is_explained(
    twin: Twin, spec: Any, status: int, said: str
) -> None:
    answer = twin.control("POST", "/entities", spec)

    assert (answer.status_code, said in answer.json()["error"]) == (status, True)


def test_a_topic_is_removed_with_its_subscriptions(twin: Twin) -> None:
    topic = twin.topic()
    twin.subscription(topic)

    answer = twin.control("DELETE", f"/entities/{topic.upper()}")

    paths = [entity["path"] for entity in twin.control("GET", "/entities").json()["entities"]]
    assert answer.status_code == 204
    assert not [path for path in paths if path.startswith(topic)]


def test_what_is_not_there_cannot_be_removed(twin: Twin) -> None:
    assert twin.control("DELETE", "/entities/no/such/thing").status_code == 404


def test_the_entities_of_the_app_are_there(twin: Twin) -> None:
    assert twin.counts("events/Subscriptions/final") == {
        "path": "events/Subscriptions/final",
        "active": 0,
        "deferred": 0,
        "locked": 0,
        "scheduled": 0,
        "deadLetter": 0,
        "transfer": 0,
        "transferDeadLetter": 0,
    }


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ([], "a JSON object is expected"),
        ({}, "fault.kind is one of ['latency', 'reset', 'status'], not None"),
        ({"fault": {"kind": "slow"}}, "fault.kind is one of"),
        ({"fault": "reset"}, "fault is an object"),
        ({"fault": {"kind": "reset", "when": "never"}}, "fault.when is before or after"),
        ({"fault": {"kind": "reset", "status": 500}}, "fault has no 'status'"),
        ({"fault": {"kind": "latency", "seconds": "5"}}, "fault.seconds is a number"),
        ({"fault": {"kind": "status", "headers": {"condition": 5}}}, "fault.headers has texts"),
        ({"fault": {"kind": "reset"}, "times": 0}, "times is a whole number from 1 on"),
        ({"fault": {"kind": "reset"}, "time": 1}, "the fault has no 'time'"),
        ({"fault": {"kind": "reset"}, "match": []}, "match is an object"),
        ({"fault": {"kind": "reset"}, "match": {"operation": "eat"}}, "match.operation is one of"),
        ({"fault": {"kind": "reset"}, "match": {"entity": "jobs"}}, "match has no 'entity'"),
    ],
)
def test_a_fault_that_makes_no_sense_is_explained(twin: Twin, spec: Any, said: str) -> None:
    answer = twin.control("POST", "/faults", spec)

    assert answer.status_code == 400
    assert said in answer.json()["error"]


def test_a_body_that_is_no_json_is_refused(twin: Twin) -> None:
    answer = httpx.post(f"{twin.service.info['control']}/faults", content=b"{")

    assert answer.status_code == 400


def test_another_host_is_not_served(twin: Twin) -> None:
    url = f"{twin.service.info['control']}/entities"

    answer = httpx.get(url, headers={"Host": "evil.example:80"})

    assert answer.status_code == 403
