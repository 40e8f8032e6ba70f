"""The app in Microsoft's own worker code, with telemetry: it is told, and what fails of it is not.

Against the services of the twin, and Application Insights as far as its exporter sees.
"""

import importlib.util
import json
import os
import socket
import uuid
from collections.abc import Iterator

import pytest

from tests.contract.functions_runtime.runtime import Runtime, message, request, running, tick
from tests.contract.ingestion import Json, connection, ingesting
from tests.local.process import ROOT
from tests.local.twin import Twin
from tests.telemetry import TRACE_ID, TRACEPARENT

if importlib.util.find_spec("azure_functions_runtime") is None:
    REASON = "azure-functions-runtime is not installed: see requirements-runtime.txt"
    if os.environ.get("CI"):
        raise RuntimeError(REASON)
    pytest.skip(REASON, allow_module_level=True)

SOON = {"OTEL_BSP_SCHEDULE_DELAY": "100", "OTEL_METRIC_EXPORT_INTERVAL": "200"}


@pytest.fixture(scope="module")
def twin() -> Iterator[Twin]:
    """Start everything but the app."""
    with Twin.start("--without-app") as twin:
        yield twin


def telling(twin: Twin, place: str) -> dict[str, str]:
    """The settings of an app that tells this place."""
    settings: dict[str, str] = twin.info["settings"]
    return {**settings, **SOON, "APPLICATIONINSIGHTS_CONNECTION_STRING": place}


def a_request() -> bytes:
    """Ask for a run of the shortest sample."""
    asked = {"id": str(uuid.uuid4()), "jobType": "Command", "template": "echo"}
    return json.dumps(asked).encode()


def call_all(app: Runtime) -> list[str]:
    """Call a function of each trigger; how each call ended."""
    properties = {"traceparent": TRACEPARENT}
    calls = [
        message("submit_job", a_request(), ApplicationProperties=properties),
        message("late_job", b"no request", SequenceNumber=8),
        tick("poll_runs"),
        tick("forget_old"),
        request("health", "GET"),
    ]
    return [app.call(call).status for call in calls]


def spans(told: list[Json]) -> dict[str, Json]:
    """What was told of each span, by name."""
    kind = "RemoteDependencyData"
    found = [each for each in told if each["data"]["baseType"] == kind]
    return {each["data"]["baseData"]["name"]: each for each in found}


def metrics(told: list[Json]) -> set[str]:
    """The names of the metrics that were told."""
    found = [each["data"] for each in told if each["data"]["baseType"] == "MetricData"]
    return {metric["name"] for each in found for metric in each["baseData"]["metrics"]}


def test_a_run_is_told_to_application_insights(twin: Twin) -> None:
    with ingesting() as (ingestion, place), running(ROOT, telling(twin, place)) as app:
        ended = call_all(app)
        told = ingestion.until(
            lambda taken: (
                {"accept", "submit", "PUT /"} <= set(spans(taken))
                and {"jobrelay.requests", "jobrelay.runs.live"} <= metrics(taken)
            )
        )

    assert set(ended) == {"succeeded"}
    attempt, put = spans(told)["submit"], spans(told)["PUT /"]
    assert attempt["tags"]["ai.operation.id"] == TRACE_ID
    assert put["tags"]["ai.operation.id"] == TRACE_ID
    assert put["tags"]["ai.operation.parentId"] == attempt["data"]["baseData"]["id"]
    assert {"jobrelay.requests", "jobrelay.runs.live", "jobrelay.event.lag"} <= metrics(told)
    assert twin.info["workspace"] not in json.dumps(told)


def test_a_place_that_does_not_answer_holds_nothing_up(twin: Twin) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        settings = telling(twin, connection(closed.getsockname()[1]))
        with running(ROOT, settings) as app:
            ended = call_all(app)

    assert set(ended) == {"succeeded"}
