"""Messages of one store: locks, settlements, expiry and the dead-letter queue."""

from datetime import datetime
from uuid import UUID, uuid4

import pytest

from tests.local.bus.burial import Burial
from tests.local.bus.errors import MessageLockLostError, MessageNotFoundError, NotAllowedError
from tests.local.bus.messages import Message, State
from tests.local.bus.store import Store
from tests.unit.local.bus_clock import NOON, a_content, a_store, after, filled, ids


def received(store: Store, now: datetime = NOON) -> Message:
    message = store.receive(now)
    assert message is not None
    return message


def token_of(message: Message) -> UUID:
    assert message.lock is not None
    return message.lock.token


def deferred(store: Store) -> Message:
    message = received(store)
    store.defer(token_of(message), NOON, {})
    return message


def test_messages_are_handed_out_in_the_order_in_which_they_came() -> None:
    store = filled("a", "b")

    got = [received(store).content.message_id, received(store).content.message_id]

    assert got == ["a", "b"]


def test_a_message_gets_the_next_number() -> None:
    store = a_store()

    numbers = [store.add(a_content(), NOON, expires=None) for _ in range(2)]

    assert numbers == [1, 2]
    assert [message.sequence for message in store.peek(1, 9, NOON)] == numbers


def test_a_store_tells_whether_there_is_anything_to_hand_out() -> None:
    store = filled("a")
    before = store.has_ready()

    received(store)

    assert (before, store.has_ready()) == (True, False)


def test_an_empty_store_hands_out_nothing() -> None:
    assert a_store().receive(NOON) is None


def test_a_locked_message_is_nobody_elses() -> None:
    store = filled("a")
    received(store)

    assert store.receive(after(29)) is None


def test_a_completed_message_is_gone() -> None:
    store = filled("a")

    store.complete(token_of(received(store)), NOON)

    assert ids(store) == []


def test_a_message_that_is_removed_on_receipt_is_gone_at_once() -> None:
    store = filled("a")

    message = store.receive(NOON, remove=True)

    assert message is not None
    assert message.lock is None
    assert ids(store) == []


def test_an_abandoned_message_is_the_next_again_and_counts_the_delivery() -> None:
    store = filled("a", "b")

    store.abandon(token_of(received(store)), NOON, {})

    again = received(store)
    assert (again.content.message_id, again.failed_deliveries) == ("a", 1)


def test_abandoning_changes_the_properties_that_were_named() -> None:
    store = filled("a")

    store.abandon(token_of(received(store)), NOON, {"seen": "once"})

    assert received(store).changes == {"seen": "once"}


def test_a_released_message_counts_no_delivery() -> None:
    store = filled("a")

    store.release(token_of(received(store)), NOON)

    assert received(store).failed_deliveries == 0


def test_a_lock_that_ends_gives_the_message_back_and_counts_the_delivery() -> None:
    store = filled("a")
    first = token_of(received(store))

    again = received(store, after(30))

    assert (token_of(again) == first, again.failed_deliveries) == (False, 1)


def test_who_lost_the_lock_can_do_nothing_with_the_message() -> None:
    store = filled("a")
    token = token_of(received(store))

    with pytest.raises(MessageLockLostError):
        store.complete(token, after(30))


def test_a_token_works_once() -> None:
    store = filled("a")
    token = token_of(received(store))
    store.complete(token, NOON)

    with pytest.raises(MessageLockLostError):
        store.complete(token, NOON)


def test_a_renewed_lock_lasts_from_then_on() -> None:
    store = filled("a")
    token = token_of(received(store))

    until = store.renew(token, after(20))

    assert until == after(50)
    assert store.receive(after(49)) is None
    assert store.receive(after(50)) is not None


def test_a_lock_that_has_ended_cannot_be_renewed() -> None:
    store = filled("a")
    token = token_of(received(store))

    with pytest.raises(MessageLockLostError):
        store.renew(token, after(30))


def test_an_unknown_token_is_a_lost_lock() -> None:
    with pytest.raises(MessageLockLostError):
        a_store().renew(uuid4(), NOON)


def test_after_too_many_deliveries_a_message_is_buried_with_the_reason() -> None:
    store = filled("a", store=a_store(max_delivery_count=2))
    store.abandon(token_of(received(store)), NOON, {})

    store.abandon(token_of(received(store)), NOON, {})

    assert store.dead_letters is not None
    letter = received(store.dead_letters)
    assert store.receive(NOON) is None
    assert ids(store) == []
    assert letter.changes == {
        "DeadLetterReason": "MaxDeliveryCountExceeded",
        "DeadLetterErrorDescription": "Message could not be consumed after 2 delivery attempts.",
    }


def test_locks_that_end_count_for_too_many_deliveries() -> None:
    store = filled("a", store=a_store(max_delivery_count=1))
    received(store)

    store.advance(after(30))

    assert ids(store.dead_letters, after(30)) == ["a"]


def test_a_dead_lettered_message_keeps_its_number_and_says_why() -> None:
    store = filled("a", "b")
    store.complete(token_of(received(store)), NOON)

    store.dead_letter(token_of(received(store)), NOON, Burial("why", "because"), {"extra": 1})

    assert store.dead_letters is not None
    letter = received(store.dead_letters)
    assert letter.sequence == 2
    assert letter.changes == {
        "DeadLetterReason": "why",
        "DeadLetterErrorDescription": "because",
        "extra": 1,
    }


def test_what_is_not_said_about_a_dead_letter_is_no_property() -> None:
    store = filled("a")

    store.dead_letter(token_of(received(store)), NOON, Burial(), {})

    assert store.dead_letters is not None
    assert received(store.dead_letters).changes == {}


def test_a_dead_letter_is_never_dead_lettered() -> None:
    store = filled("a").dead_letters
    assert store is not None
    filled("b", store=store)
    token = token_of(received(store))

    with pytest.raises(NotAllowedError):
        store.dead_letter(token, NOON, Burial(), {})

    store.complete(token, NOON)


def test_a_dead_letter_may_be_abandoned_for_ever() -> None:
    letters = a_store(max_delivery_count=1).dead_letters
    assert letters is not None
    filled("a", store=letters)

    for _ in range(3):
        letters.abandon(token_of(received(letters)), NOON, {})

    assert ids(letters) == ["a"]


def test_an_expired_message_is_dropped() -> None:
    store = filled("a", expires=after(10))

    store.advance(after(10))

    assert store.receive(after(10)) is None
    assert ids(store, after(10)) == []
    assert ids(store.dead_letters, after(10)) == []


def test_an_expired_message_is_buried_where_that_is_wanted() -> None:
    store = filled("a", store=a_store(dead_lettering_on_message_expiration=True), expires=after(10))

    store.advance(after(10))

    assert store.dead_letters is not None
    assert received(store.dead_letters, after(99999)).changes == {
        "DeadLetterReason": "TTLExpiredException",
        "DeadLetterErrorDescription": "The message expired and was dead lettered.",
    }


def test_a_locked_message_does_not_expire_but_when_it_comes_back() -> None:
    store = filled("a", expires=after(10))
    token = token_of(received(store))
    store.advance(after(20))

    store.abandon(token, after(20), {})

    assert store.receive(after(20)) is None


def test_a_locked_message_may_be_completed_after_its_time() -> None:
    store = filled("a", expires=after(10))

    store.complete(token_of(received(store)), after(20))

    assert ids(store, after(20)) == []


def test_a_deferred_message_is_handed_out_by_its_number_alone() -> None:
    store = filled("a")
    number = deferred(store).sequence

    nothing = store.receive(NOON)
    [message] = store.receive_deferred([number], NOON, remove=False)

    assert nothing is None
    assert message.content.message_id == "a"
    store.complete(token_of(message), NOON)


def test_deferring_counts_as_a_delivery() -> None:
    store = filled("a", store=a_store(max_delivery_count=1))

    deferred(store)

    assert ids(store.dead_letters) == ["a"]


def test_deferring_changes_the_properties_that_were_named() -> None:
    store = filled("a")
    message = received(store)

    store.defer(token_of(message), NOON, {"seen": "once"})

    assert store.peek(1, 1, NOON)[0].changes == {"seen": "once"}


def test_a_deferred_message_whose_lock_ended_can_be_asked_for_again() -> None:
    store = filled("a")
    number = deferred(store).sequence
    store.receive_deferred([number], NOON, remove=False)

    [again] = store.receive_deferred([number], after(30), remove=False)

    assert again.failed_deliveries == 2


def test_a_deferred_message_that_is_abandoned_stays_deferred() -> None:
    store = filled("a")
    number = deferred(store).sequence
    [message] = store.receive_deferred([number], NOON, remove=False)

    store.abandon(token_of(message), NOON, {})

    assert store.receive(NOON) is None
    assert store.receive_deferred([number], NOON, remove=True)[0].failed_deliveries == 2


@pytest.mark.parametrize("numbers", [[2], [99], [1, 99]])
def test_deferred_messages_are_handed_out_all_or_none(numbers: list[int]) -> None:
    store = filled("a", "b")
    deferred(store)

    with pytest.raises(MessageNotFoundError):
        store.receive_deferred(numbers, NOON, remove=True)

    assert ids(store) == ["a", "b"]


def test_a_deferred_message_expires_only_when_it_is_asked_for() -> None:
    store = filled("a", expires=after(10))
    number = deferred(store).sequence
    before = ids(store, after(20))

    with pytest.raises(MessageNotFoundError):
        store.receive_deferred([number], after(20), remove=False)

    assert (before, ids(store, after(20))) == (["a"], [])


def test_peeking_shows_every_state_and_changes_nothing() -> None:
    store = filled("deferred", "locked", "ready")
    deferred(store)
    received(store)

    shown = store.peek(1, 10, NOON)

    assert [(message.state, message.lock is None) for message in shown] == [
        (State.DEFERRED, True),
        (State.ACTIVE, False),
        (State.ACTIVE, True),
    ]
    assert received(store).content.message_id == "ready"


def test_peeking_starts_at_a_number_and_ends_after_so_many() -> None:
    store = filled("a", "b", "c", "d")

    assert [message.content.message_id for message in store.peek(2, 2, NOON)] == ["b", "c"]


def test_peeking_shows_nothing_that_has_expired() -> None:
    store = filled("a", expires=after(10))

    assert store.peek(1, 9, after(10)) == []


def test_there_is_no_alarm_for_what_is_gone() -> None:
    store = filled("a", expires=after(10))

    store.complete(token_of(received(store)), NOON)

    assert store.next_alarm() is None


def test_the_next_alarm_is_the_first_thing_that_is_due() -> None:
    store = filled("expires", expires=after(10))
    filled("locked", store=store)
    empty = a_store().next_alarm()

    first = store.next_alarm()
    received(store)
    second = store.next_alarm()

    assert (empty, first, second) == (None, after(10), after(30))


def test_counts_tell_active_from_deferred_and_locked() -> None:
    store = filled("deferred", "locked", "ready")
    deferred(store)
    received(store)

    assert store.counts() == {"active": 2, "deferred": 1, "locked": 1}


def test_whoever_waits_hears_of_a_message_that_is_ready() -> None:
    heard: list[Store] = []
    store = a_store(on_ready=heard.append)

    store.add(a_content(), NOON, expires=None)

    assert heard == [store]
