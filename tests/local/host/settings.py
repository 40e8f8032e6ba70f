"""What the host reads before it starts: settings named in bindings, and host.json."""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NAMED = re.compile(r"%([^%]*)%")
SPAN = re.compile(r"(?:(\d+)\.)?(\d{1,2}):(\d{2}):(\d{2})")
FOR_EVER = "-1"


class SettingError(Exception):
    """A setting is missing or cannot be used; the text says which one."""


@dataclass(frozen=True)
class Connection:
    """A way to a namespace: a connection string, or its host name for use with an identity."""

    text: str | None = None
    namespace: str | None = None


@dataclass(frozen=True)
class HostFile:
    """The parts of host.json that this host obeys; times are in seconds.

    The defaults are those of https://learn.microsoft.com/azure/azure-functions/functions-host-json
    and https://learn.microsoft.com/azure/azure-functions/functions-bindings-service-bus.
    """

    function_timeout: float | None = 30 * 60.0
    route_prefix: str = "api"
    concurrent_calls: int = 16 * (os.cpu_count() or 1)
    prefetch_count: int = 0
    lock_renewal: float = 5 * 60.0


def resolved(text: str, settings: Mapping[str, str]) -> str:
    """Put the values of app settings where `%Name%` stands; SettingError when there is none."""

    def value(match: re.Match[str]) -> str:
        if match[1] not in settings:
            raise SettingError(f"{text!r} needs the app setting {match[1]}, which is not set")
        return settings[match[1]]

    return NAMED.sub(value, text)


def connection(name: str, settings: Mapping[str, str]) -> Connection:
    """Find a connection by its name; the setting of that very name wins over its prefix."""
    if name in settings:
        return Connection(text=settings[name])
    if namespace := settings.get(f"{name}__fullyQualifiedNamespace"):
        return Connection(namespace=namespace)
    raise SettingError(f"neither {name} nor {name}__fullyQualifiedNamespace is set")


def host_file(path: Path) -> HostFile:
    """Read host.json; what does not stand in it has its default."""
    try:
        spec = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    except ValueError as exc:
        raise SettingError(f"{path.name} is not JSON: {exc}") from exc
    bus, defaults = _part(spec, "extensions", "serviceBus"), HostFile()
    if bus.get("autoCompleteMessages", True) is not True:
        raise SettingError(
            "autoCompleteMessages must be on: a Python function cannot settle its message"
        )
    return HostFile(
        function_timeout=_timeout(spec, defaults),
        route_prefix=_part(spec, "extensions", "http").get("routePrefix", defaults.route_prefix),
        concurrent_calls=bus.get("maxConcurrentCalls", defaults.concurrent_calls),
        prefetch_count=bus.get("prefetchCount", defaults.prefetch_count),
        lock_renewal=_span(bus, "maxAutoLockRenewalDuration", defaults.lock_renewal),
    )


def _timeout(spec: Mapping[str, Any], defaults: HostFile) -> float | None:
    if str(spec.get("functionTimeout")) == FOR_EVER:
        return None
    return _span(spec, "functionTimeout", defaults.function_timeout or 0)


def _span(spec: Mapping[str, Any], name: str, default: float) -> float:
    """Read a .NET time span like 00:05:00 or 1.00:00:00."""
    if name not in spec:
        return default
    match = SPAN.fullmatch(str(spec[name]))
    if not match:
        raise SettingError(f"host.json: {name} is a time span like 00:05:00, not {spec[name]!r}")
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return float(((days * 24 + hours) * 60 + minutes) * 60 + seconds)


def _part(spec: Mapping[str, Any], *names: str) -> Mapping[str, Any]:
    for name in names:
        spec = spec.get(name, {})
    return spec
