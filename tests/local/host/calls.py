"""The work that a trigger has begun, so that its host can wait for it before it ends."""

import asyncio
from collections.abc import Coroutine


class Calls:
    """Tasks that run; asyncio reports an exception that leaves one: a fault of the host."""

    def __init__(self) -> None:
        """Begin with none."""
        self._running: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[None, None, None]) -> None:
        """Begin some work."""
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def drained(self) -> None:
        """Wait for all work to end."""
        while self._running:
            await asyncio.wait(set(self._running))
