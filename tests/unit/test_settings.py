"""Settings are read once, all of them or none; what is wrong is named and never shown."""

import json
import traceback
from datetime import timedelta
from typing import Any, get_args

import pytest

from shared.messages import Override
from shared.settings import Settings, SettingsError
from shared.targets import SAFE_ALLOW, Allow, ProjectTarget

CANARY = "c4nary-7f3d91e0"
PLACE = {
    "kind": "workspace",
    "subscriptionId": "00000000-0000-0000-0000-000000000001",
    "resourceGroup": "group",
    "workspace": "demo",
}
LEAST = {
    "APP_NAME": "relay",
    "ServiceBus__fullyQualifiedNamespace": "relay.servicebus.windows.net",
    "Tables__endpoint": "https://relay.table.core.windows.net",
    "TARGETS": json.dumps({"demo": PLACE}),
}


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin without any setting."""
    for field in Settings.model_fields.values():
        monkeypatch.delenv(str(field.alias), raising=False)


def read(monkeypatch: pytest.MonkeyPatch, **changes: str | None) -> Settings:
    """Read the least settings with these changes; None: without."""
    for name, value in {**LEAST, **changes}.items():
        if value is not None:
            monkeypatch.setenv(name, value)
    return Settings.read()


def wrong(monkeypatch: pytest.MonkeyPatch, **changes: str | None) -> str:
    """What is said of these settings."""
    with pytest.raises(SettingsError) as caught:
        read(monkeypatch, **changes)
    return str(caught.value)


def target(monkeypatch: pytest.MonkeyPatch, **fields: Any) -> Settings:
    return read(monkeypatch, TARGETS=json.dumps({"demo": {**PLACE, **fields}}))


def test_little_must_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(monkeypatch)

    assert settings.app_name == "relay"
    assert (settings.request_queue, settings.reject_queue) == ("jobs", "rejects")
    assert (settings.event_topic, settings.table_name) == ("events", "runs")
    assert (settings.retention, settings.lease) == (timedelta(days=90), timedelta(minutes=4))
    assert settings.targets["demo"].allow == SAFE_ALLOW
    assert settings.arm_endpoint == "https://management.azure.com"
    assert settings.history_endpoint == "https://{location}.api.azureml.ms"
    assert settings.history_scope == "https://ml.azure.com/.default"


def test_all_that_is_missing_is_named_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.read()

    assert str(caught.value).split("; ") == [
        "APP_NAME is missing",
        "ServiceBus is missing, and so is ServiceBus__fullyQualifiedNamespace: set one of them",
        "Tables is missing, and so is Tables__endpoint: set one of them",
        "TARGETS is missing",
    ]


def test_an_empty_setting_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert wrong(monkeypatch, APP_NAME="") == "APP_NAME is missing"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("APP_NAME", "a b"),
        ("APP_NAME", "a\n"),
        ("APP_NAME", "x" * 65),
        ("ServiceBus__fullyQualifiedNamespace", "https://relay.servicebus.windows.net"),
        ("ServiceBus__fullyQualifiedNamespace", "relay.servicebus.windows.net/x"),
        ("Tables__endpoint", "http://relay.table.core.windows.net"),
        ("Tables__endpoint", "https://relay@evil.example"),
        ("REQUEST_QUEUE", "a?b"),
        ("REJECT_QUEUE", "/a"),
        ("EVENT_TOPIC", "a b"),
        ("TABLE_NAME", "1a"),
        ("TABLE_NAME", "a-b"),
        ("RETENTION", "P14D"),
        ("RETENTION", "90"),
        ("RETENTION", "P3651D"),
        ("RETENTION", "soon"),
        ("LEASE", "PT0S"),
        ("LEASE", "PT61M"),
        ("ARM_ENDPOINT", "http://management.azure.com"),
        ("ARM_ENDPOINT", "https://management.azure.com/x"),
        ("ARM_ENDPOINT", "https://user@evil.example"),
        ("ARM_API_VERSION", "2024"),
        ("HISTORY_ENDPOINT", "http://{location}.api.azureml.ms"),
        ("HISTORY_ENDPOINT", "https://api.{location}.ms"),
        ("HISTORY_ENDPOINT", "https://{location}"),
        ("HISTORY_ENDPOINT", "https://{region}.api.azureml.ms"),
        ("HISTORY_ENDPOINT", "https://{location}.{location}.ms"),
        ("HISTORY_ENDPOINT", "https://{location}.api.azureml.ms/x"),
        ("HISTORY_ENDPOINT", "https://user@evil.example"),
        ("TARGETS", "x"),
        ("TARGETS", "[]"),
        ("TARGETS", "{}"),
        ("TARGETS", "[" * 100_000),
        ("TARGETS", '{"demo": 1}'),
    ],
)
def test_a_setting_of_another_form_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    assert wrong(monkeypatch, **{name: value}).startswith((f"{name}: ", f"{name}.demo: "))


@pytest.mark.parametrize(
    "value", ["https://history.example", "http://127.0.0.1:8000", "https://{location}.example"]
)
def test_run_history_may_be_elsewhere(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    assert read(monkeypatch, HISTORY_ENDPOINT=value).history_endpoint == value


def test_a_wrong_address_is_not_said_to_be_missing_too(monkeypatch: pytest.MonkeyPatch) -> None:
    said = wrong(monkeypatch, Tables__endpoint="http://relay.table.core.windows.net")

    assert said == "Tables__endpoint: an address like https://relay.table.core.windows.net"


def test_two_ways_to_one_service_are_one_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    assert wrong(monkeypatch, ServiceBus="Endpoint=x", Tables="AccountName=x").split("; ") == [
        "ServiceBus is set, and so is ServiceBus__fullyQualifiedNamespace: set one of them",
        "Tables is set, and so is Tables__endpoint: set one of them",
    ]


def test_a_connection_string_is_the_other_way(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(
        monkeypatch,
        ServiceBus__fullyQualifiedNamespace=None,
        Tables__endpoint=None,
        ServiceBus="Endpoint=x",
        Tables="AccountName=x",
    )

    assert (settings.service_bus_connection, settings.table_connection) == (
        "Endpoint=x",
        "AccountName=x",
    )


@pytest.mark.parametrize(
    ("targets", "said"),
    [
        ({"demo": {}}, "TARGETS.demo: an object whose kind is workspace or project"),
        ({"Demo": PLACE}, "TARGETS.Demo: an alias of"),
        ({"a b": PLACE}, "TARGETS.?: an alias of"),
        ({"x" * 65: PLACE}, "TARGETS.?: an alias of"),
        ({"demo": {**PLACE, "kind": "hub"}}, "TARGETS.demo: an object whose kind is workspace or"),
        ({"demo": {**PLACE, "subscriptionId": "x"}}, "TARGETS.demo.subscriptionId: the id of"),
        ({"demo": {**PLACE, "resourceGroup": ".."}}, "TARGETS.demo.resourceGroup: a name of"),
        ({"demo": {**PLACE, "workspace": "a/b"}}, "TARGETS.demo.workspace: a name of"),
        ({"demo": {**PLACE, "location": "West Europe"}}, "TARGETS.demo.location: the short name"),
        ({"demo": {**PLACE, "allow": ["all"]}}, "TARGETS.demo.allow.0: "),
        ({"demo": {**PLACE, "odd": 1}}, "TARGETS.demo.odd: "),
        (
            {"a": {**PLACE, "default": True}, "b": {**PLACE, "default": True}},
            "TARGETS: at most one target is the default",
        ),
    ],
)
def test_a_target_of_another_form_is_named(
    monkeypatch: pytest.MonkeyPatch, targets: dict[str, Any], said: str
) -> None:
    assert wrong(monkeypatch, TARGETS=json.dumps(targets)).startswith(said)


PROJECT = {
    "kind": "project",
    "endpoint": "https://account.services.ai.azure.com/api/projects/demo",
    "profile": "training_jobs",
}
ACCOUNT = (
    "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/group"
    "/providers/Microsoft.CognitiveServices/accounts/account"
)


def project(monkeypatch: pytest.MonkeyPatch, **fields: Any) -> ProjectTarget:
    settings = read(monkeypatch, TARGETS=json.dumps({"p": {**PROJECT, **fields}}))
    found = settings.targets["p"]
    assert isinstance(found, ProjectTarget)
    return found


def test_a_project_may_be_a_target(monkeypatch: pytest.MonkeyPatch) -> None:
    found = project(monkeypatch)

    assert (found.profile, found.compute_prefix) == ("training_jobs", None)
    assert (found.api_version, found.features) == (None, None)
    assert (found.allow, found.default) == (SAFE_ALLOW, False)
    assert read(monkeypatch).foundry_scope == "https://ai.azure.com/.default"


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://account.services.ai.azure.com/api/projects/_project",
        "https://a-1.cognitiveservices.azure.com/api/projects/Demo-2",
        "http://127.0.0.1:8080/api/projects/demo",
    ],
)
def test_a_project_is_at_its_address(monkeypatch: pytest.MonkeyPatch, endpoint: str) -> None:
    assert project(monkeypatch, endpoint=endpoint).endpoint == endpoint


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"endpoint": "https://evil.example/api/projects/demo"}, "endpoint: an address"),
        ({"endpoint": "http://account.services.ai.azure.com/api/projects/demo"}, "endpoint: "),
        ({"endpoint": "https://account.services.ai.azure.com"}, "endpoint: "),
        ({"endpoint": "https://account.services.ai.azure.com/api/projects/"}, "endpoint: "),
        ({"endpoint": "https://account.services.ai.azure.com/api/projects/.."}, "endpoint: "),
        ({"endpoint": "https://account.services.ai.azure.com/api/projects/a/b"}, "endpoint: "),
        ({"endpoint": "https://account.services.ai.azure.com/api/projects/a?b"}, "endpoint: "),
        ({"endpoint": "https://account.services.ai.azure.com/api/projects/a#b"}, "endpoint: "),
        ({"endpoint": "https://account.services.ai.azure.com:444/api/projects/a"}, "endpoint: "),
        ({"endpoint": "https://u:p@account.services.ai.azure.com/api/projects/a"}, "endpoint: "),
        ({"endpoint": "https://x.services.ai.azure.com.evil.example/api/projects/a"}, "endpoint: "),
        ({"endpoint": "https://a.b.services.ai.azure.com/api/projects/a"}, "endpoint: "),
        ({"endpoint": "http://127.0.0.1/api/projects/demo"}, "endpoint: "),
        ({"endpoint": "http://localhost:80/api/projects/demo"}, "endpoint: "),
        ({"endpoint": PROJECT["endpoint"] + "\n"}, "endpoint: "),
        ({"profile": "training"}, "profile: "),
        ({"computePrefix": f"{ACCOUNT}/computes/a"}, "computePrefix: the id of an account"),
        ({"computePrefix": "/subscriptions/x"}, "computePrefix: "),
        ({"apiVersion": "2026"}, "apiVersion: an api-version like v1"),
        ({"features": "a b"}, "features: previews like"),
        ({"features": "A=B\r\nX: y"}, "features: "),
        ({"allow": ["all"]}, "allow.0: "),
        ({"location": "westeurope"}, "location: "),
    ],
)
def test_a_project_of_another_form_is_named(
    monkeypatch: pytest.MonkeyPatch, fields: dict[str, Any], said: str
) -> None:
    targets = json.dumps({"p": {**PROJECT, **fields}})

    assert wrong(monkeypatch, TARGETS=targets).startswith(f"TARGETS.p.{said}")


def test_what_a_project_lacks_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert wrong(monkeypatch, TARGETS='{"p": {"kind": "project"}}') == (
        "TARGETS.p.endpoint is missing; TARGETS.p.profile is missing"
    )


def test_a_project_may_say_its_account_its_version_and_its_previews(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = project(
        monkeypatch,
        computePrefix=ACCOUNT,
        apiVersion="2026-01-15-preview",
        features="Jobs=V1Preview,TrainingJobs=V1Preview",
        default=True,
    )

    assert (found.compute_prefix, found.api_version) == (ACCOUNT, "2026-01-15-preview")
    assert found.features == "Jobs=V1Preview,TrainingJobs=V1Preview"


def test_two_targets_of_one_alias_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    text = f'{{"demo": {json.dumps(PLACE)}, "demo": {json.dumps(PLACE)}}}'

    assert wrong(monkeypatch, TARGETS=text) == "TARGETS: the same name twice in one object"


def test_the_only_target_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(monkeypatch).default_target == "demo"


def test_of_several_targets_the_marked_one_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    targets = {"a": PLACE, "b": {**PLACE, "default": True}}

    assert read(monkeypatch, TARGETS=json.dumps(targets)).default_target == "b"


def test_of_several_targets_none_may_be_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(monkeypatch, TARGETS=json.dumps({"a": PLACE, "b": PLACE}))

    assert settings.default_target is None


def test_the_words_of_allow_are_those_of_messages() -> None:
    assert [*get_args(Allow)] == [word.value for word in Override]


def test_what_runs_anothers_code_is_not_allowed_unless_said() -> None:
    risky = {"command", "job", "identity", "environmentVariables", "resources"}

    assert {word.value for word in Override} - {*SAFE_ALLOW} == risky


@pytest.mark.parametrize("word", [word.value for word in Override])
def test_every_override_can_be_allowed(monkeypatch: pytest.MonkeyPatch, word: str) -> None:
    assert target(monkeypatch, allow=[word]).targets["demo"].allow == (word,)


@pytest.mark.parametrize(
    ("schedule", "seconds"),
    [
        ("*/15 * * * * *", 15),
        ("*/2 * * * * *", 2),
        ("*/59 * * * * *", 59),
        ("*/90 * * * * *", 60),
        ("*/0 * * * * *", 60),
        ("*/15 * * * *", 60),
        ("0 */5 * * * *", 60),
        ("0 * * * * *", 60),
        ("00:00:30", 60),
        ("x", 60),
    ],
)
def test_the_time_between_polls_is_read_from_the_schedule(
    monkeypatch: pytest.MonkeyPatch, schedule: str, seconds: int
) -> None:
    settings = read(monkeypatch, POLL_SCHEDULE=schedule)

    assert settings.poll_interval == timedelta(seconds=seconds)


@pytest.mark.parametrize("name", [str(field.alias) for field in Settings.model_fields.values()])
@pytest.mark.parametrize("value", [f"{CANARY} ?", json.dumps({f"{CANARY} ?": f"{CANARY} ?"})])
def test_no_value_is_shown_whatever_is_wrong(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        read(monkeypatch, **{name: value, "RETENTION": CANARY})

    told = "".join(traceback.format_exception(caught.value))
    assert "RETENTION" in told
    assert CANARY not in told


def test_no_secret_is_shown_by_the_settings_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(
        monkeypatch,
        ServiceBus__fullyQualifiedNamespace=None,
        Tables__endpoint=None,
        ServiceBus=f"SharedAccessKey={CANARY}",
        Tables=f"AccountKey={CANARY}",
    )

    assert CANARY not in f"{settings} {settings!r}"
