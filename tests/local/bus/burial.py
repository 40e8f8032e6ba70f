"""Why messages go to a dead-letter queue.

https://learn.microsoft.com/azure/service-bus-messaging/service-bus-dead-letter-queues
"""

from dataclasses import dataclass

REASON = "DeadLetterReason"
DESCRIPTION = "DeadLetterErrorDescription"


@dataclass(frozen=True)
class Burial:
    """What a dead letter says about its end, in two application properties."""

    reason: str | None = None
    description: str | None = None

    def properties(self) -> dict[str, object]:
        """Give the properties that are said at all."""
        said = {REASON: self.reason, DESCRIPTION: self.description}
        return {name: text for name, text in said.items() if text is not None}


EXPIRED = Burial("TTLExpiredException", "The message expired and was dead lettered.")
NO_SESSION = Burial(
    "Session ID is null.",
    "Session enabled entity doesn't allow a message whose session identifier is null.",
)


def too_many_deliveries(limit: int) -> Burial:
    """Say that a message was handed out in vain too often."""
    return Burial(
        "MaxDeliveryCountExceeded",
        f"Message could not be consumed after {limit} delivery attempts.",
    )
