import asyncio
import json
import os
from collections.abc import Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from azure.functions.meta import Datum

from tests.local.host.functions import TIMER, Function
from tests.local.host.invoke import FailedError, Given, Invoker
from tests.local.host.lease import Lease
from tests.local.host.schedule import Schedule
from tests.local.host.timer import Timer

YEARLY = Schedule("0 0 0 1 1 *")
EACH_SECOND = Schedule("* * * * * *")


class Recorder(Invoker):
    """Keeps what it is called with. It fails the first `failures` calls and ends at the last."""

    def __init__(self, *, failures: int = 0, last: int = 1) -> None:
        self.given: list[dict[str, Any]] = []
        self.stopping = asyncio.Event()
        self._failures = failures
        self._last = last

    async def call(self, function: Function, given: Given) -> Datum | None:
        self.given.append(json.loads(given.value.value))
        if len(self.given) == self._last:
            self.stopping.set()
        if len(self.given) <= self._failures:
            raise FailedError("as it was told")
        return None


def a_function(**options: Any) -> Function:
    """Make a function with a timer."""
    return Function("f", lambda timer: None, TIMER, "timer", options)


def start_only(recorder: Recorder, timer: Timer) -> None:
    """Run a timer that is stopped at once: what its start does, it does all the same."""
    recorder.stopping.set()
    run(timer.run(recorder.stopping))


def run(work: Coroutine[None, None, None]) -> None:
    """Run some work, but not for ever."""

    async def bounded() -> None:
        await asyncio.wait_for(work, 20)

    asyncio.run(bounded())


def test_a_timer_runs_on_when_a_run_fails() -> None:
    recorder = Recorder(failures=1, last=2)

    run(Timer(a_function(), recorder, EACH_SECOND, Lease(None, "f")).run(recorder.stopping))

    assert [given["IsPastDue"] for given in recorder.given] == [False, False]


def test_a_timer_runs_at_the_start_if_it_wants_to(tmp_path: Path) -> None:
    recorder = Recorder()

    start_only(
        recorder, Timer(a_function(runOnStartup=True), recorder, YEARLY, Lease(tmp_path, "f"))
    )

    assert len(recorder.given) == 1


def test_a_missed_tick_is_made_up_for_at_the_start_as_past_due(tmp_path: Path) -> None:
    recorder = Recorder()
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    (tmp_path / "f.last").touch()
    os.utime(tmp_path / "f.last", (long_ago.timestamp(), long_ago.timestamp()))

    start_only(recorder, Timer(a_function(), recorder, YEARLY, Lease(tmp_path, "f")))

    assert [given["IsPastDue"] for given in recorder.given] == [True]
    assert recorder.given[0]["ScheduleStatus"]["Last"] == long_ago.isoformat()


def test_the_first_start_has_missed_nothing(tmp_path: Path) -> None:
    recorder = Recorder()

    start_only(recorder, Timer(a_function(), recorder, YEARLY, Lease(tmp_path, "f")))

    assert recorder.given == []
    assert (tmp_path / "f.last").exists()


def test_an_unmonitored_timer_misses_nothing(tmp_path: Path) -> None:
    recorder = Recorder()
    (tmp_path / "f.last").touch()
    os.utime(tmp_path / "f.last", (0, 0))

    start_only(
        recorder, Timer(a_function(useMonitor=False), recorder, YEARLY, Lease(tmp_path, "f"))
    )

    assert recorder.given == []


def test_a_timer_runs_on_one_host_only(tmp_path: Path) -> None:
    recorder = Recorder()
    elsewhere = Lease(tmp_path, "f")
    assert elsewhere.is_ours()

    start_only(
        recorder, Timer(a_function(runOnStartup=True), recorder, YEARLY, Lease(tmp_path, "f"))
    )

    assert recorder.given == []
