"""A Service Bus namespace as the asynchronous half of azure-servicebus sees it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from azure.servicebus import (
    NEXT_AVAILABLE_SESSION,
    ServiceBusMessage,
    ServiceBusReceiveMode,
    ServiceBusSubQueue,
)
from azure.servicebus.aio import AutoLockRenewer, ServiceBusClient, ServiceBusReceiver
from azure.servicebus.exceptions import (
    MessageSizeExceededError,
    MessagingEntityNotFoundError,
    ServiceBusError,
    SessionCannotBeLockedError,
)

from tests.contract.bus_namespace import SOON, Namespace, text

Story = Callable[[ServiceBusClient, Namespace], Awaitable[Any]]

REMOVING = ServiceBusReceiveMode.RECEIVE_AND_DELETE


async def send(client: ServiceBusClient, queue: str, *messages: ServiceBusMessage) -> None:
    async with client.get_queue_sender(queue) as sender:
        await sender.send_messages(list(messages))


async def bodies(receiver: ServiceBusReceiver, count: int) -> list[str]:
    found: list[str] = []
    while len(found) < count:
        messages = await receiver.receive_messages(count - len(found), max_wait_time=SOON)
        assert messages, f"{len(found)} of {count} messages came"
        found += [text(message) for message in messages]
    return found


async def a_batch_arrives_in_its_order(client: ServiceBusClient, bus: Namespace) -> Any:
    queue = bus.queue()
    await send(client, queue, *(ServiceBusMessage(str(number)) for number in range(50)))
    async with client.get_queue_receiver(queue, receive_mode=REMOVING) as receiver:
        return await bodies(receiver, 50)


async def an_abandoned_message_counts_its_deliveries(
    client: ServiceBusClient, bus: Namespace
) -> Any:
    queue = bus.queue()
    await send(client, queue, ServiceBusMessage("x"))
    async with client.get_queue_receiver(queue) as receiver:
        [first] = await receiver.receive_messages(max_wait_time=SOON)
        await receiver.abandon_message(first)
        [second] = await receiver.receive_messages(max_wait_time=SOON)
        await receiver.complete_message(second)
        return [first.delivery_count, second.delivery_count]


async def a_dead_letter_says_why(client: ServiceBusClient, bus: Namespace) -> Any:
    queue = bus.queue()
    await send(client, queue, ServiceBusMessage("bad"))
    async with client.get_queue_receiver(queue) as receiver:
        [message] = await receiver.receive_messages(max_wait_time=SOON)
        await receiver.dead_letter_message(message, reason="Why")
    letters = client.get_queue_receiver(queue, sub_queue=ServiceBusSubQueue.DEAD_LETTER)
    async with letters as receiver:
        [letter] = await receiver.receive_messages(max_wait_time=SOON)
        await receiver.complete_message(letter)
        return [text(letter), letter.dead_letter_reason]


async def a_deferred_message_is_received_by_its_number(
    client: ServiceBusClient, bus: Namespace
) -> Any:
    queue = bus.queue()
    await send(client, queue, ServiceBusMessage("later"))
    async with client.get_queue_receiver(queue) as receiver:
        [message] = await receiver.receive_messages(max_wait_time=SOON)
        await receiver.defer_message(message)
        [deferred] = await receiver.receive_deferred_messages(message.sequence_number or 0)
        await receiver.complete_message(deferred)
        return text(deferred)


async def a_scheduled_message_is_cancelled(client: ServiceBusClient, bus: Namespace) -> Any:
    queue, far = bus.queue(), datetime.now(UTC) + timedelta(hours=1)
    async with client.get_queue_sender(queue) as sender:
        numbers = await sender.schedule_messages(
            [ServiceBusMessage("a"), ServiceBusMessage("b")], far
        )
        await sender.cancel_scheduled_messages(numbers[0])
    async with client.get_queue_receiver(queue) as receiver:
        return [text(message) for message in await receiver.peek_messages(9)]


async def a_lock_is_renewed_by_itself(client: ServiceBusClient, bus: Namespace) -> Any:
    queue = bus.queue(lockDuration="PT5S")
    await send(client, queue, ServiceBusMessage("x"))
    locks = AutoLockRenewer()
    async with locks, client.get_queue_receiver(queue, auto_lock_renewer=locks) as receiver:
        [message] = await receiver.receive_messages(max_wait_time=SOON)
        first = message.locked_until_utc
        while message.locked_until_utc == first:
            await asyncio.sleep(0.05)
        await receiver.complete_message(message)
        return message.delivery_count


async def a_session_is_ordered_and_exclusive(client: ServiceBusClient, bus: Namespace) -> Any:
    queue = bus.queue(requiresSession=True)
    await send(client, queue, *(ServiceBusMessage(body, session_id="s") for body in "abc"))
    following = client.get_queue_receiver(
        queue, session_id=NEXT_AVAILABLE_SESSION, receive_mode=REMOVING
    )
    async with following as receiver:
        await receiver.session.set_state("step")
        taken = await problem(client.get_queue_receiver(queue, session_id="s"))
        got, state = await bodies(receiver, 3), await receiver.session.get_state()
        return [receiver.session.session_id, got, bytes(state), taken]


async def a_subscription_gets_what_its_filter_selects(
    client: ServiceBusClient, bus: Namespace
) -> Any:
    topic = bus.topic()
    subscription = bus.subscription(topic, "n > 1")
    messages = [ServiceBusMessage(f"{n}", application_properties={"n": n}) for n in range(4)]
    async with client.get_topic_sender(topic) as sender:
        await sender.send_messages(messages)
    listener = client.get_subscription_receiver(topic, subscription, receive_mode=REMOVING)
    async with listener as receiver:
        return await bodies(receiver, 2)


async def nothing_is_found_where_nothing_is(client: ServiceBusClient, bus: Namespace) -> Any:
    return [
        await problem(client.get_queue_sender("no-such-queue")),
        await problem(client.get_queue_receiver("no-such-queue")),
    ]


async def what_an_entity_does_not_do_is_refused(client: ServiceBusClient, bus: Namespace) -> Any:
    plain, sessions, topic = bus.queue(), bus.queue(requiresSession=True), bus.topic()
    subscription = f"{topic}/Subscriptions/{bus.subscription(topic)}"
    links = [
        client.get_queue_receiver(sessions),
        client.get_queue_receiver(plain, session_id="any"),
        client.get_queue_receiver(topic),
        client.get_queue_sender(subscription),
        client.get_queue_sender(f"{plain}/$DeadLetterQueue"),
    ]
    return await asyncio.gather(*(problem(link) for link in links))


async def a_message_that_is_too_large_is_refused(client: ServiceBusClient, bus: Namespace) -> Any:
    async with client.get_queue_sender(bus.queue()) as sender:
        try:
            await sender.send_messages(ServiceBusMessage(b"x" * 300_000))
        except MessageSizeExceededError as exc:
            return type(exc)


async def two_receivers_share_a_queue(client: ServiceBusClient, bus: Namespace) -> Any:
    queue = bus.queue()
    await send(client, queue, *(ServiceBusMessage(f"{number}") for number in range(100)))
    receivers = [client.get_queue_receiver(queue, receive_mode=REMOVING) for _ in range(2)]
    async with receivers[0], receivers[1]:
        taken = await asyncio.gather(*(drained(receiver) for receiver in receivers))
    return sorted(int(body) for part in taken for body in part)


async def drained(receiver: ServiceBusReceiver) -> list[str]:
    taken: list[str] = []
    while got := await receiver.receive_messages(max_message_count=20, max_wait_time=1.5):
        taken += [text(message) for message in got]
    return taken


async def problem(link: Any) -> type[Exception] | None:
    try:
        async with link:
            return None
    except ServiceBusError as exc:
        return type(exc)


OUTCOMES: dict[Story, Any] = {
    a_batch_arrives_in_its_order: [str(number) for number in range(50)],
    an_abandoned_message_counts_its_deliveries: [0, 1],
    a_dead_letter_says_why: ["bad", "Why"],
    a_deferred_message_is_received_by_its_number: "later",
    a_scheduled_message_is_cancelled: ["b"],
    a_lock_is_renewed_by_itself: 0,
    a_session_is_ordered_and_exclusive: ["s", ["a", "b", "c"], b"step", SessionCannotBeLockedError],
    a_subscription_gets_what_its_filter_selects: ["2", "3"],
    nothing_is_found_where_nothing_is: [MessagingEntityNotFoundError, MessagingEntityNotFoundError],
    what_an_entity_does_not_do_is_refused: [ServiceBusError] * 5,
    a_message_that_is_too_large_is_refused: MessageSizeExceededError,
    two_receivers_share_a_queue: list(range(100)),
}


@pytest.fixture(scope="module")
def played(bus: Namespace) -> dict[Story, Any]:
    """Play all stories at the same time: one after another they take half a minute."""

    async def play_all() -> dict[Story, Any]:
        client = ServiceBusClient.from_connection_string(bus.connection, retry_total=0)
        async with client:
            played = (story(client, bus) for story in OUTCOMES)
            results = await asyncio.gather(*played, return_exceptions=True)
        return dict(zip(OUTCOMES, results, strict=True))

    return asyncio.run(play_all())


@pytest.mark.parametrize("story", OUTCOMES, ids=lambda story: story.__name__)
def test_in_a_story(played: dict[Story, Any], story: Story) -> None:
    assert played[story] == OUTCOMES[story]
