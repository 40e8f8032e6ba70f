"""Stories of runs: what a producer sends and what a subscriber hears, over the whole system."""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from azure.servicebus import ServiceBusClient

from tests.e2e.stage import Stage, types
from tests.local.collector import Event
from tests.local.waiting import until


def test_a_run_completes_with_the_outputs_of_its_job(stage: Stage) -> None:
    request = stage.a_request(
        "train-classifier",
        displayName="A model",
        inputs={"epochs": 20, "learning_rate": 0.5},
        outputs=["model"],
        tags={"team": "blue"},
        context={"ticket": 7},
    )

    stage.twin.send(request, correlation_id="order-1")
    events = stage.events(request)

    stage.assert_whole(events)
    stage.assert_one_job(request)
    assert [*types(events)[:2], types(events)[-1]] == ["accepted", "submitted", "completed"]
    last = events[-1]
    assert last.data["status"] == "Success"
    assert last.data["context"] == {"ticket": 7}
    assert last.data["tags"]["team"] == "blue"
    assert list(last.data["outputs"]) == ["model"]
    assert last.correlation_id == "order-1"
    assert last.session_id == stage.run_id(request)
    metrics = json.loads(stage.twin.file(last.data["outputs"]["model"]["uri"] + "metrics.json"))
    assert metrics["epochs"] == 20
    assert stage.until_recorded(request)["data"] == last.data


def test_a_failing_command_fails_its_run(stage: Stage) -> None:
    request = stage.a_request("fail")

    stage.twin.send(request)
    events = stage.events(request)

    stage.assert_whole(events)
    assert types(events)[-1] == "failed"
    assert events[-1].data["error"]["code"]


def test_a_request_for_an_unknown_template_is_rejected(stage: Stage) -> None:
    request = stage.a_request("no-such-template")

    stage.twin.send(request)
    events = stage.events(request)

    stage.assert_whole(events)
    assert types(events) == ["accepted", "rejected"]
    stage.assert_no_job(request)
    copy = _copy_of(stage, f"copy-{stage.run_id(request)}")
    assert json.loads(copy) == request


def test_a_message_that_is_no_request_is_refused_once_with_a_copy(stage: Stage) -> None:
    request = stage.a_request("../secrets", unknown=1)

    stage.twin.send(request)
    events = stage.twin.events(request["id"])

    assert types(events) == ["rejected"]
    assert events[0].body["type"] == "jobrelay.request.rejected"
    assert [fault["path"] for fault in events[0].data["faults"]] == ["/template", "/unknown"]
    assert json.loads(_copy_of(stage, f"copy-{events[0].body['id']}")) == request


def test_a_target_keeps_commands_out_of_messages(stage: Stage) -> None:
    request = stage.a_request(target="strict", attributes={"command": "rm -rf /"})

    stage.twin.send(request)
    events = stage.twin.events(request["id"])

    assert events[0].data["reason"] == "not_allowed"
    assert events[0].data["faults"][0]["path"] == "/attributes/command"
    stage.assert_no_job(request)


def test_a_running_job_is_cancelled(stage: Stage) -> None:
    request = stage.a_request("sleep")
    stage.twin.send(request)
    stage.is_running(request)

    answer = stage.twin.http.post(
        f"/api/runs/{stage.run_id(request)}/cancel", json={"reason": "too dear"}
    )
    events = stage.events(request)

    assert answer.status_code == 202
    stage.assert_whole(events)
    assert types(events)[-1] == "cancelled"
    assert events[-1].data["cancel"]["by"] == "user"
    assert events[-1].data["cancel"]["reason"] == "too dear"
    stage.until_recorded(request)
    again = stage.twin.http.post(f"/api/runs/{stage.run_id(request)}/cancel")
    assert (again.status_code, again.json()["runStatus"]) == (409, "Cancelled")


def test_a_cancel_that_the_service_ignores_is_repeated_until_it_is_true(stage: Stage) -> None:
    request = stage.a_request("sleep", tags={"twin.life": "cancel_ignored"})
    stage.twin.send(request)
    stage.is_running(request)

    stage.twin.http.post(f"/api/runs/{stage.run_id(request)}/cancel").raise_for_status()
    events = stage.events(request)

    assert types(events)[-1] == "cancelled"
    assert len(stage.requests(stage.run_id(request), "cancel")) >= 3


def test_a_request_that_was_cancelled_before_it_came_starts_nothing(stage: Stage) -> None:
    request = stage.a_request("sleep")

    stage.twin.http.post(f"/api/requests/{request['id']}/cancel").raise_for_status()
    stage.twin.send(request)
    events = stage.events(request)

    stage.assert_whole(events)
    assert types(events) == ["accepted", "cancelled"]
    stage.assert_no_job(request)


def test_a_request_that_is_sent_ten_times_runs_once(stage: Stage) -> None:
    request = stage.a_request()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: stage.twin.send(request, message_id=f"m{number}"), range(10)))
    events = stage.events(request)

    until(lambda: _waiting(stage) == 0 or None, "an empty queue")
    stage.assert_whole(stage.events(request))
    assert types(events)[-1] == "completed"
    stage.assert_one_job(request)


def test_another_request_with_the_same_id_is_a_conflict(stage: Stage) -> None:
    request = stage.a_request()
    stage.twin.send(request)
    stage.events(request)

    stage.twin.send({**request, "displayName": "another"})
    events = stage.twin.events(
        request["id"], until=lambda found: "jobrelay.request.rejected" in _full_types(found)
    )

    refusal = next(each for each in events if each.body["type"] == "jobrelay.request.rejected")
    assert refusal.data["reason"] == "conflict"
    assert refusal.data["conflictsWith"] == stage.run_id(request)
    assert refusal.is_final is False
    stage.assert_one_job(request)


def test_a_run_expires_that_cannot_start_in_time(stage: Stage) -> None:
    request = stage.a_request(deadlines={"start": "PT3S"})
    stage.twin.fault(
        "workspace", "status", operation="create", name=stage.run_id(request), status=503, times=99
    )

    stage.twin.send(request)
    events = stage.events(request)

    stage.assert_whole(events)
    assert types(events) == ["accepted", "expired"]


def test_a_job_that_runs_too_long_is_cancelled_by_its_deadline(stage: Stage) -> None:
    request = stage.a_request("sleep", deadlines={"run": "PT3S"})

    stage.twin.send(request)
    events = stage.events(request)

    stage.assert_whole(events)
    assert types(events)[-1] == "cancelled"
    assert events[-1].data["cancel"]["by"] == "run"


def test_a_run_waits_for_its_time(stage: Stage) -> None:
    request = stage.a_request(notBefore="2999-01-01T00:00:00Z")
    stage.twin.send(request)
    stage.events(request, lambda events: "accepted" in types(events))

    stage.twin.poll()
    waiting = stage.view(request)
    stage.twin.http.post(f"/api/runs/{stage.run_id(request)}/cancel").raise_for_status()
    events = stage.events(request)

    assert waiting["status"] == "Accepted"
    assert types(events) == ["accepted", "cancelled"]
    stage.assert_no_job(request)


def test_throttling_and_failures_of_the_service_delay_a_run_and_lose_nothing(stage: Stage) -> None:
    request = stage.a_request()
    name = stage.run_id(request)
    stage.twin.fault(
        "workspace",
        "status",
        operation="create",
        name=name,
        status=429,
        headers={"Retry-After": "1"},
    )
    stage.twin.fault("workspace", "status", operation="create", name=name, status=500)

    stage.twin.send(request)
    events = stage.events(request, within=120.0)

    stage.assert_whole(events)
    assert types(events)[-1] == "completed"
    stage.assert_one_job(request)


def test_a_job_whose_creation_lost_its_answer_is_adopted(stage: Stage) -> None:
    request = stage.a_request()
    stage.twin.fault(
        "workspace", "reset", operation="create", name=stage.run_id(request), when="after"
    )

    stage.twin.send(request)
    events = stage.events(request)

    stage.assert_whole(events)
    assert types(events)[-1] == "completed"
    assert len(stage.requests(stage.run_id(request), "create")) == 1


def test_an_outage_of_the_bus_delays_events_and_loses_none(stage: Stage) -> None:
    request = stage.a_request()
    stage.twin.fault("bus", "status", operation="send", name=stage.twin.info["topic"], times=6)

    stage.twin.send(request)
    events = stage.events(request)

    stage.assert_whole(events)
    assert types(events)[-1] == "completed"


def test_times_and_links_are_told(stage: Stage) -> None:
    request = stage.a_request()

    stage.twin.send(request, application_properties={"traceparent": TRACE})
    last = stage.events(request)[-1]

    times = last.data["times"]
    order = [datetime.fromisoformat(times[name]) for name in ("accepted", "submitted", "ended")]
    assert order == sorted(order)
    assert last.data["monitorUrl"].startswith("http")
    assert last.body["traceparent"] == TRACE


def test_health_says_that_all_answers(stage: Stage) -> None:
    answer = stage.twin.http.get("/api/health")

    assert (answer.status_code, set(answer.json().values())) == (200, {"ok"})


TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def _full_types(events: Sequence[Event]) -> set[str]:
    return {event.body["type"] for event in events}


def _waiting(stage: Stage) -> int:
    """How many messages the request queue holds."""
    entities = stage.twin.control.get("/bus/entities").json()["entities"]
    queue = next(each for each in entities if each["path"] == stage.twin.info["queue"])
    return int(queue["active"])


def _copy_of(stage: Stage, message_id: str) -> bytes:
    """The copy with this id on the reject queue."""
    with (
        ServiceBusClient.from_connection_string(stage.twin.info["serviceBus"]) as client,
        client.get_queue_receiver(stage.twin.info["rejects"]) as receiver,
    ):

        def found() -> bytes | None:
            peeked = receiver.peek_messages(max_message_count=250)
            bodies = [b"".join(each.body) for each in peeked if each.message_id == message_id]
            assert len(bodies) <= 1
            return bodies[0] if bodies else None

        return until(found, f"{message_id} on the reject queue")
