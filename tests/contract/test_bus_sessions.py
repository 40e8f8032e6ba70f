"""Sessions of a Service Bus namespace, as azure-servicebus sees them."""

from datetime import UTC, datetime, timedelta

import pytest
from azure.servicebus import (
    NEXT_AVAILABLE_SESSION,
    ServiceBusMessage,
    ServiceBusReceiver,
    ServiceBusSender,
)
from azure.servicebus.exceptions import (
    OperationTimeoutError,
    ServiceBusError,
    SessionLockLostError,
)

from tests.contract.bus_namespace import (
    Links,
    Namespace,
    nothing_more,
    received,
    text,
)


@pytest.fixture(scope="module")
def queue(bus: Namespace) -> str:
    return bus.queue(requiresSession=True)


@pytest.fixture(scope="module")
def sender(queue: str, links: Links) -> ServiceBusSender:
    return links.sender(queue)


def send(sender: ServiceBusSender, session_id: str, *bodies: str) -> None:
    messages = [ServiceBusMessage(body, session_id=session_id) for body in bodies]
    sender.send_messages(messages)


def complete_all(receiver: ServiceBusReceiver, count: int) -> list[str]:
    messages = received(receiver, count)
    for message in messages:
        receiver.complete_message(message)
    return [text(message) for message in messages]


def test_a_session_gives_its_messages_in_order_and_no_others(
    queue: str, sender: ServiceBusSender, links: Links
) -> None:
    send(sender, "orders", "1", "2")
    send(sender, "other", "x")
    send(sender, "orders", "3")

    receiver = links.receiver(queue, session_id="orders")

    assert complete_all(receiver, 3) == ["1", "2", "3"]
    assert nothing_more(receiver)
    other = links.receiver(queue, session_id="other")
    assert complete_all(other, 1) == ["x"]


def test_the_next_session_is_one_with_messages(bus: Namespace, links: Links) -> None:
    name = bus.queue(requiresSession=True)
    send(links.sender(name), "waiting", "x")

    receiver = links.receiver(name, session_id=NEXT_AVAILABLE_SESSION)

    assert receiver.session.session_id == "waiting"
    assert complete_all(receiver, 1) == ["x"]


def test_who_waits_for_a_session_gets_the_first_that_comes(bus: Namespace, links: Links) -> None:
    name = bus.queue(requiresSession=True)
    soon = datetime.now(UTC) + timedelta(seconds=2)
    links.sender(name).schedule_messages(ServiceBusMessage("x", session_id="late"), soon)

    receiver = links.receiver(name, session_id=NEXT_AVAILABLE_SESSION, max_wait_time=10)

    assert receiver.session.session_id == "late"
    assert datetime.now(UTC) >= soon


def test_waiting_for_a_session_ends_in_time(bus: Namespace, links: Links) -> None:
    name = bus.queue(requiresSession=True)

    with pytest.raises(OperationTimeoutError):
        links.receiver(name, session_id=NEXT_AVAILABLE_SESSION, max_wait_time=1)


def test_a_state_is_kept_with_the_session(queue: str, links: Links) -> None:
    with links.client.get_queue_receiver(queue, session_id="state") as receiver:
        states: list[bytes | None] = [receiver.session.get_state()]
        receiver.session.set_state(b"step 1")

    again = links.receiver(queue, session_id="state")
    states.append(again.session.get_state())
    again.session.set_state(None)
    states.append(again.session.get_state())

    assert states == [None, b"step 1", None]


def test_a_renewed_session_lasts_longer(queue: str, links: Links) -> None:
    receiver = links.receiver(queue, session_id="renewed")
    before = receiver.session.locked_until_utc
    assert before is not None

    after = receiver.session.renew_lock()

    assert after > before


def test_a_closed_session_gives_its_messages_back_uncounted(
    queue: str, sender: ServiceBusSender, links: Links
) -> None:
    send(sender, "closed", "x")
    with links.client.get_queue_receiver(queue, session_id="closed") as receiver:
        received(receiver)

    again = links.receiver(queue, session_id="closed")

    [message] = received(again)
    again.complete_message(message)
    assert message.delivery_count == 0


def test_a_session_whose_lock_ended_is_lost(bus: Namespace, links: Links) -> None:
    name = bus.queue(requiresSession=True, lockDuration=bus.shortest_lock)
    receiver = links.receiver(name, session_id="lost")

    with pytest.raises(SessionLockLostError):
        receiver.receive_messages(max_wait_time=10)


def test_messages_of_a_session_are_peeked_and_deferred(
    queue: str, sender: ServiceBusSender, links: Links
) -> None:
    send(sender, "deferred", "a", "b")
    receiver = links.receiver(queue, session_id="deferred")
    [first] = received(receiver)
    number = first.sequence_number
    assert number is not None
    receiver.defer_message(first)

    shown = receiver.peek_messages(9, sequence_number=1)
    [deferred] = receiver.receive_deferred_messages([number])

    receiver.complete_message(deferred)
    assert [text(message) for message in shown] == ["a", "b"]
    assert complete_all(receiver, 1) == ["b"]


def test_a_queue_with_sessions_refuses_a_message_without_one(sender: ServiceBusSender) -> None:
    with pytest.raises(ServiceBusError, match="SessionId was not set"):
        sender.send_messages(ServiceBusMessage("x"))


def test_the_sessions_of_a_queue_are_listed(bus: Namespace, links: Links) -> None:
    name = bus.queue(requiresSession=True)
    sender = links.sender(name)
    for session_id in ("one", "two"):
        send(sender, session_id, "x")

    assert sorted(links.client.list_queue_sessions(name)) == ["one", "two"]
