"""Alarms: what falls due, once and in order."""

from tests.local.bus.alarms import SPARE, Alarms
from tests.unit.local.bus_clock import NOON, after


def test_keys_fall_due_in_the_order_of_their_times() -> None:
    alarms: Alarms[str] = Alarms()
    alarms.set("late", after(2))
    alarms.set("early", after(1))

    rung = [alarms.pop(after(2)) for _ in range(3)]

    assert rung == ["early", "late", None]


def test_nothing_falls_due_before_its_time() -> None:
    alarms: Alarms[str] = Alarms()
    alarms.set("key", after(1))

    assert (alarms.pop(NOON), alarms.next()) == (None, after(1))


def test_a_key_that_is_set_again_has_its_new_time_alone() -> None:
    alarms: Alarms[str] = Alarms()
    for seconds in (5, 1, 3, 3):
        alarms.set("key", after(seconds))

    rung = [alarms.pop(after(2)), alarms.pop(after(9)), alarms.pop(after(9))]

    assert rung == [None, "key", None]


def test_a_key_that_is_set_to_never_falls_due_no_more() -> None:
    alarms: Alarms[str] = Alarms()
    alarms.set("key", after(1))

    alarms.set("key", None)

    assert (alarms.pop(after(9)), alarms.next()) == (None, None)


def test_times_that_count_no_more_are_not_kept() -> None:
    alarms: Alarms[int] = Alarms()
    alarms.set(-1, after(5))

    for number in range(1000):
        alarms.set(number, after(10))
        alarms.set(number, None)

    assert len(alarms._heap) <= SPARE + 3
    assert alarms.pop(after(5)) == -1
