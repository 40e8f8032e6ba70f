"""What comes into queues and topics: repeats, scheduled messages, and copies for subscriptions."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.local.bus.broker import Broker, Entity
from tests.local.bus.entrance import Entrance
from tests.local.bus.errors import (
    EntityExistsError,
    EntityNotFoundError,
    MessageNotFoundError,
    NotAllowedError,
)
from tests.local.bus.filters.sql import SqlFilter
from tests.local.bus.options import QueueOptions, SubscriptionOptions, TopicOptions
from tests.local.bus.rules import Rule
from tests.unit.local.bus_clock import NOON, a_content, after, ids

WATCHFUL = QueueOptions(
    requires_duplicate_detection=True,
    duplicate_detection_history_time_window=timedelta(seconds=60),
)


def a_queue(options: QueueOptions | None = None) -> Entity:
    return Broker().make_queue("q", options or QueueOptions())


def a_topic(**subscriptions: SubscriptionOptions) -> Broker:
    broker = Broker()
    broker.make_topic("t", TopicOptions(default_message_time_to_live=timedelta(seconds=100)))
    for name, options in subscriptions.items():
        broker.make_subscription("t", name, options)
    return broker


def entrance(entity: Entity) -> Entrance:
    assert entity.entrance is not None
    return entity.entrance


def test_a_repeat_within_the_window_is_dropped() -> None:
    queue = a_queue(WATCHFUL)

    for seconds in (0, 59):
        entrance(queue).send(a_content("m"), after(seconds))

    assert ids(queue.store, after(59)) == ["m"]


def test_the_window_begins_with_the_first_and_then_ends() -> None:
    queue = a_queue(WATCHFUL)

    for seconds in (0, 59, 60):
        entrance(queue).send(a_content("m"), after(seconds))

    assert ids(queue.store, after(60)) == ["m", "m"]


def test_a_repeat_is_dropped_even_when_the_first_has_been_received() -> None:
    queue = a_queue(WATCHFUL)
    assert queue.store is not None
    entrance(queue).send(a_content("m"), NOON)
    queue.store.receive(NOON, remove=True)

    entrance(queue).send(a_content("m"), after(1))

    assert ids(queue.store, after(1)) == []


def test_messages_without_an_id_are_no_repeats() -> None:
    queue = a_queue(WATCHFUL)

    for _ in range(2):
        entrance(queue).send(a_content(None), NOON)

    assert ids(queue.store) == [None, None]


def test_without_duplicate_detection_repeats_are_messages() -> None:
    queue = a_queue()

    for _ in range(2):
        entrance(queue).send(a_content("m"), NOON)

    assert ids(queue.store) == ["m", "m"]


def test_scheduled_messages_count_for_duplicate_detection() -> None:
    queue = a_queue(WATCHFUL)
    entrance(queue).send(a_content("m", scheduled_for=after(30)), NOON)

    entrance(queue).send(a_content("m"), after(1))

    entrance(queue).advance(after(30))
    assert ids(queue.store, after(30)) == ["m"]


def test_a_scheduled_message_comes_at_its_time_with_a_new_number() -> None:
    queue = a_queue()
    number = entrance(queue).send(a_content("m", scheduled_for=after(30)), NOON)
    entrance(queue).advance(after(29))
    before = ids(queue.store, after(29))

    entrance(queue).advance(after(31))

    assert queue.store is not None
    [message] = queue.store.peek(1, 9, after(31))
    assert before == []
    assert (message.sequence > number, message.enqueued) == (True, after(30))


def test_a_scheduled_message_that_is_due_comes_before_a_new_one() -> None:
    queue = a_queue()
    entrance(queue).send(a_content("scheduled", scheduled_for=after(30)), NOON)

    entrance(queue).send(a_content("new"), after(31))

    assert ids(queue.store, after(31)) == ["scheduled", "new"]


@pytest.mark.parametrize("seconds", [-1, 0])
def test_a_message_that_was_due_before_it_came_comes_at_once(seconds: float) -> None:
    queue = a_queue()

    entrance(queue).send(a_content("m", scheduled_for=after(seconds)), NOON)

    assert ids(queue.store) == ["m"]


def test_a_cancelled_message_never_comes() -> None:
    queue = a_queue()
    number = entrance(queue).send(a_content("m", scheduled_for=after(30)), NOON)

    entrance(queue).cancel([number], NOON)

    assert (entrance(queue).scheduled(), entrance(queue).next_alarm()) == ([], None)
    entrance(queue).advance(after(30))
    assert ids(queue.store, after(30)) == []


def test_a_message_that_has_come_cannot_be_cancelled() -> None:
    queue = a_queue()
    number = entrance(queue).send(a_content("m", scheduled_for=after(30)), NOON)

    with pytest.raises(MessageNotFoundError):
        entrance(queue).cancel([number], after(30))


def test_scheduled_messages_are_shown_from_a_number_on_and_by_session() -> None:
    queue = a_queue(QueueOptions(requires_session=True))
    for session_id in ("one", "two", "one"):
        message = a_content("m", scheduled_for=after(30), session_id=session_id)
        entrance(queue).send(message, NOON)

    shown = entrance(queue).scheduled(2, "one")

    assert [message.sequence for message in shown] == [3]


def test_cancelling_is_done_for_all_or_for_none() -> None:
    queue = a_queue()
    number = entrance(queue).send(a_content("m", scheduled_for=after(30)), NOON)

    with pytest.raises(MessageNotFoundError):
        entrance(queue).cancel([number, 99], NOON)

    assert [message.sequence for message in entrance(queue).scheduled()] == [number]


def test_a_queue_of_sessions_refuses_a_message_without_one() -> None:
    queue = a_queue(QueueOptions(requires_session=True))

    with pytest.raises(NotAllowedError):
        entrance(queue).send(a_content("m"), NOON)


@pytest.mark.parametrize(
    ("own", "expires"), [(None, 100), (timedelta(seconds=10), 10), (timedelta(days=1), 100)]
)
def test_a_message_lives_no_longer_than_its_queue_allows(
    own: timedelta | None, expires: float
) -> None:
    queue = a_queue(QueueOptions(default_message_time_to_live=timedelta(seconds=100)))

    entrance(queue).send(a_content("m", time_to_live=own), NOON)

    assert queue.store is not None
    assert queue.store.peek(1, 1, NOON)[0].expires == after(expires)


def test_a_message_without_any_limit_never_expires() -> None:
    queue = a_queue()

    entrance(queue).send(a_content("m"), NOON)

    assert queue.store is not None
    assert queue.store.peek(1, 1, NOON)[0].expires is None


def test_each_subscription_gets_its_own_copy() -> None:
    broker = a_topic(one=SubscriptionOptions(), two=SubscriptionOptions())

    entrance(broker.find("t")).send(a_content("m"), NOON)

    one, two = broker.find("t/Subscriptions/one"), broker.find("T/subscriptions/TWO")
    assert one.store is not None
    one.store.receive(NOON, remove=True)
    assert (ids(one.store), ids(two.store)) == ([], ["m"])


def test_a_subscription_gets_what_its_rules_select() -> None:
    rules = (Rule("only", SqlFilter("final = TRUE")),)
    broker = a_topic(final=SubscriptionOptions(rules=rules))

    for message_id, is_final in (("no", False), ("yes", True)):
        message = a_content(message_id, properties={"final": is_final})
        entrance(broker.find("t")).send(message, NOON)

    assert ids(broker.find("t/subscriptions/final").store) == ["yes"]


def test_a_copy_lives_as_long_as_topic_and_subscription_both_allow() -> None:
    short = SubscriptionOptions(default_message_time_to_live=timedelta(seconds=5))
    broker = a_topic(short=short, long=SubscriptionOptions())

    entrance(broker.find("t")).send(a_content("m"), NOON)

    stores = [broker.find(f"t/subscriptions/{name}").store for name in ("short", "long")]
    assert [store.peek(1, 1, NOON)[0].expires for store in stores if store] == [
        after(5),
        after(100),
    ]


def test_a_copy_remembers_its_number_in_the_topic() -> None:
    broker = a_topic(one=SubscriptionOptions())
    entrance(broker.find("t")).send(a_content("first"), NOON)
    broker.make_subscription("t", "two", SubscriptionOptions())

    entrance(broker.find("t")).send(a_content("second"), NOON)

    store = broker.find("t/subscriptions/two").store
    assert store is not None
    [message] = store.peek(1, 9, NOON)
    assert (message.sequence, message.origin) == (1, 2)


def test_the_number_of_a_message_is_told_to_its_sender() -> None:
    broker = a_topic()
    queue = broker.make_queue("q", QueueOptions())

    numbers = [
        entrance(entity).send(a_content(None), NOON)
        for entity in (queue, queue, broker.find("t"), broker.find("t"))
    ]

    assert numbers == [1, 2, 1, 2]


def test_stores_in_which_something_became_ready_are_told_once() -> None:
    broker = a_topic(one=SubscriptionOptions())
    for _ in range(2):
        entrance(broker.find("t")).send(a_content(None), NOON)

    stirred = [broker.take_stirred(), broker.take_stirred()]

    assert stirred == [[broker.find("t/subscriptions/one").store], []]


def test_time_passes_in_every_store() -> None:
    broker = a_topic(one=SubscriptionOptions())
    entrance(broker.find("t")).send(a_content("m", time_to_live=timedelta(seconds=5)), NOON)

    broker.advance(after(5))

    assert broker.next_alarm() is None


def test_a_message_scheduled_on_a_topic_is_copied_when_its_time_comes() -> None:
    broker = a_topic(one=SubscriptionOptions())
    entrance(broker.find("t")).send(a_content("m", scheduled_for=after(30)), NOON)

    due = broker.next_alarm()
    broker.advance(after(30))

    assert (due, ids(broker.find("t/subscriptions/one").store, after(30))) == (after(30), ["m"])


@pytest.mark.parametrize("path", ["nothing", "t/subscriptions/nothing", "t/$deadletterqueue", ""])
def test_what_is_not_there_is_not_found(path: str) -> None:
    with pytest.raises(EntityNotFoundError, match="could not be found"):
        a_topic().find(path)


def test_dead_letter_queues_are_found_below_queues_and_subscriptions() -> None:
    broker = a_topic(one=SubscriptionOptions())
    broker.make_queue("q", QueueOptions())

    found = [broker.find("Q/$deadLetterQueue"), broker.find("t/subscriptions/one/$DeadLetterQueue")]

    assert [entity.entrance for entity in found] == [None, None]


@pytest.mark.parametrize(
    "make",
    [
        lambda broker: broker.make_queue("T", QueueOptions()),
        lambda broker: broker.make_topic("T", TopicOptions()),
        lambda broker: broker.make_subscription("T", "ONE", SubscriptionOptions()),
    ],
)
def test_a_name_is_given_once(make: Callable[[Broker], Entity]) -> None:
    broker = a_topic(one=SubscriptionOptions())

    with pytest.raises(EntityExistsError):
        make(broker)


def test_a_queue_has_no_subscriptions() -> None:
    broker = Broker()
    broker.make_queue("q", QueueOptions())

    with pytest.raises(EntityNotFoundError):
        broker.make_subscription("q", "s", SubscriptionOptions())


def test_removing_a_topic_removes_what_hangs_on_it_and_nothing_else() -> None:
    broker = a_topic(one=SubscriptionOptions())
    broker.make_queue("t/other", QueueOptions())

    gone = broker.remove("T")

    assert [entity.path for entity in gone] == [
        "t",
        "t/Subscriptions/one/$DeadLetterQueue",
        "t/Subscriptions/one",
    ]
    assert [entity.path for entity in broker.entities()] == ["t/other"]
