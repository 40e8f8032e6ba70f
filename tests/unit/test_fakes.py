"""The fake publisher fails as a broker does."""

from itertools import islice

import pytest

from shared.errors import UnavailableError
from shared.ports import Publisher
from tests.fakes import MemoryPublisher
from tests.rows import an_item

ITEMS = [an_item(1), an_item(2)]


def test_what_is_sent_is_kept_in_order() -> None:
    publisher = MemoryPublisher()
    port: Publisher = publisher

    ids = list(port.send(ITEMS))

    assert ids == [ITEMS[0].id, ITEMS[1].id]
    assert publisher.sent == ITEMS


def test_nothing_is_sent_before_its_turn() -> None:
    publisher = MemoryPublisher()

    list(islice(publisher.send(ITEMS), 1))

    assert publisher.sent == ITEMS[:1]


def test_a_send_that_fails_at_once_sends_nothing() -> None:
    publisher = MemoryPublisher()
    publisher.failing = "before"

    with pytest.raises(UnavailableError):
        next(publisher.send(ITEMS))

    assert publisher.sent == []


def test_a_send_may_fail_after_its_effect() -> None:
    publisher = MemoryPublisher()
    publisher.failing = "after"

    with pytest.raises(UnavailableError):
        next(publisher.send(ITEMS))

    assert publisher.sent == ITEMS[:1]


def test_a_failing_broker_does_not_answer() -> None:
    publisher = MemoryPublisher()
    publisher.ping()
    publisher.failing = "before"

    with pytest.raises(UnavailableError):
        publisher.ping()
