"""The table of the kinds of jobs."""

import httpx

from shared.backends import ATTRIBUTES, FAMILIES, Connections, source
from shared.backends import backends as every_backend
from shared.backends.workspace import backends, resource_id
from shared.backends.workspace.observation import observation
from shared.messages.overrides import OF_ATTRIBUTES
from shared.runs import JobType
from shared.targets import WorkspaceTarget
from tests.arm import HISTORY_ENDPOINT, Script, a_connection
from tests.jobs import ID, WORKSPACE, a_document
from tests.project import a_target
from tests.rows import a_run

TARGET = WorkspaceTarget.model_validate(
    {
        "kind": "workspace",
        "subscriptionId": "00000000-0000-0000-0000-000000000001",
        "resourceGroup": "group",
        "workspace": "demo",
    }
)


def test_every_kind_of_job_has_a_family() -> None:
    assert set(ATTRIBUTES) == set(JobType)


def test_every_attribute_can_be_allowed_or_refused_by_a_target() -> None:
    schemas = [model.model_json_schema() for model in ATTRIBUTES.values()]

    assert {name for schema in schemas for name in schema["properties"]} == set(OF_ATTRIBUTES)


def test_a_target_has_a_backend_for_every_kind() -> None:
    made = backends(TARGET, a_connection(), app_name="relay")

    assert set(made) == set(FAMILIES)


def test_a_target_is_spoken_for_by_its_kind() -> None:
    connection = a_connection()
    connections = Connections(workspace=connection, history=connection, project=connection)

    made = {
        target.kind: set(every_backend(target, connections, app_name="relay"))
        for target in (TARGET, a_target())
    }

    assert made == {"workspace": set(FAMILIES), "project": {JobType.TRAINING}}
    assert source(TARGET) == ID
    assert source(a_target()) == "https://account.services.ai.azure.com/api/projects/demo"


def test_run_history_is_asked_only_of_a_target_with_a_location() -> None:
    script = Script(httpx.Response(200, json={}))
    history = a_connection(script, endpoint=HISTORY_ENDPOINT, api_version="")
    look = observation(a_document("jr-1", status="Failed"), run_id="jr-1", workspace=WORKSPACE)

    def ask(target: WorkspaceTarget) -> list[str]:
        made = backends(target, a_connection(), app_name="relay", history=history)
        made[JobType.COMMAND].result(a_run("jr-1"), look)
        return [str(request.url) for request in script.asked]

    assert ask(TARGET) == []
    assert ask(TARGET.model_copy(update={"location": "westeurope"})) == [
        f"https://westeurope.history.example/history/v1.0{ID}/runs/jr-1/details"
    ]


def test_events_name_a_target_by_its_resource_id() -> None:
    assert resource_id(TARGET) == ID
