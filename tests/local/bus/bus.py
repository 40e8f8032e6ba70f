"""What the connections share: the broker, who waits for messages, and the one timer."""

import asyncio
from collections import deque
from datetime import UTC, datetime, timedelta
from typing import Protocol

from tests.local.bus.broker import Broker
from tests.local.bus.store import Store
from tests.local.faults import Faults

SOON = timedelta(milliseconds=1)


class Taker(Protocol):
    """A receiver of messages, or somebody who waits for a session."""

    def take(self, now: datetime) -> bool:
        """Take one thing, if there is one and it is wanted; tell whether that was so."""

    def rest(self) -> None:
        """Hear that there is nothing more for now."""


class Bus:
    """One namespace, run by one event loop."""

    def __init__(self, broker: Broker, faults: Faults) -> None:
        self.broker = broker
        self.faults = faults
        self._takers: dict[Store, deque[Taker]] = {}
        self._timer: asyncio.TimerHandle | None = None

    @staticmethod
    def now() -> datetime:
        """Read the clock."""
        return datetime.now(UTC)

    def join(self, store: Store, taker: Taker) -> None:
        """Let a receiver have its turn at a store."""
        self._takers.setdefault(store, deque()).append(taker)

    def leave(self, store: Store, taker: Taker) -> None:
        """Give a receiver no more turns."""
        takers = self._takers.get(store, deque())
        if taker in takers:
            takers.remove(taker)
        if not takers:
            self._takers.pop(store, None)

    def attend(self) -> None:
        """Do what is due, hand out what is free, and sleep until there is more."""
        self.broker.advance(self.now())
        while stirred := self.broker.take_stirred():
            for store in stirred:
                self.serve(store)
        self._set_timer()

    def serve(self, store: Store) -> None:
        """Hand out the messages of a store, one to each receiver in turn."""
        takers = self._takers.get(store, deque())
        in_vain = 0
        while in_vain < len(takers):
            taker = takers[0]
            takers.rotate(-1)
            in_vain = 0 if taker.take(self.now()) else in_vain + 1
        for taker in list(takers):
            taker.rest()

    def _set_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        due = self.broker.next_alarm()
        if due is None:
            self._timer = None
            return
        wait = max(due - self.now(), timedelta()) + SOON
        self._timer = asyncio.get_running_loop().call_later(wait.total_seconds(), self.attend)
