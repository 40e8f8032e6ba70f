"""The deployed settings are those that the app reads."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, get_args

import pytest
from pydantic import BaseModel, TypeAdapter

from shared.settings import Settings
from shared.targets import Allow
from tests.infra.bicep import INFRA, Object, Raw, Value, read
from tests.infra.files import APP, as_list, as_object, declared, properties

# What the host reads, and what Microsoft's libraries read.
OF_THE_HOST = {
    "APPLICATIONINSIGHTS_AUTHENTICATION_STRING",
    "APPLICATIONINSIGHTS_CONNECTION_STRING",
    "AzureWebJobsStorage__accountName",
    "AzureWebJobsStorage__clientId",
    "AzureWebJobsStorage__credential",
    "ServiceBus__clientId",
    "ServiceBus__credential",
}
# Connection strings, for local use only.
NEVER_DEPLOYED = {"ServiceBus", "Tables"}
FOR_THE_ROLES = {"alias", "accountId"}


def deployed() -> Object:
    return properties("settings.bicep", "settings")


def models(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models of targets that the app knows."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    else:
        for argument in get_args(annotation):
            yield from models(argument)


MODELS = {
    get_args(model.model_fields["kind"].annotation)[0]: model
    for model in models(Settings.model_fields["targets"].annotation)
}


def bicep_target(kind: str) -> dict[str, bool]:
    """The fields of a kind of target in Bicep, and whether each is required."""
    objects = (each.value for each in read(APP / "targets.bicep") if each.kind == "type")
    found = next(each for each in objects if isinstance(each, dict) and each["kind"] == kind)
    return {
        name: not (isinstance(value, Raw) and value.text.endswith("?"))
        for name, value in found.items()
        if name not in FOR_THE_ROLES
    }


def default(value: Value) -> Value:
    """A value, or what it is where the environment does not say."""
    if not isinstance(value, Raw):
        return value
    found = re.fullmatch(r"readEnvironmentVariable\('\w+', '(.*)'\)", value.text)
    assert found, value
    return found[1]


def test_every_setting_of_the_app_is_deployed() -> None:
    read_by_the_app = {str(field.alias) for field in Settings.model_fields.values()}

    assert set(deployed()) - OF_THE_HOST == read_by_the_app - NEVER_DEPLOYED


def test_the_settings_of_the_host_are_all_there() -> None:
    assert set(deployed()) >= OF_THE_HOST


@pytest.mark.parametrize(
    ("setting", "field", "deployed_as"),
    [
        ("POLL_SCHEDULE", "poll_schedule", "tuning.?pollSchedule ?? '*/15 * * * * *'"),
        ("FORGET_SCHEDULE", "forget_schedule", "tuning.?forgetSchedule ?? '0 30 3 * * *'"),
        ("RETENTION", "retention", "tuning.?retention ?? 'P90D'"),
        ("LEASE", "lease", "tuning.?lease ?? 'PT4M'"),
    ],
)
def test_a_default_is_that_of_the_app(setting: str, field: str, deployed_as: str) -> None:
    default = Settings.model_fields[field].default
    text = deployed_as.split("?? ")[1].strip("'")

    assert deployed()[setting] == Raw(deployed_as)
    assert TypeAdapter(timedelta if isinstance(default, timedelta) else str).validate_python(
        text
    ) == (default)


@pytest.mark.parametrize(
    "setting", ["ARM_API_VERSION", "FOUNDRY_SCOPE", "HISTORY_ENDPOINT", "HISTORY_SCOPE"]
)
def test_a_constant_is_the_default_of_the_app(setting: str) -> None:
    field = next(each for each in Settings.model_fields.values() if each.alias == setting)

    assert deployed()[setting] == field.default


def test_the_names_on_the_bus_are_the_defaults_of_the_app() -> None:
    from_bicep = [
        as_object(declared("bus.bicep", "requests").value)["name"],
        as_object(declared("bus.bicep", "rejects").value)["name"],
        as_object(declared("events.bicep", "events").value)["name"],
        as_object(declared("storage.bicep", "runs").value)["name"],
    ]

    fields = ["request_queue", "reject_queue", "event_topic", "table_name"]
    assert from_bicep == [Settings.model_fields[field].default for field in fields]


@pytest.mark.parametrize("kind", MODELS)
def test_a_target_has_the_fields_that_the_app_reads(kind: str) -> None:
    fields = MODELS[kind].model_fields

    assert bicep_target(kind) == {
        field.alias or name: field.is_required() for name, field in fields.items()
    }


def test_both_kinds_of_targets_are_compared() -> None:
    assert set(MODELS) == {"workspace", "project"}


def test_the_app_takes_the_targets_of_the_example() -> None:
    [targets] = [each.value for each in read(INFRA / "main.bicepparam") if each.name == "targets"]
    setting = {
        as_object(target)["alias"]: {
            name: default(value)
            for name, value in as_object(target).items()
            if name not in FOR_THE_ROLES
        }
        for target in as_list(targets)
    }

    read_by_the_app = Settings(  # the other settings do not matter here
        APP_NAME="relay", ServiceBus="x", Tables="x", TARGETS=json.dumps(setting)
    )

    assert list(read_by_the_app.targets) == ["train"]
    assert read_by_the_app.default_target == "train"


def test_what_may_be_allowed_is_what_the_app_knows() -> None:
    assert declared("targets.bicep", "Allow").value == list(get_args(Allow))


def test_the_setting_of_targets_is_made_without_what_serves_the_roles() -> None:
    made = declared("derived.bicep", "targetsSetting").value

    assert made == Raw(
        "string(toObject(targets, target => target.alias, target => toObject(filter(items(target), "
        "field => !contains(['alias', 'accountId'], field.key)), "
        "field => field.key, field => field.value)))"
    )
    assert deployed()["TARGETS"] == Raw("targetsSetting(targets)")
