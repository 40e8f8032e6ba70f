"""The triggers: each decodes what came, calls one flow, and returns."""

import json
import os
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import azure.functions as func

from shared import exporting, messages, problems
from shared.errors import JobrelayError
from shared.flows.cancel import cancel_request as cancel_by_request
from shared.flows.cancel import cancel_run as cancel_by_run
from shared.flows.dead_letter import dead_letter
from shared.flows.discover import discover
from shared.flows.examine import examine
from shared.flows.forget import forget
from shared.flows.health import health as state_of_health
from shared.flows.inspect import inspect
from shared.flows.poll import poll
from shared.flows.submit import submit
from shared.flows.validate import validate
from shared.ports import Services
from shared.runs import Envelope, Section
from shared.settings import Settings

POLL_SHARE = 0.8  # of the interval: the next poll begins on time

settings = Settings.read()
telemetry = exporting.telemetry(os.environ, app_name=settings.app_name)
# Where Microsoft Entra stands before the routes, its token is the key.
KEYS = {"key": func.AuthLevel.FUNCTION, "entra": func.AuthLevel.ANONYMOUS}
app = func.FunctionApp(http_auth_level=KEYS[settings.http_auth])


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


class _Once:
    """The one set of services of this process, which triggers in many threads share."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._services: Services | None = None

    def __call__(self) -> Services:
        """Build them on first use: the clients of Azure cost more to import than all else."""
        with self._lock:
            if self._services is None:
                from shared.app import build  # noqa: PLC0415

                self._services = build(settings, clock=now, telemetry=telemetry)
            return self._services

    def use(self, services: Services) -> None:
        """Take these from now on: who calls the triggers without a host may bring others."""
        with self._lock:
            self._services = services


services = _Once()


@app.service_bus_queue_trigger("message", queue_name="%REQUEST_QUEUE%", connection="ServiceBus")
def submit_job(message: func.ServiceBusMessage) -> None:
    """A request came."""
    submit(services(), message.get_body(), envelope(message))


@app.service_bus_queue_trigger(
    "message", queue_name="%REQUEST_QUEUE%/$DeadLetterQueue", connection="ServiceBus"
)
def late_job(message: func.ServiceBusMessage) -> None:
    """A request was given up by the broker."""
    dead_letter(services(), message.get_body(), envelope(message))


@app.timer_trigger("timer", schedule="%POLL_SCHEDULE%", use_monitor=False)
def poll_runs(timer: func.TimerRequest) -> None:
    """Look after the runs in flight."""
    poll(services(), until=now() + settings.poll_interval * POLL_SHARE)


@app.timer_trigger("timer", schedule="%FORGET_SCHEDULE%", use_monitor=True)
def forget_old(timer: func.TimerRequest) -> None:
    """Forget what nobody needs any more."""
    forget(services())


@app.route("runs/{runId}/cancel", methods=["POST"])
def cancel_run(req: func.HttpRequest) -> func.HttpResponse:
    """Cancel a run."""

    def answer() -> dict[str, Any]:
        reason = messages.cancel_reason(req.get_body(), req.headers.get("content-type"))
        run_id = messages.run_id_in_path(req.route_params["runId"])
        return cancel_by_run(services(), run_id, reason=reason)

    return respond(req, answer, status=202, role=messages.CANCEL)


@app.route("requests/{requestId}/cancel", methods=["POST"])
def cancel_request(req: func.HttpRequest) -> func.HttpResponse:
    """Cancel the run of a request, seen or not."""

    def answer() -> dict[str, Any]:
        reason = messages.cancel_reason(req.get_body(), req.headers.get("content-type"))
        request_id = messages.request_id_in_path(req.route_params["requestId"])
        return cancel_by_request(services(), request_id, reason=reason)

    return respond(req, answer, status=202, role=messages.CANCEL)


@app.route("runs/{runId}", methods=["GET"])
def get_run(req: func.HttpRequest) -> func.HttpResponse:
    """Tell how a run is."""
    run_id = req.route_params["runId"]
    return respond(req, lambda: inspect(services(), messages.run_id_in_path(run_id)))


@app.route("runs/{runId}/{section}", methods=["GET"])
def get_section(req: func.HttpRequest) -> func.HttpResponse:
    """Tell more of the job of a run."""

    def answer() -> dict[str, Any]:
        run_id = messages.run_id_in_path(req.route_params["runId"])
        section = messages.section_in_path(req.route_params["section"])
        return examine(services(), run_id, section)

    return respond(req, answer)


@app.route("runs/{runId}/metrics/{name}", methods=["GET"])
def get_metric(req: func.HttpRequest) -> func.HttpResponse:
    """Tell the values of one metric."""

    def answer() -> dict[str, Any]:
        run_id = messages.run_id_in_path(req.route_params["runId"])
        name = messages.metric_in_path(req.route_params["name"])
        return examine(services(), run_id, Section.METRICS, item=name)

    return respond(req, answer)


@app.route("targets/{alias}/jobs", methods=["GET"])
def list_templates(req: func.HttpRequest) -> func.HttpResponse:
    """Tell which jobs of a target could be templates."""

    def answer() -> dict[str, Any]:
        job_type = messages.job_type_in_query(req.params.get("jobType"))
        return discover(services(), req.route_params["alias"], job_type=job_type)

    return respond(req, answer)


@app.route("validate", methods=["POST"])
def validate_request(req: func.HttpRequest) -> func.HttpResponse:
    """Tell what would be made of a request, and start nothing."""

    def answer() -> dict[str, Any]:
        body = messages.json_body(req.get_body(), req.headers.get("content-type"))
        return validate(services(), body)

    return respond(req, answer)


@app.route("health", methods=["GET"])
def health(req: func.HttpRequest) -> func.HttpResponse:
    """Tell what answers and what does not."""
    try:
        admit(req)
    except JobrelayError as error:
        return as_problem(error)
    states = state_of_health(services())
    return as_json(states, status=200 if set(states.values()) == {"ok"} else 503)


def envelope(message: func.ServiceBusMessage) -> Envelope:
    """What the host says of a message. Times come without a zone and are UTC."""
    properties = message.application_properties or {}
    enqueued = message.enqueued_time_utc or datetime.fromtimestamp(0, UTC)
    return messages.envelope(
        app_name=settings.app_name,
        queue=settings.request_queue,
        sequence_number=message.sequence_number,
        message_id=message.message_id,
        enqueued_at=enqueued.replace(tzinfo=UTC) if enqueued.tzinfo is None else enqueued,
        correlation_id=message.correlation_id,
        content_type=message.content_type,
        trace=properties.get("traceparent") or properties.get("Diagnostic-Id"),
    )


def respond(
    req: func.HttpRequest,
    answer: Callable[[], dict[str, Any]],
    *,
    status: int = 200,
    role: str | None = None,
) -> func.HttpResponse:
    """The answer as JSON, to who may ask for it; an error of ours as a problem."""
    try:
        admit(req, role=role)
        return as_json(answer(), status=status)
    except JobrelayError as error:
        return as_problem(error)


def admit(req: func.HttpRequest, *, role: str | None = None) -> None:
    """Let the caller in; DeniedError when Microsoft Entra names nobody, or somebody else."""
    if settings.http_auth == "entra":
        messages.admit(req.headers.get(messages.CALLER), role=role)


def as_problem(error: JobrelayError) -> func.HttpResponse:
    """A response that says what went wrong."""
    status, body = problems.problem(error)
    return as_json(body, status=status, content_type=problems.CONTENT_TYPE)


def as_json(
    body: dict[str, Any], *, status: int, content_type: str = "application/json"
) -> func.HttpResponse:
    """A response with a JSON body."""
    return func.HttpResponse(json.dumps(body), status_code=status, mimetype=content_type)
