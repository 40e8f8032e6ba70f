"""Topics of a Service Bus namespace, as azure-servicebus sees them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from azure.servicebus import (
    ServiceBusMessage,
    ServiceBusReceiveMode,
    ServiceBusReceiver,
    ServiceBusSender,
    ServiceBusSubQueue,
)

from tests.contract.bus_namespace import Links, Namespace, nothing_more, received, text

REMOVING = ServiceBusReceiveMode.RECEIVE_AND_DELETE


@pytest.fixture(scope="module")
def topic(bus: Namespace) -> str:
    return bus.topic(requiresDuplicateDetection=True)


@pytest.fixture(scope="module")
def everything(bus: Namespace, links: Links, topic: str) -> ServiceBusReceiver:
    return links.subscriber(topic, bus.subscription(topic), receive_mode=REMOVING)


@pytest.fixture(scope="module")
def final(bus: Namespace, links: Links, topic: str) -> ServiceBusReceiver:
    subscription = bus.subscription(topic, "final = TRUE AND sys.Label LIKE 'run.%'")
    return links.subscriber(topic, subscription, receive_mode=REMOVING)


@pytest.fixture(scope="module")
def sender(
    links: Links, topic: str, everything: ServiceBusReceiver, final: ServiceBusReceiver
) -> ServiceBusSender:
    """A sender that is there when all who listen are."""
    return links.sender(topic)


def event(body: str, **fields: Any) -> ServiceBusMessage:
    return ServiceBusMessage(body, message_id=fields.pop("message_id", body), **fields)


def test_each_subscription_gets_what_its_filter_selects(
    sender: ServiceBusSender, everything: ServiceBusReceiver, final: ServiceBusReceiver
) -> None:
    sender.send_messages(
        [
            event("plain"),
            event("not final", subject="run.status", application_properties={"final": False}),
            event("final", subject="run.failed", application_properties={"final": True}),
        ]
    )

    everybody = [text(message) for message in received(everything, 3)]
    selected = [text(message) for message in received(final)]

    assert everybody == ["plain", "not final", "final"]
    assert selected == ["final"]
    assert nothing_more(final)


def test_a_repeated_event_is_dropped_for_all(
    sender: ServiceBusSender, everything: ServiceBusReceiver
) -> None:
    sender.send_messages(event("first", message_id="same"))

    sender.send_messages(event("repeat", message_id="same"))

    assert [text(message) for message in received(everything)] == ["first"]
    assert nothing_more(everything)


def test_a_scheduled_event_comes_at_its_time(
    sender: ServiceBusSender, everything: ServiceBusReceiver
) -> None:
    [cancelled] = sender.schedule_messages(
        event("cancelled"), datetime.now(UTC) + timedelta(hours=1)
    )
    sender.schedule_messages(event("soon"), datetime.now(UTC) + timedelta(seconds=1))

    sender.cancel_scheduled_messages(cancelled)

    assert [text(message) for message in received(everything)] == ["soon"]


def test_a_subscription_has_dead_letters_of_its_own(
    bus: Namespace, links: Links, topic: str, sender: ServiceBusSender
) -> None:
    subscription = bus.subscription(topic, "user.mine = 'yes'")
    receiver = links.subscriber(topic, subscription)
    letters = links.subscriber(
        topic, subscription, sub_queue=ServiceBusSubQueue.DEAD_LETTER, receive_mode=REMOVING
    )
    sender.send_messages(event("bad", application_properties={"mine": "yes"}))

    receiver.dead_letter_message(received(receiver)[0], reason="Why")

    [letter] = received(letters)
    assert (text(letter), letter.dead_letter_reason) == ("bad", "Why")


def test_a_subscription_with_sessions_gives_events_in_order(
    bus: Namespace, links: Links, topic: str, sender: ServiceBusSender
) -> None:
    subscription = bus.subscription(topic, "run IS NOT NULL", requiresSession=True)
    runs = [event(f"{n}", session_id="run-1", application_properties={"run": 1}) for n in range(5)]
    sender.send_messages(runs)

    receiver = links.subscriber(topic, subscription, session_id="run-1", receive_mode=REMOVING)

    assert [text(message) for message in received(receiver, 5)] == ["0", "1", "2", "3", "4"]
