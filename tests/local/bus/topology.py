"""The entities of a namespace in JSON.

    {"queues": {"jobs": {"lockDuration": "PT5M", …}},
     "topics": {"events": {…, "subscriptions": {"all": {…, "rules": {"mine": {…}}}}}}}

The names are those of Microsoft.ServiceBus in ARM, so that a template can be compared with it:
https://learn.microsoft.com/azure/templates/microsoft.servicebus. Properties that would change
nothing in the twin are not known here.
"""

import dataclasses
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from tests.local.bus.durations import duration
from tests.local.bus.filters.correlation import CorrelationFilter
from tests.local.bus.filters.sql import SqlFilter
from tests.local.bus.messages import FOR_EVER
from tests.local.bus.options import QueueOptions, SubscriptionOptions, TopicOptions
from tests.local.bus.rules import Filter, Rule

Json = Mapping[str, Any]
Made = TypeVar("Made", QueueOptions, TopicOptions, SubscriptionOptions)
Parsed = TypeVar("Parsed")

NAMES = {
    # https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
    "queue": re.compile(r"[A-Za-z0-9]([A-Za-z0-9._/-]{0,258}[A-Za-z0-9])?"),
    "topic": re.compile(r"[A-Za-z0-9]([A-Za-z0-9._/-]{0,258}[A-Za-z0-9])?"),
    "subscription": re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,48}[A-Za-z0-9])?"),
    "rule": re.compile(r"[$A-Za-z0-9]([A-Za-z0-9._-]{0,48}[A-Za-z0-9])?"),
}
CORRELATION = {
    "contentType",
    "correlationId",
    "label",
    "messageId",
    "replyTo",
    "replyToSessionId",
    "sessionId",
    "to",
}
MOST_DELIVERIES = 2000


class TopologyError(Exception):
    """Something in a topology is wrong; the text begins with its path."""


@dataclass(frozen=True)
class Topic:
    """A topic and its subscriptions by name."""

    options: TopicOptions
    subscriptions: Mapping[str, SubscriptionOptions]


@dataclass(frozen=True)
class Topology:
    """Queues and topics by name."""

    queues: Mapping[str, QueueOptions]
    topics: Mapping[str, Topic]


def load(path: Path) -> Topology:
    """Read a topology file; TopologyError says what is wrong in it and where."""
    try:
        spec = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=_once)
    except (OSError, ValueError) as exc:
        raise TopologyError(f"{path}: {exc}") from exc
    try:
        return read(spec)
    except TopologyError as exc:
        raise TopologyError(f"{path}: {exc}") from exc


def read(spec: object) -> Topology:
    """Read a topology; TopologyError says what is wrong in it and where."""
    parts = _object(spec, "topology")
    _no_others(parts, ("queues", "topics"), "topology")
    queues = _named(parts.get("queues", {}), "queue", "queues")
    topics = _named(parts.get("topics", {}), "topic", "topics")
    return Topology(
        {
            name: options(QueueOptions, properties, f"queues.{name}")
            for name, properties in queues.items()
        },
        {name: _topic(properties, f"topics.{name}") for name, properties in topics.items()},
    )


def options(made: type[Made], properties: Json, where: str) -> Made:
    """Read the properties of one entity."""
    fields = {_camel(field.name): field.name for field in dataclasses.fields(made)}
    _no_others(properties, fields, where)
    values: dict[str, Any] = {
        fields[name]: _property(name, value, where) for name, value in properties.items()
    }
    return made(**values)


def checked_name(name: object, kind: str, where: str) -> str:
    """Give back a name that an entity of this kind may have."""
    if not isinstance(name, str) or not NAMES[kind].fullmatch(name):
        raise TopologyError(f"{where}: {name!r} is not a name for a {kind}")
    return name


def _topic(properties: Json, where: str) -> Topic:
    own = {name: value for name, value in properties.items() if name != "subscriptions"}
    subscriptions = _named(
        properties.get("subscriptions", {}), "subscription", f"{where}.subscriptions"
    )
    return Topic(
        options(TopicOptions, own, where),
        {
            name: options(SubscriptionOptions, given, f"{where}.subscriptions.{name}")
            for name, given in subscriptions.items()
        },
    )


def _property(name: str, value: object, where: str) -> object:
    if name == "rules":
        return _rules(value, f"{where}.rules")
    return _parsed(READERS[name], value, f"{where}.{name}")


def _rules(value: object, where: str) -> tuple[Rule, ...]:
    rules = _named(value, "rule", where)
    return tuple(Rule(name, _filter(rule, f"{where}.{name}")) for name, rule in rules.items())


def _filter(rule: Json, where: str) -> Filter:
    kind = rule.get("filterType", "SqlFilter")
    if kind not in {"SqlFilter", "CorrelationFilter"}:
        raise TopologyError(
            f"{where}.filterType: {kind!r} is neither SqlFilter nor CorrelationFilter"
        )
    part = "sqlFilter" if kind == "SqlFilter" else "correlationFilter"
    _no_others(rule, ("filterType", part), where)
    where = f"{where}.{part}"
    spec = _object(rule.get(part), where)
    return _sql(spec, where) if kind == "SqlFilter" else _correlation(spec, where)


def _sql(spec: Json, where: str) -> SqlFilter:
    _no_others(spec, ("sqlExpression",), where)
    return _parsed(
        lambda value: SqlFilter(_text(value)), spec.get("sqlExpression"), f"{where}.sqlExpression"
    )


def _correlation(spec: Json, where: str) -> CorrelationFilter:
    _no_others(spec, {*CORRELATION, "properties"}, where)
    system = {
        name.lower(): _parsed(_text, spec[name], f"{where}.{name}")
        for name in spec
        if name in CORRELATION
    }
    properties = _object(spec.get("properties", {}), f"{where}.properties")
    if not system and not properties:
        raise TopologyError(f"{where}: a correlation filter names at least one property")
    return CorrelationFilter(system, {name.lower(): value for name, value in properties.items()})


def _named(value: object, kind: str, where: str) -> dict[str, Json]:
    """Read an object that has a name and an object for each thing of a kind."""
    things = _object(value, where)
    if len({name.lower() for name in things}) < len(things):
        raise TopologyError(f"{where}: two names differ in case only")
    return {
        checked_name(name, kind, where): _object(thing, f"{where}.{name}")
        for name, thing in things.items()
    }


def _object(value: object, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TopologyError(f"{where}: an object is expected, not {json.dumps(value)}")
    return value


def _no_others(spec: Json, known: Iterable[str], where: str) -> None:
    unknown = [name for name in spec if name not in known]
    if unknown:
        raise TopologyError(
            f"{where}.{unknown[0]}: no such property here; there are {', '.join(sorted(known))}"
        )


def _parsed(reader: Callable[[object], Parsed], value: object, where: str) -> Parsed:
    try:
        return reader(value)
    except ValueError as exc:
        raise TopologyError(f"{where}: {exc}") from exc


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"a text is expected, not {json.dumps(value)}")
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"true or false is expected, not {json.dumps(value)}")
    return value


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MOST_DELIVERIES:
        raise ValueError(
            f"a whole number from 1 to {MOST_DELIVERIES} is expected, not {json.dumps(value)}"
        )
    return value


def _up_to(longest: timedelta) -> Callable[[object], timedelta]:
    def read(value: object) -> timedelta:
        length = duration(_text(value))
        if not timedelta() < length <= longest:
            raise ValueError(f"{value} is not more than nothing and at most {longest}")
        return length

    return read


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make an object of JSON whose names occur once."""
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"a name stands twice in one object: {twice}")
    return made


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(other.capitalize() for other in others)


# The upper limits are the service's; the lower ones are not kept, so that tests need not wait.
READERS: Mapping[str, Callable[[object], object]] = {
    "deadLetteringOnMessageExpiration": _flag,
    "defaultMessageTimeToLive": _up_to(FOR_EVER),
    "duplicateDetectionHistoryTimeWindow": _up_to(timedelta(days=7)),
    "lockDuration": _up_to(timedelta(minutes=5)),
    "maxDeliveryCount": _whole,
    "requiresDuplicateDetection": _flag,
    "requiresSession": _flag,
}
