"""Why a job failed: in its own words, or in those of the child that failed first."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from shared.backends import hints
from shared.backends.complaint import MAX_CODE, MAX_DETAILS, MAX_MESSAGE
from shared.backends.failures import FAILED, SILENT, why
from shared.backends.reading import entries, objects, text
from shared.backends.workspace.history import Child, Children, Inquiry
from shared.errors import Problem
from shared.ports import Json
from shared.runs import Status

MAX_NAME = 256
LEVELS = 5  # of children's children
LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Failing:
    """The child that failed, and why, if it says."""

    name: str
    why: Problem | None


def of_documents(properties: Json, details: Json) -> Problem | None:
    """Why a job failed, as its documents say it themselves."""
    said = why(details.get("error")) or why(properties.get("error"))
    if said is not None:
        return said
    services = (text(each.get("errorMessage")) for _, each in entries(properties.get("services")))
    return why({"message": next(filter(None, services), None)})


def failing(inquiry: Inquiry, children: Children, *, levels: int = LEVELS) -> Failing | None:
    """The child that failed first; rather the child of that which failed, if it says why."""
    failed = [child for child in children.found if child.status is Status.FAILED]
    if not failed:
        return None
    first = min(failed, key=lambda child: child.ended_at or LAST)
    inside = inquiry.children(first.name) if levels > 1 else Children()
    deeper = failing(inquiry, inside, levels=levels - 1)
    if deeper is not None and deeper.why is not None:
        return deeper
    return Failing(first.name, _why(inquiry, first))


def whole(own: Problem | None, child: Failing | None, warnings: object) -> Problem:
    """The error of a job: the words of the child where there are any, and all else as details."""
    said = own or Problem(FAILED, SILENT, hints.LOG)
    why_child = None if child is None else child.why
    cause = why_child or said
    besides = [{"code": own.code, "message": own.message}] if own and why_child else []
    return replace(
        cause,
        hint=cause.hint or (None if own is None else own.hint),
        details=(*besides, *cause.details, *_warnings(warnings)),
        child_run=None if child is None else child.name[:MAX_NAME],
    )


def _why(inquiry: Inquiry, child: Child) -> Problem | None:
    return why(child.document.get("error")) or why(inquiry.details(child.name).get("error"))


def _warnings(warnings: object) -> list[Mapping[str, str]]:
    """What the service warned of."""
    limits = {"source": MAX_CODE, "message": MAX_MESSAGE}
    return [
        {name: said[:limit] for name, limit in limits.items() if (said := text(each.get(name)))}
        for each in objects(warnings)[:MAX_DETAILS]
    ]
