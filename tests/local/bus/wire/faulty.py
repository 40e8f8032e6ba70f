"""Faults on demand, where a client asks for something."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Generic, TypeVar

from tests.local.bus.errors import BusError, InjectedError
from tests.local.bus.wire.peer import Peer
from tests.local.faults import Fault

INTERNAL = "amqp:internal-error"

Result = TypeVar("Result")


@dataclass(frozen=True)
class Task(Generic[Result]):
    """What a client asks for: what to do, and how to answer."""

    act: Callable[[], Result]
    done: Callable[[Result], None]
    failed: Callable[[BusError], None]

    def run(self) -> None:
        """Do it and answer."""
        try:
            result = self.act()
        except BusError as exc:
            self.failed(exc)
        else:
            self.done(result)


def perform(peer: Peer, operation: str, path: str, task: Task[Result]) -> None:
    """Do what was asked for, or let the fault happen that a test has asked for."""
    fault = peer.bus.faults.take(operation, path.lower())
    if fault is None:
        task.run()
    elif fault.kind == "latency":
        peer.later(fault.seconds, task.run)
    elif fault.kind == "status":
        task.failed(injected(fault))
    else:
        if fault.when == "after":
            with suppress(BusError):
                task.act()
        peer.reset()


def injected(fault: Fault) -> InjectedError:
    """Give the error that a fault wants to be seen."""
    return InjectedError(fault.headers.get("condition", INTERNAL))
