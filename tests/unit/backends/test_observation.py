"""What the document of a job says."""

from datetime import UTC, datetime
from typing import Any

import pytest

from shared.backends.statuses import STATUSES
from shared.backends.workspace.observation import observation
from shared.errors import UnavailableError
from shared.runs import Job, Observation, Status
from tests.jobs import WORKSPACE, a_document

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


STAGES = (
    '{"Initialization": {"StartTime": "2026-11-21T09:00:00Z"},'
    ' "Execution": {"StartTime": "2026-11-21T09:01:00.5Z", "EndTime": "2026-11-21T09:30:00+00:00"}}'
)


def test_a_pipeline_has_its_times_in_its_stages() -> None:
    look = seen(properties={"azureml.pipelines.stages": STAGES})

    assert look.started_at == datetime(2026, 11, 21, 9, 1, 0, 500_000, tzinfo=UTC)
    assert look.ended_at == datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def test_the_times_of_the_job_itself_come_before_those_of_its_stages() -> None:
    look = seen(
        properties={"azureml.pipelines.stages": STAGES, "StartTimeUtc": "2026-11-21 08:00:00"}
    )

    assert look.started_at == datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "stages",
    [None, "", "{", "null", "[]", "NaN", '{"Execution": 7}', '{"Execution": {"StartTime": {}}}', 7],
)
def test_stages_that_cannot_be_read_are_no_times(stages: object) -> None:
    look = seen(properties={"azureml.pipelines.stages": stages})

    assert (look.started_at, look.ended_at) == (None, None)


def test_no_secret_of_an_address_is_seen() -> None:
    signed = "https://x.blob.core.windows.net/a?sv=1&sig=canary"

    look = seen(
        displayName=signed,
        experimentName=signed,
        tags={"log": signed},
        services={"Studio": {"endpoint": signed}},
    )

    assert "canary" not in repr(look.job)
    assert look.job.monitor_url == "https://x.blob.core.windows.net/a?…"


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
