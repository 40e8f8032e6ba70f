"""A run in the words of its events."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pydantic.alias_generators import to_camel

from shared.errors import Problem
from shared.messages.data import (
    CancelData,
    DelayData,
    ErrorData,
    FaultData,
    FinalRunData,
    RunData,
    SweepData,
    Times,
    TrainingData,
)
from shared.runs import Live, Result, Run, Status, Sweep, Training

MAX_DATA = 200 * 1024  # bytes
MAX_MESSAGE, MAX_TEXT = 3000, 1000  # characters of what is cut
ERRORS: tuple[str, ...] = ("error", "unread")
TOO_LONG = "too long for an event"

Data = dict[str, Any]


def run_data(run: Run, live: Live, result: Result | None = None, *, delayed: bool = False) -> Data:
    """The data of an event that tells of the row as it now is; without details when it is long."""
    card, told = run.card, result or Result()
    data: Data = {
        "run_id": run.id,
        "request_id": run.request_id,
        "job_type": run.job_type,
        "target": run.target,
        "template": card.template,
        "display_name": live.job.display_name or card.display_name,
        "experiment_name": live.job.experiment_name or card.experiment_name,
        "tags": dict(live.job.tags or card.tags),
        "context": card.context,
        "redrive_of": card.redrive_of,
        "status": live.status,
        "native_status": live.native_status,
        "previous_status": live.previous_status,
        "monitor_url": live.job.monitor_url,
        "times": _times(live),
        "attempts": live.attempts,
        "delay": _delay(live) if delayed else None,
        "warnings": _warnings(run, live),
    }
    if not live.status.is_final:
        return _fitting(RunData(**data))
    return _fitting(
        FinalRunData(
            **data,
            outputs=_outputs(told.outputs, card.wanted_outputs),
            error=_error(told.error),
            unread=_error(told.unread),
            sweep=_sweep(told.sweep),
            training=_training(told.training),
            cancel=_cancel(live),
        )
    )


def _warnings(run: Run, live: Live) -> list[FaultData] | None:
    """What is odd about the request: told once, when it is accepted."""
    if live.status is not Status.ACCEPTED or not run.card.warnings:
        return None
    return [FaultData(**asdict(each)) for each in run.card.warnings]


def _times(live: Live) -> Times:
    return Times(
        accepted=live.accepted_at,
        submitted=live.submitted_at,
        started=live.started_at,
        ended=live.ended_at,
        waiting_seconds=_seconds(live.accepted_at, live.started_at),
        running_seconds=_seconds(live.started_at, live.ended_at),
        total_seconds=_seconds(live.accepted_at, live.ended_at),
    )


def _seconds(begin: datetime | None, end: datetime | None) -> float | None:
    """The time between; never below zero, because two clocks may differ."""
    if begin is None or end is None:
        return None
    return max(0.0, round((end - begin).total_seconds(), 3))


def _delay(live: Live) -> DelayData | None:
    if live.failing_since is None:
        return None
    return DelayData(since=live.failing_since, error=_error(live.last_error))


def _cancel(live: Live) -> CancelData | None:
    """On whose wish a run ended; a job may also be cancelled by others, at the service itself."""
    if live.status is not Status.CANCELLED:
        return None
    if live.wish is None:
        return CancelData(by="service", reason=None, at=live.ended_at or live.changed_at)
    return CancelData(by=live.wish.by, reason=live.wish.reason, at=live.wish.at)


def _error(problem: Problem | None) -> ErrorData | None:
    if problem is None:
        return None
    return ErrorData(
        code=problem.code,
        message=problem.message,
        hint=problem.hint,
        details=[dict(each) for each in problem.details],
        child_run=problem.child_run,
    )


def _sweep(found: Sweep | None) -> SweepData | None:
    if found is None:
        return None
    return SweepData(**{**asdict(found), "missing": _in_camel(found.missing)})


def _training(found: Training | None) -> TrainingData | None:
    if found is None:
        return None
    return TrainingData(**{**asdict(found), "missing": _in_camel(found.missing)})


def _in_camel(missing: Mapping[str, str]) -> dict[str, str]:
    """Why fields are missing, by the names that they are told by."""
    return {to_camel(name): why for name, why in missing.items()}


def _outputs(outputs: Mapping[str, Any], wanted: tuple[str, ...] | None) -> dict[str, Any]:
    """The outputs that the request wants to hear of."""
    return {name: each for name, each in outputs.items() if wanted is None or name in wanted}


def _fitting(told: RunData) -> Data:
    """The data with one kind of detail dropped after the other, until it is short enough."""
    data = told.model_dump(mode="json")
    for lighten in LIGHTER:
        if len(json.dumps(data)) <= MAX_DATA:
            break
        data = {**data, **lighten(data), "truncated": True}
    return data


def _without_error_details(data: Data) -> Data:
    delay = data.get("delay")
    late = {"delay": {**delay, "error": _brief(delay["error"])}} if delay else {}
    return {**late, **{name: _brief(data[name]) for name in ERRORS if name in data}}


def _brief(error: Data | None) -> Data | None:
    """An error with the words alone, and not too many of them."""
    if error is None:
        return None
    return {**_with_short_texts(error), "message": error["message"][:MAX_MESSAGE], "details": []}


def _without_parameters(data: Data) -> Data:
    sweep = data.get("sweep")
    if not sweep:
        return {}
    missing = {**sweep["missing"], "parameters": TOO_LONG}
    return {"sweep": {**_with_short_texts(sweep), "parameters": None, "missing": missing}}


def _without_findings(data: Data) -> Data:
    training = data.get("training")
    if not training:
        return {}
    lists = dict.fromkeys(("metrics", "logs", "warnings"))
    missing = {**training["missing"], **dict.fromkeys(lists, TOO_LONG)}
    return {"training": {**_with_short_texts(training), **lists, "missing": missing}}


def _without_tags(data: Data) -> Data:
    return {"tags": {}}


def _without_outputs(data: Data) -> Data:
    return {"outputs": {}} if "outputs" in data else {}


def _with_short_texts(data: Data) -> Data:
    return {
        name: value[:MAX_TEXT] if isinstance(value, str) else value for name, value in data.items()
    }


LIGHTER: tuple[Callable[[Data], Data], ...] = (
    _without_error_details,
    _without_parameters,
    _without_findings,
    _without_tags,
    _without_outputs,
    _with_short_texts,
)
