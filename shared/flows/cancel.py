"""Somebody wants a run ended: write the wish down, then ask once.

The poller follows it to the end.
"""

import logging

from shared import messages
from shared.errors import ConflictError, EndedError, NotFoundError, StaleError, UnavailableError
from shared.flows import steps
from shared.ports import Json, Services, Versioned
from shared.runs import TOMBSTONE_FOR, Live, Run, State, Status, Tombstone, Wish, run_id_of

logger = logging.getLogger(__name__)


def cancel_run(services: Services, run_id: str, *, reason: str | None) -> Json:
    """Cancel a run that is known; answers what is known of it.

    Raises NotFoundError, EndedError when it has ended, and UnavailableError when the wish could not
    be written.
    """
    for _ in range(steps.ROUNDS):
        found = services.store.run(run_id)
        if found is None or not isinstance(found.row, Run):
            raise NotFoundError(f"no run {run_id}")
        try:
            return _cancel(services, found.row, reason)
        except ConflictError:
            continue
    raise UnavailableError(f"live:{run_id} keeps changing")


def cancel_request(services: Services, request_id: str, *, reason: str | None) -> Json:
    """Cancel the run of a request, seen or not: one that comes within seven days ends with no job.

    Raises EndedError when the run has ended, and UnavailableError when the wish could not be
    written.
    """
    run_id = run_id_of(services.app_name, request_id)
    for _ in range(steps.ROUNDS):
        found = services.store.run(run_id)
        try:
            if found is not None and isinstance(found.row, Run):
                return _cancel(services, found.row, reason)
            _bury(services, run_id, reason, found)
        except ConflictError:
            continue
        logger.info("run %s is cancelled before its request came", run_id)
        return messages.view_of_tombstone(run_id, request_id)
    raise UnavailableError(f"run:{run_id} keeps changing")


def _bury(
    services: Services, run_id: str, reason: str | None, found: Versioned[Run | Tombstone] | None
) -> None:
    """Write the wish to cancel what has not come yet; the first one stays while it is valid."""
    now = services.clock()
    wish = Wish("user", reason, now)
    if found is not None and isinstance(found.row, Tombstone) and now < found.row.expires:
        wish = found.row.wish
    stone = Tombstone(run_id, wish, now + TOMBSTONE_FOR)
    services.store.bury(stone, over=None if found is None else found.etag)


def _cancel(services: Services, run: Run, reason: str | None) -> Json:
    """Write the wish, then ask; ConflictError when somebody wrote in between."""
    found = services.store.live(run.id)
    if found is None:
        raise _end_of(services, run.id)
    if found.row.state is State.ENDED:
        raise EndedError(f"run {run.id} has ended", status=found.row.status)
    live = found.row.wished(Wish("user", reason, services.clock()))
    if live.state is State.NEW:
        live = steps.ended(services, run, Status.CANCELLED)(live)
    if live != found.row:
        services.store.save(live, found.etag)
    logger.info("run %s is to be cancelled", run.id)
    try:
        _follow(services, live)
    except UnavailableError as failure:
        logger.warning("the cancel of run %s is left to the poller: %s", run.id, failure)
    return messages.view(run, live)


def _follow(services: Services, live: Live) -> None:
    """Tell of a run that has ended thereby; of any other ask the service."""
    if live.state is State.ENDED:
        steps.tell(services, live.run_id)
        return
    with services.telemetry.span("cancel", steps.of_run(live), links=[live.traceparent]):
        steps.backend_of(services, live).cancel(live.run_id)


def _end_of(services: Services, run_id: str) -> Exception:
    """Why a run has no live row: it has ended, or it has begun since its record was read."""
    again = services.store.run(run_id)
    if again is None or not isinstance(again.row, Run) or again.row.final is None:
        return StaleError(f"run:{run_id} has changed")
    return EndedError(f"run {run_id} has ended", status=again.row.final)
