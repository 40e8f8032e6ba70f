"""One service of the twin in a process of its own: how it says that it is ready, and how it ends.

A service prints one line of JSON when it is ready. It ends on SIGINT or SIGTERM, and when its
standard input closes:
so none outlives the process that started it, however that one died.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).parents[2]
READY_WITHIN = 60.0  # seconds


class DiedError(Exception):
    """A service ended before it was ready."""


@dataclass(frozen=True)
class Service:
    """A running service: its name, what it announced, its process."""

    name: str
    info: dict[str, Any]
    process: subprocess.Popen[bytes]

    @property
    def pid(self) -> int:
        """The process id."""
        return self.process.pid

    def stop(self) -> None:
        """Ask it to end, wait for it; kill it when it does not."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.kill()
        _close(self.process)

    def kill(self) -> None:
        """End it as a crash would (SIGKILL)."""
        self.process.kill()
        self.process.wait(timeout=10)
        _close(self.process)


def start(
    name: str,
    command: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    log: IO[bytes] | None = None,
) -> Service:
    """Start a service and wait for its line; DiedError when it ends without one."""
    process = subprocess.Popen(
        list(command),
        cwd=ROOT,
        env={**os.environ, **(env or {})},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log or sys.stderr,
        # Ctrl-C in a terminal goes to the whole group: the parent alone decides the order in
        # which services end.
        start_new_session=True,
    )
    assert process.stdout is not None
    watchdog = threading.Timer(READY_WITHIN, process.kill)
    watchdog.start()
    try:
        line = process.stdout.readline()
    finally:
        watchdog.cancel()
    if not line:
        code = process.wait()
        process.stdout.close()
        _close(process)
        raise DiedError(f"{name} ended with {code} before it was ready")
    threading.Thread(target=_drain, args=(process.stdout,), daemon=True).start()
    return Service(name, json.loads(line), process)


def module(name: str, *arguments: str) -> list[str]:
    """The command that runs a module of the twin with this interpreter."""
    return [sys.executable, "-m", f"tests.local.{name}", *arguments]


def announce(**info: object) -> None:
    """Say, from inside a service, that it is ready: one line of JSON."""
    print(json.dumps(info), flush=True)


async def until_stopped() -> None:
    """Wait, inside a service on asyncio, for a signal or for the parent to go."""
    loop, stopped = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    on_parent_gone(lambda: loop.call_soon_threadsafe(stopped.set))
    await stopped.wait()


def on_parent_gone(act: Callable[[], object]) -> None:
    """Call `act` from a thread when standard input closes."""

    def watch() -> None:
        while os.read(0, 4096):
            pass
        act()

    threading.Thread(target=watch, daemon=True).start()


def _drain(stream: IO[bytes]) -> None:
    with stream:
        for _ in stream:
            pass


def _close(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None:
        process.stdin.close()
