"""The broker gave a message up, perhaps for an outage of ours.

Accept it late rather than lose it.
"""

import logging
from datetime import timedelta

from shared.errors import ConflictError, RejectedError, UnavailableError
from shared.flows import steps
from shared.ports import Services, Versioned
from shared.runs import Envelope, Live, Run

logger = logging.getLogger(__name__)

TRIES = 5
TRIES_KEPT = timedelta(days=90)  # longer than any message waits


def dead_letter(services: Services, body: bytes, envelope: Envelope) -> None:
    """Accept the message, unless it is hopeless; the poller creates its job.

    A try is written down before it is made, so that a message which kills whoever touches it is
    refused in the end, while an outage counts for nothing. Raises UnavailableError: the broker must
    deliver it again.
    """
    asked = steps.of_message(envelope, f"{services.queue}/$DeadLetterQueue")
    with services.telemetry.span("accept", asked, within=envelope.traceparent) as span:
        try:
            run, live = steps.understood(services, body, envelope)
        except RejectedError as rejection:
            steps.refuse(services, body, envelope, rejection)
            return
        span.note(steps.of_run(live))
        _take(services, run, live)


def _take(services: Services, run: Run, live: Live) -> None:
    """Go on from what is known of the message, and of others with the same request id."""
    body, envelope = run.body, run.envelope
    tries = services.store.tries(envelope.key)
    found = services.store.run(run.id)
    first = found.row if found is not None and isinstance(found.row, Run) else None
    hopeless = tries is not None and tries.row >= TRIES
    if first is not None and (first.fingerprint == run.fingerprint or not hopeless):
        steps.is_repeat(services, run, first)  # needs no accept, which may be what kills
    elif hopeless:
        steps.refuse(services, body, envelope, _hopeless())
    else:
        _accept_late(services, run, live, tries)


def _accept_late(services: Services, run: Run, live: Live, tries: Versioned[int] | None) -> None:
    """Write the try down, accept, tell."""
    try:
        services.store.count_try(
            run.envelope.key,
            1 if tries is None else tries.row + 1,
            over=None if tries is None else tries.etag,
            forget_at=services.clock() + TRIES_KEPT,
        )
    except ConflictError as exc:
        raise UnavailableError(f"tries:{run.envelope.key} is being written") from exc
    if steps.accept(services, run, live):
        steps.tell(services, run.id)


def _hopeless() -> RejectedError:
    return RejectedError(
        "dead_lettered",
        f"accepting it was tried {TRIES} times and never came to an end",
        hint="Send the request again under a new id, or look into the app's log for the cause.",
    )
