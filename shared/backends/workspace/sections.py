"""What a workspace tells of a job beside how far it is: its children, outputs and services."""

from collections.abc import Callable, Mapping
from itertools import islice

from shared.backends.complaint import MAX_MESSAGE
from shared.backends.reading import entries, objects, text, time, whole
from shared.backends.remote import Remote
from shared.backends.scrubbing import scrubbed
from shared.errors import NotFoundError
from shared.ports import Json, Page
from shared.runs import Section

MAX_PAGES = 5
NO_LOCATION = (
    "children are told by run history, which is asked only where the target has a `location`"
)


def children(history: Remote | None, run_id: str) -> Page | None:
    """The jobs that a job has started; UnavailableError when run history cannot tell."""
    if history is None:
        raise NotFoundError(NO_LOCATION)
    if history.get(f"runs/{run_id}/details") is None:
        return None
    page: Json = {}
    found: list[Json] = []
    for page in islice(history.pages(f"runs/{run_id}/children", {}), MAX_PAGES):
        found += filter(None, map(_child, objects(page.get("value"))))
    return Page(tuple(found), truncated=bool(page.get("nextLink")))


def outputs(job: Json) -> Page:
    """Where the outputs of a job are."""
    return Page(tuple(_output(name, each) for name, each in entries(job.get("outputs"))))


def services(job: Json) -> Page:
    """What can be reached while a job runs, and where it is shown."""
    return Page(tuple(_service(name, each) for name, each in entries(job.get("services"))))


OF_DOCUMENT: Mapping[Section, Callable[[Json], Page]] = {
    Section.OUTPUTS: outputs,
    Section.SERVICES: services,
}


def _child(said: Json) -> Json | None:
    name = text(said.get("runId"))
    if name is None:
        return None
    return {
        "name": name,
        "display_name": _short(said.get("displayName")),
        "status": _short(said.get("status")),
        "started_at": time(said.get("startTimeUtc")),
        "ended_at": time(said.get("endTimeUtc")),
    }


def _output(name: str, said: Json) -> Json:
    return {
        "name": scrubbed(name),
        "type": _short(said.get("jobOutputType")),
        "uri": _short(said.get("uri")),
        "asset_id": _short(said.get("assetId")),
        "asset_name": _short(said.get("assetName")),
        "value": _short(said.get("value")),
    }


def _service(name: str, said: Json) -> Json:
    return {
        "name": scrubbed(name),
        "type": _short(said.get("jobServiceType")),
        "status": _short(said.get("status")),
        "port": whole(said.get("port")),
        "endpoint": _short(said.get("endpoint")),
        "error": _short(said.get("errorMessage")),
    }


def _short(value: object) -> str | None:
    said = text(value)
    return said and said[:MAX_MESSAGE]
