"""The app in Microsoft's own worker code, against the services of the twin: each trigger runs."""

import importlib.util
import json
import os
import uuid
from collections.abc import Iterator

import pytest

from tests.contract.functions_runtime.runtime import (
    LoadError,
    Runtime,
    message,
    request,
    running,
    tick,
)
from tests.local.process import ROOT
from tests.local.twin import Twin

if importlib.util.find_spec("azure_functions_runtime") is None:
    REASON = "azure-functions-runtime is not installed: see requirements-runtime.txt"
    if os.environ.get("CI"):
        raise RuntimeError(REASON)
    pytest.skip(REASON, allow_module_level=True)


@pytest.fixture(scope="module")
def twin() -> Iterator[Twin]:
    """Start everything but the app."""
    with Twin.start("--without-app") as twin:
        yield twin


@pytest.fixture(scope="module")
def app(twin: Twin) -> Iterator[Runtime]:
    """Load the app."""
    with running(ROOT, twin.info["settings"]) as runtime:
        yield runtime


def a_request(request_id: str) -> bytes:
    """Ask for a run of the shortest sample."""
    return json.dumps({"id": request_id, "jobType": "Command", "template": "echo"}).encode()


def test_every_function_loads(app: Runtime) -> None:
    triggers = {name: trigger["type"] for name, trigger in app.functions.items()}

    assert triggers == {
        "submit_job": "serviceBusTrigger",
        "late_job": "serviceBusTrigger",
        "poll_runs": "timerTrigger",
        "forget_old": "timerTrigger",
        "cancel_run": "httpTrigger",
        "cancel_request": "httpTrigger",
        "get_run": "httpTrigger",
        "get_section": "httpTrigger",
        "get_metric": "httpTrigger",
        "list_templates": "httpTrigger",
        "validate_request": "httpTrigger",
        "health": "httpTrigger",
    }


def test_a_request_is_followed_to_its_end(app: Runtime, twin: Twin) -> None:
    request_id = str(uuid.uuid4())

    submitted = app.call(message("submit_job", a_request(request_id), SequenceNumber=1))
    while not (events := twin.events(request_id, until=bool))[-1].is_final:
        assert app.call(tick("poll_runs")).status == "succeeded"

    assert submitted.status == "succeeded"
    assert events[-1].type == "completed"


def test_a_message_that_is_no_request_is_refused_and_done(app: Runtime, twin: Twin) -> None:
    ended = app.call(message("submit_job", b"no request", MessageId="m-2", SequenceNumber=2))

    assert ended.status == "succeeded"
    assert [event.type for event in twin.events("m-2")] == ["rejected"]


def test_a_dead_letter_is_taken_up(app: Runtime, twin: Twin) -> None:
    request_id = str(uuid.uuid4())

    ended = app.call(message("late_job", a_request(request_id), SequenceNumber=3))

    assert ended.status == "succeeded"
    assert twin.events(request_id, until=bool)[0].type == "accepted"


def test_old_runs_are_forgotten(app: Runtime) -> None:
    assert app.call(tick("forget_old", past_due=True)).status == "succeeded"


def test_a_run_that_is_not_there_is_not_found(app: Runtime) -> None:
    route = {"runId": f"jr-{'0' * 24}"}

    shown = app.call(request("get_run", "GET", route=route))
    cancelled = app.call(request("cancel_run", "POST", route=route))

    assert (shown.returned["status"], cancelled.returned["status"]) == (404, 404)
    assert shown.returned["headers"]["content-type"] == "application/problem+json"


def test_a_request_can_be_cancelled_before_it_comes(app: Runtime) -> None:
    route = {"requestId": str(uuid.uuid4())}
    headers = {"content-type": "application/json"}

    ended = app.call(
        request("cancel_request", "POST", route=route, headers=headers, body=b'{"reason": "?"}')
    )

    assert ended.returned["status"] == 202


def test_everything_is_well(app: Runtime) -> None:
    assert app.call(request("health", "GET")).returned["status"] == 200


def test_many_messages_at_once_are_all_taken(app: Runtime) -> None:
    calls = [
        message("submit_job", a_request(str(uuid.uuid4())), SequenceNumber=100 + number)
        for number in range(30)
    ]

    assert {ended.status for ended in app.call_all(calls)} == {"succeeded"}


def test_the_app_does_not_load_without_its_settings() -> None:
    with pytest.raises(LoadError, match="APP_NAME"), running(ROOT, {}):
        pass
