"""The tags and properties of a job: its definition's, under the request's, under our own."""

import re
from collections.abc import Iterator

from shared.errors import Fault
from shared.messages import Request
from shared.messages.fields import (
    MAX_PAIRS,
    MAX_PROPERTIES,
    MAX_TAGS,
    RESERVED_PROPERTY,
    RESERVED_TAG,
)
from shared.ports import Json
from shared.runs import Run

FINGERPRINT = f"{RESERVED_PROPERTY}fingerprint"
REQUEST_ID = f"{RESERVED_PROPERTY}requestId"
TRACEPARENT = f"{RESERVED_PROPERTY}traceparent"
# What the service and its clients write about one run must not be said of another.
OF_ONE_RUN = re.compile(
    r"_?azureml\..*|_aml_system_.*|mlflow\..*|jobrelay(\..*)?|ContentSnapshotId|ProcessInfoFile|ProcessStatusFile"
    r"|(Start|End)TimeUtc|best_child_run_id|best_metric_status|best_data_container_id|score",
    re.IGNORECASE,
)


def tags(definition: Json, request: Request, *, app_name: str) -> dict[str, str]:
    """The tags."""
    return {**definition.get("tags", {}), **request.tags, RESERVED_TAG: app_name}


def properties(definition: Json, request: Request, *, run: Run) -> dict[str, str]:
    """The properties."""
    ours = {REQUEST_ID: run.request_id, FINGERPRINT: run.fingerprint}
    pairs = {**definition.get("properties", {}), **request.properties, **ours}
    trace = run.envelope.traceparent
    if trace is None or len(pairs) >= MAX_PAIRS:  # a request is not refused for its trace
        return pairs
    return {**pairs, TRACEPARENT: trace}


def faults(definition: Json, request: Request) -> Iterator[Fault]:
    """What the service would not keep: too many of them."""
    sections = {
        "tags": (request.tags, MAX_TAGS),
        "properties": (request.properties, MAX_PROPERTIES),
    }
    for section, (given, most) in sections.items():
        count = len({**definition.get(section, {}), **given})
        if count > most:
            found = f"{count + MAX_PAIRS - most} with those of the job and ours"
            yield Fault(f"/{section}", found, f"at most {MAX_PAIRS} in all")


def kept(pairs: object) -> dict[str, str]:
    """The pairs of a template that say nothing of its own run."""
    return {
        key: value
        for key, value in (pairs.items() if isinstance(pairs, dict) else ())
        if isinstance(value, str) and not OF_ONE_RUN.fullmatch(key)
    }
