"""What a message says beside its body."""

import hashlib
import re
from datetime import datetime

from shared.runs import Envelope

# W3C Trace Context: www.w3.org/TR/trace-context/#traceparent-header
TRACEPARENT = re.compile(
    r"(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}"
)
MAX_TEXT = 256  # characters of what is repeated, so that what repeats it fits into a message


def envelope(
    *,
    app_name: str,
    queue: str,
    sequence_number: int | None,
    message_id: str | None,
    enqueued_at: datetime,
    correlation_id: str | None,
    content_type: str | None,
    trace: object,
) -> Envelope:
    """The envelope; its key names this one message at every delivery, dead-lettered or not."""
    identity = f"{app_name}\n{queue}\n{sequence_number}\n{message_id}"
    digest = hashlib.sha256(identity.encode(errors="surrogatepass")).hexdigest()
    is_trace = isinstance(trace, str) and TRACEPARENT.fullmatch(trace)
    return Envelope(
        key=f"m-{digest[:24]}",
        message_id=_short(message_id),
        enqueued_at=enqueued_at,
        correlation_id=_short(correlation_id),
        content_type=_short(content_type),
        traceparent=trace if isinstance(trace, str) and is_trace else None,
    )


def _short(text: str | None) -> str | None:
    """The text, cut and without half characters: nothing beside a body may stop a refusal of it."""
    return text[:MAX_TEXT].encode(errors="replace").decode() if text else None
