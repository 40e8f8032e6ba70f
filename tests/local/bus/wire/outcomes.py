"""How clients say what becomes of a message they hold.

https://learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-protocol-guide
"""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from proton import Delivery, Disposition

from tests.local.bus.burial import DESCRIPTION, REASON, Burial
from tests.local.bus.store import Store
from tests.local.bus.wire.values import Amqp, encoded, own

Settlement = Callable[[Store, UUID, datetime], None]


def settlement(outcome: Disposition) -> Settlement:
    """Read what a client wants done with a message."""
    if outcome.type == Delivery.ACCEPTED:
        return Store.complete
    if outcome.type == Delivery.REJECTED:
        return _dead_letter(_info(outcome))
    if outcome.type == Delivery.MODIFIED:
        act = Store.defer if outcome.undeliverable else Store.abandon
        changes = properties(own(outcome.annotations))
        return lambda store, token, now: act(store, token, now, changes)
    return Store.release


def echo(delivery: Delivery, outcome: Disposition) -> None:
    """Say that it was done, with the client's own words: those are what it waits for."""
    delivery.local.failed = outcome.failed
    delivery.local.undeliverable = outcome.undeliverable
    delivery.update(outcome.type)
    delivery.settle()


def properties(changes: Amqp) -> dict[str, object]:
    """Read the application properties that a client wants changed; they can be written again."""
    found = dict(changes) if isinstance(changes, dict) else {}
    for value in found.values():
        encoded(value)
    return {str(name): value for name, value in found.items()}


def _dead_letter(info: dict[str, object]) -> Settlement:
    reason, description = info.pop(REASON, None), info.pop(DESCRIPTION, None)
    burial = Burial(
        reason if isinstance(reason, str) else None,
        description if isinstance(description, str) else None,
    )
    return lambda store, token, now: store.dead_letter(token, now, burial, info)


def _info(outcome: Disposition) -> dict[str, object]:
    condition = outcome.condition
    return properties(own(condition.info)) if condition is not None else {}
