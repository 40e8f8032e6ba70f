"""What the document of a job says."""

from datetime import UTC, datetime
from typing import Any

import pytest

from shared.backends.workspace.observation import STATUSES, observation, result
from shared.errors import Problem, UnavailableError
from shared.runs import Card, Job, Observation, Status
from tests.jobs import WORKSPACE, a_document
from tests.rows import a_run

NAME = "jr-0123456789abcdef01234567"
PAGE = (
    f"https://ml.azure.com/runs/{NAME}?wsid=/subscriptions/00000000-0000-0000-0000-000000000001"
    "/resourcegroups/group/workspaces/demo"
)


def seen(**properties: Any) -> Observation:
    document = a_document(NAME, **properties)
    return observation(document, run_id=NAME, workspace=WORKSPACE)


def test_a_look_sees_all_that_events_tell() -> None:
    document = a_document(
        NAME,
        status="Completed",
        displayName="Run 7",
        experimentName="orders",
        tags={"team": "vision"},
        services={"Studio": {"endpoint": "https://ml.azure.com/runs/x?tid=1"}},
        properties={
            "jobrelay.fingerprint": "f00",
            "StartTimeUtc": "2026-11-21 09:00:00",
            "EndTimeUtc": "2026-11-21 09:30:15",
        },
    )

    look = observation(document, run_id=NAME, workspace=WORKSPACE)

    assert look == Observation(
        status=Status.SUCCESS,
        native_status="Completed",
        job=Job(
            display_name="Run 7",
            experiment_name="orders",
            tags={"team": "vision"},
            monitor_url="https://ml.azure.com/runs/x?tid=1",
        ),
        fingerprint="f00",
        started_at=datetime(2026, 11, 21, 9, 0, tzinfo=UTC),
        ended_at=datetime(2026, 11, 21, 9, 30, 15, tzinfo=UTC),
        document=document,
    )


@pytest.mark.parametrize(
    ("native", "status"),
    [
        ("NotStarted", Status.STARTING),
        ("Queued", Status.STARTING),
        ("Preparing", Status.STARTING),
        ("Provisioning", Status.STARTING),
        ("Starting", Status.STARTING),
        ("Running", Status.RUNNING),
        ("Finalizing", Status.RUNNING),
        ("CancelRequested", Status.CANCELLING),
        ("Completed", Status.SUCCESS),
        ("Failed", Status.FAILED),
        ("Canceled", Status.CANCELLED),
        ("Cancelled", Status.CANCELLED),
        ("NotResponding", Status.UNKNOWN),
        ("Paused", Status.UNKNOWN),
        ("Unknown", Status.UNKNOWN),
        ("SomethingNew", Status.UNKNOWN),
    ],
)
def test_each_status_has_its_meaning_in_any_case(native: str, status: Status) -> None:
    assert seen(status=native).status is status
    assert seen(status=native.upper()).status is status
    assert seen(status=native).native_status == native


def test_the_table_of_statuses_is_in_lower_case() -> None:
    assert [word for word in STATUSES if word != word.casefold()] == []


@pytest.mark.parametrize("status", [None, ""])
def test_a_status_that_is_not_said_is_unknown(status: object) -> None:
    look = seen(status=status)

    assert (look.status, look.native_status) == (Status.UNKNOWN, "Unknown")


def test_a_long_status_is_cut() -> None:
    assert seen(status="x" * 9999).native_status == "x" * 100


@pytest.mark.parametrize(
    "services",
    [
        None,
        {},
        [],
        {"Studio": None},
        {"Studio": {}},
        {"Studio": {"endpoint": ""}},
        {"Studio": {"endpoint": None}},
        {"Studio": {"endpoint": 7}},
        {"Tracking": {"endpoint": "https://x"}},
    ],
)
def test_a_job_whose_page_is_not_said_has_one_all_the_same(services: object) -> None:
    assert seen(services=services).job.monitor_url == PAGE


def test_the_page_is_found_in_any_case() -> None:
    assert seen(services={"studio": {"endpoint": "https://x"}}).job.monitor_url == "https://x"


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-11-21 09:30:15", datetime(2026, 11, 21, 9, 30, 15, tzinfo=UTC)),
        ("2026-11-21T09:30:15Z", datetime(2026, 11, 21, 9, 30, 15, tzinfo=UTC)),
        ("2026-11-21T09:30:15.1234567Z", datetime(2026, 11, 21, 9, 30, 15, 123456, tzinfo=UTC)),
        ("2026-11-21T11:30:15+02:00", datetime(2026, 11, 21, 9, 30, 15, tzinfo=UTC)),
        ("11/21/2026 09:30:15", datetime(2026, 11, 21, 9, 30, 15, tzinfo=UTC)),
        ("11/21/2026 9:30:15 PM", datetime(2026, 11, 21, 21, 30, 15, tzinfo=UTC)),
        ("0001-01-01T00:00:00Z", None),
        ("9999-12-31T23:59:59-01:00", None),
        ("yesterday", None),
        ("", None),
        (None, None),
        (1_700_000_000, None),
        (["2026-11-21"], None),
    ],
)
def test_times_are_read_as_they_come(text: object, time: datetime | None) -> None:
    assert seen(properties={"StartTimeUtc": text}).started_at == time
    assert seen(properties={"EndTimeUtc": text}).ended_at == time
    assert seen(startTimeUtc=text).started_at == time
    assert seen(endTimeUtc=text).ended_at == time


@pytest.mark.parametrize("value", [None, [], "x", 7, {"a": None}, {"a": {"b": 1}}, True])
@pytest.mark.parametrize(
    "name",
    ["displayName", "experimentName", "tags", "properties", "services", "outputs", "inputs"],
)
def test_odd_values_make_no_crash(name: str, value: object) -> None:
    look = seen(**{name: value, "status": "Failed"})

    assert result(a_run(card=Card(wanted_outputs=("a",))), look).error is not None


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"properties": None},
        {"properties": []},
        {"name": "another", "properties": {"status": "Running"}},
        {"name": 7, "properties": {"status": "Running"}},
        {"properties": {"status": 7}},
        {"properties": {"status": ["Running"]}},
    ],
)
def test_what_is_no_document_of_this_job_says_nothing_of_it(document: dict[str, Any]) -> None:
    with pytest.raises(UnavailableError) as caught:
        observation(document, run_id=NAME, workspace=WORKSPACE)

    assert not caught.value.clear


def test_outputs_are_told_with_their_places() -> None:
    look = seen(
        status="Completed",
        outputs={
            "default": {"uri": "azureml://datastores/a/ExperimentRun/dcid.x"},
            "model": {"jobOutputType": "mlflow_model", "uri": "azureml://m", "assetId": "m:1"},
            "score": {"jobOutputType": "literal", "value": "0.9"},
            "odd": None,
        },
    )

    told = result(a_run(), look)

    assert told.error is None
    assert told.outputs == {
        "default": {
            "type": None,
            "uri": "azureml://datastores/a/ExperimentRun/dcid.x",
            "asset_id": None,
        },
        "model": {"type": "mlflow_model", "uri": "azureml://m", "asset_id": "m:1"},
        "score": "0.9",
    }


def test_an_input_is_told_only_when_it_is_wanted_as_output() -> None:
    look = seen(
        status="Completed",
        inputs={
            "rate": {"jobInputType": "literal", "value": "0.5"},
            "other": {"jobInputType": "literal", "value": "1"},
        },
    )

    told = result(a_run(card=Card(wanted_outputs=("rate", "model"))), look)

    assert told.outputs == {"rate": "0.5"}


@pytest.mark.parametrize("status", ["Completed", "Canceled"])
def test_only_a_failure_has_an_error(status: str) -> None:
    assert result(a_run(), seen(status=status)).error is None


@pytest.mark.parametrize(
    ("properties", "code", "message"),
    [
        ({}, "JobFailed", "the job failed; Azure Resource Manager does not say why"),
        ({"error": {"code": "UserError", "message": "No."}}, "UserError", "No."),
        ({"error": {"error": {"code": "UserError", "message": "No."}}}, "UserError", "No."),
        ({"services": {"Studio": {"errorMessage": "Gone."}}}, "JobFailed", "Gone."),
    ],
)
def test_a_failure_has_the_words_that_the_document_has(
    properties: dict[str, Any], code: str, message: str
) -> None:
    told = result(a_run(), seen(status="Failed", **properties))

    assert told.error == Problem(code, message, "The log of the job says why: open monitorUrl.")


def test_a_failure_that_is_known_has_its_own_hint() -> None:
    error = {"code": "UserError", "message": "There is not enough quota of this size."}

    told = result(a_run(), seen(status="Failed", error=error))

    assert told.error is not None
    assert "how-to-manage-quotas" in (told.error.hint or "")


def test_the_words_of_a_failure_are_cut() -> None:
    told = result(a_run(), seen(status="Failed", error={"code": "c" * 999, "message": "m" * 9999}))

    assert told.error is not None
    assert (len(told.error.code), len(told.error.message)) == (100, 3000)
