"""A request came: make it a run, and start its job."""

import logging

from shared.errors import RejectedError, UnavailableError
from shared.flows import steps
from shared.ports import Services
from shared.runs import Envelope

logger = logging.getLogger(__name__)


def submit(services: Services, body: bytes, envelope: Envelope) -> None:
    """Accept the message, create the job, tell of both. A repeat of it changes nothing.

    Raises UnavailableError while there is no record yet, or the refusal could not be told: the
    broker must deliver the message again. From the record on the row owns the retry.
    """
    asked = steps.of_message(envelope, services.queue)
    with services.telemetry.span("accept", asked, within=envelope.traceparent) as span:
        try:
            run, live = steps.understood(services, body, envelope)
        except RejectedError as rejection:
            steps.refuse(services, body, envelope, rejection)
            return
        span.note(steps.of_run(live))
        if not steps.accept(services, run, live):
            return
    try:
        steps.drive(services, run.id)
        steps.tell(services, run.id)
    except UnavailableError as failure:
        logger.warning("run %s is left to the poller: %s", run.id, failure)
