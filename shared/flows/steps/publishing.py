"""What happened is told, and at the end the run leaves the rows of the living."""

import logging
from collections.abc import Sequence
from dataclasses import replace

from shared.errors import StaleError, UnavailableError
from shared.flows.steps.reporting import count_sent, of_batch, time_events, traces
from shared.flows.steps.rows import change, record
from shared.ports import Services, Versioned
from shared.runs import Item, Live, State

logger = logging.getLogger(__name__)


def publish(services: Services, rows: Sequence[Versioned[Live]]) -> None:
    """Send whole outboxes, oldest first, nothing newer after a failure; then mark what was sent."""
    # Each time another run comes first: none that the broker refuses holds up the others for ever.
    first = int(services.jitter() * len(rows))
    full = [found for found in (*rows[first:], *rows[:first]) if found.row.outbox]
    items = [item for found in full for item in found.row.outbox]
    sent = _send(services, items) if items else set()

    def unsent(row: Live) -> Live | None:
        left = row.without(sent)
        return None if left == row else left

    time_events(services, [found.row for found in full], sent)
    marks = [(left, found.etag) for found in full if (left := unsent(found.row)) is not None]
    for run_id in services.store.save_all(marks) if marks else ():
        change(services, run_id, unsent)


def _send(services: Services, items: Sequence[Item]) -> set[str]:
    """Send in order, up to a failure; the ids of those that are known to be sent."""
    batch, sent = of_batch(items, services.topic), set[str]()
    try:
        with services.telemetry.span("publish", batch, kind="client", links=traces(items)):
            sent.update(services.publisher.send(items))
    except UnavailableError as failure:
        logger.warning("%d items wait in their rows: %s", len(items) - len(sent), failure)
    count_sent(services, (item for item in items if item.id in sent))
    return sent


def tell(services: Services, run_id: str) -> None:
    """Send what is unsent of one run, and finish it if it has ended."""
    found = services.store.live(run_id)
    if found is not None:
        publish(services, [found])
        finish(services, run_id)


def finish(services: Services, run_id: str) -> None:
    """The end: the record keeps the result and the live row goes, together, once all is told."""
    found = services.store.live(run_id)
    if found is None or found.row.state is not State.ENDED or found.row.outbox:
        return
    kept, live = record(services, run_id), found.row
    done = replace(
        kept.row,
        final=live.status,
        result=live.final_event,
        timeline=live.timeline,
        forget_at=services.clock() + services.retention,
    )
    try:
        services.store.finish(done, kept.etag, found.etag)
    except StaleError:
        logger.info("run %s was written meanwhile: the next poll finishes it", run_id)
