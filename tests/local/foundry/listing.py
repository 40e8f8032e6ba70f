"""Which jobs a list shows, on either contract."""

from collections.abc import Iterable
from dataclasses import dataclass

from tests.local.foundry.model.schema import Surface
from tests.local.foundry.refusals import bad_request
from tests.local.foundry.state import Job

ACTIVE, ARCHIVED = frozenset({False}), frozenset({True})
VIEWS = {
    Surface.TRAINING_JOBS: {
        "active_only": ACTIVE,
        "archived_only": ARCHIVED,
        "all": ACTIVE | ARCHIVED,
    },
    Surface.JOBS: {"activeonly": ACTIVE, "archivedonly": ARCHIVED, "all": ACTIVE | ARCHIVED},
}


@dataclass(frozen=True)
class Filter:
    """What a list is asked for."""

    job_type: str | None
    tag: str | None
    properties: tuple[str, ...]
    archived: frozenset[bool]

    def fits(self, job: Job) -> bool:
        """Tell whether a job belongs into the list."""
        wanted = job.definition
        return (
            self.job_type in {None, wanted.job_type}
            and (self.tag is None or _has(wanted.tags, self.tag))
            and all(_has(wanted.properties, entry) for entry in self.properties)
            and wanted.is_archived in self.archived
        )


def filter_of(
    surface: Surface,
    *,
    job_type: str | None,
    tag: str | None,
    properties: str | None,
    view: str | None,
) -> Filter:
    """Read the filters of a list; refuse a view that does not exist."""
    views = VIEWS[surface]
    found = views.get(view.lower() if surface.is_camel else view) if view else ACTIVE
    if found is None:
        raise bad_request(f"there is no such view of jobs: {view!r}")
    entries = tuple(entry.strip() for entry in (properties or "").split(",") if entry.strip())
    kind = job_type.lower() if job_type and surface.is_camel else job_type
    return Filter(kind or None, tag or None, entries, found)


def chosen(jobs: Iterable[Job], wanted: Filter) -> list[Job]:
    """Give the jobs that belong into the list."""
    return [job for job in jobs if wanted.fits(job)]


def _has(labels: dict[str, str], wanted: str) -> bool:
    name, equals, value = wanted.partition("=")
    return name in labels and (not equals or labels[name] == value)
