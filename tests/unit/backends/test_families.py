"""The table of the kinds of jobs."""

from shared.backends import ATTRIBUTES, FAMILIES, backends, resource_id
from shared.messages.overrides import OF_ATTRIBUTES
from shared.runs import JobType
from shared.settings import WorkspaceTarget
from tests.arm import a_connection
from tests.jobs import ID

TARGET = WorkspaceTarget.model_validate(
    {
        "kind": "workspace",
        "subscriptionId": "00000000-0000-0000-0000-000000000001",
        "resourceGroup": "group",
        "workspace": "demo",
    }
)


def test_every_kind_of_job_has_a_family() -> None:
    assert set(FAMILIES) == set(JobType)


def test_every_attribute_can_be_allowed_or_refused_by_a_target() -> None:
    schemas = [model.model_json_schema() for model in ATTRIBUTES.values()]

    assert {name for schema in schemas for name in schema["properties"]} == set(OF_ATTRIBUTES)


def test_a_target_has_a_backend_for_every_kind() -> None:
    made = backends(TARGET, a_connection(), app_name="relay")

    assert set(made) == set(FAMILIES)


def test_events_name_a_target_by_its_resource_id() -> None:
    assert resource_id(TARGET) == ID
