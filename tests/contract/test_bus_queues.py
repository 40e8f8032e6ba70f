"""Queues of a Service Bus namespace, as azure-servicebus sees them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from azure.servicebus import (
    ServiceBusMessage,
    ServiceBusMessageState,
    ServiceBusReceiveMode,
    ServiceBusReceiver,
    ServiceBusSender,
    ServiceBusSubQueue,
)
from azure.servicebus.amqp import AmqpAnnotatedMessage, AmqpMessageBodyType
from azure.servicebus.exceptions import (
    MessageLockLostError,
    MessageNotFoundError,
    MessageSizeExceededError,
)

from tests.contract.bus_namespace import (
    Links,
    Namespace,
    Twin,
    nothing_more,
    properties,
    received,
    text,
)

MOST_DELIVERIES = 2


@dataclass(frozen=True)
class Lane:
    """A queue with both its ends."""

    sender: ServiceBusSender
    receiver: ServiceBusReceiver
    letters: ServiceBusReceiver

    def send(self, body: Any = "x", **fields: Any) -> None:
        """Send a message."""
        self.sender.send_messages(ServiceBusMessage(body, **fields))


@pytest.fixture(scope="module")
def road(bus: Namespace, links: Links) -> Lane:
    name = bus.queue(maxDeliveryCount=MOST_DELIVERIES)
    letters = links.receiver(
        name,
        sub_queue=ServiceBusSubQueue.DEAD_LETTER,
        receive_mode=ServiceBusReceiveMode.RECEIVE_AND_DELETE,
    )
    return Lane(*links.both(name), letters)


@pytest.fixture
def lane(road: Lane) -> Iterator[Lane]:
    """A queue that is empty before and after the test."""
    yield road
    while road.receiver.peek_messages(sequence_number=1):
        road.receiver.complete_message(received(road.receiver)[0])


def test_a_message_arrives_as_it_was_sent(lane: Lane) -> None:
    sent = {"flag": True, "number": 7, "half": 0.5, "text": "ä", "id": UUID(int=5), "none": None}

    lane.send(
        b"\x00\xff",
        message_id="m-1",
        correlation_id="c-1",
        subject="s",
        content_type="application/octet-stream",
        to="there",
        reply_to="here",
        partition_key="p",
        application_properties=sent,
    )

    [message] = received(lane.receiver)
    lane.receiver.complete_message(message)
    assert b"".join(message.body) == b"\x00\xff"
    assert properties(message) == sent
    assert (message.message_id, message.correlation_id, message.subject) == ("m-1", "c-1", "s")
    assert (message.to, message.reply_to, message.partition_key) == ("there", "here", "p")
    assert message.content_type == "application/octet-stream"
    assert message.delivery_count == 0


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (AmqpMessageBodyType.DATA, [b"one", b"two"]),
        (AmqpMessageBodyType.SEQUENCE, [[1, b"two"], [3]]),
        (AmqpMessageBodyType.VALUE, {b"a": [1, 2]}),
    ],
)
def test_a_body_of_every_kind_arrives(lane: Lane, kind: AmqpMessageBodyType, body: Any) -> None:
    message = AmqpAnnotatedMessage(**{f"{kind.value}_body": body})

    lane.sender.send_messages(message)

    [found] = received(lane.receiver)
    lane.receiver.complete_message(found)
    assert found.body_type == kind
    assert (found.body if kind is AmqpMessageBodyType.VALUE else list(found.body)) == body


def test_the_messages_of_a_batch_arrive_in_their_order(lane: Lane) -> None:
    bodies = [str(number) for number in range(20)]

    lane.sender.send_messages([ServiceBusMessage(body) for body in bodies])

    messages = received(lane.receiver, 20)
    for message in messages:
        lane.receiver.complete_message(message)
    assert [text(message) for message in messages] == bodies


def test_a_message_of_200_kilobytes_arrives(lane: Lane) -> None:
    body = bytes(range(256)) * 800

    lane.send(body)

    [message] = received(lane.receiver)
    lane.receiver.complete_message(message)
    assert b"".join(message.body) == body


def test_a_message_of_300_kilobytes_is_refused_and_the_sender_goes_on(lane: Lane) -> None:
    with pytest.raises(MessageSizeExceededError):
        lane.send(b"x" * 300_000)

    lane.send("small")
    [message] = received(lane.receiver)
    lane.receiver.complete_message(message)
    assert text(message) == "small"


def test_a_locked_message_is_nobody_elses_and_a_completed_one_is_gone(lane: Lane) -> None:
    lane.send()
    [message] = received(lane.receiver)
    locked = nothing_more(lane.receiver)

    lane.receiver.complete_message(message)

    assert locked
    assert nothing_more(lane.receiver)


def test_an_abandoned_message_comes_again_and_counts(lane: Lane) -> None:
    lane.send()
    [message] = received(lane.receiver)

    lane.receiver.abandon_message(message)

    [again] = received(lane.receiver)
    lane.receiver.complete_message(again)
    assert again.delivery_count == 1


def test_a_message_that_was_delivered_too_often_is_dead_lettered(lane: Lane) -> None:
    lane.send("tired")

    for _ in range(MOST_DELIVERIES):
        lane.receiver.abandon_message(received(lane.receiver)[0])

    [letter] = received(lane.letters)
    assert text(letter) == "tired"
    assert letter.dead_letter_reason == "MaxDeliveryCountExceeded"


def test_a_dead_letter_says_why_and_keeps_what_it_was(lane: Lane) -> None:
    lane.send("bad", application_properties={"kept": 1})

    lane.receiver.dead_letter_message(
        received(lane.receiver)[0], reason="Why", error_description="Because"
    )

    [letter] = received(lane.letters)
    assert (letter.dead_letter_reason, letter.dead_letter_error_description) == ("Why", "Because")
    assert properties(letter) == {
        "kept": 1,
        "DeadLetterReason": "Why",
        "DeadLetterErrorDescription": "Because",
    }


def test_a_deferred_message_is_received_by_its_number(lane: Lane) -> None:
    lane.send("later")
    [message] = received(lane.receiver)
    number = message.sequence_number
    assert number is not None
    lane.receiver.defer_message(message)
    hidden = nothing_more(lane.receiver)
    [shown] = lane.receiver.peek_messages(sequence_number=number)

    [deferred] = lane.receiver.receive_deferred_messages([number])
    lane.receiver.complete_message(deferred)

    assert hidden
    assert shown.state == ServiceBusMessageState.DEFERRED
    assert text(deferred) == "later"


def test_a_number_that_was_not_deferred_is_not_found(lane: Lane) -> None:
    with pytest.raises(MessageNotFoundError):
        lane.receiver.receive_deferred_messages([999_999])


def test_a_renewed_lock_lasts_longer(lane: Lane) -> None:
    lane.send()
    [message] = received(lane.receiver)
    before = message.locked_until_utc
    assert before is not None

    after = lane.receiver.renew_message_lock(message)

    lane.receiver.complete_message(message)
    assert after > before


def test_peeking_shows_messages_and_leaves_them(lane: Lane) -> None:
    lane.sender.send_messages([ServiceBusMessage(body) for body in "abc"])
    first = lane.receiver.peek_messages(sequence_number=1)[0].sequence_number
    assert first is not None

    shown = lane.receiver.peek_messages(2, sequence_number=first + 1)

    assert [text(message) for message in shown] == ["b", "c"]
    left = received(lane.receiver, 3)
    for message in left:
        lane.receiver.complete_message(message)
    assert [text(message) for message in left] == ["a", "b", "c"]


def test_peeking_at_an_empty_queue_shows_nothing(lane: Lane) -> None:
    assert lane.receiver.peek_messages(sequence_number=1) == []


def test_a_message_with_a_time_comes_at_that_time(lane: Lane) -> None:
    when = datetime.now(UTC) + timedelta(seconds=1)

    lane.send("scheduled", scheduled_enqueue_time_utc=when)

    [waiting] = lane.receiver.peek_messages(sequence_number=1)
    [message] = received(lane.receiver)
    lane.receiver.complete_message(message)
    assert waiting.state == ServiceBusMessageState.SCHEDULED
    assert message.enqueued_time_utc is not None
    assert abs(message.enqueued_time_utc - when) < timedelta(seconds=1)


def test_a_scheduled_message_can_be_cancelled(lane: Lane) -> None:
    far = datetime.now(UTC) + timedelta(hours=1)
    numbers = lane.sender.schedule_messages(
        [ServiceBusMessage("kept"), ServiceBusMessage("cancelled")], far
    )

    lane.sender.cancel_scheduled_messages(numbers[1])

    shown = lane.receiver.peek_messages(9, sequence_number=1)
    lane.sender.cancel_scheduled_messages(numbers[0])
    assert [text(message) for message in shown] == ["kept"]


def test_a_message_that_is_removed_on_receipt_is_gone(bus: Namespace, links: Links) -> None:
    mode = ServiceBusReceiveMode.RECEIVE_AND_DELETE
    sender, receiver = links.both(bus.queue(), receive_mode=mode)
    sender.send_messages(ServiceBusMessage("gone"))

    [message] = received(receiver)

    assert text(message) == "gone"
    assert receiver.peek_messages(sequence_number=1) == []


def test_prefetched_messages_come_back_uncounted_when_the_receiver_closes(
    bus: Namespace, links: Links
) -> None:
    name = bus.queue()
    links.sender(name).send_messages([ServiceBusMessage(body) for body in "abc"])
    with links.client.get_queue_receiver(name, prefetch_count=10) as hoarder:
        hoarder.complete_message(received(hoarder)[0])

    messages = received(links.receiver(name), 2)

    assert [(text(message), message.delivery_count) for message in messages] == [("b", 0), ("c", 0)]


def test_a_lock_that_ended_is_lost_and_the_message_comes_again(
    bus: Namespace, links: Links
) -> None:
    name = bus.queue(lockDuration=bus.shortest_lock)
    sender, receiver = links.both(name)
    sender.send_messages(ServiceBusMessage("x"))
    [message] = received(receiver)

    [again] = links.receiver(name).receive_messages(max_wait_time=10)

    with pytest.raises(MessageLockLostError):
        receiver.complete_message(message)
    assert again.delivery_count == 1


def test_a_repeated_message_id_is_dropped(bus: Namespace, links: Links) -> None:
    name = bus.queue(requiresDuplicateDetection=True, duplicateDetectionHistoryTimeWindow="PT1M")
    sender, receiver = links.both(name)

    for body in ("first", "repeat"):
        sender.send_messages(ServiceBusMessage(body, message_id="same"))

    assert [text(message) for message in received(receiver)] == ["first"]
    assert nothing_more(receiver)


def test_an_expired_message_is_dead_lettered_where_that_is_wanted(twin: Twin, links: Links) -> None:
    name = twin.queue(deadLetteringOnMessageExpiration=True)
    sender, letters = links.both(name, sub_queue=ServiceBusSubQueue.DEAD_LETTER)

    sender.send_messages(ServiceBusMessage("old", time_to_live=timedelta(seconds=1)))

    [letter] = received(letters)
    letters.complete_message(letter)
    assert (text(letter), letter.dead_letter_reason) == ("old", "TTLExpiredException")
