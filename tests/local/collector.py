"""Collects every event of a twin, from a subscription of its own, while many tests look at them."""

import json
import logging
import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from azure.servicebus import ServiceBusClient, ServiceBusReceivedMessage, ServiceBusReceiver

LOG = logging.getLogger(__name__)
LOOK_UP = 0.5  # seconds after which the receiver looks whether it should stop
Json = dict[str, Any]


@dataclass(frozen=True)
class Event:
    """An event as a subscriber gets it."""

    body: Json
    properties: Json
    message_id: str | None
    session_id: str | None
    correlation_id: str | None
    content_type: str | None

    @property
    def type(self) -> str:
        """The last word of its type: `completed` of `jobrelay.run.completed`."""
        return str(self.body["type"]).rpartition(".")[2]

    @property
    def data(self) -> Json:
        """What it tells."""
        data: Json = self.body["data"]
        return data

    @property
    def is_final(self) -> bool:
        """Whether it is the last word on its run or message."""
        return bool(self.properties.get("final"))

    def is_about(self, name: str) -> bool:
        """Tell whether it speaks of a run, a request or a message of this id."""
        return name in {self.data.get(field) for field in ("runId", "requestId", "messageId")}


class Collector:
    """All events since it began, oldest first."""

    def __init__(self) -> None:
        """Begin with none."""
        self._events: dict[int | None, Event] = {}
        self._changed = threading.Condition()
        self._stopping = threading.Event()

    @staticmethod
    @contextmanager
    def collecting(info: Json) -> Iterator["Collector"]:
        """Collect, in a thread, what is published from now on."""
        collector = Collector()
        with _subscription(info) as name:
            thread = threading.Thread(target=collector._collect, args=(info, name))
            thread.start()
            try:
                yield collector
            finally:
                collector._stopping.set()
                thread.join()

    def about(
        self, name: str, until: Callable[[Sequence[Event]], bool], *, within: float
    ) -> list[Event]:
        """Give the events of a run or request as soon as they are as wanted."""
        with self._changed:
            fits = self._changed.wait_for(lambda: until(self.now(name)), timeout=within)
            assert fits, f"{name}: {within} s brought {[event.type for event in self.now(name)]}"
            return self.now(name)

    def now(self, name: str) -> list[Event]:
        """Give the events of a run or request that have come."""
        with self._changed:
            return [event for event in self._events.values() if event.is_about(name)]

    def _collect(self, info: Json, subscription: str) -> None:
        """Receive until it is time to stop, through all failures: some are made by the tests."""
        while not self._stopping.is_set():
            try:
                client = ServiceBusClient.from_connection_string(info["serviceBus"])
                with (
                    client,
                    client.get_subscription_receiver(info["topic"], subscription) as receiver,
                ):
                    while not self._stopping.is_set():
                        self._receive(receiver)
            except Exception:
                LOG.warning("the collector connects again", exc_info=True)

    def _receive(self, receiver: ServiceBusReceiver) -> None:
        for message in receiver.receive_messages(max_message_count=1, max_wait_time=LOOK_UP):
            with self._changed:
                # A message that could not be completed comes again, with the same number.
                self._events.setdefault(message.sequence_number, _event(message))
                self._changed.notify_all()
            receiver.complete_message(message)


@contextmanager
def _subscription(info: Json) -> Iterator[str]:
    """Make a subscription for the time of this block."""
    name = f"collector-{uuid.uuid4().hex[:12]}"
    entity = {"kind": "subscription", "topic": info["topic"], "name": name}
    path = f"/bus/entities/{info['topic']}/Subscriptions/{name}"
    # Nothing in the environment may send these requests another way.
    with httpx.Client(base_url=info["control"], trust_env=False) as control:
        control.post("/entities", json=entity).raise_for_status()
        yield name
        control.delete(path).raise_for_status()


def _event(message: ServiceBusReceivedMessage) -> Event:
    properties = message.application_properties or {}
    return Event(
        json.loads(b"".join(message.body)),
        {_plain(name): _plain(value) for name, value in properties.items()},
        message.message_id,
        message.session_id,
        message.correlation_id,
        message.content_type,
    )


def _plain(value: Any) -> Any:
    return value.decode() if isinstance(value, bytes) else value
