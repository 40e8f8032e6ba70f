"""Every setting of the app, read once."""

import json
import re
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, ValidationError, ValidationInfo, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from shared.targets import API_VERSION, STEPS, AnyKindOfTarget, AnyTarget, matching

APP_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
ALIAS = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
LONGEST_POLL = timedelta(minutes=1)  # a function lives two
# Only a simulated service of this machine may do without TLS.
ENDPOINT = re.compile(r"https://[a-z0-9.-]+|http://127\.0\.0\.1:\d+")
HISTORY = re.compile(r"https://(\{location\}\.)?[a-z0-9.-]+|http://127\.0\.0\.1:\d+")
HOST = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,252}")
TABLES = re.compile(r"https://[a-z0-9.-]+/?")


class SettingsError(Exception):
    """Settings are missing or wrong; the text names all of them and no value."""


def _json(text: object) -> object:
    try:
        return json.loads(text, object_pairs_hook=_object) if isinstance(text, str) else text
    except (json.JSONDecodeError, RecursionError):
        raise ValueError("no JSON") from None


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object; of two targets with one alias none may win in silence."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("the same name twice in one object")
    return found


Alias = Annotated[str, matching(ALIAS, "an alias of lower-case letters, digits and -, at most 63")]

Name = Annotated[
    str, matching(re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,259}"), "the name of a queue or topic")
]
EVERY_SECONDS = re.compile(r"\*/([1-9][0-9]?)( \*){5}")  # with five fields it would be minutes
KEY = "[key]"  # pydantic's step from a value to its name
UNWRITTEN = STEPS | {KEY}
PLAIN = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Settings(BaseSettings):
    """The app's settings; their names follow the Functions convention."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="ignore",
        hide_input_in_errors=True,
        case_sensitive=True,
        validate_default=True,
        env_ignore_empty=True,
    )

    app_name: Annotated[
        str, matching(APP_NAME, "a name of letters, digits and ._-, at most 64")
    ] = Field(alias="APP_NAME")
    service_bus_namespace: (
        Annotated[str, matching(HOST, "a host like relay.servicebus.windows.net")] | None
    ) = Field(None, alias="ServiceBus__fullyQualifiedNamespace")
    service_bus_connection: str | None = Field(None, alias="ServiceBus", repr=False)
    request_queue: Name = Field("jobs", alias="REQUEST_QUEUE")
    reject_queue: Name = Field("rejects", alias="REJECT_QUEUE")
    event_topic: Name = Field("events", alias="EVENT_TOPIC")
    table_endpoint: (
        Annotated[str, matching(TABLES, "an address like https://relay.table.core.windows.net")]
        | None
    ) = Field(None, alias="Tables__endpoint")
    table_connection: str | None = Field(None, alias="Tables", repr=False)
    table_name: str = Field("runs", alias="TABLE_NAME", pattern=r"^[A-Za-z][A-Za-z0-9]{2,62}$")
    poll_schedule: str = Field("*/15 * * * * *", alias="POLL_SCHEDULE")
    forget_schedule: str = Field("0 30 3 * * *", alias="FORGET_SCHEDULE")
    retention: timedelta = Field(
        timedelta(days=90), alias="RETENTION", ge=timedelta(days=15), le=timedelta(days=3650)
    )
    # Longer than functionTimeout, the timeout of a request and a minute together.
    lease: timedelta = Field(
        timedelta(minutes=4), alias="LEASE", ge=timedelta(seconds=1), le=timedelta(hours=1)
    )
    # With `entra` the platform must check tokens before the routes (authsettingsV2).
    http_auth: Literal["key", "entra"] = Field("key", alias="HTTP_AUTH")
    client_id: str | None = Field(None, alias="AZURE_CLIENT_ID")
    arm_endpoint: Annotated[str, matching(ENDPOINT, "https and a host")] = Field(
        "https://management.azure.com", alias="ARM_ENDPOINT"
    )
    arm_scope: str = Field("https://management.azure.com/.default", alias="ARM_SCOPE")
    arm_api_version: Annotated[str, matching(API_VERSION, "an api-version like 2024-10-01")] = (
        Field("2024-10-01", alias="ARM_API_VERSION")
    )
    history_endpoint: Annotated[
        str, matching(HISTORY, "https and a host, which may begin with {location}")
    ] = Field("https://{location}.api.azureml.ms", alias="HISTORY_ENDPOINT")
    history_scope: str = Field("https://ml.azure.com/.default", alias="HISTORY_SCOPE")
    foundry_scope: str = Field("https://ai.azure.com/.default", alias="FOUNDRY_SCOPE")
    targets: Annotated[dict[Alias, AnyKindOfTarget], NoDecode, BeforeValidator(_json)] = Field(
        alias="TARGETS", min_length=1
    )

    @classmethod
    def read(cls) -> "Settings":
        """The settings in the environment.

        Raises SettingsError naming all that is missing or wrong, never a value.
        """
        try:
            return cls()
        except ValidationError as exc:
            errors = exc.errors(include_input=False, include_url=False, include_context=False)
            raise SettingsError("; ".join(map(_line, errors))) from None

    @property
    def default_target(self) -> str | None:
        """The target of a request that names none: the one marked so, or the only one."""
        marked = [alias for alias, target in self.targets.items() if target.default]
        if not marked and len(self.targets) == 1:
            marked = [*self.targets]
        return marked[0] if marked else None

    @property
    def poll_interval(self) -> timedelta:
        """The time between two polls, as far as the schedule says it plainly; else a minute."""
        match = EVERY_SECONDS.fullmatch(self.poll_schedule)
        return (
            LONGEST_POLL if match is None else min(timedelta(seconds=int(match[1])), LONGEST_POLL)
        )

    @field_validator("service_bus_connection")
    @classmethod
    def _one_bus(cls, value: str | None, info: ValidationInfo) -> str | None:
        return _either(value, info, "service_bus_namespace", "ServiceBus__fullyQualifiedNamespace")

    @field_validator("table_connection")
    @classmethod
    def _one_table(cls, value: str | None, info: ValidationInfo) -> str | None:
        return _either(value, info, "table_endpoint", "Tables__endpoint")

    @field_validator("targets")
    @classmethod
    def _one_default(cls, targets: dict[str, AnyTarget]) -> dict[str, AnyTarget]:
        if sum(target.default for target in targets.values()) > 1:
            raise ValueError("at most one target is the default")
        return targets


def _either(value: str | None, info: ValidationInfo, field: str, name: str) -> str | None:
    """A setting that is there, or the other one of its kind: one of them, not both."""
    other = info.data.get(field, "there, but wrong")
    if other is None and value is None:
        raise ValueError(f"is missing, and so is {name}: set one of them")
    if other is not None and value is not None:
        raise ValueError(f"is set, and so is {name}: set one of them")
    return value


def _line(error: ErrorDetails) -> str:
    """One thing wrong with the settings, without what was found."""
    first, *rest = (str(step) for step in error["loc"] if step not in UNWRITTEN)
    field = Settings.model_fields.get(first)
    steps = (step if PLAIN.fullmatch(step) else "?" for step in rest)
    name = ".".join([(field and field.alias) or first, *steps])
    if error["type"] == "missing":
        return f"{name} is missing"
    text = error["msg"].removeprefix("Value error, ")
    return f"{name} {text}" if text.startswith("is ") else f"{name}: {text}"
