"""A message: what came, which never changes, and what the bus knows about it, which does."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum
from uuid import UUID

FOR_EVER = timedelta.max


class State(IntEnum):
    """Where a message stands; the numbers are those of the annotation x-opt-message-state."""

    ACTIVE = 0
    DEFERRED = 1
    SCHEDULED = 2


@dataclass(frozen=True, kw_only=True)
class Content:
    """A message as it came: its bytes, and what the bus reads in them."""

    encoded: bytes
    message_id: str | None = None
    session_id: str | None = None
    time_to_live: timedelta | None = None
    scheduled_for: datetime | None = None
    system: Mapping[str, object] = field(default_factory=dict)
    """Values that filters name with `sys.`, by lower-case name."""
    properties: Mapping[str, object] = field(default_factory=dict)
    """Application properties, by lower-case name."""


@dataclass
class Lock:
    """Whoever knows the token may settle the message, until then."""

    token: UUID
    until: datetime


@dataclass(kw_only=True)
class Message:
    """A message in an entity."""

    content: Content
    sequence: int
    enqueued: datetime
    expires: datetime | None = None
    state: State = State.ACTIVE
    failed_deliveries: int = 0
    lock: Lock | None = None
    origin: int | None = None
    """The number it had in the topic it came through."""
    changes: dict[str, object] = field(default_factory=dict)
    """Application properties that were laid over those that came."""

    def is_expired(self, now: datetime) -> bool:
        """Tell whether its time to live is over."""
        return self.expires is not None and self.expires <= now


def expiry(content: Content, enqueued: datetime, *ceilings: timedelta) -> datetime | None:
    """Say when a message expires: its own time to live counts only up to what the entities allow.

    https://learn.microsoft.com/azure/service-bus-messaging/message-expiration
    """
    shortest = min(content.time_to_live or FOR_EVER, *ceilings)
    try:
        return enqueued + shortest
    except OverflowError:
        return None
