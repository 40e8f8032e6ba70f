"""The envelope that the service puts around a job, which a request may send, too."""

from collections.abc import Iterator
from dataclasses import dataclass

from shared.errors import Fault
from shared.messages.reading import kind
from shared.ports import Json

AT = "/job"
OF_SERVICE = "nothing: the service itself says this"
NOT_OURS_TO_SEND = {
    "id": OF_SERVICE,
    "name": "nothing: the job has the name of its run",
    "system_data": OF_SERVICE,
    "type": OF_SERVICE,
}


@dataclass(frozen=True)
class Opened:
    """A job, the path to it, and what is wrong with its envelope."""

    job: Json
    at: str
    faults: tuple[Fault, ...] = ()


def opened(job: Json) -> Opened:
    """The job, out of its envelope if it is in one."""
    inside = job.get("properties")
    if isinstance(inside, dict) and job.keys() <= {"properties", *NOT_OURS_TO_SEND}:
        return Opened(inside, f"{AT}/properties", tuple(_faults(job)))
    return Opened(job, AT)


def _faults(job: Json) -> Iterator[Fault]:
    for name, expected in NOT_OURS_TO_SEND.items():
        if job.get(name) is not None:
            yield Fault(f"{AT}/{name}", kind(job[name]), expected)
