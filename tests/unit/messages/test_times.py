"""The durations and times of a request, and its context."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from shared.messages import received
from shared.runs import Deadlines
from tests.rows import NOW
from tests.unit.flows.given import a_request, an_envelope
from tests.unit.messages.given import faults_of, only_fault, the_request

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("PT30M", timedelta(minutes=30)),
        ("P1DT2H3M4.5S", timedelta(days=1, hours=2, minutes=3, seconds=4.5)),
        ("PT0,5S", timedelta(seconds=0.5)),
        ("PT36H", timedelta(hours=36)),
        ("P2W", timedelta(weeks=2)),
        ("P1M", timedelta(days=30)),
        ("P1Y", timedelta(days=365)),
        ("PT0.000001S", timedelta(microseconds=1)),
        ("P365D", timedelta(days=365)),
    ],
)
def test_a_deadline_is_a_duration(text: str, duration: timedelta) -> None:
    assert the_request(deadlines={"run": text}).deadlines.run == duration


@pytest.mark.parametrize(
    "value",
    [
        "P",
        "PT",
        "P1DT",
        "P1S",
        "PT1D",
        "PT1S1H",
        "P1D1D",
        "P1D2W",
        "PT1e3S",
        "P-1D",
        "-P1D",
        "+P1D",
        "PT-1S",
        "p1d",
        " P1D",
        "P٣D",
        "00:30:00",
        "30",
        "",
        30,
        1.5,
        True,
        {"minutes": 30},
        ["PT30M"],
        "P99999999999999999999D",
    ],
)
def test_anything_else_is_no_duration(value: object) -> None:
    fault = only_fault(deadlines={"run": value})

    assert (fault.path, fault.expected) == ("/deadlines/run", "an ISO 8601 duration like PT30M")


@pytest.mark.parametrize(
    "text", ["PT0S", "P0D", "PT0.0000001S", "P365DT0.000001S", "P366D", "P2Y", "PT999999999S"]
)
def test_a_duration_has_bounds(text: str) -> None:
    assert only_fault(deadlines={"run": text}).expected == "more than nothing and at most 365 days"


def test_all_three_deadlines_are_named() -> None:
    paths = [fault.path for fault in faults_of(deadlines={"start": 1, "run": "", "total": "P"})]

    assert paths == ["/deadlines/start", "/deadlines/run", "/deadlines/total"]


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2030-01-31T12:00:00Z", datetime(2030, 1, 31, 12, tzinfo=UTC)),
        ("2030-01-31T12:00:00+02:00", datetime(2030, 1, 31, 10, tzinfo=UTC)),
        ("2030-01-31T12:00:00-00:30", datetime(2030, 1, 31, 12, 30, tzinfo=UTC)),
        ("2030-01-31T12:00:00.1234567Z", datetime(2030, 1, 31, 12, 0, 0, 123456, tzinfo=UTC)),
        ("2000-01-01T00:00:00+23:59", datetime(1999, 12, 31, 0, 1, tzinfo=UTC)),
        ("8999-12-31T23:59:59-23:59", datetime(9000, 1, 1, 23, 58, 59, tzinfo=UTC)),
    ],
)
def test_a_time_has_an_offset(text: str, time: datetime) -> None:
    not_before = the_request(notBefore=text).not_before

    assert repr(not_before) == repr(time)


@pytest.mark.parametrize(
    "value",
    [
        "2030-01-31T12:00:00",
        "2030-01-31",
        "2030-01-31T12:00Z",
        "2030-01-31 12:00:00Z",
        "2030-01-31T12:00:00+0200",
        "2030-01-31T12:00:00+25:00",
        "2030-02-30T12:00:00Z",
        "2030-01-31T24:00:00Z",
        "1900000000.5",
        "1900000000",
        "-1900000000",
        1900000000,
        "",
        "tomorrow",
    ],
)
def test_anything_else_is_no_time(value: object) -> None:
    fault = only_fault(notBefore=value)

    assert fault.path == "/notBefore"
    assert fault.expected == "a time with its offset from UTC, like 2030-01-31T12:00:00Z"


@pytest.mark.parametrize("year", ["0001", "1999", "9000", "9999"])
def test_a_time_has_bounds(year: str) -> None:
    fault = only_fault(notBefore=f"{year}-01-31T12:00:00Z")

    assert fault.expected == "a year from 2000 to 8999"


def test_deadlines_become_moments() -> None:
    request = the_request(deadlines={"start": "PT1H", "run": "PT2H", "total": "PT3H"})

    assert request.deadlines_from(NOW) == Deadlines(
        start=NOW + HOUR, run=2 * HOUR, total=NOW + 3 * HOUR
    )


def test_no_deadlines_are_no_moments() -> None:
    assert the_request().deadlines_from(NOW) == Deadlines()


@pytest.mark.parametrize(("wait", "start"), [(HOUR, 2 * HOUR), (-HOUR, HOUR)])
def test_the_start_deadline_counts_from_not_before_if_that_is_later(
    wait: timedelta, start: timedelta
) -> None:
    request = the_request(
        notBefore=(NOW + wait).isoformat(), deadlines={"start": "PT1H", "total": "PT1H"}
    )

    assert request.deadlines_from(NOW) == Deadlines(start=NOW + start, total=NOW + HOUR)


def test_the_latest_moments_are_still_times() -> None:
    request = the_request(
        notBefore="8999-12-31T23:59:59-23:59", deadlines={"start": "P365D", "total": "P365D"}
    )

    assert request.deadlines_from(NOW).start is not None


@pytest.mark.parametrize("context", [None, 0, "x" * 8190, {"a": [1, {"b": None}]}, "ü" * 4095])
def test_the_context_may_be_any_json_up_to_8_kib(context: object) -> None:
    assert the_request(context=context).card.context == context


@pytest.mark.parametrize("context", ["x" * 8191, "ü" * 4096, {"a": ["x" * 8192]}])
def test_a_larger_context_is_refused(context: object) -> None:
    assert only_fault(context=context).expected == "at most 8192 bytes of JSON"


def test_spaces_of_the_sender_do_not_count_as_context() -> None:
    context = list(range(1000))

    request, _ = received(json.dumps(a_request(context=context), indent=40).encode(), an_envelope())

    assert request.context == context
