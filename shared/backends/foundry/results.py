"""How a training job ended: what its document says, and its record."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from shared.backends import hints
from shared.backends.failures import FAILED, SILENT, why
from shared.backends.foundry import telling
from shared.backends.foundry.asking import Asking
from shared.backends.foundry.record import Course, Record
from shared.backends.reading import entries, mapping, text
from shared.errors import NotFoundError, Problem
from shared.ports import Json, Page
from shared.runs import Observation, Result, Run, Section, Status, Training

UNSAID = "the service does not say it"
UNREAD = "it could not be read"
NO_RECIPE = "the job has no recipe"


def result(run: Run, seen: Observation, record: Record, asking: Asking) -> Result:
    """How the job ended, as far as it is told."""
    job = mapping(seen.document.get("properties"))
    course = record.course()
    told = _outputs(run, job, _section(record, Section.OUTPUTS))
    training = _training(job, course, record, asking)
    return Result(
        outputs=told,
        error=_error(seen, job, course) if seen.status is Status.FAILED else None,
        training=training,
        started_at=course.started_at,
        ended_at=course.ended_at,
        unread=asking.unread,
    )


def _section(record: Record, section: Section) -> Page | None:
    """A section, as far as the contract has it and it can be read."""
    try:
        return record.section(section)
    except NotFoundError:
        return None


def _error(seen: Observation, job: Json, course: Course) -> Problem:
    said = course.error or why(job.get("error")) or why(seen.document.get("error"))
    found = said or Problem(FAILED, SILENT)
    return replace(found, hint=found.hint or hints.LOG_OF_TRAINING)


def _outputs(run: Run, job: Json, page: Page | None) -> dict[str, Any]:
    """The outputs by name; the service knows of more than the job's own document.

    They include those inputs that the request wants to hear of as outputs.
    """
    made = {name: telling.output(value) for name, value in entries(job.get("outputs"))}
    for each in () if page is None else page.items:
        known = {key: value for key, value in each.items() if value is not None and key != "name"}
        made[each["name"]] = {**made.get(each["name"], {}), **known}
    wanted = set(run.card.wanted_outputs or ()) - made.keys()
    given = {name: value for name, value in entries(job.get("inputs")) if name in wanted}
    return {**made, **{name: _given(value) for name, value in given.items()}}


def _given(value: Json) -> str | Json:
    """An input; a literal is its value."""
    literal = text(value.get("value"))
    return telling.output(value) if literal is None else literal


def _training(job: Json, course: Course, record: Record, asking: Asking) -> Training:
    recipe = mapping(job.get("training"))
    told: dict[str, Any] = {
        "attempt": course.attempt,
        "attempts": course.attempts,
        "compute_seconds": course.compute_seconds,
        "compute": course.compute,
        "framework": text(recipe.get("resolved_framework")) or text(recipe.get("framework")),
        "framework_version": text(recipe.get("framework_version")),
        "metrics": _metrics(_section(record, Section.METRICS)),
        "logs": _logs(_section(record, Section.ARTIFACTS)),
        "warnings": course.warnings,
    }
    unsaid = UNSAID if asking.unread is None else UNREAD
    of_recipe = {} if recipe else dict.fromkeys(("framework", "framework_version"), NO_RECIPE)
    missing = {name: of_recipe.get(name, unsaid) for name, value in told.items() if value is None}
    return Training(**told, missing=missing)


def _metrics(page: Page | None) -> Mapping[str, Any] | None:
    return None if page is None else {each["name"]: each["value"] for each in page.items}


def _logs(page: Page | None) -> tuple[str, ...] | None:
    if page is None:
        return None
    return tuple(each["path"] for each in page.items if telling.is_log(each["path"]))
