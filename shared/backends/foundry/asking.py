"""Asks how one job ended, within bounds: a poll has others to look after."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Protocol

from shared.backends import hints
from shared.backends.answers import PassingError
from shared.backends.remote import NOTHING, Remote
from shared.errors import Problem, UnavailableError
from shared.ports import Json

PATIENCE = timedelta(seconds=20)
MAX_ASKED = 60  # requests


class Reader(Protocol):
    """Who can be asked for documents of a project; None: there is none."""

    def get(
        self, path: str, query: Mapping[str, str] = NOTHING, *, item: str | None = None
    ) -> Json | None:
        """What is at a path; see `Remote.get`."""

    def ask(self, path: str, body: Json) -> Json | None:
        """What is asked for by a body; see `Remote.ask`."""


class Asking:
    """A Reader of what may be missing. The first failure is kept in `unread`.

    After one that others would share, or when it has taken too long, nothing more is asked.
    """

    def __init__(self, remote: Remote, *, clock: Callable[[], datetime]) -> None:
        """Ask `remote`, which is the project."""
        self.unread: Problem | None = None
        self._remote = remote
        self._clock = clock
        self._until = clock() + PATIENCE
        self._left = MAX_ASKED

    def get(
        self, path: str, query: Mapping[str, str] = NOTHING, *, item: str | None = None
    ) -> Json | None:
        return self._asked(lambda: self._remote.get(path, query, item=item))

    def ask(self, path: str, body: Json) -> Json | None:
        return self._asked(lambda: self._remote.ask(path, body))

    def _asked(self, act: Callable[[], Json | None]) -> Json | None:
        if not self._left:
            return None
        try:
            self._hurry()
            return act()
        except UnavailableError as failure:
            self.unread = self.unread or _unread(failure)
            self._left = 0 if isinstance(failure, PassingError) else self._left
            return None

    def _hurry(self) -> None:
        self._left -= 1
        if not self._left or self._clock() > self._until:
            raise PassingError("there is too much to read, or too slowly", code="TooSlow")


def _unread(failure: UnavailableError) -> Problem:
    """What a final event says of what it lacks; not in the service's words."""
    text = f"how the job ended could not be read in full: {failure}"
    return Problem(failure.code, text, failure.hint or hints.OF_PROJECT)
