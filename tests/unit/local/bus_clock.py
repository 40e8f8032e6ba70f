"""Times and messages for the tests of the bus: nothing in there reads a clock."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count

from tests.local.bus.messages import Content
from tests.local.bus.options import StoreOptions
from tests.local.bus.store import Store

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
LOCK = timedelta(seconds=30)


def after(seconds: float) -> datetime:
    """Give a time after noon."""
    return NOON + timedelta(seconds=seconds)


def a_content(message_id: str | None = "m", **details: object) -> Content:
    """Make a message with an id."""
    return Content(encoded=b"", message_id=message_id, **details)  # type: ignore[arg-type]  # as the test has it


def nothing(_: Store) -> None:
    """Hear that a message is ready, and care not."""


def a_store(*, on_ready: Callable[[Store], None] = nothing, **options: object) -> Store:
    """Make a store with a dead-letter queue and locks of half a minute."""
    numbers = count(1)
    given = StoreOptions(lock_duration=LOCK, **options)  # type: ignore[arg-type]  # as the test has it
    quiet = StoreOptions(lock_duration=LOCK)
    dead_letters = Store("q/$dead", quiet, numbers=numbers, on_ready=nothing)
    return Store("q", given, numbers=numbers, on_ready=on_ready, dead_letters=dead_letters)


def filled(*message_ids: str, store: Store | None = None, expires: datetime | None = None) -> Store:
    """Put messages into a store at noon."""
    store = store or a_store()
    for message_id in message_ids:
        store.add(a_content(message_id), NOON, expires=expires)
    return store


def ids(store: Store | None, now: datetime = NOON) -> list[str | None]:
    """Say which messages are in a store, whatever their state."""
    assert store is not None
    return [message.content.message_id for message in store.peek(1, 100, now)]
