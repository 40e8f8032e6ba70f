"""The timer trigger: one run at a time, on one host at a time, the next at the next tick.

As TimerListener in https://github.com/Azure/azure-webjobs-sdk-extensions does it: a lease makes a
timer a singleton among the hosts of an app, and the last tick is kept, so that one that was missed
is made up for at the start, as past due. A period under a minute is too short for that.
"""

import asyncio
import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from azure.functions.meta import Datum

from tests.local.host.functions import Function
from tests.local.host.invoke import FailedError, Given, Invoker
from tests.local.host.lease import Lease
from tests.local.host.schedule import Schedule

SHORTEST_MONITORED = timedelta(minutes=1)


class Timer:
    """Runs one function on its schedule."""

    def __init__(
        self, function: Function, invoker: Invoker, schedule: Schedule, lease: Lease
    ) -> None:
        """Keep what runs, and when."""
        self._function = function
        self._invoker = invoker
        self._schedule = schedule
        self._lease = lease
        wanted = function.options.get("useMonitor", True)
        self._is_monitored = bool(wanted) and schedule.period(_now()) >= SHORTEST_MONITORED

    async def run(self, stopping: asyncio.Event) -> None:
        """Run the function at each tick until it is time to stop; let a run end first."""
        if self._lease.is_ours():
            await self._start()
        tick = _now()
        # A sleep may end a little early: the same tick must not count twice.
        while not await _stopped_before(tick := self._schedule.after(max(_now(), tick)), stopping):
            if self._lease.is_ours():
                await self.call()

    async def call(self, *, past_due: bool = False) -> None:
        """Run the function now. Whatever comes of it, the schedule goes on."""
        request = self._request(past_due=past_due)
        self._lease.ran()
        with suppress(FailedError):
            await self._invoker.call(self._function, Given(request, {}))

    async def _start(self) -> None:
        """Make up for a missed tick, or do the run that the function wants at each start."""
        last = self._lease.last()
        if self._is_monitored and last and self._schedule.after(last) <= _now():
            await self.call(past_due=True)
        elif self._function.options.get("runOnStartup"):
            await self.call()
        elif last is None:
            self._lease.ran()

    def _request(self, *, past_due: bool) -> Datum:
        status = None
        if self._is_monitored:
            last = self._lease.last() or _now()
            times = {"Last": last, "Next": self._schedule.after(_now()), "LastUpdated": last}
            status = {name: time.isoformat() for name, time in times.items()}
        info = {"Schedule": {"AdjustForDST": True}, "ScheduleStatus": status, "IsPastDue": past_due}
        return Datum(json.dumps(info), "json")


async def _stopped_before(time: datetime, stopping: asyncio.Event) -> bool:
    """Wait until a time, or until it is time to stop; tell which it was."""
    with suppress(TimeoutError):
        await asyncio.wait_for(stopping.wait(), max(0.0, (time - _now()).total_seconds()))
    return stopping.is_set()


def _now() -> datetime:
    return datetime.now(UTC)
