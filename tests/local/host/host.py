"""A host: an app, its triggers, and how they begin and end together."""

import asyncio
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from aiohttp import web

from tests.local.host.bus import Listener
from tests.local.host.calls import Calls
from tests.local.host.functions import HTTP, SERVICE_BUS, TIMER, Function
from tests.local.host.http import Door
from tests.local.host.invoke import Invoker
from tests.local.host.lease import Lease
from tests.local.host.routes import Routes
from tests.local.host.schedule import Schedule
from tests.local.host.settings import host_file, resolved
from tests.local.host.timer import Timer
from tests.local.host.worker import Worker

LOG = logging.getLogger("host")
DRAIN_WITHIN = 5.0  # seconds for running calls at the end
GIVE_UP_WITHIN = 3.0  # seconds for handing messages back after a crash


class Host:
    """The triggers of an app. `restart` replaces the process, and comes back on the given port."""

    def __init__(
        self, directory: Path, *, key: str, state: Path | None, restart: Callable[[int], object]
    ) -> None:
        """Keep what the host needs; nothing runs yet."""
        self._directory = directory
        self._key = key
        self._state = state
        self._restart = restart
        self._stopping = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._listeners: list[Listener] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._by_hand = Calls()
        self._runner: web.AppRunner | None = None
        self._crashed = False
        self._ending = False
        self.port = 0

    async def start(self, *, port: int, settings: Mapping[str, str]) -> Sequence[Function]:
        """Load the app and start its triggers; raise what is wrong with either before any runs."""
        file = host_file(self._directory / "host.json")
        worker = Worker(lambda: self.crash("the loop of its async functions ended"))
        functions = await worker.load(self._directory)
        invoker = Invoker(worker, file.function_timeout, self.crash)
        self._listeners = [
            Listener(function, invoker, file=file, settings=settings)
            for function in _of(functions, SERVICE_BUS)
        ]
        timers = {
            function.name: Timer(
                function,
                invoker,
                Schedule(resolved(function.options["schedule"], settings)),
                Lease(self._state, function.name),
            )
            for function in _of(functions, TIMER)
        }
        routes = Routes(_of(functions, HTTP), file.route_prefix)
        await self._serve(
            Door(routes, invoker, key=self._key, by_hand=self._starters(timers)), port
        )
        parts: list[Listener | Timer] = [*self._listeners, *timers.values()]
        self._tasks = [asyncio.create_task(part.run(self._stopping)) for part in parts]
        return functions

    async def stop(self) -> None:
        """Receive no more, and give the running calls some time to end."""
        self._ending = True
        self._stopping.set()
        assert self._runner is not None
        ending = [
            *self._tasks,
            asyncio.create_task(self._runner.cleanup()),
            asyncio.create_task(self._by_hand.drained()),
        ]
        _, late = await asyncio.wait(ending, timeout=DRAIN_WITHIN)
        if late:
            LOG.warning("calls that run for more than %s s are cut off", DRAIN_WITHIN)

    def crash(self, reason: str) -> None:
        """End the worker with all its calls, from any thread, and begin anew."""
        self._loop.call_soon_threadsafe(self._crash, reason)

    def _crash(self, reason: str) -> None:
        if self._crashed:
            return
        self._crashed = True
        LOG.error("the worker starts anew: %s", reason)
        self._stopping.set()
        # Whatever becomes of the messages, the worker does not live on.
        threading.Timer(GIVE_UP_WITHIN, self._begin_anew).start()
        self._by_hand.start(self._give_up())

    async def _give_up(self) -> None:
        for listener in self._listeners:
            listener.give_up()
        await asyncio.gather(*self._tasks[: len(self._listeners)])
        self._begin_anew()

    def _begin_anew(self) -> None:
        if not self._ending:
            self._restart(self.port)

    async def _serve(self, door: Door, port: int) -> None:
        self._runner = web.AppRunner(door.app(), access_log=None, shutdown_timeout=DRAIN_WITHIN)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        self.port = self._runner.addresses[0][1]

    def _starters(self, timers: Mapping[str, Timer]) -> dict[str, Callable[[], None]]:
        """Give what starts each timer by hand, beside a run of its schedule, too."""
        return {name.lower(): _starter(self._by_hand, timer) for name, timer in timers.items()}


def _starter(calls: Calls, timer: Timer) -> Callable[[], None]:
    return lambda: calls.start(timer.call())


def _of(functions: Sequence[Function], trigger: str) -> list[Function]:
    return [function for function in functions if function.trigger == trigger]
