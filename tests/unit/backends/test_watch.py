"""What operators are told of the requests to a target."""

import contextlib

import httpx
import pytest
import stamina
from opentelemetry.trace import SpanKind, StatusCode, format_span_id, format_trace_id

from shared.backends.looks import looks
from shared.backends.remote import Remote
from shared.backends.watch import Watch
from shared.errors import JobrelayError
from tests.arm import Script, a_connection
from tests.jobs import ID
from tests.telemetry import Told, parent
from tests.unit.flows.given import OTHER_ID, RUN_ID

CANARY = "c4nary-7f3d91e0"


@pytest.fixture
def told() -> Told:
    return Told()


def a_target(told: Told, *answers: httpx.Response | Exception) -> Remote:
    """What is below the id of the workspace of a target."""
    return Remote(
        a_connection(Script(*answers), watch=Watch("none", told.telemetry)).of("demo"), ID
    )


def asked(remote: Remote, method: str) -> None:
    """Ask once; how it ends does not matter."""
    with contextlib.suppress(JobrelayError), stamina.set_testing(True, attempts=1):
        if method == "GET":
            remote.get(f"jobs/{RUN_ID}")
        else:
            remote.put(f"jobs/{RUN_ID}", {"properties": {"description": CANARY}})


def test_a_request_to_a_target_is_told_without_its_path(told: Told) -> None:
    asked(a_target(told, httpx.Response(200, json={})), "GET")

    span = told.span("GET")
    assert span.kind is SpanKind.CLIENT
    assert span.attributes == {
        "http.request.method": "GET",
        "http.response.status_code": 200,
        "server.address": "arm.example",
        "jobrelay.target": "demo",
    }


@pytest.mark.parametrize("status", [200, 202, 400, 404, 409, 413, 422])
def test_an_answer_to_what_was_asked_for_is_no_failure(told: Told, status: int) -> None:
    asked(a_target(told, httpx.Response(status, json={})), "PUT")

    span = told.span("PUT")
    assert span.status.status_code is StatusCode.UNSET
    assert "error.type" not in (span.attributes or {})


@pytest.mark.parametrize("status", [302, 401, 403, 408, 418, 429, 500, 503])
def test_any_other_answer_is_a_failure(told: Told, status: int) -> None:
    asked(a_target(told, httpx.Response(status, json={})), "PUT")

    span = told.spans("PUT")[0]
    assert span.status.status_code is StatusCode.ERROR
    assert (span.attributes or {})["error.type"] == str(status)


def test_every_request_to_a_target_is_counted(told: Told) -> None:
    expired, right = httpx.Response(401), httpx.Response(200, json={})

    asked(a_target(told, expired, right), "PUT")

    assert told.values("jobrelay.remote.requests") == {
        '{"method": "PUT", "status_code": "401", "target": "demo"}': 1,
        '{"method": "PUT", "status_code": "200", "target": "demo"}': 1,
    }


def test_a_request_without_an_answer_is_counted_and_a_failure(told: Told) -> None:
    asked(a_target(told, httpx.ReadTimeout("late")), "PUT")

    assert (told.span("PUT").attributes or {})["error.type"] == "NoAnswer"
    assert told.values("jobrelay.remote.requests") == {
        '{"method": "PUT", "status_code": "none", "target": "demo"}': 1
    }


def test_looks_in_many_threads_are_parts_of_one_look(told: Told) -> None:
    remote = a_target(told, httpx.Response(200, json={}))

    def find(run_id: str) -> None:
        remote.get(f"jobs/{run_id}")

    with told.telemetry.span("observe", {}):
        assert len(list(looks(find, [RUN_ID, OTHER_ID]))) == 2

    look = told.span("observe").context
    assert [parent(span) for span in told.spans("GET")] == [
        (format_trace_id(look.trace_id), format_span_id(look.span_id))
    ] * 2
