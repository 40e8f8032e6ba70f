"""Somebody asks what would be made of a request."""

from shared import messages
from shared.flows import steps
from shared.ports import Json, Services
from shared.runs import Envelope


def validate(services: Services, body: bytes) -> Json:
    """What would be sent for it. Nothing is started, and nothing is written.

    Raises RejectedError as the request would be, or its run; UnavailableError when its template
    cannot be read now.
    """
    envelope = Envelope(key="none", message_id=messages.OF_MESSAGE, enqueued_at=services.clock())
    run, live = steps.understood(services, body, envelope)
    return messages.validation(run, steps.prepared(steps.backend_of(services, live), run))
