"""Somebody reads on: what the service tells of the job of a run, beside how far it is."""

from shared import messages
from shared.errors import NotFoundError
from shared.flows import steps
from shared.ports import Json, Services
from shared.runs import Run, Section


def examine(services: Services, run_id: str, section: Section, *, item: str | None = None) -> Json:
    """A section of the run's job as it is now; with `item` the points of one metric.

    NotFoundError when there is no such run, no such section of it, or nothing of it yet;
    UnavailableError when the service cannot be asked.
    """
    found = services.store.run(run_id)
    if found is None or not isinstance(found.row, Run):
        raise NotFoundError(f"no run {run_id}")
    page = steps.backend_of(services, found.row).section(run_id, section, item)
    if page is None:
        what = section if item is None else f"{section} of this name"
        raise NotFoundError(f"the service has no {what} of run {run_id}: it may have no job yet")
    return messages.section_view(run_id, section, page.items, truncated=page.truncated)
