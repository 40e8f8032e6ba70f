"""The Service Bus trigger: receives, calls, and settles.

A message is locked, its function called, and then completed, or abandoned after an exception: it
comes back at once, without any delay, until the deliveries that the queue allows are used up
(https://learn.microsoft.com/azure/azure-functions/functions-bindings-service-bus-trigger#peeklock-behavior).
"""

import asyncio
import logging
from asyncio import FIRST_COMPLETED
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from azure.identity.aio import DefaultAzureCredential
from azure.servicebus import ServiceBusReceivedMessage, ServiceBusSubQueue
from azure.servicebus.aio import ServiceBusClient, ServiceBusReceiver
from azure.servicebus.exceptions import ServiceBusError

from tests.local.host.functions import Function
from tests.local.host.invoke import FailedError, Invoker
from tests.local.host.message import UnfitError, given
from tests.local.host.settings import Connection, HostFile, connection, resolved

LOG = logging.getLogger("host.bus")
DEAD_LETTERS = "/$deadletterqueue"
LOOK_UP = 0.5  # seconds after which a receiver looks whether it should stop
SETTLE_WITHIN = 0.1  # seconds after the end of a call
AGAIN_AFTER = 1.0


@dataclass(frozen=True)
class Source:
    """Where messages come from: a queue, a subscription, or the dead letters of either."""

    connection: Connection
    path: str
    dead_letters: bool

    @asynccontextmanager
    async def receiver(self, prefetch_count: int) -> AsyncIterator[ServiceBusReceiver]:
        """Open a receiver."""
        options: dict[str, Any] = {"prefetch_count": prefetch_count}
        if self.dead_letters:
            options["sub_queue"] = ServiceBusSubQueue.DEAD_LETTER
        topic, _, subscription = self.path.partition("/subscriptions/")
        async with self._client() as client:
            if subscription:
                receiver = client.get_subscription_receiver(topic, subscription, **options)
            else:
                receiver = client.get_queue_receiver(topic, **options)
            async with receiver:
                yield receiver

    def _client(self) -> ServiceBusClient:
        if self.connection.text is not None:
            return ServiceBusClient.from_connection_string(self.connection.text)
        assert self.connection.namespace is not None
        return ServiceBusClient(self.connection.namespace, DefaultAzureCredential())


class Held:
    """A message that a call holds, and when to renew its lock."""

    def __init__(self, message: ServiceBusReceivedMessage, renewal: float) -> None:
        """Renew the lock for so many seconds."""
        self.message = message
        self._until = _now() + timedelta(seconds=renewal)
        self._renew_at = _half_time(message)

    async def keep(self, receiver: ServiceBusReceiver) -> None:
        """Renew the lock when half of its time is over."""
        if self._renew_at <= _now() < self._until:
            self._renew_at = self._until  # a lock that was lost once cannot be had back
            await receiver.renew_message_lock(self.message)
            self._renew_at = _half_time(self.message)


class Listener:
    """Receives the messages of one function, a limited number at once.

    One task alone speaks to the receiver, by turns: receiving, settling and renewing locks at once
    on one connection makes azure-servicebus 7.15 wait for nothing, or lose the connection.
    """

    def __init__(
        self, function: Function, invoker: Invoker, *, file: HostFile, settings: Mapping[str, str]
    ) -> None:
        """Find out where to listen; SettingError when a setting for that is missing."""
        self._function = function
        self._invoker = invoker
        self._file = file
        self._source = source(function.options, settings)
        self._running: dict[asyncio.Task[bool], Held] = {}
        self._gives_up = False

    async def run(self, stopping: asyncio.Event) -> None:
        """Receive until it is time to stop, through all failures; then wait for the calls."""
        while not stopping.is_set():
            try:
                await self._listen(stopping)
            except Exception:
                LOG.exception("%s: no messages, again in %s s", self._function.name, AGAIN_AFTER)
                # They cannot be settled on another connection; their locks run out.
                self._running.clear()
                await asyncio.sleep(AGAIN_AFTER)

    def give_up(self) -> None:
        """Hand all messages back and end, as the host does when a worker has died."""
        self._gives_up = True

    async def _listen(self, stopping: asyncio.Event) -> None:
        async with self._source.receiver(self._file.prefetch_count) as receiver:
            LOG.info("%s: listening to %s", self._function.name, self._source.path)
            while not stopping.is_set() or self._running:
                await self._settle_ended(receiver)
                await self._keep_locks(receiver)
                if not stopping.is_set() and len(self._running) < self._file.concurrent_calls:
                    await self._receive(receiver)
                elif self._running:
                    await asyncio.wait(self._running, timeout=LOOK_UP, return_when=FIRST_COMPLETED)

    async def _receive(self, receiver: ServiceBusReceiver) -> None:
        """Begin the call for one message: asked for more, the library waits for more."""
        wait = SETTLE_WITHIN if self._running else LOOK_UP
        for message in await receiver.receive_messages(max_message_count=1, max_wait_time=wait):
            held = Held(message, self._file.lock_renewal)
            self._running[asyncio.create_task(self._succeeded(message))] = held

    async def _keep_locks(self, receiver: ServiceBusReceiver) -> None:
        for held in self._running.values():
            try:
                await held.keep(receiver)
            except ServiceBusError as exc:
                _warn(held.message, exc)

    async def _settle_ended(self, receiver: ServiceBusReceiver) -> None:
        """Settle the messages whose calls have ended, or, when giving up, all."""
        for call in [call for call in self._running if call.done() or self._gives_up]:
            message = self._running.pop(call).message
            try:
                if call.done() and call.result():
                    await receiver.complete_message(message)
                else:
                    await receiver.abandon_message(message)
            except ServiceBusError as exc:
                _warn(message, exc)

    async def _succeeded(self, message: ServiceBusReceivedMessage) -> bool:
        try:
            await self._invoker.call(self._function, given(self._function, message))
        except (FailedError, UnfitError) as exc:
            LOG.warning("message %r goes back: %s", message.message_id, exc)
            return False
        return True


def _warn(message: ServiceBusReceivedMessage, exc: ServiceBusError) -> None:
    LOG.warning("message %r comes again: %s", message.message_id, type(exc).__name__)


def _half_time(message: ServiceBusReceivedMessage) -> datetime:
    now = _now()
    return now + ((message.locked_until_utc or now) - now) / 2


def _now() -> datetime:
    return datetime.now(UTC)


def source(options: Mapping[str, Any], settings: Mapping[str, str]) -> Source:
    """Read from a trigger where its messages come from."""
    names = (
        [options["queueName"]]
        if "queueName" in options
        else [options["topicName"], options["subscriptionName"]]
    )
    path = "/subscriptions/".join(resolved(name, settings) for name in names)
    dead_letters = path.lower().endswith(DEAD_LETTERS)
    if dead_letters:
        path = path[: -len(DEAD_LETTERS)]
    return Source(connection(options["connection"], settings), path, dead_letters)
