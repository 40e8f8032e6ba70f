"""Where the tests of the bus run: the twin, or a namespace that JOBRELAY_TEST_SERVICEBUS names."""

import os
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol, TypeVar
from uuid import uuid4

import httpx
from azure.servicebus import (
    ServiceBusClient,
    ServiceBusReceivedMessage,
    ServiceBusReceiver,
    ServiceBusSender,
)
from azure.servicebus.management import ServiceBusAdministrationClient, SqlRuleFilter

from tests.local.process import Service, module, start

REAL = "JOBRELAY_TEST_SERVICEBUS"
SOON = 5.0  # seconds within which what is there is received
AT_ONCE = 0.2  # seconds in which nothing more comes

Link = TypeVar("Link", ServiceBusSender, ServiceBusReceiver)


class Namespace(Protocol):
    """Where entities can be made; properties have their names of ARM."""

    shortest_lock: ClassVar[str]

    @property
    def connection(self) -> str:
        """The connection string."""

    def queue(self, **properties: Any) -> str:
        """Make a queue and give its name."""

    def topic(self, **properties: Any) -> str:
        """Make a topic and give its name."""

    def subscription(self, topic: str, sql: str | None = None, **properties: Any) -> str:
        """Make a subscription, perhaps with a filter, and give its name."""


@dataclass(frozen=True)
class Twin:
    """The bus of the twin."""

    service: Service
    shortest_lock: ClassVar[str] = "PT1S"

    @property
    def connection(self) -> str:
        """The connection string."""
        return str(self.service.info["connection"])

    def queue(self, **properties: Any) -> str:
        """Make a queue and give its name."""
        return self._made(kind="queue", **properties)

    def topic(self, **properties: Any) -> str:
        """Make a topic and give its name."""
        return self._made(kind="topic", **properties)

    def subscription(self, topic: str, sql: str | None = None, **properties: Any) -> str:
        """Make a subscription, perhaps with a filter, and give its name."""
        rule = {"filterType": "SqlFilter", "sqlFilter": {"sqlExpression": sql}}
        rules = {} if sql is None else {"rules": {"$Default": rule}}
        return self._made(kind="subscription", topic=topic, **properties, **rules)

    def control(self, method: str, path: str, body: Any = None) -> httpx.Response:
        """Ask something of the control routes."""
        return httpx.request(method, f"{self.service.info['control']}{path}", json=body)

    def counts(self, path: str) -> dict[str, Any]:
        """Count the messages of an entity."""
        entities = self.control("GET", "/entities").json()["entities"]
        found = [entity for entity in entities if entity["path"].lower() == path.lower()]
        return dict(found[0])

    def fail(self, operation: str, name: str, times: int = 1, **fault: Any) -> None:
        """Ask for a fault."""
        match = {"operation": operation, "name": name}
        answer = self.control("POST", "/faults", {"match": match, "fault": fault, "times": times})
        answer.raise_for_status()

    def _made(self, **spec: Any) -> str:
        name = f"{spec['kind']}-{uuid4().hex[:12]}"
        self.control("POST", "/entities", {"name": name, **spec}).raise_for_status()
        return name


@dataclass(frozen=True)
class RealNamespace:
    """A namespace in Azure, in which everything that was made is removed again."""

    connection: str
    administration: ServiceBusAdministrationClient
    shortest_lock: ClassVar[str] = "PT5S"
    _removals: list[Callable[[], None]] = field(default_factory=list)

    def queue(self, **properties: Any) -> str:
        """Make a queue and give its name."""
        name = f"test-{uuid4().hex[:12]}"
        self.administration.create_queue(name, **_snaked(properties))
        self._removals.append(lambda: self.administration.delete_queue(name))
        return name

    def topic(self, **properties: Any) -> str:
        """Make a topic and give its name."""
        name = f"test-{uuid4().hex[:12]}"
        self.administration.create_topic(name, **_snaked(properties))
        self._removals.append(lambda: self.administration.delete_topic(name))
        return name

    def subscription(self, topic: str, sql: str | None = None, **properties: Any) -> str:
        """Make a subscription, perhaps with a filter, and give its name."""
        name = f"test-{uuid4().hex[:12]}"
        self.administration.create_subscription(topic, name, **_snaked(properties))
        if sql is not None:
            self.administration.delete_rule(topic, name, "$Default")
            self.administration.create_rule(topic, name, "test", filter=SqlRuleFilter(sql))
        return name

    def clean(self) -> None:
        """Remove everything that was made."""
        for remove in self._removals:
            remove()


class Links:
    """Senders and receivers that are closed all at once: each takes half a second or more."""

    def __init__(self, connection: str) -> None:
        self.client = ServiceBusClient.from_connection_string(connection, retry_total=0)
        self._opened: list[ServiceBusSender | ServiceBusReceiver] = []

    def sender(self, name: str) -> ServiceBusSender:
        """Open a sender to a queue or topic."""
        return self._open(self.client.get_queue_sender(name))

    def receiver(self, queue: str, **options: Any) -> ServiceBusReceiver:
        """Open a receiver of a queue."""
        return self._open(self.client.get_queue_receiver(queue, **options))

    def subscriber(self, topic: str, subscription: str, **options: Any) -> ServiceBusReceiver:
        """Open a receiver of a subscription."""
        return self._open(self.client.get_subscription_receiver(topic, subscription, **options))

    def both(self, queue: str, **options: Any) -> tuple[ServiceBusSender, ServiceBusReceiver]:
        """Open a sender to a queue and a receiver of it, at the same time."""
        with ThreadPoolExecutor() as pool:
            sender = pool.submit(self.sender, queue)
            receiver = pool.submit(self.receiver, queue, **options)
            return sender.result(), receiver.result()

    def close(self) -> None:
        """Close everything."""
        with ThreadPoolExecutor(max_workers=32) as pool:
            list(pool.map(lambda link: link.close(), self._opened))
        self.client.close()

    def _open(self, link: Link) -> Link:
        link.__enter__()
        self._opened.append(link)
        return link


def received(receiver: ServiceBusReceiver, count: int = 1) -> list[ServiceBusReceivedMessage]:
    """Receive so many messages."""
    messages: list[ServiceBusReceivedMessage] = []
    while len(messages) < count:
        got = receiver.receive_messages(count - len(messages), max_wait_time=SOON)
        assert got, f"{len(messages)} of {count} messages came from {receiver.entity_path}"
        messages += got
    return messages


def nothing_more(receiver: ServiceBusReceiver) -> bool:
    """Tell whether nothing is there to be received."""
    return receiver.receive_messages(max_wait_time=AT_ONCE) == []


def text(message: ServiceBusReceivedMessage) -> str:
    """Give the body of a message."""
    return str(message)


def properties(message: ServiceBusReceivedMessage) -> dict[str, Any]:
    """Give the application properties of a message, names and texts as texts."""
    found = message.application_properties or {}
    return {_decoded(name): _decoded(value) for name, value in found.items()}


@contextmanager
def namespace() -> Iterator[Namespace]:
    """Give the namespace that the tests run against."""
    connection = os.environ.get(REAL)
    if connection is not None:
        administration = ServiceBusAdministrationClient.from_connection_string(connection)
        real = RealNamespace(connection, administration)
        yield real
        real.clean()
        return
    service = start("bus", module("bus"))
    yield Twin(service)
    service.stop()


def _decoded(value: Any) -> Any:
    return value.decode() if isinstance(value, bytes) else value


def _snaked(given: dict[str, Any]) -> dict[str, Any]:
    return {
        re.sub("[A-Z]", lambda m: f"_{m[0].lower()}", key): value for key, value in given.items()
    }
