"""The names, tags and properties of a job: its template's, under the request's, under our own."""

import re
from collections.abc import Iterator, Mapping

from shared.errors import Fault
from shared.messages import Request
from shared.messages.fields import MAX_PAIRS, RESERVED_PROPERTY, RESERVED_TAG
from shared.ports import Json
from shared.runs import Run

FINGERPRINT = f"{RESERVED_PROPERTY}fingerprint"
REQUEST_ID = f"{RESERVED_PROPERTY}requestId"
# What the service and its clients write about one run must not be said of another.
OF_ONE_RUN = re.compile(
    r"_?azureml\..*|_aml_system_.*|mlflow\..*|jobrelay(\..*)?|ContentSnapshotId|ProcessInfoFile|ProcessStatusFile"
    r"|(Start|End)TimeUtc|best_child_run_id|best_metric_status|best_data_container_id|score",
    re.IGNORECASE,
)


def names(template: Json, request: Request) -> Json:
    """The display name, description and experiment."""
    given = {
        "displayName": request.display_name,
        "description": request.description,
        "experimentName": request.experiment_name,
    }
    values = {key: template.get(key) if value is None else value for key, value in given.items()}
    return {key: value for key, value in values.items() if isinstance(value, str)}


def tags(template: Json, request: Request, *, app_name: str) -> dict[str, str]:
    """The tags."""
    return {**_kept(template.get("tags")), **request.tags, RESERVED_TAG: app_name}


def properties(template: Json, request: Request, *, run: Run) -> dict[str, str]:
    """The properties."""
    ours = {REQUEST_ID: run.request_id, FINGERPRINT: run.fingerprint}
    return {**_kept(template.get("properties")), **request.properties, **ours}


def faults(labels: Mapping[str, Mapping[str, str]]) -> Iterator[Fault]:
    """What the service would not keep: too many of them."""
    for section, pairs in labels.items():
        if len(pairs) > MAX_PAIRS:
            found = f"{len(pairs)} with the template's and ours"
            yield Fault(f"/{section}", found, f"at most {MAX_PAIRS} in all")


def _kept(pairs: object) -> dict[str, str]:
    """The pairs of a template that say nothing of its own run."""
    return {
        key: value
        for key, value in (pairs.items() if isinstance(pairs, dict) else ())
        if isinstance(value, str) and not OF_ONE_RUN.fullmatch(key)
    }
