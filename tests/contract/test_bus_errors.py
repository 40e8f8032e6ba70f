"""What clients are told, at once, when something is not there or goes away."""

import pytest
from azure.servicebus import ServiceBusClient, ServiceBusMessage
from azure.servicebus.exceptions import (
    MessagingEntityNotFoundError,
    ServiceBusConnectionError,
    ServiceBusError,
)

from tests.contract.bus_namespace import AT_ONCE, SOON, Links, Namespace, Twin, received
from tests.local.process import module, start


def test_a_sender_to_nothing_is_refused(links: Links) -> None:
    with pytest.raises(MessagingEntityNotFoundError):
        links.sender("no-such-queue").send_messages(ServiceBusMessage("x"))


def test_a_subscriber_of_nothing_is_refused(bus: Namespace, links: Links) -> None:
    with pytest.raises(MessagingEntityNotFoundError):
        links.subscriber(bus.topic(), "no-such-subscription").receive_messages(max_wait_time=SOON)


def test_a_lock_that_is_not_held_is_lost(bus: Namespace, links: Links) -> None:
    sender, receiver = links.both(bus.queue())
    sender.send_messages(ServiceBusMessage("x"))
    [message] = received(receiver)
    receiver.complete_message(message)
    message._settled = False  # the client would refuse by itself

    with pytest.raises(ServiceBusError, match="lock"):
        receiver.renew_message_lock(message)


def test_an_entity_that_is_removed_ends_its_links(twin: Twin, links: Links) -> None:
    name = twin.queue()
    receiver = links.receiver(name)

    twin.control("DELETE", f"/entities/{name}").raise_for_status()

    with pytest.raises(MessagingEntityNotFoundError):
        receiver.receive_messages(max_wait_time=SOON)


def test_clients_of_a_bus_that_ends_hear_of_it() -> None:
    service = start("bus", module("bus"))
    client = ServiceBusClient.from_connection_string(service.info["connection"], retry_total=0)
    receiver = client.get_queue_receiver("jobs").__enter__()
    receiver.receive_messages(max_wait_time=AT_ONCE)

    service.stop()

    with pytest.raises(ServiceBusConnectionError):
        receiver.receive_messages(max_wait_time=SOON)
    client.close()
