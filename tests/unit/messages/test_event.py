"""Events: what subscribers read, byte for byte, and what it is on the wire."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cloudevents.core.formats.json import JSONFormat

from shared.errors import Fault, Problem, RejectedError
from shared.messages import event, refusal
from shared.messages.telling import MAX_DATA
from shared.ports import Json
from shared.runs import (
    Card,
    Entry,
    Item,
    Job,
    Kind,
    Live,
    Result,
    Run,
    Status,
    Sweep,
    Training,
    Trials,
    Wish,
)
from tests.rows import LATER, NOW, a_live, a_run, run_id
from tests.unit.flows.given import an_envelope

SOURCE = "/subscriptions/1/resourceGroups/g/providers/p/workspaces/demo"
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
SECOND = timedelta(seconds=1)

RUN = a_run(
    envelope=an_envelope(enqueued_at=NOW),
    card=Card(
        template="train",
        display_name="Train",
        experiment_name="iris",
        tags={"team": "vision"},
        context={"order": 7},
        redrive_of="order-6",
    ),
)
SUBMITTED = a_live(
    status=Status.RUNNING,
    previous_status=Status.STARTING,
    native_status="Finalizing",
    seq=2,
    attempts=1,
    job=Job(
        "Train 7", "flowers", {"team": "vision", "jobrelay": "relay"}, "https://ml.azure.com/x"
    ),
    submitted_at=NOW + SECOND,
    started_at=NOW + 3 * SECOND,
)
ENDED = replace(SUBMITTED, ended_at=NOW + 10 * SECOND, changed_at=NOW + 11 * SECOND)


def the_item(run: Run, live: Live, **fields: Any) -> Item:
    return event(run, live, source=SOURCE, at=LATER, **fields)[1]


def body_of(item: Item) -> Json:
    body: Json = json.loads(item.body)
    return body


def data_of(run: Run, live: Live, **fields: Any) -> Json:
    data: Json = body_of(the_item(run, live, **fields))["data"]
    return data


def ended_as(status: Status, **changes: Any) -> Live:
    return replace(ENDED, status=status, **changes)


def test_what_is_odd_about_a_request_is_told_once_when_it_is_accepted() -> None:
    fault = Fault("/job/priority", "a field that is gone", "attributes.queueSettings")
    run = replace(RUN, card=replace(RUN.card, warnings=(fault,)))

    accepted, later = data_of(run, a_live()), data_of(run, SUBMITTED)

    assert accepted["warnings"] == [
        {
            "path": "/job/priority",
            "found": "a field that is gone",
            "expected": "attributes.queueSettings",
        }
    ]
    assert "warnings" not in later


def test_an_event_tells_all_that_is_known() -> None:
    body = body_of(the_item(RUN, SUBMITTED))

    assert body == {
        "specversion": "1.0",
        "id": f"{run_id()}:3",
        "source": SOURCE,
        "type": "jobrelay.run.status",
        "subject": run_id(),
        "time": "2026-11-22T09:30:15.123458Z",
        "datacontenttype": "application/json",
        "seq": 3,
        "data": {
            "runId": run_id(),
            "requestId": "train-1",
            "jobType": "Command",
            "target": "demo",
            "template": "train",
            "displayName": "Train 7",
            "experimentName": "flowers",
            "tags": {"team": "vision", "jobrelay": "relay"},
            "context": {"order": 7},
            "redriveOf": "order-6",
            "status": "Running",
            "nativeStatus": "Finalizing",
            "previousStatus": "Starting",
            "monitorUrl": "https://ml.azure.com/x",
            "times": {
                "accepted": "2026-11-21T09:30:15.123457Z",
                "submitted": "2026-11-21T09:30:16.123457Z",
                "started": "2026-11-21T09:30:18.123457Z",
                "ended": None,
                "waitingSeconds": 3.0,
                "runningSeconds": None,
                "totalSeconds": None,
            },
            "attempts": 1,
            "truncated": False,
        },
    }


def test_an_event_goes_over_the_wire_with_what_subscriptions_filter_by() -> None:
    item = the_item(RUN, SUBMITTED)

    assert item == Item(
        id=f"{run_id()}:3",
        kind=Kind.EVENT,
        body=item.body,
        content_type="application/cloudevents+json; charset=utf-8",
        session_id=run_id(),
        correlation_id="train-1",
        properties={
            "type": "jobrelay.run.status",
            "status": "Running",
            "final": False,
            "jobType": "Command",
            "target": "demo",
            "experimentName": "flowers",
            "seq": 3,
        },
    )


def test_an_event_is_a_line_in_the_timeline() -> None:
    entry, _ = event(RUN, SUBMITTED, source=SOURCE, at=LATER)

    assert entry == Entry(3, "jobrelay.run.status", Status.RUNNING, LATER)


def test_the_cloudevents_package_reads_an_event() -> None:
    read = JSONFormat().read(None, the_item(RUN, SUBMITTED).body)

    assert (read.get_id(), read.get_source(), read.get_subject()) == (
        f"{run_id()}:3",
        SOURCE,
        run_id(),
    )
    assert (read.get_type(), read.get_time()) == ("jobrelay.run.status", LATER)
    assert (read.get_datacontenttype(), read.get_extension("seq")) == ("application/json", 3)


@pytest.mark.parametrize(
    ("status", "word", "final"),
    [
        (Status.ACCEPTED, "accepted", False),
        (Status.STARTING, "status", False),
        (Status.RUNNING, "status", False),
        (Status.CANCELLING, "status", False),
        (Status.UNKNOWN, "status", False),
        (Status.SUCCESS, "completed", True),
        (Status.FAILED, "failed", True),
        (Status.CANCELLED, "cancelled", True),
        (Status.REJECTED, "rejected", True),
        (Status.EXPIRED, "expired", True),
    ],
)
def test_the_status_gives_an_event_its_type(status: Status, word: str, *, final: bool) -> None:
    item = the_item(RUN, a_live(status=status))

    assert body_of(item)["type"] == item.properties["type"] == f"jobrelay.run.{word}"
    assert item.properties["final"] is final


@pytest.mark.parametrize("name", ["submitted", "delayed"])
def test_some_events_are_named_apart_from_the_status(name: str) -> None:
    assert body_of(the_item(RUN, SUBMITTED, name=name))["type"] == f"jobrelay.run.{name}"


def test_the_trace_and_the_correlation_of_the_request_go_on() -> None:
    run = replace(RUN, envelope=an_envelope(trace=TRACE, correlation_id="c"))

    item = the_item(run, SUBMITTED)

    assert body_of(item)["traceparent"] == item.properties["traceparent"] == TRACE
    assert item.correlation_id == "c"


def test_before_there_is_a_job_the_request_gives_names_and_tags() -> None:
    data = data_of(RUN, a_live())

    assert (data["displayName"], data["experimentName"]) == ("Train", "iris")
    assert data["tags"] == {"team": "vision"}


def test_an_event_without_an_experiment_has_no_such_property() -> None:
    assert "experimentName" not in the_item(a_run(), a_live()).properties


def test_an_event_that_is_not_final_tells_of_no_end() -> None:
    assert (
        data_of(RUN, SUBMITTED)
        .keys()
        .isdisjoint({"outputs", "error", "unread", "sweep", "training", "cancel", "delay"})
    )


def test_a_completed_run_tells_its_outputs_and_no_error() -> None:
    outputs = {
        "model": {"type": "uri_folder", "uri": "azureml://m", "asset_id": "m:1"},
        "logs": {"type": None, "uri": "azureml://l", "asset_id": None, "asset_name": "logs"},
        "rate": "0.5",
    }

    data = data_of(RUN, ended_as(Status.SUCCESS), result=Result(outputs=outputs))

    assert data["outputs"] == {
        "model": {"type": "uri_folder", "uri": "azureml://m", "assetId": "m:1"},
        "logs": {"type": None, "uri": "azureml://l", "assetName": "logs"},
        "rate": "0.5",
    }
    assert data["error"] is None
    assert data["times"]["runningSeconds"] == 7.0
    assert data["times"]["totalSeconds"] == 10.0


def test_only_the_outputs_that_are_wanted_are_told() -> None:
    run = replace(RUN, card=Card(wanted_outputs=("b", "lost")))

    data = data_of(run, ended_as(Status.SUCCESS), result=Result(outputs={"a": "1", "b": "2"}))

    assert data["outputs"] == {"b": "2"}


def test_a_failed_run_tells_why() -> None:
    error = Problem("UserError", "it broke", "mend it", ({"code": "x"},), child_run="step-1")

    data = data_of(RUN, ended_as(Status.FAILED), result=Result(error=error))

    assert data["outputs"] == {}
    assert data["error"] == {
        "code": "UserError",
        "message": "it broke",
        "hint": "mend it",
        "details": [{"code": "x"}],
        "childRun": "step-1",
    }


def test_a_sweep_tells_what_it_found() -> None:
    found = Sweep(
        best_trial="t-1",
        score=0.5,
        metric="accuracy",
        goal="Maximize",
        parameters={"rate": 0.1, "kernel": "rbf"},
        trials=Trials(completed=3, failed=2, cancelled=1, other=0),
    )

    data = data_of(RUN, ended_as(Status.SUCCESS), result=Result(sweep=found))

    assert data["sweep"] == {
        "bestTrial": "t-1",
        "score": 0.5,
        "metric": "accuracy",
        "goal": "Maximize",
        "parameters": {"rate": 0.1, "kernel": "rbf"},
        "trials": {"completed": 3, "failed": 2, "cancelled": 1, "other": 0},
        "missing": {},
    }


def test_a_sweep_tells_why_something_is_missing() -> None:
    found = Sweep(metric="accuracy", goal="Maximize", missing={"best_trial": "no trial completed"})

    data = data_of(RUN, ended_as(Status.SUCCESS), result=Result(sweep=found))

    assert data["sweep"] == {
        "bestTrial": None,
        "score": None,
        "metric": "accuracy",
        "goal": "Maximize",
        "parameters": None,
        "trials": None,
        "missing": {"bestTrial": "no trial completed"},
    }


def test_a_training_tells_what_it_came_to_and_why_something_is_missing() -> None:
    found = Training(
        attempt={"id": "2", "status_reason": None},
        attempts=2,
        compute_seconds=1200.5,
        compute={"vm_size": "large", "instance_count": 2, "region": "westeurope"},
        framework="trl",
        metrics={"loss": 0.6},
        logs=("user_logs/std_log.txt",),
        warnings=({"code": "Preempted", "message": "Once."},),
        missing={"framework_version": "the service does not say it"},
    )

    data = data_of(RUN, ended_as(Status.SUCCESS), result=Result(training=found))

    assert data["training"] == {
        "attempt": {"id": "2", "statusReason": None},
        "attempts": 2,
        "computeSeconds": 1200.5,
        "compute": {
            "vmSize": "large",
            "instanceType": None,
            "instanceCount": 2,
            "gpuCount": None,
            "region": "westeurope",
        },
        "framework": "trl",
        "frameworkVersion": None,
        "metrics": {"loss": 0.6},
        "logs": ["user_logs/std_log.txt"],
        "warnings": [{"code": "Preempted", "message": "Once."}],
        "missing": {"frameworkVersion": "the service does not say it"},
    }
    assert "sweep" not in data


def test_findings_that_are_too_long_are_missing_for_that_reason() -> None:
    found = Training(attempts=1, metrics={"x" * 300_000: 1}, logs=("a",), warnings=())

    data = data_of(RUN, ended_as(Status.SUCCESS), result=Result(training=found))

    why = "too long for an event"
    assert data["truncated"] is True
    assert data["training"]["attempts"] == 1
    assert (data["training"]["metrics"], data["training"]["logs"]) == (None, None)
    assert data["training"]["missing"] == {"metrics": why, "logs": why, "warnings": why}


def test_an_end_tells_what_could_not_be_read() -> None:
    unread = Problem("Http403", "not read", "grant it")

    data = data_of(RUN, ended_as(Status.SUCCESS), result=Result(unread=unread))

    assert data["unread"] == {
        "code": "Http403",
        "message": "not read",
        "hint": "grant it",
        "details": [],
    }
    assert data_of(RUN, ended_as(Status.SUCCESS), result=Result())["unread"] is None


def test_a_cancelled_run_tells_on_whose_wish() -> None:
    wished = data_of(RUN, ended_as(Status.CANCELLED, wish=Wish("user", "late", NOW)))
    elsewhere = data_of(RUN, ended_as(Status.CANCELLED))

    assert wished["cancel"] == {"by": "user", "reason": "late", "at": "2026-11-21T09:30:15.123457Z"}
    assert elsewhere["cancel"] == {
        "by": "service",
        "reason": None,
        "at": "2026-11-21T09:30:25.123457Z",
    }


def test_a_wish_that_came_too_late_is_not_told() -> None:
    late = ended_as(Status.SUCCESS, wish=Wish("user", None, NOW))

    assert "cancel" not in data_of(RUN, late)


def test_a_delay_tells_since_when_and_why() -> None:
    row = replace(SUBMITTED, failing_since=NOW, last_error=Problem("Http503", "no answer"))

    data = data_of(RUN, row, name="delayed")

    assert data["delay"] == {
        "since": "2026-11-21T09:30:15.123457Z",
        "error": {"code": "Http503", "message": "no answer", "hint": None, "details": []},
    }
    assert "delay" not in data_of(RUN, row)


def test_times_do_not_run_backwards() -> None:
    data = data_of(RUN, replace(ENDED, started_at=NOW - SECOND, ended_at=NOW - 2 * SECOND))

    assert data["times"]["waitingSeconds"] == 0.0
    assert data["times"]["runningSeconds"] == 0.0
    assert data["times"]["totalSeconds"] == 0.0


# Each dropped one after the other, so that what matters more stays longer.
LARGE = "x" * (MAX_DATA // 4)
WORDS = Problem("UserError", LARGE, "hint", ({"message": LARGE},))
FOUND = Sweep(best_trial="t-1", score=0.5, parameters={"seed": LARGE}, missing={"goal": "odd"})
TAGS = {"a": LARGE}
OUTPUTS = {"model": LARGE}
WHOLE = Result(outputs=OUTPUTS, error=WORDS, sweep=FOUND, unread=WORDS)


def test_details_of_the_error_go_first() -> None:
    job = replace(SUBMITTED.job, tags=TAGS)

    data = data_of(RUN, ended_as(Status.FAILED, job=job), result=WHOLE)

    assert data["truncated"] is True
    assert data["error"] == {
        "code": "UserError",
        "message": "x" * 3000,
        "hint": "hint",
        "details": [],
    }
    assert data["unread"] == data["error"]
    assert data["sweep"]["parameters"] == {"seed": LARGE}
    assert (data["tags"], data["outputs"]) == (TAGS, OUTPUTS)


def test_then_parameters_go_then_tags_and_outputs_last() -> None:
    job = replace(SUBMITTED.job, tags={"a": LARGE * 2})

    def left(outputs: str) -> list[bool]:
        result = replace(WHOLE, outputs={"model": outputs})
        data = data_of(RUN, ended_as(Status.FAILED, job=job), result=result)
        return [bool(each) for each in (data["sweep"]["parameters"], data["tags"], data["outputs"])]

    assert left(LARGE) == [False, True, True]
    assert left(LARGE * 3) == [False, False, True]
    assert left(LARGE * 5) == [False, False, False]


def test_parameters_that_are_too_long_are_missing_for_that_reason() -> None:
    found = replace(FOUND, best_trial=LARGE * 5)

    data = data_of(RUN, ended_as(Status.SUCCESS), result=Result(sweep=found))

    assert data["truncated"] is True
    assert data["sweep"] == {
        "bestTrial": "x" * 1000,
        "score": 0.5,
        "metric": None,
        "goal": None,
        "parameters": None,
        "trials": None,
        "missing": {"goal": "odd", "parameters": "too long for an event"},
    }


def test_the_details_of_a_delay_go_as_well() -> None:
    row = replace(SUBMITTED, failing_since=NOW, last_error=replace(WORDS, message=LARGE * 5))

    data = data_of(RUN, row, name="delayed")

    assert len(data["delay"]["error"]["message"]) == 3000
    assert data["tags"] == SUBMITTED.job.tags


def test_names_of_any_length_fit() -> None:
    job = Job("🚀" * MAX_DATA, "🚀" * MAX_DATA, {}, "https://x/" + "x" * MAX_DATA)
    row = replace(SUBMITTED, job=job, native_status="x" * MAX_DATA)

    item = the_item(RUN, row)

    assert len(json.dumps(body_of(item)["data"])) <= MAX_DATA
    assert item.properties["experimentName"] == "🚀" * 256


def test_data_of_the_largest_size_stays_whole() -> None:
    row = replace(SUBMITTED, job=replace(SUBMITTED.job, tags={"a": ""}))
    room = MAX_DATA - len(json.dumps(data_of(RUN, row)))

    def truncated(size: int) -> bool:
        tags = {"a": "x" * size}
        told: bool = data_of(RUN, replace(row, job=replace(row.job, tags=tags)))["truncated"]
        return told

    assert not truncated(room)
    assert truncated(room + 1)


REJECTION = RejectedError(
    "invalid", "/a: found x, expected y", faults=[Fault("/a", "x", "y")], hint="mend it"
)


def the_refusal(**fields: Any) -> Item:
    defaults: dict[str, Any] = {"source": "urn:jobrelay:relay", "request_id": "order-7"}
    envelope = fields.pop("envelope", an_envelope(enqueued_at=NOW))
    return refusal(envelope, REJECTION, **{**defaults, **fields})


def test_a_refusal_tells_what_is_wrong() -> None:
    envelope = an_envelope(enqueued_at=NOW)

    body = body_of(the_refusal())

    assert body == {
        "specversion": "1.0",
        "id": envelope.key,
        "source": "urn:jobrelay:relay",
        "type": "jobrelay.request.rejected",
        "time": "2026-11-21T09:30:15.123457Z",
        "datacontenttype": "application/json",
        "data": {
            "reason": "invalid",
            "message": "/a: found x, expected y",
            "hint": "mend it",
            "faults": [{"path": "/a", "found": "x", "expected": "y"}],
            "requestId": "order-7",
            "messageId": "message-1",
            "conflictsWith": None,
        },
    }


def test_a_refusal_is_the_session_of_its_message() -> None:
    envelope = an_envelope(trace=TRACE)

    item = the_refusal(envelope=envelope)

    assert item == Item(
        id=envelope.key,
        kind=Kind.EVENT,
        body=item.body,
        content_type="application/cloudevents+json; charset=utf-8",
        session_id=envelope.key,
        correlation_id="order-7",
        properties={
            "type": "jobrelay.request.rejected",
            "status": "Rejected",
            "final": True,
            "reason": "invalid",
            "traceparent": TRACE,
        },
    )


def test_a_refusal_of_an_unreadable_message_has_no_correlation() -> None:
    assert the_refusal(request_id=None).correlation_id is None


def test_a_refusal_for_a_conflict_ends_no_run() -> None:
    item = the_refusal(conflicts_with=run_id())

    assert item.properties["final"] is False
    assert body_of(item)["data"]["conflictsWith"] == run_id()


def test_a_refusal_says_the_same_every_time() -> None:
    assert the_refusal() == the_refusal()
