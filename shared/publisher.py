"""Events on the Service Bus topic, copies on the reject queue."""

import threading
from collections.abc import Iterator, Sequence
from itertools import groupby

from azure.core.exceptions import AzureError
from azure.servicebus import (
    ServiceBusClient,
    ServiceBusMessage,
    ServiceBusMessageBatch,
    ServiceBusSender,
)
from azure.servicebus.exceptions import MessageSizeExceededError

from shared.errors import UnavailableError
from shared.runs import Item, Kind

SEND_TIMEOUT = 20.0  # seconds


class BusPublisher:
    """The Publisher port over Service Bus.

    One sender for each destination, opened on first use and kept.
    """

    def __init__(self, client: ServiceBusClient, *, topic: str, reject_queue: str) -> None:
        self._destinations = {
            Kind.EVENT: _Destination(topic, client.get_topic_sender(topic)),
            Kind.COPY: _Destination(reject_queue, client.get_queue_sender(reject_queue)),
        }

    def send(self, items: Sequence[Item]) -> Iterator[str]:
        for kind, group in groupby(items, key=lambda item: item.kind):
            waiting = list(group)
            while waiting:
                sent = self._destinations[kind].send_some(waiting)
                yield from (item.id for item in waiting[:sent])
                waiting = waiting[sent:]

    def ping(self) -> None:
        for destination in self._destinations.values():
            destination.open()


class _Destination:
    """A topic or a queue. A sender serves one thread at a time."""

    def __init__(self, name: str, sender: ServiceBusSender) -> None:
        self._name = name
        self._sender = sender
        self._lock = threading.Lock()

    def open(self) -> None:
        """Open the link, if it is not."""
        with self._lock:
            self._batch()

    def send_some(self, items: Sequence[Item]) -> int:
        """Send as many of the first items as one batch holds; how many it were."""
        with self._lock:
            batch = self._batch()
            count = _fill(batch, items)
            if count == 0:
                text = f"{self._name}: {items[0].id} is larger than a message may be"
                raise UnavailableError(text, code="MessageTooLarge")
            try:
                self._sender.send_messages(batch, timeout=SEND_TIMEOUT)
            except (AzureError, OSError) as exc:
                raise self._unavailable("send", exc) from exc
        return count

    def _batch(self) -> ServiceBusMessageBatch:
        """An empty batch of the size that the broker takes; asking for it opens the link."""
        try:
            return self._sender.create_message_batch()
        except (AzureError, OSError) as exc:
            raise self._unavailable("open", exc) from exc

    def _unavailable(self, verb: str, exc: Exception) -> UnavailableError:
        name = type(exc).__name__
        return UnavailableError(f"{verb} {self._name}: {name}", code=name)


def _fill(batch: ServiceBusMessageBatch, items: Sequence[Item]) -> int:
    """Add the first items until the batch is full; how many it took."""
    for count, item in enumerate(items):
        try:
            batch.add_message(_message(item))
        except MessageSizeExceededError:
            return count
    return len(items)


def _message(item: Item) -> ServiceBusMessage:
    """An item as the SDK sends it."""
    return ServiceBusMessage(
        item.body,
        message_id=item.id,
        session_id=item.session_id,
        correlation_id=item.correlation_id,
        content_type=item.content_type,
        application_properties=dict(item.properties.items()),
    )
