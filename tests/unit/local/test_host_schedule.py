from datetime import UTC, datetime, timedelta

import pytest

from tests.local.host.schedule import Schedule, ScheduleError

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("expression", "next_tick"),
    [
        ("*/2 * * * * *", NOON + timedelta(seconds=2)),
        ("30 * * * * *", NOON + timedelta(seconds=30)),
        ("0 30 3 * * *", datetime(2026, 2, 1, 3, 30, tzinfo=UTC)),
        ("*/5 * * * *", NOON + timedelta(minutes=5)),
        ("0 0 0 29 2 *", datetime(2028, 2, 29, tzinfo=UTC)),
    ],
)
def test_the_next_tick_is_the_first_after_now(expression: str, next_tick: datetime) -> None:
    assert Schedule(expression).after(NOON) == next_tick


def test_a_tick_fits_the_day_of_the_month_and_of_the_week() -> None:
    friday_the_13th = datetime(2026, 2, 13, tzinfo=UTC)

    assert Schedule("0 0 0 13 * Fri").after(NOON) == friday_the_13th


def test_the_period_is_the_time_between_two_ticks() -> None:
    assert Schedule("*/15 * * * * *").period(NOON) == timedelta(seconds=15)


@pytest.mark.parametrize("expression", ["", "* * * *", "99 * * * * *", "@daily", "0 0 0 L * *"])
def test_what_is_no_schedule_is_refused(expression: str) -> None:
    with pytest.raises(ScheduleError, match="NCRONTAB"):
        Schedule(expression)
