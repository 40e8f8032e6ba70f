"""What all steps are made of: read a row, decide, write it with the event that tells of it."""

import logging
from collections.abc import Callable
from dataclasses import replace

from shared import messages
from shared.errors import StaleError, UnavailableError
from shared.ports import Backend, Services, Versioned
from shared.runs import Live, Result, Run, Status

logger = logging.getLogger(__name__)

ROUNDS = 8  # how often a step decides anew before it leaves the row to a later call

Change = Callable[[Live], Live]


def change(services: Services, run_id: str, decide: Callable[[Live], Live | None]) -> Live | None:
    """Read, decide, write by ETag; after a stale one decide anew.

    `decide` answers the new row or None: leave it.
    """
    for _ in range(ROUNDS):
        found = services.store.live(run_id)
        new = None if found is None else decide(found.row)
        if found is None or new is None:
            return None
        try:
            services.store.save(new, found.etag)
        except StaleError:
            continue
        return new
    raise UnavailableError(f"live:{run_id} keeps changing")


def told(
    services: Services,
    run: Run,
    live: Live,
    *,
    name: str | None = None,
    result: Result | None = None,
) -> Live:
    """The row with the event that tells of it; of a rejection with a copy for the reject queue."""
    now, target = services.clock(), services.targets.get(run.target)
    source = services.source if target is None else target.source
    entry, event = messages.event(run, live, source=source, at=now, name=name, result=result)
    problem = None if result is None else result.error
    if live.status is not Status.REJECTED or problem is None:
        return live.telling(entry, event)
    return live.telling(entry, event, messages.copy_of_run(run, problem))


def ended(services: Services, run: Run, status: Status, *, result: Result | None = None) -> Change:
    """The end of a run by our own word."""

    def end(row: Live) -> Live:
        logger.info("run %s is now %s", run.id, status)
        return told(services, run, row.moved(status, services.clock()), result=result)

    return end


def told_of_delay(services: Services, run: Run, live: Live) -> Live:
    """The row, with a `delayed` event when it has been failing for long."""
    if not live.delay_is_due(services.clock()):
        return live
    return told(services, run, replace(live, delayed=live.delayed + 1), name="delayed")


def record(services: Services, run_id: str) -> Versioned[Run]:
    """The record of a run that has a live row."""
    found = services.store.run(run_id)
    if found is None or not isinstance(found.row, Run):
        raise UnavailableError(f"run:{run_id} is not there while live:{run_id} is")
    return Versioned(found.row, found.etag)


def backend_of(services: Services, row: Live | Run) -> Backend:
    """Who speaks for a run; while the settings lack its target it cannot go on."""
    target = services.targets.get(row.target)
    backend = None if target is None else target.backends.get(row.job_type)
    if backend is None:
        hint = f"Add the target {row.target} to TARGETS again, until its runs have ended."
        raise UnavailableError(
            f"target {row.target} does not run {row.job_type}",
            code="unknown_target",
            hint=hint,
        )
    return backend
