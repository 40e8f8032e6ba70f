"""A job is watched."""

import logging
from dataclasses import replace
from datetime import datetime

from shared.errors import Problem, StaleError, UnavailableError
from shared.flows.steps.reporting import count_retry, of_run
from shared.flows.steps.rows import backend_of, change, ended, record, told, told_of_delay
from shared.ports import Services, Versioned
from shared.runs import Live, Observation, Result, Run, State, Status, Wish

logger = logging.getLogger(__name__)

RESULT_TRIES = 3  # looks that may try to read it


def observed(services: Services, found: Versioned[Live], seen: Observation | None) -> None:
    """Record one look. It counts only if the row is still the one that was read before the look."""
    live, now = found.row, services.clock()
    new = _unfound(services, live, now) if seen is None else _found(services, live, seen)
    if new == live:  # an unchanged run costs no write
        return
    try:
        services.store.save(new, found.etag)
    except StaleError:  # the look is void, but that the job is there stays true
        if seen is not None:
            change(services, live.run_id, _found_again)
        return
    if new.status is not live.status:
        logger.info("run %s is now %s", live.run_id, new.status)


def troubled(services: Services, run_id: str, *, problem: Problem) -> None:
    """Record that we could not go on with a run: that says nothing of its job. If long, tell."""
    run = record(services, run_id).row
    count_retry(services, run.target, problem.code)

    def failing(row: Live) -> Live | None:
        new = told_of_delay(services, run, row.failing(problem, services.clock()))
        known = row.failing_since is not None and new.seq == row.seq
        return None if known or row.state is State.ENDED else new

    change(services, run_id, failing)


def end_overdue(services: Services, run_id: str) -> None:
    """A deadline that passes while there is a job becomes a wish like any other."""

    def wished(row: Live) -> Live | None:
        now = services.clock()
        deadline = row.overdue(now)
        if deadline is None:
            return None
        return row.wished(Wish(deadline, f"the {deadline} deadline passed", now))

    change(services, run_id, wished)


def ask_to_end(services: Services, live: Live) -> None:
    """Ask the service to end a job; its wish stands in the row, so this is repeated to the end."""
    with services.telemetry.span("cancel", of_run(live), links=[live.traceparent]) as span:
        try:
            backend_of(services, live).cancel(live.run_id)
        except UnavailableError as failure:
            logger.warning("run %s is not cancelled yet: %s", live.run_id, failure)
            span.fail(failure.code)
            count_retry(services, live.target, failure.code)


def _found(services: Services, live: Live, seen: Observation) -> Live:
    """The row after a look that found the job; a new status is told, if there is room."""
    row = live.seen(seen)
    if seen.status is live.status or not (seen.status.is_final or live.has_room):
        return row
    run = record(services, live.run_id).row
    result = _result(services, run, row, seen) if seen.status.is_final else Result()
    if result.unread is not None and row.result_tries + 1 < RESULT_TRIES:
        return replace(row, result_tries=row.result_tries + 1)
    moved = _with_times(row, result).moved(
        seen.status, services.clock(), native_status=seen.native_status
    )
    return told(services, run, moved, result=result)


def _result(services: Services, run: Run, row: Live, seen: Observation) -> Result:
    """How the job ended, as far as can be read; the end of a run does not wait long for more."""
    try:
        result = backend_of(services, row).result(run, seen)
    except UnavailableError as failure:
        unread = _unread(failure)
        result = Result(error=unread if seen.status is Status.FAILED else None, unread=unread)
    if result.unread is not None:
        logger.warning("how run %s ended cannot be read: %s", run.id, result.unread.code)
    return result


def _unread(failure: UnavailableError) -> Problem:
    """What stands in a final event instead of outputs, error and trials."""
    return Problem(
        "ResultUnavailable",
        "the job has ended, but how it did could not be read",
        "See monitorUrl for its outputs and errors.",
        ({"code": failure.code, "message": str(failure)},),
    )


def _with_times(row: Live, result: Result) -> Live:
    """The row with the times of the job, where no look has brought them."""
    return replace(
        row,
        started_at=row.started_at or result.started_at,
        ended_at=row.ended_at or result.ended_at,
    )


def _unfound(services: Services, live: Live, now: datetime) -> Live:
    """The row after a look that found no job; nothing but such looks for long is the end."""
    row = live.missing(now)
    if not row.is_lost(now):
        return row
    problem = Problem(
        "JobNotFound",
        "the service has not known the job for ten minutes",
        "Somebody may have deleted it.",
    )
    run = record(services, live.run_id).row
    return ended(services, run, Status.FAILED, result=Result(error=problem))(row)


def _found_again(row: Live) -> Live | None:
    if row.missing_since is None:
        return None
    return replace(row, missing_since=None, missing_at=None)
