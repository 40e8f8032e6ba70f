"""Sessions: who holds which, and what a lost or closed session does to its messages."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from tests.local.bus.errors import MessageLockLostError, SessionLockLostError, SessionTakenError
from tests.local.bus.messages import Message
from tests.local.bus.sessions import Session, Sessions
from tests.local.bus.store import Store
from tests.unit.local.bus_clock import NOON, a_content, a_store, after, ids


def nobody() -> None:
    """Hear that a session is lost, and care not."""


def a_session_store(*messages: tuple[str, str], **options: Any) -> Store:
    store = a_store(requires_session=True, **options)
    for session_id, message_id in messages:
        store.add(a_content(message_id, session_id=session_id), NOON, expires=None)
    return store


def sessions_of(store: Store) -> Sessions:
    assert store.sessions is not None
    return store.sessions


def accepted(
    store: Store, session_id: str, now: datetime = NOON, on_lost: Callable[[], None] = nobody
) -> Session:
    store.advance(now)
    return sessions_of(store).accept(session_id, "me", now, on_lost)


def received(store: Store, session: Session, now: datetime = NOON) -> Message:
    message = store.receive(now, session=session)
    assert message is not None
    assert message.lock is not None
    return message


def test_a_session_hands_out_its_own_messages_in_order() -> None:
    store = a_session_store(("s", "a"), ("other", "b"), ("s", "c"))
    session = accepted(store, "s")

    got = [received(store, session).content.message_id for _ in range(2)]

    assert (got, store.receive(NOON, session=session)) == (["a", "c"], None)


def test_a_session_that_is_held_cannot_be_accepted() -> None:
    store = a_session_store(("s", "a"))
    accepted(store, "s")

    with pytest.raises(SessionTakenError):
        accepted(store, "s", after(29))


def test_a_session_without_messages_can_be_accepted_and_gets_those_that_come() -> None:
    store = a_session_store()
    session = accepted(store, "s")

    store.add(a_content("late", session_id="s"), NOON, expires=None)

    assert received(store, session).content.message_id == "late"


def test_the_next_session_is_the_free_one_whose_message_waited_longest() -> None:
    store = a_session_store(("held", "a"), ("second", "b"), ("third", "c"))
    accepted(store, "held")

    session = sessions_of(store).accept_next("me", NOON, nobody)

    assert session is not None
    assert session.session_id == "second"


def test_there_is_no_next_session_without_messages() -> None:
    store = a_session_store(("s", "a"))
    session = accepted(store, "s")
    received(store, session)
    accepted(store, "empty")

    assert sessions_of(store).accept_next("me", NOON, nobody) is None


def test_messages_are_locked_as_long_as_their_session() -> None:
    store = a_session_store(("s", "a"))
    session = accepted(store, "s")

    message = received(store, session, after(10))

    assert message.lock is not None
    assert message.lock.until == after(30)


def test_a_renewed_session_keeps_its_messages() -> None:
    store = a_session_store(("s", "a"))
    session = accepted(store, "s")
    message = received(store, session)
    assert message.lock is not None

    until = sessions_of(store).renew("s", "me", after(20))

    store.complete(message.lock.token, after(49))
    assert until == after(50)


def test_a_lost_session_counts_the_deliveries_and_tells_its_holder() -> None:
    heard: list[str] = []
    store = a_session_store(("s", "a"), ("s", "b"))
    received(store, accepted(store, "s", on_lost=lambda: heard.append("lost")))

    store.advance(after(30))

    again = accepted(store, "s", after(30))
    counts = [received(store, again, after(30)).failed_deliveries for _ in range(2)]
    assert (heard, counts) == (["lost"], [1, 0])


def test_who_lost_a_session_can_do_nothing_with_its_messages() -> None:
    store = a_session_store(("s", "a"))
    message = received(store, accepted(store, "s"))
    assert message.lock is not None

    with pytest.raises(MessageLockLostError):
        store.complete(message.lock.token, after(30))


def test_a_closed_session_counts_no_delivery() -> None:
    store = a_session_store(("s", "a"))
    session = accepted(store, "s")
    received(store, session)

    store.release_session(session, after(5))

    again = received(store, accepted(store, "s", after(5)), after(5))
    assert again.failed_deliveries == 0


@pytest.mark.parametrize("ends", ["by its holder", "by itself"])
def test_whoever_waits_hears_of_a_session_that_is_free_again(ends: str) -> None:
    heard: list[Store] = []
    store = a_session_store(("s", "a"), on_ready=heard.append)
    session = accepted(store, "s")
    heard.clear()

    if ends == "by its holder":
        store.release_session(session, NOON)
    store.advance(after(30))

    assert heard == [store]


def test_a_session_can_be_lost_so_often_that_its_message_is_buried() -> None:
    store = a_session_store(("s", "a"), max_delivery_count=1)
    received(store, accepted(store, "s"))

    store.advance(after(30))

    assert ids(store.dead_letters, after(30)) == ["a"]


@pytest.mark.parametrize("holder", ["somebody else", "me"])
def test_only_the_holder_may_renew_and_only_in_time(holder: str) -> None:
    store = a_session_store(("s", "a"))
    accepted(store, "s")
    store.advance(after(30))

    with pytest.raises(SessionLockLostError):
        sessions_of(store).renew("s", holder, after(30))


def test_another_holder_may_not_set_the_state() -> None:
    store = a_session_store(("s", "a"))
    accepted(store, "s")

    with pytest.raises(SessionLockLostError):
        sessions_of(store).remember("s", "somebody else", b"", NOON)


def test_a_state_outlives_messages_and_holders() -> None:
    store = a_session_store()
    session = accepted(store, "s")
    sessions_of(store).remember("s", "me", b"step 1", NOON)
    store.release_session(session, NOON)

    accepted(store, "s")

    assert sessions_of(store).held("s", "me")[0].state == b"step 1"


def test_sessions_are_listed_by_messages_or_state_or_by_when_the_state_was_set() -> None:
    store = a_session_store(("with message", "a"))
    session = accepted(store, "with state")
    sessions_of(store).remember("with state", "me", b"x", after(5))
    store.release_session(session, after(5))

    listed = [sessions_of(store).ids(state_set_after=when) for when in (None, after(4), after(5))]

    assert listed == [["with message", "with state"], ["with state"], []]


def test_a_session_is_held_even_when_its_last_message_is_gone() -> None:
    store = a_session_store(("s", "a"))
    message = received(store, accepted(store, "s"))
    assert message.lock is not None

    store.complete(message.lock.token, NOON)

    assert sessions_of(store).renew("s", "me", NOON) == after(30)


def test_a_held_session_sets_an_alarm_until_it_is_let_go() -> None:
    store = a_session_store(("s", "a"))
    session = accepted(store, "s")
    held = store.next_alarm()

    store.release_session(session, NOON)

    assert (held, store.next_alarm()) == (after(30), None)


def test_a_session_that_holds_nothing_is_forgotten() -> None:
    store = a_session_store(("s", "a"))
    session = accepted(store, "s")
    message = received(store, session)
    assert message.lock is not None
    store.complete(message.lock.token, NOON)

    store.release_session(session, NOON)

    assert sessions_of(store).of("s") is not session


def test_a_session_whose_last_message_expired_is_forgotten() -> None:
    store = a_session_store()
    store.add(a_content("a", session_id="s"), NOON, expires=after(5))
    session = sessions_of(store).of("s")

    store.advance(after(5))

    assert sessions_of(store).of("s") is not session


def test_a_message_without_a_session_is_buried_where_sessions_are_required() -> None:
    store = a_session_store()

    store.add(a_content("a"), NOON, expires=None)

    assert store.dead_letters is not None
    letter = store.dead_letters.receive(NOON)
    assert letter is not None
    assert letter.changes["DeadLetterReason"] == "Session ID is null."


def test_peeking_shows_the_messages_of_one_session() -> None:
    store = a_session_store(("s", "a"), ("other", "b"))

    assert [message.content.message_id for message in store.peek(1, 9, NOON, session_id="s")] == [
        "a"
    ]
