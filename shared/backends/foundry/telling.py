"""The parts of a job's record in our words, read without trust."""

import re
from typing import Any

from shared.backends.complaint import MAX_DETAILS, MAX_MESSAGE
from shared.backends.failures import why
from shared.backends.foundry.profiles import time
from shared.backends.reading import mapping, objects, seconds, text, whole
from shared.backends.scrubbing import scrubbed, scrubbed_value
from shared.ports import Json

MAX_NAME, MAX_PATH = 256, 1000
LOG = re.compile(r"(.*/)?([a-z]+[_-])?logs/.*|.*\.log|(.*/)?std_?(log|out|err)[^/]*\.txt", re.I)


def attempt(said: Json) -> Json:
    """An attempt."""
    return {
        "id": _short(said.get("id")),
        "status": _short(said.get("status")),
        "status_reason": _long(said.get("status_reason")),
        "is_latest": said.get("is_latest") is True,
        "started_at": time(said.get("started_at")),
        "ended_at": time(said.get("ended_at")),
        "compute_seconds": seconds(said.get("compute_duration")),
        "compute": _machines(mapping(said.get("compute_details"))),
        "error": _error(said.get("error")),
        "warnings": warnings(said.get("warnings")),
    }


def warnings(said: object) -> list[Json]:
    """What was warned of."""
    read = (
        {
            "code": _short(each.get("code") or each.get("source")),
            "message": _long(each.get("message")),
        }
        for each in objects(said)[:MAX_DETAILS]
    )
    return [each for each in read if any(each.values())]


def point(name: str, said: Json) -> Json:
    """A value of a metric, as either contract writes it."""
    return {
        "name": name[:MAX_NAME],
        "step": whole(said.get("step")),
        "at": time(said.get("created_at", said.get("createdUtc"))),
        "value": _value(name, mapping(said.get("data"))),
    }


def artifact(said: Json) -> Json | None:
    """A file; None when it has no path."""
    path = text(said.get("path"))
    if path is None:
        return None
    return {
        "path": path[:MAX_PATH],
        "type": _short(said.get("type")),
        "size": whole(said.get("size")),
        "created_at": time(said.get("created_at")),
        "updated_at": time(said.get("updated_at")),
    }


def service(name: str, said: Json) -> Json:
    """Something that can be reached."""
    kind = said.get("type") or said.get("job_service_type") or said.get("jobServiceType")
    error = said.get("error_message") or said.get("errorMessage") or said.get("error")
    return {
        "name": scrubbed(name)[:MAX_NAME],
        "type": _short(kind),
        "status": _short(said.get("status")),
        "port": whole(said.get("port")),
        "endpoint": _long(said.get("endpoint")),
        "error": _long(mapping(error).get("message")) or _long(error),
    }


def output(said: Json) -> Json:
    """Where an output is."""
    kind = said.get("job_output_type") or said.get("job_input_type") or said.get("type")
    return {
        "type": _short(kind),
        "uri": _long(said.get("uri")),
        "asset_id": _long(said.get("asset_id")),
        "asset_name": _short(said.get("asset_name")),
        "asset_version": _short(said.get("asset_version")),
    }


def is_log(path: str) -> bool:
    """Is this artifact a log?"""
    return LOG.fullmatch(path) is not None


def _machines(said: Json) -> Json | None:
    read = {
        "vm_size": _short(said.get("vm_size")),
        "instance_type": _short(said.get("instance_type")),
        "instance_count": whole(said.get("instance_count")),
        "gpu_count": whole(said.get("gpu_count")),
        "region": _short(said.get("region")),
    }
    return read if any(value is not None for value in read.values()) else None


def _error(said: object) -> Json | None:
    found = why(said)
    if found is None:
        return None
    return {"code": found.code, "message": found.message, "hint": found.hint}


def _value(name: str, data: Json) -> Any:
    """The value under the name of its metric, or the only one; else all of them."""
    value = data.get(name, next(iter(data.values())) if len(data) == 1 else data or None)
    try:
        return scrubbed_value(value)
    except ValueError:
        return None


def _short(value: object) -> str | None:
    said = text(value)
    return said and said[:MAX_NAME]


def _long(value: object) -> str | None:
    said = text(value)
    return said and said[:MAX_MESSAGE]
