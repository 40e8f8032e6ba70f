"""Apps in Microsoft's own worker code: they load, and each trigger does what it should."""

import importlib.util
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.functions_runtime.runtime import (
    LoadError,
    Runtime,
    message,
    request,
    running,
    tick,
)

SAMPLE = Path(__file__).parent / "sample_app"

if importlib.util.find_spec("azure_functions_runtime") is None:
    REASON = "azure-functions-runtime is not installed: see requirements-worker.txt"
    if os.environ.get("CI"):
        raise RuntimeError(REASON)
    pytest.skip(REASON, allow_module_level=True)


@pytest.fixture(scope="module")
def sample() -> Iterator[Runtime]:
    """Load the sample app."""
    with running(SAMPLE, {}) as runtime:
        yield runtime


def test_all_functions_of_the_sample_load(sample: Runtime) -> None:
    triggers = {name: trigger["type"] for name, trigger in sample.functions.items()}

    assert triggers == {
        "take_order": "serviceBusTrigger",
        "take_dead_order": "serviceBusTrigger",
        "take_news": "serviceBusTrigger",
        "often": "timerTrigger",
        "seldom": "timerTrigger",
        "seen": "httpTrigger",
        "echo": "httpTrigger",
        "act": "httpTrigger",
        "act_async": "httpTrigger",
    }


def test_a_message_is_handed_over_with_its_metadata(sample: Runtime) -> None:
    sample.call(message("take_dead_order", b"{}", MessageId="m-1", UserProperties={"count": 3}))

    seen = sample.call(request("seen", "GET")).json["seen"][-1]
    assert (seen["id"], seen["userProperties"]) == ("m-1", {"count": 3})
    assert seen["enqueued"] == "2026-01-31T12:00:00.500000"


def test_a_body_that_is_no_text_reaches_a_binary_trigger(sample: Runtime) -> None:
    ended = sample.call(message("take_order", b"\xff\x00"))

    assert ended.status == "succeeded"


def test_an_exception_fails_the_call(sample: Runtime) -> None:
    ended = sample.call(message("take_order", b'{"do": "fail"}'))

    assert (ended.status, ended.error) == ("failed", "RuntimeError: a secret that no answer shows")


def test_a_value_that_nothing_takes_fails_the_call(sample: Runtime) -> None:
    ended = sample.call(message("take_order", b'{"do": "return"}'))

    assert ended.status == "failed"


def test_a_leaked_cancellation_gets_no_answer(sample: Runtime) -> None:
    ended = sample.call(message("take_news", b'{"do": "cancel"}'))

    assert (ended.status, ended.error) == ("no answer", "CancelledError")


def test_a_late_tick_is_past_due(sample: Runtime) -> None:
    sample.call(tick("seldom", past_due=True))

    assert sample.call(request("seen", "GET")).json["seen"][-1]["pastDue"] is True


def test_a_request_is_answered(sample: Runtime) -> None:
    ended = sample.call(
        request("echo", "POST", route={"first": "1"}, query={"q": "2"}, body=b"hello")
    )

    assert ended.returned["status"] == 201
    assert ended.json == {
        "method": "POST",
        "route": {"first": "1"},
        "query": {"q": "2"},
        "header": None,
        "body": "hello",
    }


def test_a_hundred_calls_at_once_succeed(sample: Runtime) -> None:
    ended = sample.call_all([message("take_news", b"{}")] * 100)

    assert {call.status for call in ended} == {"succeeded"}


def test_an_app_with_one_bad_function_does_not_load(tmp_path: Path) -> None:
    code = """
import azure.functions as func

app = func.FunctionApp()

@app.timer_trigger(arg_name="timer", schedule="0 0 0 * * *")
def daily(timer: func.TimerRequest, limit: int = 3) -> None: ...
"""
    (tmp_path / "function_app.py").write_text(code)

    with pytest.raises(LoadError, match="limit"), running(tmp_path, {}):
        pass
