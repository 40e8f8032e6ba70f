"""The cancels that a project has taken on and not yet done, in the memory of this process.

They save requests, nothing more: who forgets one asks anew, which is harmless.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from http import HTTPStatus
from threading import Lock

from shared.backends.answers import Answer
from shared.backends.reading import mapping
from shared.backends.remote import Remote
from shared.errors import UnavailableError

USUAL_PAUSE = timedelta(seconds=10)
PATIENCE = timedelta(minutes=10)  # with one operation; then it is asked for another
GOING_ON = frozenset({"inprogress", "running", "notstarted", "canceling", "cancelling"})


@dataclass(frozen=True)
class Operation:
    """A cancel that goes on: where its state is to be read, if anywhere, and when."""

    path: str | None
    read_at: datetime
    until: datetime


class Cancels:
    """The operations by run. Safe to use from many threads."""

    def __init__(self, remote: Remote, *, clock: Callable[[], datetime]) -> None:
        """Ask `remote`, which is the project."""
        self._remote = remote
        self._clock = clock
        self._operations: dict[str, Operation] = {}
        self._lock = Lock()

    def add(self, run_id: str, answer: Answer) -> None:
        """Remember what the service will do, if it has not done it."""
        if answer.status != HTTPStatus.ACCEPTED:
            return
        now = self._clock()
        pause = answer.retry_after(now)
        path = self._path(answer)
        # With nothing to ask but the cancel itself, only a wait that was asked for is kept.
        wait = (pause or USUAL_PAUSE) if path is not None else (pause or timedelta(0))
        self._keep(run_id, Operation(path, now + wait, now + PATIENCE))

    def goes_on(self, run_id: str) -> bool:
        """Does the service still cancel this run, so that asking again is of no use?"""
        with self._lock:
            operation = self._operations.get(run_id)
        if operation is None:
            return False
        now = self._clock()
        if now < operation.read_at:
            return True
        state = self._state(operation) if now < operation.until else None
        if state is None or not _is_going_on(state):
            self._forget(run_id)
            return False
        wait = state.retry_after(now) or USUAL_PAUSE
        self._keep(run_id, replace(operation, read_at=now + wait))
        return True

    def _state(self, operation: Operation) -> Answer | None:
        """How it goes; None when nobody knows."""
        if operation.path is None:
            return None
        try:
            return self._remote.state(operation.path)
        except UnavailableError:
            return None

    def _path(self, answer: Answer) -> str | None:
        """Where its state is: below our own project, or it is not asked for with our token."""
        links = (answer.headers.get(name) for name in ("operation-location", "location"))
        return next(filter(None, map(self._remote.below, filter(None, links))), None)

    def _keep(self, run_id: str, operation: Operation) -> None:
        now = self._clock()
        with self._lock:
            valid = {key: each for key, each in self._operations.items() if now < each.until}
            self._operations = {**valid, run_id: operation}

    def _forget(self, run_id: str) -> None:
        with self._lock:
            self._operations.pop(run_id, None)


def _is_going_on(state: Answer) -> bool:
    """Does an operation go on? Its result is answered with 202 until there is one."""
    if state.status == HTTPStatus.ACCEPTED:
        return True
    try:
        said = mapping(state.document()).get("status")
    except ValueError:
        return False
    return isinstance(said, str) and said.replace("_", "").casefold() in GOING_ON
