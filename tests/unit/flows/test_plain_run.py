"""A plain run as subscribers read it: whole events, in order."""

from typing import Any

from shared.flows.submit import submit
from shared.ports import Json
from tests.unit.flows.given import MINUTE, RUN_ID, SECOND, World, a_message

PAGE = (
    f"https://ml.azure.com/runs/{RUN_ID}?wsid=/subscriptions/00000000-0000-0000-0000-000000000001"
    "/resourcegroups/group/workspaces/demo"
)
UNTOLD_TIMES = {
    "submitted": None,
    "started": None,
    "ended": None,
    "waitingSeconds": None,
    "runningSeconds": None,
    "totalSeconds": None,
}


def an_event(seq: int, word: str, time: str, **data: Any) -> Json:
    """An event of this run, with the data that is its own."""
    times = {"accepted": "2030-01-01T09:00:00Z", **UNTOLD_TIMES, **data.pop("times", {})}
    return {
        "specversion": "1.0",
        "id": f"{RUN_ID}:{seq}",
        "source": "urn:demo",
        "type": f"jobrelay.run.{word}",
        "subject": RUN_ID,
        "time": time,
        "datacontenttype": "application/json",
        "seq": seq,
        "data": {
            "runId": RUN_ID,
            "requestId": "order-7",
            "jobType": "Command",
            "target": "demo",
            "template": "train",
            "displayName": "Nightly",
            "experimentName": "models",
            "tags": {"team": "vision", "jobrelay": "relay"},
            "context": {"order": [7, None]},
            "redriveOf": "order-6",
            "monitorUrl": PAGE,
            "attempts": 1,
            "truncated": False,
            "times": times,
            **data,
        },
    }


def test_a_plain_run_is_told_from_its_acceptance_to_its_end() -> None:
    world = World()
    message = a_message(
        displayName="Nightly",
        experimentName="models",
        tags={"team": "vision"},
        context={"order": [7, None]},
        redriveOf="order-6",
    )

    submit(world.services, *message)
    world.later(MINUTE)
    world.jobs.becomes(RUN_ID, "Running", properties={"StartTimeUtc": "2030-01-01 09:00:30"})
    world.poll()
    world.later(MINUTE)
    world.jobs.becomes(RUN_ID, "Completed", properties={"EndTimeUtc": "2030-01-01 09:01:45"})
    world.poll()

    at_nine = {"submitted": "2030-01-01T09:00:00Z"}
    running = {**at_nine, "started": "2030-01-01T09:00:30Z", "waitingSeconds": 30.0}
    assert world.events() == [
        an_event(
            1,
            "accepted",
            "2030-01-01T09:00:00Z",
            status="Accepted",
            nativeStatus=None,
            previousStatus=None,
            tags={"team": "vision"},
            monitorUrl=None,
            attempts=0,
        ),
        an_event(
            2,
            "submitted",
            "2030-01-01T09:00:00Z",
            status="Starting",
            nativeStatus="Starting",
            previousStatus="Accepted",
            times=at_nine,
        ),
        an_event(
            3,
            "status",
            "2030-01-01T09:01:00Z",
            status="Running",
            nativeStatus="Running",
            previousStatus="Starting",
            times=running,
        ),
        an_event(
            4,
            "completed",
            "2030-01-01T09:02:00Z",
            status="Success",
            nativeStatus="Completed",
            previousStatus="Running",
            times={
                **running,
                "ended": "2030-01-01T09:01:45Z",
                "runningSeconds": 75.0,
                "totalSeconds": 105.0,
            },
            outputs={
                "default": {
                    "type": "uri_folder",
                    "uri": f"azureml://datastores/workspaceartifactstore/ExperimentRun/dcid.{RUN_ID}",
                }
            },
            error=None,
            unread=None,
        ),
    ]


def test_each_event_goes_over_the_wire_with_what_filters_need() -> None:
    world = World()

    submit(world.services, *a_message(experimentName="models"))

    accepted, submitted = world.bus.sent
    assert (accepted.id, submitted.id) == (f"{RUN_ID}:1", f"{RUN_ID}:2")
    assert submitted.session_id == RUN_ID
    assert submitted.correlation_id == "order-7"
    assert submitted.properties == {
        "type": "jobrelay.run.submitted",
        "status": "Starting",
        "final": False,
        "jobType": "Command",
        "target": "demo",
        "experimentName": "models",
        "seq": 2,
    }


def test_what_is_told_at_once_is_not_told_again() -> None:
    world = World()
    submit(world.services, *a_message())

    world.poll_for(30 * SECOND)

    assert world.told() == ["run.accepted", "run.submitted"]


def test_the_record_keeps_how_a_run_ended() -> None:
    world = World()
    submit(world.services, *a_message())
    world.jobs.becomes(RUN_ID, "Completed")

    world.poll()

    record = world.record()
    assert world.is_over()
    assert record.final == "Success"
    assert record.result == world.bus.sent[-1].body
    assert [entry.type for entry in record.timeline] == [
        "jobrelay.run.accepted",
        "jobrelay.run.submitted",
        "jobrelay.run.completed",
    ]
