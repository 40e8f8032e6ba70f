"""What must not be seen is not: neither what a message holds, nor a secret, nor a service's words.

Events repeat what their contract says they do, and the reject queue keeps the message. No log, no
problem over HTTP and no exception repeats anything.
"""

import json
import logging
import traceback
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
import stamina

from shared import problems
from shared.app import build
from shared.backends.workspace import backends
from shared.errors import JobrelayError, UnavailableError
from shared.flows.cancel import cancel_request, cancel_run
from shared.flows.dead_letter import dead_letter
from shared.flows.inspect import inspect
from shared.flows.poll import poll
from shared.flows.submit import submit
from shared.messages import cancel_reason, request_id_in_path, run_id_in_path
from shared.ports import Json, Services
from shared.runs import JobType, run_id_of
from shared.settings import Settings
from shared.targets import WorkspaceTarget
from tests.arm import Script, a_connection
from tests.edge import NOW, Edge, an_envelope
from tests.jobs import APP_NAME, WORKSPACE, a_request
from tests.unit.flows.given import RUN_ID, World, a_message
from tests.unit.test_settings import LEAST

CANARY = "c4nary-7f3d91e0"
WORD = CANARY.replace("-", "_")  # where only the name of a variable is taken
PLACE = f"azureml://{CANARY}/x"
# A request that is taken, with the canary wherever there is text.
TAKEN: Json = {
    "id": CANARY,
    "displayName": CANARY,
    "description": CANARY,
    "experimentName": CANARY,
    "tags": {CANARY: CANARY},
    "properties": {CANARY: CANARY},
    "inputs": {WORD: CANARY, "data": {"type": "uri_file", "uri": PLACE}},
    "outputs": {"model": {"uri": PLACE}},
    "context": {CANARY: [CANARY]},
    "redriveOf": CANARY,
    "attributes": {
        "compute": CANARY,
        "environment": f"{CANARY}:1",
        "command": f"train {CANARY}",
        "instanceType": CANARY,
        "environmentVariables": {WORD: CANARY},
    },
}
TEXTS = [
    "id",
    "jobType",
    "target",
    "template",
    "displayName",
    "description",
    "experimentName",
    "tags",
    "properties",
    "inputs",
    "outputs",
    "parameters",
    "attributes",
    "deadlines",
    "notBefore",
    "redriveOf",
]


@pytest.fixture(autouse=True)
def _all_logs(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Listen to every word, and do not wait between tries."""
    with caplog.at_level(logging.DEBUG), stamina.set_testing(True, attempts=3, cap=True):
        yield


def logged(caplog: pytest.LogCaptureFixture) -> str:
    """All that was logged, with what goes beside the texts."""
    return "".join([caplog.text, *(repr(vars(record)) for record in caplog.records)])


def an_answer(status: int) -> httpx.Response:
    """An error of Azure Resource Manager that quotes what it was sent."""
    inner = {"type": "InnerError", "info": {"value": {"code": "BadArgument"}}}
    error = {
        "code": "UserError",
        "message": f"not {CANARY}",
        "target": CANARY,
        "details": [{"code": "Bad", "message": CANARY}],
        "additionalInfo": [inner],
    }
    return httpx.Response(status, json={"error": error}, headers={"x-ms-request-id": CANARY})


def over(script: Script) -> tuple[Edge, Services]:
    """The app with a workspace that answers so, and a token that must stay secret."""
    edge = Edge()
    place = WorkspaceTarget(
        kind="workspace",
        subscriptionId=WORKSPACE.subscription_id,
        resourceGroup=WORKSPACE.resource_group,
        workspace=WORKSPACE.name,
    )
    connection = a_connection(script, token=lambda _: f"token-{CANARY}")
    real = backends(place, connection, app_name=APP_NAME)
    demo = replace(edge.services.targets["demo"], backends=real)
    return edge, replace(edge.services, targets={"demo": demo})


def test_a_run_to_its_end_leaves_no_trace_of_its_request(caplog: pytest.LogCaptureFixture) -> None:
    world, run_id = World(), run_id_of(APP_NAME, CANARY)
    world.jobs.fail("create", UnavailableError("PUT jobs: 503"))

    submit(world.services, *a_message(**TAKEN))
    world.poll_for(timedelta(minutes=5))
    cancel_run(world.services, run_id, reason=CANARY)
    world.jobs.becomes(run_id, "Failed", error={"error": {"code": "x", "message": CANARY}})
    world.poll_for(timedelta(minutes=1))

    assert world.told(run_id)[-1] == "run.failed"
    assert caplog.records
    assert CANARY not in logged(caplog)
    assert WORD not in logged(caplog)


def test_the_fields_that_events_repeat_are_those_of_the_contract() -> None:
    world = World()

    submit(world.services, *a_message(**TAKEN))

    data = world.data("run.submitted")
    holding = {name for name, value in data.items() if CANARY in json.dumps(value)}
    assert holding == {
        "requestId",
        "displayName",
        "experimentName",
        "tags",
        "context",
        "redriveOf",
    }


@pytest.mark.parametrize("field", TEXTS)
@pytest.mark.parametrize(
    "value",
    [f"{CANARY}\0", [CANARY], {f"{CANARY} ?": [CANARY]}, {"a": {f"{CANARY}/": [CANARY]}}],
)
def test_a_refusal_repeats_nothing_of_a_field(
    caplog: pytest.LogCaptureFixture, field: str, value: object
) -> None:
    edge = Edge()
    body = json.dumps({"id": "order-7", "jobType": "Command", "template": "train", field: value})

    edge.submit(body.encode(), an_envelope())

    (event,) = edge.events
    (copy,) = edge.copies
    assert CANARY not in json.dumps(event)
    assert CANARY not in json.dumps(dict(copy.properties))
    assert CANARY not in logged(caplog)


def test_a_dead_letter_and_a_conflict_leave_no_trace(caplog: pytest.LogCaptureFixture) -> None:
    world = World()
    submit(world.services, *a_message(**TAKEN))

    dead_letter(world.services, *a_message(2, **{**TAKEN, "context": f"another {CANARY}"}))

    assert world.told()[-1] == "request.rejected"
    assert CANARY not in logged(caplog)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 408, 409, 413, 418, 422, 429, 500, 503])
def test_the_words_of_a_service_are_not_logged(
    caplog: pytest.LogCaptureFixture, status: int
) -> None:
    edge, services = over(Script(an_answer(status)))

    submit(services, *a_message())
    poll(services, until=NOW + timedelta(minutes=1))

    assert edge.store.accepted
    assert CANARY not in logged(caplog)


@pytest.mark.parametrize("status", [400, 401, 403, 409, 422, 429, 500])
def test_the_words_of_a_service_that_refuses_a_job_are_not_logged(
    caplog: pytest.LogCaptureFixture, status: int
) -> None:
    properties = {"jobType": "Command", "command": "train", "environmentId": "/e"}
    template = httpx.Response(200, json={"name": "train", "properties": properties})
    edge, services = over(Script(template, an_answer(status), an_answer(404)))

    submit(services, *a_message())

    assert edge.store.accepted
    assert CANARY not in logged(caplog)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500])
def test_an_exception_repeats_neither_a_token_nor_the_words_of_a_service(status: int) -> None:
    _, services = over(Script(an_answer(status)))
    backend = services.targets["demo"].backends[JobType.COMMAND]

    for act in (
        lambda: backend.find(RUN_ID),
        lambda: backend.definition(a_request()),
        lambda: backend.create(RUN_ID, {"properties": {"description": CANARY}}),
        lambda: backend.cancel(RUN_ID),
        lambda: list(backend.templates()),
        backend.ping,
    ):
        assert CANARY not in told_by(act)


def told_by(act: Any) -> str:
    """What the host would write of the failure of a call, with all that it came of."""
    try:
        act()
    except JobrelayError as error:
        return "".join(traceback.format_exception(error))
    return ""


@pytest.mark.parametrize(
    "act",
    [
        lambda: cancel_reason(b'{"reason": ["' + CANARY.encode() + b'"]}', "application/json"),
        lambda: cancel_reason(CANARY.encode(), "application/json"),
        lambda: cancel_reason(b'{"' + CANARY.encode() + b' ?": 1}', "application/json"),
        lambda: cancel_reason(b"{}", CANARY),
        lambda: run_id_in_path(CANARY),
        lambda: request_id_in_path(f"{CANARY} ?"),
        lambda: inspect(World().services, run_id_in_path(CANARY)),
    ],
)
def test_a_problem_over_http_repeats_nothing_of_the_call(act: Any) -> None:
    with pytest.raises(JobrelayError) as caught:
        act()

    _, problem = problems.problem(caught.value)
    assert CANARY not in json.dumps(problem)
    assert CANARY not in told_by(act)


def test_a_cancel_leaves_no_trace_of_why(caplog: pytest.LogCaptureFixture) -> None:
    world = World()
    submit(world.services, *a_message())

    cancel_run(world.services, RUN_ID, reason=CANARY)
    cancel_request(world.services, CANARY, reason=CANARY)

    assert CANARY not in logged(caplog)


@pytest.mark.parametrize(
    "connections",
    [
        {"ServiceBus": CANARY, "Tables": CANARY},
        {
            "ServiceBus": f"Endpoint={CANARY};SharedAccessKey={CANARY}",
            "Tables": f"AccountName=x;AccountKey={CANARY}",
        },
        {
            "ServiceBus": "Endpoint=sb://x.example/;SharedAccessKeyName=x;"
            f"SharedAccessKey={CANARY};EntityPath={CANARY}",
            "Tables": f"DefaultEndpointsProtocol=https;AccountName=x;AccountKey={CANARY}",
        },
    ],
)
def test_building_the_app_repeats_no_connection_string(
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    connections: dict[str, str],
) -> None:
    for field in Settings.model_fields.values():
        monkeypatch.delenv(str(field.alias), raising=False)
    for name, value in {
        "APP_NAME": APP_NAME,
        "TARGETS": LEAST["TARGETS"],
        **connections,
    }.items():
        monkeypatch.setenv(name, value)
    settings = Settings.read()

    try:
        said = repr(build(settings, clock=lambda: NOW))
    except ValueError as error:
        said = "".join(traceback.format_exception(error))

    assert CANARY not in said
    assert CANARY not in logged(caplog)
