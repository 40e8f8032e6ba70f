"""One call of a function: the arguments it gets, the time it may take, and what its end means."""

import asyncio
import logging
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from azure.functions import meta
from azure.functions.meta import Datum

from tests.local.host.functions import Function
from tests.local.host.logs import INVOCATION
from tests.local.host.worker import Worker

HERE = Path(__file__).parent
LOG = logging.getLogger("host")


class FailedError(Exception):
    """A call failed; the log has why."""


@dataclass(frozen=True)
class Given:
    """What a trigger gives to a call: its value, and the names beside it."""

    value: Datum
    metadata: Mapping[str, Datum]


class Invoker:
    """Calls functions.

    `on_crash` is told why when a call ran over `timeout` or ended the worker: Azure then restarts
    the worker process (https://learn.microsoft.com/azure/azure-functions/functions-scale#timeout),
    and all other calls fail with it.
    """

    def __init__(
        self, worker: Worker, timeout: float | None, on_crash: Callable[[str], object]
    ) -> None:
        """Keep where functions run and how long they may."""
        self._worker = worker
        self._timeout = timeout
        self._on_crash = on_crash

    async def call(self, function: Function, given: Given) -> Datum | None:
        """Call a function and give what it returned; FailedError when it failed in any way."""
        started = time.monotonic()
        INVOCATION.set(f"{function.name} {uuid.uuid4()}")
        LOG.info("executing")
        try:
            result = await self._result(function, given)
        except Exception as exc:
            error = exc.with_traceback(_below_the_host(exc.__traceback__))
            LOG.error("failed after %.0f ms", _milliseconds(started), exc_info=error)
            raise FailedError(f"{function.name}: {type(exc).__name__}") from exc
        LOG.info("succeeded after %.0f ms", _milliseconds(started))
        return result

    async def _result(self, function: Function, given: Given) -> Datum | None:
        arguments = {function.parameter: _decoded(function, given)}
        return _encoded(function, await self._ended(function, arguments))

    async def _ended(self, function: Function, arguments: Mapping[str, Any]) -> Any:
        running = self._worker.run(function, arguments)
        done, _ = await asyncio.wait([running], timeout=self._timeout)
        if not done:
            self._on_crash(f"{function.name} ran longer than functionTimeout, {self._timeout} s")
            raise FailedError("it ran too long")
        if running.cancelled():
            # In Azure nobody would hear of this call again before functionTimeout has passed.
            raise FailedError("a CancelledError left the function: in Azure this call would hang")
        error = running.exception()
        if isinstance(error, Exception) or error is None:
            return running.result()
        if not isinstance(error, asyncio.CancelledError):
            self._on_crash(f"{function.name} ended the worker by {type(error).__name__}")
        raise FailedError(f"a {type(error).__name__} left the function") from error


def _below_the_host(trace: TracebackType | None) -> TracebackType | None:
    """Give the part of a traceback that is the app's."""
    below = trace
    while trace:
        if Path(trace.tb_frame.f_code.co_filename).parent == HERE:
            below = trace.tb_next
        trace = trace.tb_next
    return below


def _milliseconds(since: float) -> float:
    return 1000 * (time.monotonic() - since)


def _decoded(function: Function, given: Given) -> Any:
    """Make what the function takes, with the converter that Microsoft's worker uses."""
    return _converter(function.trigger).decode(given.value, trigger_metadata=given.metadata)


def _encoded(function: Function, result: Any) -> Datum | None:
    if not function.returns:
        if result is not None:
            raise FailedError(f"it returned a {type(result).__name__}, and has no binding for it")
        return None
    if result is None:
        return None
    encoded: Datum = _converter("http").encode(result, expected_type=None)
    return encoded


def _converter(binding: str) -> Any:
    registry: Any = meta
    return registry.get_binding_registry().get(binding)
