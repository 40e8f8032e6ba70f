"""When a timer is due: NCRONTAB expressions, in UTC.

https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer#ncrontab-expressions
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from croniter import croniter

FIELD = re.compile(r"([0-9*/,-]|[A-Za-z]{3,9})+")  # also names of months and days


class ScheduleError(Exception):
    """A schedule is no NCRONTAB expression."""


@dataclass(frozen=True)
class Schedule:
    """An NCRONTAB expression of six fields, seconds first, or of five without them."""

    expression: str

    def __post_init__(self) -> None:
        """Refuse what is none."""
        fields = self.expression.split()
        well_formed = len(fields) in {5, 6} and all(FIELD.fullmatch(field) for field in fields)
        if not well_formed or not croniter.is_valid(self.expression, second_at_beginning=True):
            raise ScheduleError(
                f"{self.expression!r} is not an NCRONTAB expression like '0 */5 * * * *'"
            )

    def after(self, time: datetime) -> datetime:
        """Give the first tick after a time."""
        # In NCRONTAB a tick must fit the day of the month and the day of the week, not one of them.
        ticks = croniter(self.expression, time, second_at_beginning=True, day_or=False)
        tick: datetime = ticks.get_next(datetime)
        return tick

    def period(self, time: datetime) -> timedelta:
        """Give the time between the next two ticks."""
        first = self.after(time)
        return self.after(first) - first
