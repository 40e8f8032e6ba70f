"""What a sweep found: its best trial, with what it was tried, and how the trials ended.

A sweep names the best trial and its score in its properties (azure-ai-ml 1.35,
`_job_operations.py`). A trial has its parameters as JSON in the tag `hyperparameters` (hi-ml-azure
on PyPI, `health_azure.utils`); of older ones the sweep has them, in a tag named after the trial.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from shared.backends.answers import document_in
from shared.backends.reading import mapping, number, text
from shared.backends.scrubbing import scrubbed_value
from shared.backends.workspace.history import Children, Inquiry
from shared.ports import Json
from shared.runs import Status, Sweep, Trials

TAG = "hyperparameters"
SYSTEM = "_aml_system_"  # what the service puts before the names of some tags of its own
MAX_NAME = 256
ENDS = (Status.SUCCESS, Status.FAILED, Status.CANCELLED)
GOALS = {"maximize": "Maximize", "minimize": "Minimize"}

NO_TRIAL = "no trial completed"
NO_LOCATION = "`location` of the target is not set, so that trials cannot be counted"
UNREAD = "run history could not be read"
TOO_MANY = "there are more trials than can be read"
UNSAID = "the service does not say it"
UNNAMED = "the service names none"
UNLOGGED = "the service names none: do trials log the metric under its exact name?"


def of_sweep(inquiry: Inquiry, name: str, properties: Json, children: Children) -> Sweep:
    """What the sweep of this name found, and for each thing that is missing, why."""
    own, objective = _own(inquiry, name, properties), mapping(properties.get("objective"))
    best, goal = _text(own.get("best_child_run_id")), _text(objective.get("goal"))
    told: dict[str, Any] = {
        "best_trial": best,
        "score": None if best is None else number(own.get("score")),
        "metric": _text(objective.get("primaryMetric")),
        "goal": None if goal is None else GOALS.get(goal.casefold(), goal),
        "parameters": None
        if best is None
        else _parameters(_places(inquiry, name, best, properties, children), properties),
        "trials": _trials(children) if children.is_whole else None,
    }
    reasons = _reasons(inquiry, best, told["trials"])
    missing = {field: reasons.get(field, UNSAID) for field, value in told.items() if value is None}
    return Sweep(**told, missing=missing)


def _own(inquiry: Inquiry, name: str, properties: Json) -> Json:
    """The properties that name the best trial, of the first who has them."""
    own = mapping(properties.get("properties"))
    return own if own.get("best_child_run_id") else mapping(inquiry.details(name).get("properties"))


def _trials(children: Children) -> Trials:
    ends = Counter(child.status for child in children.found)
    known = {status: ends.pop(status, 0) for status in ENDS}
    return Trials(
        completed=known[Status.SUCCESS],
        failed=known[Status.FAILED],
        cancelled=known[Status.CANCELLED],
        other=ends.total(),
    )


def _places(
    inquiry: Inquiry, name: str, best: str, properties: Json, children: Children
) -> Iterator[Json]:
    """Where the parameters of the best trial may stand, asked for one after the other."""
    yield from (child.document for child in children.found if child.name == best)
    for sweep in (properties, inquiry.details(name)):
        tags = mapping(sweep.get("tags"))
        yield {"tags": {TAG: tags.get(f"{SYSTEM}{best}") or tags.get(best)}}
    yield mapping(inquiry.job(best).get("properties"))


def _parameters(places: Iterable[Json], properties: Json) -> Json | None:
    """The first parameters that are found."""
    space = mapping(properties.get("searchSpace"))
    return next(filter(None, (_said(place, space) for place in places)), None)


def _said(place: Json, space: Mapping[str, object]) -> Json:
    """The parameters in a document of a trial; among others there, those of the search space."""
    tags, own = mapping(place.get("tags")), mapping(place.get("properties"))
    for written in (tags.get(TAG), tags.get(f"{SYSTEM}{TAG}"), own.get(TAG)):
        if said := _read(written):
            return said
    return _clean(
        {name: value for name, value in mapping(place.get("parameters")).items() if name in space}
    )


def _read(written: object) -> Json:
    """An object in a text; empty when there is none."""
    try:
        return _clean(mapping(document_in(str(written).encode())))
    except ValueError:
        return {}


def _clean(parameters: Json) -> Json:
    """Parameters without secrets; none when they are no plain values."""
    try:
        clean: Json = scrubbed_value(parameters)
    except ValueError:
        return {}
    return clean


def _reasons(inquiry: Inquiry, best: str | None, trials: Trials | None) -> dict[str, str]:
    """Why it is missing, field by field, as far as that is known."""
    unread = {} if inquiry.unread is None else {"parameters": UNREAD}
    counted = TOO_MANY if inquiry.has_history else NO_LOCATION
    reasons = {**unread, "trials": counted if inquiry.unread is None else UNREAD}
    if best is None:
        unnamed = _unnamed(inquiry, trials)
        reasons |= {"best_trial": unnamed, "score": unnamed, "parameters": unnamed}
    return reasons


def _unnamed(inquiry: Inquiry, trials: Trials | None) -> str:
    if trials is not None:
        return UNLOGGED if trials.completed else NO_TRIAL
    return UNNAMED if inquiry.unread is None else UNREAD


def _text(value: object) -> str | None:
    said = text(value)
    return said and said[:MAX_NAME]
