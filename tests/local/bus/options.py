"""What an entity is told when it is made, with the names of Microsoft.ServiceBus in ARM.

So are the defaults: https://learn.microsoft.com/azure/templates/microsoft.servicebus/namespaces/queues
"""

from dataclasses import dataclass
from datetime import timedelta

from tests.local.bus.messages import FOR_EVER
from tests.local.bus.rules import Rule


@dataclass(frozen=True, kw_only=True)
class StoreOptions:
    """How messages are kept and handed out."""

    lock_duration: timedelta = timedelta(minutes=1)
    max_delivery_count: int = 10
    default_message_time_to_live: timedelta = FOR_EVER
    dead_lettering_on_message_expiration: bool = False
    requires_session: bool = False


@dataclass(frozen=True, kw_only=True)
class EntranceOptions:
    """How messages are let in."""

    requires_duplicate_detection: bool = False
    duplicate_detection_history_time_window: timedelta = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class QueueOptions(StoreOptions, EntranceOptions):
    """A queue."""


@dataclass(frozen=True, kw_only=True)
class TopicOptions(EntranceOptions):
    """A topic."""

    default_message_time_to_live: timedelta = FOR_EVER


@dataclass(frozen=True, kw_only=True)
class SubscriptionOptions(StoreOptions):
    """A subscription; without rules it takes every message."""

    rules: tuple[Rule, ...] = ()
