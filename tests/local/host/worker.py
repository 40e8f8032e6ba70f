"""The worker: where the app's code runs, apart from the host.

Async functions share one loop in a thread of its own, sync ones a pool of threads
(https://learn.microsoft.com/azure/azure-functions/python-scale-performance-reference). A function
that blocks its loop stalls the other async functions, as in Azure, but not the host.
"""

import asyncio
import concurrent.futures
import contextvars
import os
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tests.local.host.functions import Function, load

THREADS = "PYTHON_THREADPOOL_THREAD_COUNT"


class Worker:
    """The loop and the threads of an app. `on_end` is called when the app has ended its loop."""

    def __init__(self, on_end: Callable[[], object]) -> None:
        """Start the loop."""
        count = os.environ.get(THREADS)
        self._pool = concurrent.futures.ThreadPoolExecutor(int(count) if count else None, "worker")
        self._loop = asyncio.new_event_loop()
        self._on_end = on_end
        threading.Thread(target=self._run, name="worker-loop", daemon=True).start()

    def load(self, directory: Path) -> "asyncio.Future[list[Function]]":
        """Import the app inside the running loop."""

        async def imported() -> list[Function]:
            return load(directory)

        return asyncio.wrap_future(asyncio.run_coroutine_threadsafe(imported(), self._loop))

    def run(self, function: Function, arguments: Mapping[str, Any]) -> "asyncio.Future[Any]":
        """Run a function; the future takes what it returns or raises, or is cancelled by it."""
        if function.is_async:
            return asyncio.wrap_future(
                asyncio.run_coroutine_threadsafe(function.code(**arguments), self._loop)
            )
        context = contextvars.copy_context()
        return asyncio.wrap_future(self._pool.submit(context.run, _call, function, arguments))

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_forever()
        finally:
            self._on_end()


def _call(function: Function, arguments: Mapping[str, Any]) -> Any:
    return function.code(**arguments)
