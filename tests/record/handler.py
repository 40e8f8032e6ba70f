"""One invocation of a trigger, driven step by step by whoever watches."""

from collections.abc import Callable
from datetime import datetime, timedelta

from greenlet import getcurrent, greenlet

from shared.errors import UnavailableError

LIFETIME = timedelta(minutes=2)  # functionTimeout


class DiedError(BaseException):
    """The process is gone: nothing in the app may catch this."""


class Handler:
    """One invocation of a trigger, driven step by step. What it raises, the host swallows."""

    def __init__(self, act: Callable[[], None], began: datetime) -> None:
        self._act = act
        self._greenlet = greenlet(self._run)
        self.began = began

    def _run(self) -> None:
        try:
            self._act()
        except (UnavailableError, DiedError):
            return

    def step(self) -> bool:
        """Run to the next place where others may run; False when it has ended."""
        if not self._greenlet.dead:
            self._greenlet.switch()
        return not self._greenlet.dead

    def steps(self, count: int) -> bool:
        """Run so many steps; False when it ended before or with the last."""
        return all(self.step() for _ in range(count))

    def finish(self) -> int:
        """Run to the end; how many places were passed."""
        count = 0
        while self.step():
            count += 1
        return count

    def die(self) -> None:
        """End here, as a killed process does."""
        if not self._greenlet.dead and self._greenlet:
            self._greenlet.throw(DiedError)


def pause() -> None:
    """A durable effect, or a look at one, is done.

    Here others may run, and here the process may die.
    """
    parent = getcurrent().parent
    if parent is not None:
        parent.switch()
