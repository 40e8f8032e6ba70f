"""Faults of the bus on demand, and what clients see of them."""

import gc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from azure.servicebus import ServiceBusMessage, ServiceBusReceiver, ServiceBusSender
from azure.servicebus.exceptions import (
    ServiceBusConnectionError,
    ServiceBusError,
    ServiceBusServerBusyError,
)

from tests.contract.bus_namespace import SOON, Links, Namespace, Twin, received

# azure-servicebus 7.15 leaves the socket of a connection that was reset to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")

BUSY = {"condition": "com.microsoft:server-busy"}


@pytest.fixture(autouse=True)
def _collected() -> Iterator[None]:
    """Let the garbage collector run while its warning is ignored."""
    yield
    gc.collect()


@dataclass(frozen=True)
class Lane:
    """A queue with both its ends."""

    name: str
    sender: ServiceBusSender
    receiver: ServiceBusReceiver


@pytest.fixture(scope="module")
def lanes(bus: Namespace, links: Links) -> Iterator[Lane]:
    """A new lane for each test, all opened at once: one after another would take a second each."""
    names = [bus.queue() for _ in range(20)]
    with ThreadPoolExecutor(max_workers=20) as pool:
        opened = list(zip(names, pool.map(links.both, names), strict=True))
    return iter([Lane(name, sender, receiver) for name, (sender, receiver) in opened])


@pytest.fixture
def lane(lanes: Iterator[Lane]) -> Lane:
    """A queue of its own for a test."""
    return next(lanes)


def send(lane: Lane) -> None:
    lane.sender.send_messages(ServiceBusMessage("x"))


def test_a_send_is_refused_with_the_condition_that_was_asked_for(twin: Twin, lane: Lane) -> None:
    twin.fail("send", lane.name.upper(), kind="status", headers=BUSY)

    with pytest.raises(ServiceBusServerBusyError):
        send(lane)

    assert twin.counts(lane.name)["active"] == 0


def test_a_send_is_refused_with_an_internal_error_if_nothing_was_asked_for(
    twin: Twin, lane: Lane
) -> None:
    twin.fail("send", lane.name, kind="status")

    with pytest.raises(ServiceBusError, match="amqp:internal-error"):
        send(lane)


def test_a_fault_happens_as_often_as_was_asked_for(twin: Twin, lane: Lane) -> None:
    twin.fail("send", lane.name, times=2, kind="status", headers=BUSY)

    for _ in range(2):
        with pytest.raises(ServiceBusServerBusyError):
            send(lane)

    send(lane)
    assert twin.counts(lane.name)["active"] == 1


@pytest.mark.parametrize(("when", "stored"), [("before", 0), ("after", 1)])
def test_a_connection_is_reset_before_or_after_a_message_is_stored(
    twin: Twin, lane: Lane, when: str, stored: int
) -> None:
    twin.fail("send", lane.name, kind="reset", when=when)

    with pytest.raises(ServiceBusConnectionError):
        send(lane)

    assert twin.counts(lane.name)["active"] == stored


def test_a_send_that_is_late_is_done_all_the_same(twin: Twin, lane: Lane) -> None:
    twin.fail("send", lane.name, kind="latency", seconds=0.3)

    send(lane)

    assert twin.counts(lane.name)["active"] == 1


def test_a_delivery_that_is_late_comes_all_the_same(twin: Twin, lane: Lane) -> None:
    twin.fail("receive", lane.name, kind="latency", seconds=0.3)

    send(lane)

    assert len(received(lane.receiver)) == 1


def test_a_receiver_is_cut_off_with_the_condition_that_was_asked_for(
    twin: Twin, lane: Lane
) -> None:
    twin.fail("receive", lane.name, kind="status", headers=BUSY)
    send(lane)

    with pytest.raises(ServiceBusServerBusyError):
        lane.receiver.receive_messages(max_wait_time=SOON)

    assert twin.counts(lane.name)["locked"] == 0


@pytest.mark.parametrize(("when", "locked"), [("before", 0), ("after", 1)])
def test_a_connection_is_reset_before_or_after_a_message_is_locked(
    twin: Twin, lane: Lane, when: str, locked: int
) -> None:
    twin.fail("receive", lane.name, kind="reset", when=when)
    send(lane)

    with pytest.raises(ServiceBusConnectionError):
        lane.receiver.receive_messages(max_wait_time=SOON)

    assert twin.counts(lane.name)["locked"] == locked


@pytest.mark.parametrize(("when", "left"), [("before", 1), ("after", 0)])
def test_a_connection_is_reset_before_or_after_a_message_is_settled(
    twin: Twin, lane: Lane, when: str, left: int
) -> None:
    send(lane)
    [message] = received(lane.receiver)
    twin.fail("settle", lane.name, kind="reset", when=when)

    with pytest.raises(ServiceBusError):
        lane.receiver.complete_message(message)

    assert twin.counts(lane.name)["active"] == left


def test_a_settlement_that_is_refused_leaves_the_message_locked(twin: Twin, lane: Lane) -> None:
    send(lane)
    [message] = received(lane.receiver)
    twin.fail("settle", lane.name, kind="status", headers=BUSY)

    with pytest.raises(ServiceBusServerBusyError):
        lane.receiver.complete_message(message)

    assert twin.counts(lane.name)["locked"] == 1


def test_a_settlement_that_is_late_is_done_all_the_same(twin: Twin, lane: Lane) -> None:
    send(lane)
    [message] = received(lane.receiver)
    twin.fail("settle", lane.name, kind="latency", seconds=0.3)

    lane.receiver.complete_message(message)

    assert twin.counts(lane.name)["active"] == 0


def test_an_outage_ends_when_the_faults_are_cleared(twin: Twin, lane: Lane) -> None:
    twin.fail("send", lane.name, times=1_000_000, kind="status", headers=BUSY)
    with pytest.raises(ServiceBusServerBusyError):
        send(lane)

    twin.control("DELETE", "/faults").raise_for_status()

    send(lane)
    assert twin.counts(lane.name)["active"] == 1


def test_scheduling_is_a_way_of_sending(twin: Twin, lane: Lane) -> None:
    twin.fail("send", lane.name, kind="status", headers=BUSY)

    with pytest.raises(ServiceBusServerBusyError):
        lane.sender.schedule_messages(ServiceBusMessage("x"), datetime.now(UTC))


def test_faults_of_one_entity_are_no_faults_of_another(twin: Twin, lane: Lane) -> None:
    twin.fail("send", "another", times=1_000_000, kind="status")

    send(lane)

    assert twin.counts(lane.name)["active"] == 1
