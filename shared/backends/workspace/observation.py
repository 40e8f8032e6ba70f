"""What a job's document says: how far the job is, and how it ended."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from shared.backends.complaint import MAX_CODE, MAX_MESSAGE
from shared.backends.hints import hint
from shared.backends.workspace.arm import Workspace
from shared.backends.workspace.labels import FINGERPRINT
from shared.errors import Problem, UnavailableError
from shared.messages.fields import FIRST_YEAR, LAST_YEAR
from shared.ports import Json
from shared.runs import Job, Observation, Result, Run, Status

# learn.microsoft.com/rest/api/azureml/jobs/get (JobStatus), in lower case because more than one
# spelling is met. The list is open: any other word is Unknown.
STATUSES: Mapping[str, Status] = {
    "notstarted": Status.STARTING,
    "queued": Status.STARTING,
    "preparing": Status.STARTING,
    "provisioning": Status.STARTING,
    "starting": Status.STARTING,
    "running": Status.RUNNING,
    "finalizing": Status.RUNNING,
    "in_progress": Status.RUNNING,
    "cancelrequested": Status.CANCELLING,
    "completed": Status.SUCCESS,
    "succeeded": Status.SUCCESS,
    "failed": Status.FAILED,
    "canceled": Status.CANCELLED,
    "cancelled": Status.CANCELLED,
}
UNSAID = "Unknown"
TIME_FORMATS = ("%m/%d/%Y %H:%M:%S", "%m/%d/%Y %I:%M:%S %p")  # of .NET, beside ISO 8601
NO_REASON = "the job failed; Azure Resource Manager does not say why"
NO_REASON_HINT = "The log of the job says why: open monitorUrl."


def observation(document: Json, *, run_id: str, workspace: Workspace) -> Observation:
    """What a look at a job saw; UnavailableError when the answer is no document of this job."""
    properties = definition(document, run_id)
    native = properties.get("status") or UNSAID
    if not isinstance(native, str):
        raise wrong_shape(run_id)
    own = _mapping(properties.get("properties"))
    return Observation(
        status=STATUSES.get(native.casefold(), Status.UNKNOWN),
        native_status=native[:MAX_CODE],
        job=Job(
            display_name=_text(properties.get("displayName")),
            experiment_name=_text(properties.get("experimentName")),
            tags=_texts(properties.get("tags")),
            monitor_url=_studio(properties) or workspace.studio(run_id),
        ),
        fingerprint=_text(own.get(FINGERPRINT)),
        started_at=_time(own.get("StartTimeUtc")) or _time(properties.get("startTimeUtc")),
        ended_at=_time(own.get("EndTimeUtc")) or _time(properties.get("endTimeUtc")),
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


def result(run: Run, seen: Observation) -> Result:
    """How a job ended.

    The outputs include `default`, where the service keeps logs and artifacts, and those inputs that
    the request wants to hear of as outputs.
    """
    properties = _mapping(seen.document.get("properties"))
    outputs = {name: _place(value) for name, value in _entries(properties.get("outputs"))}
    wanted = set(run.card.wanted_outputs or ()) - outputs.keys()
    echoed = {
        name: _place(value) for name, value in _entries(properties.get("inputs")) if name in wanted
    }
    error = _error(properties) if seen.status is Status.FAILED else None
    return Result(outputs={**outputs, **echoed}, error=error)


def _place(value: Json) -> str | dict[str, str | None]:
    """Where an output is; a literal is its value."""
    kind = _text(value.get("jobOutputType")) or _text(value.get("jobInputType"))
    literal = _text(value.get("value"))
    if kind == "literal" and literal is not None:
        return literal
    return {"type": kind, "uri": _text(value.get("uri")), "asset_id": _text(value.get("assetId"))}


def _error(properties: Json) -> Problem:
    """Why a job failed, as far as its document says."""
    said = _mapping(properties.get("error"))
    inner = _mapping(said.get("error")) or said
    services = _entries(properties.get("services"))
    messages = [inner.get("message"), *(service.get("errorMessage") for _, service in services)]
    message = next(filter(None, map(_text, messages)), NO_REASON)[:MAX_MESSAGE]
    code = (_text(inner.get("code")) or "JobFailed")[:MAX_CODE]
    return Problem(code, message, hint((code, message)) or NO_REASON_HINT)


def _studio(properties: Json) -> str | None:
    """The page of the job, in whatever case the service writes its name."""
    services = {name.casefold(): service for name, service in _entries(properties.get("services"))}
    return _text(services.get("studio", {}).get("endpoint"))


def _time(value: object) -> datetime | None:
    """A time in any of the ways in which it is met, UTC if it does not say; None if it is none."""
    if not isinstance(value, str):
        return None
    time = _parsed(value.strip())
    if time is None or not FIRST_YEAR <= time.year <= LAST_YEAR:
        return None
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)


def _parsed(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    for form in TIME_FORMATS:
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None


def _entries(value: object) -> list[tuple[str, Json]]:
    return [(name, each) for name, each in _mapping(value).items() if isinstance(each, dict)]


def _texts(value: object) -> dict[str, str]:
    return {name: each for name, each in _mapping(value).items() if isinstance(each, str)}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
