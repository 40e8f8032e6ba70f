"""How a job ended: what its document says, and what can be asked besides."""

from dataclasses import dataclass, replace

from shared.backends import hints
from shared.backends.reading import entries, mapping, text, time
from shared.backends.workspace import causes, trials
from shared.backends.workspace.history import Children, Inquiry
from shared.backends.workspace.values import SYSTEM_OUTPUT
from shared.errors import Problem
from shared.ports import Json
from shared.runs import Observation, Result, Run, Status


@dataclass(frozen=True)
class Ended:
    """A job that has ended, and who can be asked how."""

    run: Run
    seen: Observation
    inquiry: Inquiry

    @property
    def properties(self) -> Json:
        """What its document says."""
        return mapping(self.seen.document.get("properties"))

    @property
    def has_failed(self) -> bool:
        """Must its error be told?"""
        return self.seen.status is Status.FAILED


def alone(ended: Ended) -> Result:
    """How a job without children ended."""
    return _result(ended, Children())


def with_children(ended: Ended) -> Result:
    """How a job ended whose children tell why it failed."""
    children = ended.inquiry.children(ended.run.id) if ended.has_failed else Children()
    return _result(ended, children)


def of_sweep(ended: Ended) -> Result:
    """How a job ended whose children are trials."""
    children = ended.inquiry.children(ended.run.id)
    result = _result(ended, children)
    found = trials.of_sweep(ended.inquiry, ended.run.id, ended.properties, children)
    made = outputs(ended.run, _with_outputs_of(found.best_trial, ended))
    return replace(result, outputs=made, sweep=found, unread=ended.inquiry.unread)


def _with_outputs_of(trial: str | None, ended: Ended) -> Json:
    """What the document of a sweep says, with the outputs of its best trial, which are those made.

    So azure-ai-ml 1.35 takes them (`_job_operations.py`, download).
    """
    if trial is None:
        return ended.properties
    own = mapping(ended.properties.get("outputs"))
    best = mapping(mapping(ended.inquiry.job(trial).get("properties")).get("outputs"))
    named = {name: each for name, each in best.items() if name != SYSTEM_OUTPUT}
    return {**ended.properties, "outputs": {**own, **named}}


def _result(ended: Ended, children: Children) -> Result:
    details = _details(ended)
    error = _error(ended, details, children) if ended.has_failed else None
    return Result(
        outputs=outputs(ended.run, ended.properties),
        error=error,
        started_at=time(details.get("startTimeUtc")),
        ended_at=time(details.get("endTimeUtc")),
        unread=ended.inquiry.unread,
    )


def _details(ended: Ended) -> Json:
    """What run history says of the job; not asked where its document tells all."""
    seen = ended.seen
    if seen.started_at and seen.ended_at and not ended.has_failed:
        return {}
    return ended.inquiry.details(ended.run.id)


def _error(ended: Ended, details: Json, children: Children) -> Problem:
    own = causes.of_documents(ended.properties, details)
    child = causes.failing(ended.inquiry, children)
    error = causes.whole(own, child, details.get("warnings"))
    if ended.inquiry.has_history:
        return error
    return replace(error, hint=f"{error.hint or hints.LOG} {hints.LOCATION}")


def outputs(run: Run, properties: Json) -> dict[str, str | dict[str, str | None]]:
    """The outputs of a job by name.

    They include `default`, where the service keeps logs and artifacts, and those inputs that the
    request wants to hear of as outputs.
    """
    made = {name: _place(value) for name, value in entries(properties.get("outputs"))}
    wanted = set(run.card.wanted_outputs or ()) - made.keys()
    given = entries(properties.get("inputs"))
    return {**made, **{name: _place(value) for name, value in given if name in wanted}}


def _place(value: Json) -> str | dict[str, str | None]:
    """Where an output is; a literal is its value."""
    kind = text(value.get("jobOutputType")) or text(value.get("jobInputType"))
    literal = text(value.get("value"))
    if kind == "literal" and literal is not None:
        return literal
    return {
        "type": kind,
        "uri": text(value.get("uri")),
        "asset_id": text(value.get("assetId")),
        "asset_name": text(value.get("assetName")),
    }
