"""The triggers without a host: what they answer over HTTP, and what they make of a message."""

import importlib
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

import azure.functions as func
import pytest
from azure.functions.servicebus import ServiceBusMessage
from azure.functions.timer import TimerRequest

from shared.errors import UnavailableError
from shared.flows.submit import submit
from shared.ports import Json
from shared.runs import Status
from tests.schemas.openapi import openapi
from tests.unit.flows.given import OTHER_ID, RUN_ID, World, a_message, a_request
from tests.unit.test_settings import LEAST

JSON = {"Content-Type": "application/json"}
UNKNOWN_ID = f"jr-{'0' * 24}"
# What leads elsewhere in a path, and what is too long for one.
BAD_IDS = ["..", "%2e%2e", "a%2fb", "a/b", "a?b", "a#b", "a b", "é", "a\r\nb", "\x00", "x" * 129]


@pytest.fixture(scope="module")
def app() -> Iterator[ModuleType]:
    """Import the app with its settings in the environment."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in LEAST.items():
            patch.setenv(name, value)
        patch.delitem(sys.modules, "function_app", raising=False)
        yield importlib.import_module("function_app")


@pytest.fixture
def world(app: ModuleType) -> World:
    """Put the app over fakes, with a run that has just been submitted."""
    world = World()
    submit(world.services, *a_message())
    app.services.use(world.services)
    return world


def a_call(
    method: str,
    body: bytes = b"",
    *,
    headers: dict[str, str] | None = None,
    params: dict[str, str] | None = None,
    **route: str,
) -> func.HttpRequest:
    return func.HttpRequest(
        method,
        "https://relay.example/api",
        headers=headers or {},
        params=params or {},
        route_params=route,
        body=body,
    )


def told(response: func.HttpResponse) -> Json:
    body: Json = json.loads(response.get_body())
    return body


def status_and_type(response: func.HttpResponse) -> tuple[int, str]:
    return response.status_code, response.mimetype


def test_a_run_can_be_cancelled(app: ModuleType, world: World) -> None:
    response = app.cancel_run(a_call("POST", b'{"reason": "late"}', headers=JSON, runId=RUN_ID))

    assert status_and_type(response) == (202, "application/json")
    assert told(response)["runId"] == RUN_ID
    assert told(response)["cancelRequested"] is True
    wish = world.live().wish
    assert wish is not None
    assert (wish.by, wish.reason) == ("user", "late")
    assert world.jobs.count("cancel", RUN_ID) == 1


def test_a_run_can_be_cancelled_without_a_word(app: ModuleType, world: World) -> None:
    response = app.cancel_run(a_call("POST", runId=RUN_ID))

    assert response.status_code == 202
    assert world.live().wish is not None


def test_a_run_can_be_cancelled_twice(app: ModuleType, world: World) -> None:
    app.cancel_run(a_call("POST", b'{"reason": "first"}', headers=JSON, runId=RUN_ID))

    response = app.cancel_run(a_call("POST", b'{"reason": "again"}', headers=JSON, runId=RUN_ID))

    assert response.status_code == 202
    wish = world.live().wish
    assert wish is not None
    assert wish.reason == "first"


def test_a_run_can_be_cancelled_by_its_request(app: ModuleType, world: World) -> None:
    response = app.cancel_request(a_call("POST", requestId="order-7"))

    assert response.status_code == 202
    assert told(response)["runId"] == RUN_ID
    assert world.live().wish is not None


def test_a_request_can_be_cancelled_before_it_comes(app: ModuleType, world: World) -> None:
    response = app.cancel_request(a_call("POST", requestId="order-8"))

    submit(world.services, *a_message(2, id="order-8"))
    assert response.status_code == 202
    assert (told(response)["runId"], told(response)["status"]) == (OTHER_ID, None)
    assert world.told(OTHER_ID) == ["run.accepted", "run.cancelled"]


def test_a_run_that_has_ended_cannot_be_cancelled(app: ModuleType, world: World) -> None:
    world.jobs.becomes(RUN_ID, "Failed")
    world.poll()

    by_run = app.cancel_run(a_call("POST", runId=RUN_ID))
    by_request = app.cancel_request(a_call("POST", requestId="order-7"))

    assert status_and_type(by_run) == (409, "application/problem+json")
    assert told(by_run) == told(by_request)
    assert told(by_run) == {
        "type": "about:blank",
        "title": "The run has ended",
        "status": 409,
        "detail": f"run {RUN_ID} has ended",
        "runStatus": "Failed",
    }


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_run_that_is_not_there_is_not_found(app: ModuleType, world: World, method: str) -> None:
    act = app.get_run if method == "GET" else app.cancel_run

    response = act(a_call(method, runId=UNKNOWN_ID))

    assert status_and_type(response) == (404, "application/problem+json")
    assert told(response)["detail"] == f"no run {UNKNOWN_ID}"


@pytest.mark.parametrize("run_id", [*BAD_IDS, f"{RUN_ID}\n", RUN_ID.upper(), ""])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_is_no_run_id_is_not_found_and_not_repeated(
    app: ModuleType, world: World, run_id: str, method: str
) -> None:
    act = app.get_run if method == "GET" else app.cancel_run

    response = act(a_call(method, runId=run_id))

    assert status_and_type(response) == (404, "application/problem+json")
    assert told(response)["detail"] == "no such run"


@pytest.mark.parametrize("request_id", [each for each in BAD_IDS if each != ".."])
def test_a_request_id_that_cannot_stand_in_a_path_is_refused(
    app: ModuleType, world: World, request_id: str
) -> None:
    response = app.cancel_request(a_call("POST", requestId=request_id))

    assert status_and_type(response) == (400, "application/problem+json")
    assert [fault["path"] for fault in told(response)["faults"]] == ["/requestId"]
    assert request_id not in json.dumps(told(response)["faults"])


@pytest.mark.parametrize(
    ("body", "path"),
    [
        (b"{", ""),
        (b"\xff", ""),
        (b"[]", ""),
        (b'{"reason": 1}', "/reason"),
        (b'{"reason": "a", "reason": "b"}', "/reason"),
        (b'{"odd": 1}', "/odd"),
    ],
)
def test_a_body_that_is_no_cancel_is_refused(
    app: ModuleType, world: World, body: bytes, path: str
) -> None:
    response = app.cancel_run(a_call("POST", body, headers=JSON, runId=RUN_ID))

    assert status_and_type(response) == (400, "application/problem+json")
    assert [fault["path"] for fault in told(response)["faults"]] == [path]
    assert world.live().wish is None


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"{}", "", 415),
        (b"{}", "text/plain", 415),
        (b"reason=late", "application/x-www-form-urlencoded", 415),
        (b" " * (16 * 1024) + b"{}", "application/json", 413),
        (b"x" * 1_000_000, "application/json", 413),
    ],
)
def test_a_body_of_another_kind_or_size_is_refused(
    app: ModuleType, world: World, body: bytes, content_type: str, status: int
) -> None:
    headers = {"Content-Type": content_type}

    by_run = app.cancel_run(a_call("POST", body, headers=headers, runId=RUN_ID))
    by_request = app.cancel_request(a_call("POST", body, headers=headers, requestId="order-7"))

    assert status_and_type(by_run) == (status, "application/problem+json")
    assert status_and_type(by_request) == (status, "application/problem+json")
    assert world.live().wish is None


def test_a_table_that_does_not_answer_is_told(app: ModuleType, world: World) -> None:
    world.table.failing.add("save")

    response = app.cancel_run(a_call("POST", runId=RUN_ID))

    assert status_and_type(response) == (503, "application/problem+json")
    assert told(response)["title"] == "Try again later"


def test_a_section_of_a_job_is_shown(app: ModuleType, world: World) -> None:
    response = app.get_section(a_call("GET", runId=RUN_ID, section="outputs"))

    assert status_and_type(response) == (200, "application/json")
    assert [item["name"] for item in told(response)["items"]] == ["default"]


@pytest.mark.parametrize(
    ("run_id", "section"),
    [
        (RUN_ID, "cancel"),
        (RUN_ID, "Outputs"),
        (RUN_ID, "../jobs"),
        (RUN_ID, "attempts"),
        (UNKNOWN_ID, "outputs"),
        *[(run_id, "outputs") for run_id in BAD_IDS],
    ],
)
def test_what_is_not_there_to_be_read_is_a_problem(
    app: ModuleType, world: World, run_id: str, section: str
) -> None:
    response = app.get_section(a_call("GET", runId=run_id, section=section))

    assert status_and_type(response) == (404, "application/problem+json")
    assert told(response)["detail"]


def test_a_service_that_cannot_be_asked_for_a_section_is_told(
    app: ModuleType, world: World
) -> None:
    world.jobs.fail("section", UnavailableError("GET jobs: 503"))

    response = app.get_section(a_call("GET", runId=RUN_ID, section="outputs"))

    assert status_and_type(response) == (503, "application/problem+json")


@pytest.mark.usefixtures("world")
def test_a_metric_of_a_job_without_metrics_is_not_there(app: ModuleType) -> None:
    response = app.get_metric(a_call("GET", runId=RUN_ID, name="train%2Floss"))

    assert status_and_type(response) == (404, "application/problem+json")


@pytest.mark.parametrize("name", ["..", "a%2F..%2Fb", "a?b", "a%0ab", "x" * 257])
@pytest.mark.usefixtures("world")
def test_a_name_that_is_none_of_a_metric_is_refused(app: ModuleType, name: str) -> None:
    response = app.get_metric(a_call("GET", runId=RUN_ID, name=name))

    assert status_and_type(response) == (400, "application/problem+json")


def test_a_run_in_flight_is_shown(app: ModuleType, world: World) -> None:
    response = app.get_run(a_call("GET", runId=RUN_ID))

    assert status_and_type(response) == (200, "application/json")
    shown = told(response)
    assert (shown["status"], shown["final"]) == ("Starting", False)
    assert [entry["type"] for entry in shown["timeline"]] == [
        "jobrelay.run.accepted",
        "jobrelay.run.submitted",
    ]
    assert shown["data"] == world.data("run.submitted")


def test_a_run_that_has_ended_is_shown(app: ModuleType, world: World) -> None:
    world.jobs.becomes(RUN_ID, "Completed")
    world.poll()

    shown = told(app.get_run(a_call("GET", runId=RUN_ID)))

    assert world.is_over()
    assert (shown["status"], shown["final"]) == (Status.SUCCESS, True)
    assert shown["data"] == world.data("run.completed")


def test_a_run_that_was_cancelled_before_its_request_came_is_not_there_yet(
    app: ModuleType, world: World
) -> None:
    app.cancel_request(a_call("POST", requestId="order-8"))

    assert app.get_run(a_call("GET", runId=OTHER_ID)).status_code == 404


def test_the_app_is_well_when_all_answers(app: ModuleType, world: World) -> None:
    response = app.health(a_call("GET"))

    assert response.status_code == 200
    assert told(response) == {"table": "ok", "bus": "ok", "target demo": "ok"}


def test_a_table_that_does_not_answer_is_named(app: ModuleType, world: World) -> None:
    world.table.failing.add("ping")

    response = app.health(a_call("GET"))

    assert response.status_code == 503
    assert told(response) == {"table": "NoTable", "bus": "ok", "target demo": "ok"}


def test_a_bus_that_does_not_answer_is_named(app: ModuleType, world: World) -> None:
    world.bus.failing = "before"

    response = app.health(a_call("GET"))

    assert response.status_code == 503
    assert told(response) == {"table": "ok", "bus": "Unavailable", "target demo": "ok"}


def test_a_target_that_does_not_answer_is_named_by_a_word(app: ModuleType, world: World) -> None:
    world.jobs.breaks("ping", UnavailableError("GET jobs: 401 and more", code="Http401"))

    response = app.health(a_call("GET"))

    assert response.status_code == 503
    assert told(response) == {"table": "ok", "bus": "ok", "target demo": "Http401"}


def test_a_message_becomes_a_run(app: ModuleType, world: World) -> None:
    app.submit_job(a_bus_message(b'{"id": "order-8", "jobType": "Command", "template": "train"}'))

    assert world.told(OTHER_ID) == ["run.accepted", "run.submitted"]


def test_a_dead_letter_becomes_a_run(app: ModuleType, world: World) -> None:
    app.late_job(a_bus_message(b'{"id": "order-8", "jobType": "Command", "template": "train"}'))

    assert world.told(OTHER_ID) == ["run.accepted"]


def test_a_message_is_refused_without_an_exception(app: ModuleType, world: World) -> None:
    app.submit_job(a_bus_message(b"\xff"))

    assert world.told(None)[-1] == "request.rejected"


def test_the_timers_do_their_work(app: ModuleType, world: World) -> None:
    world.jobs.becomes(RUN_ID, "Completed")
    world.clock.now = app.now()

    app.poll_runs(TimerRequest(past_due=False))
    app.forget_old(TimerRequest(past_due=False))

    assert world.told(RUN_ID)[-1] == "run.completed"


def test_what_the_host_says_of_a_message_is_kept(app: ModuleType) -> None:
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    message = a_bus_message(
        b"{}", application_properties={"Diagnostic-Id": trace}, correlation_id="c"
    )

    envelope = app.envelope(message)

    assert (envelope.message_id, envelope.correlation_id) == ("m-1", "c")
    assert (envelope.traceparent, envelope.content_type) == (trace, "application/json")
    assert envelope.enqueued_at == datetime(2030, 1, 1, 9, 0, tzinfo=UTC)


def test_a_message_of_which_the_host_says_little_is_taken(app: ModuleType) -> None:
    message = ServiceBusMessage(
        body=b"{}", message_id="", application_properties={}, user_properties={}
    )

    envelope = app.envelope(message)

    assert envelope.message_id is None
    assert envelope.enqueued_at == datetime(1970, 1, 1, tzinfo=UTC)


def test_a_request_can_be_validated(app: ModuleType, world: World) -> None:
    body = json.dumps(a_request(id="order-8")).encode()

    response = app.validate_request(a_call("POST", body, headers=JSON))

    assert status_and_type(response) == (200, "application/json")
    assert told(response)["runId"] == OTHER_ID
    assert told(response)["body"]["properties"]["command"] == "python train.py"
    assert world.told(OTHER_ID) == []


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"{}", JSON, 400),
        (b"", JSON, 400),
        (b"{}", {}, 415),
        (json.dumps(a_request(template="lost")).encode(), JSON, 400),
        (json.dumps(a_request(target="moon")).encode(), JSON, 400),
    ],
)
@pytest.mark.usefixtures("world")
def test_a_bad_request_is_a_problem_with_all_its_faults(
    app: ModuleType, body: bytes, headers: dict[str, str], status: int
) -> None:
    response = app.validate_request(a_call("POST", body, headers=headers))

    assert status_and_type(response) == (status, "application/problem+json")
    assert told(response)["detail"]


def test_a_request_cannot_be_validated_while_its_template_cannot_be_read(
    app: ModuleType, world: World
) -> None:
    world.jobs.breaks("template", UnavailableError("GET jobs/train: 503"))

    response = app.validate_request(a_call("POST", json.dumps(a_request()).encode(), headers=JSON))

    assert status_and_type(response) == (503, "application/problem+json")


@pytest.mark.usefixtures("world")
def test_templates_are_listed(app: ModuleType) -> None:
    response = app.list_templates(a_call("GET", alias="demo", params={"jobType": "command"}))

    assert status_and_type(response) == (200, "application/json")
    assert [job["name"] for job in told(response)["jobs"]] == ["train"]


@pytest.mark.parametrize(
    ("alias", "params", "status"),
    [("moon", {}, 404), ("../demo", {}, 404), ("demo", {"jobType": "Tuning"}, 400)],
)
@pytest.mark.usefixtures("world")
def test_what_cannot_be_listed_is_a_problem(
    app: ModuleType, alias: str, params: dict[str, str], status: int
) -> None:
    response = app.list_templates(a_call("GET", alias=alias, params=params))

    assert status_and_type(response) == (status, "application/problem+json")


def test_the_routes_are_those_that_are_described(app: ModuleType) -> None:
    bindings = [function.get_trigger().get_dict_repr() for function in app.app.get_functions()]
    routes = {
        (f"/{each['route']}", method.value.lower())
        for each in bindings
        if each["type"] == "httpTrigger"
        for method in each["methods"]
    }

    described = {
        (path, method) for path, methods in openapi()["paths"].items() for method in methods
    }
    assert routes == described


def a_bus_message(body: bytes, **said: Any) -> ServiceBusMessage:
    """A message as the host hands it over; its times have no zone."""
    defaults: dict[str, Any] = {
        "message_id": "m-1",
        "application_properties": {},
        "user_properties": {},
        "sequence_number": 7,
        "content_type": "application/json",
        "enqueued_time_utc": datetime(2030, 1, 1, 9, 0),  # noqa: DTZ001
    }
    return ServiceBusMessage(body=body, **{**defaults, **said})
