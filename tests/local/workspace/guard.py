"""Ends the commands of jobs when the workspace dies, however it dies.

Each command has a process group of its own, so that it can be ended whole; it would outlive a
workspace that is killed. This small process is told of every group through a pipe, and ends those
left when the pipe closes.
"""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterable
from typing import IO


class Guard:
    """The guard, as the workspace sees it."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
            # A signal to the workspace's own group must not reach it.
            start_new_session=True,
        )

    def watch(self, group: int) -> None:
        """End this group if the workspace goes."""
        self._tell(f"+{group}")

    def forget(self, group: int) -> None:
        """Leave this group alone: it is gone, and its number may come again."""
        self._tell(f"-{group}")

    def stop(self) -> None:
        """End what is left, and the guard."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=10)

    def _tell(self, line: str) -> None:
        assert self._process.stdin is not None
        print(line, file=self._process.stdin, flush=True)


def end(group: int, number: int = signal.SIGKILL) -> None:
    """Signal a process group, which may be gone already."""
    # On macOS the remains of one answer with PermissionError.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def keep(lines: Iterable[str]) -> set[int]:
    """Follow what is told until there is no more, and give the groups that are left."""
    groups: set[int] = set()
    for line in lines:
        change = groups.add if line.startswith("+") else groups.discard
        change(int(line[1:]))
    return groups


def main(told: IO[str]) -> None:
    """Wait for the workspace to go, then end what it left."""
    for group in keep(told):
        end(group)


if __name__ == "__main__":
    main(sys.stdin)
