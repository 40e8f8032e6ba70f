"""What a job's document says: how far the job is, and since when."""

from datetime import datetime
from typing import Any

from shared.backends.answers import document_in
from shared.backends.complaint import MAX_CODE
from shared.backends.labels import FINGERPRINT
from shared.backends.reading import entries, mapping, text, texts, time
from shared.backends.scrubbing import scrubbed
from shared.backends.statuses import status
from shared.backends.workspace.arm import Workspace
from shared.errors import UnavailableError
from shared.ports import Json
from shared.runs import Job, Observation

UNSAID = "Unknown"
STAGES = "azureml.pipelines.stages"  # where a pipeline has its times, as JSON in a text


def observation(document: Json, *, run_id: str, workspace: Workspace) -> Observation:
    """What a look at a job saw; UnavailableError when the answer is no document of this job."""
    properties = definition(document, run_id)
    native = properties.get("status") or UNSAID
    if not isinstance(native, str):
        raise wrong_shape(run_id)
    own = mapping(properties.get("properties"))
    return Observation(
        status=status(native),
        native_status=scrubbed(native[:MAX_CODE]),
        job=Job(
            display_name=text(properties.get("displayName")),
            experiment_name=text(properties.get("experimentName")),
            tags=texts(properties.get("tags")),
            monitor_url=_studio(properties) or workspace.studio(run_id),
        ),
        fingerprint=text(own.get(FINGERPRINT)),
        started_at=_time(properties, "StartTime"),
        ended_at=_time(properties, "EndTime"),
        document=document,
    )


def definition(document: Json, name: str) -> Json:
    """The properties of a job; UnavailableError when the document is none of a job of this name."""
    properties, said = document.get("properties"), document.get("name", name)
    if not isinstance(properties, dict) or not isinstance(said, str):
        raise wrong_shape(name)
    if said.casefold() != name.casefold():
        raise wrong_shape(name)
    return properties


def wrong_shape(name: str) -> UnavailableError:
    """The failure for an answer that cannot be read."""
    return UnavailableError(f"jobs/{name}: the answer is no job", code="UnexpectedAnswer")


def _studio(properties: Json) -> str | None:
    """The page of the job, in whatever case the service writes its name."""
    services = {name.casefold(): service for name, service in entries(properties.get("services"))}
    return text(services.get("studio", {}).get("endpoint"))


def _time(properties: Json, name: str) -> datetime | None:
    """When a job started or ended, from the first place that says so."""
    own = mapping(properties.get("properties"))
    said = (
        own.get(f"{name}Utc"),
        _execution(own.get(STAGES)).get(name),
        properties.get(f"{name[0].lower()}{name[1:]}Utc"),
    )
    return next(filter(None, map(time, said)), None)


def _execution(stages: object) -> dict[str, Any]:
    """What a pipeline says of the stage in which its steps ran."""
    try:
        return mapping(mapping(document_in(str(stages).encode())).get("Execution"))
    except ValueError:
        return {}
