"""Somebody looks for templates."""

from collections.abc import Iterator
from itertools import islice

from shared import messages
from shared.errors import NotFoundError
from shared.ports import Json, Services, Target
from shared.runs import JobType

MOST = 200  # jobs in one answer


def discover(services: Services, alias: str, *, job_type: JobType | None) -> Json:
    """The jobs of a target that could be templates, the newest of each kind first.

    Raises NotFoundError when there is no such target, and UnavailableError when it cannot be asked.
    """
    target = services.targets.get(alias)
    if target is None:
        raise NotFoundError("no such target")
    found = list(islice(_jobs(target, job_type), MOST + 1))
    return messages.templates(target.alias, found[:MOST], truncated=len(found) > MOST)


def _jobs(target: Target, job_type: JobType | None) -> Iterator[Json]:
    for kind, backend in target.backends.items():
        if job_type in {None, kind}:
            yield from ({"job_type": kind, **job} for job in backend.templates())
