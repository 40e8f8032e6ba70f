"""What the document of a training job says: how far the job is."""

from shared.backends.foundry.profiles import Profile, time
from shared.backends.labels import FINGERPRINT
from shared.backends.reading import entries, mapping, text, texts
from shared.backends.scrubbing import scrubbed
from shared.backends.statuses import status
from shared.errors import UnavailableError
from shared.ports import Json
from shared.runs import Job, Observation

UNSAID = "Unknown"
MAX_WORD = 100


def observation(document: Json, *, run_id: str, profile: Profile) -> Observation:
    """What a look at a job saw; UnavailableError when the answer is no document of this job."""
    job = profile.read(definition(document, run_id, profile))
    native = job.get("status") or UNSAID
    if not isinstance(native, str):
        raise _wrong_shape(profile.job(run_id))
    return Observation(
        status=status(native),
        native_status=scrubbed(native)[:MAX_WORD],
        job=Job(
            display_name=text(job.get("display_name")),
            experiment_name=text(job.get("experiment_name")),
            tags=texts(job.get("tags")),
            monitor_url=_studio(job),
        ),
        fingerprint=text(mapping(job.get("properties")).get(FINGERPRINT)),
        started_at=time(job.get("started_at")),
        ended_at=time(job.get("ended_at")),
        document={**document, "properties": job},
    )


def definition(document: Json, name: str, profile: Profile) -> Json:
    """What the wire says of a job; UnavailableError when the document is none of this name."""
    properties, said = document.get("properties"), document.get("name", name)
    if not isinstance(properties, dict) or not isinstance(said, str):
        raise _wrong_shape(profile.job(name))
    if said.casefold() != name.casefold():
        raise _wrong_shape(profile.job(name))
    return properties


def _wrong_shape(path: str) -> UnavailableError:
    return UnavailableError(f"{path}: the answer is no job", code="UnexpectedAnswer")


def _studio(job: Json) -> str | None:
    """The page of the job, where the service names one."""
    services = {name.casefold(): service for name, service in entries(job.get("services"))}
    return text(services.get("studio", {}).get("endpoint"))
