"""What run history and Resource Manager say of a job that has ended, asked within bounds.

The routes are those of azure-ai-ml 1.35 (`_restclient/runhistory`). Run history keeps what Resource
Manager does not show: why a run failed, and its children.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice

from shared.backends import hints
from shared.backends.answers import PassingError
from shared.backends.reading import objects, text, time
from shared.backends.remote import Connection, Remote
from shared.backends.statuses import status
from shared.backends.workspace.arm import Workspace
from shared.errors import Problem, UnavailableError
from shared.ports import Json
from shared.runs import Status

REGION = "{location}"
NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_-]{0,254}")
MAX_PAGES = 20
PATIENCE = timedelta(seconds=20)  # for all of one job: a poll has others to look after


@dataclass(frozen=True)
class Child:
    """A job that another started: a step of a pipeline, a trial of a sweep."""

    name: str
    status: Status
    ended_at: datetime | None
    document: Json


@dataclass(frozen=True)
class Children:
    """The children of a job, as far as they were read."""

    found: tuple[Child, ...] = ()
    is_whole: bool = False


def remote(connection: Connection, workspace: Workspace, *, location: str) -> Remote:
    """Run history of a workspace in this region."""
    endpoint = connection.endpoint.replace(REGION, location)
    return Remote(replace(connection, endpoint=endpoint), f"/history/v1.0{workspace.id}")


class Inquiry:
    """Asks how one job ended. The first failure ends the asking, and is kept in `unread`."""

    def __init__(
        self, jobs: Remote, history: Remote | None, *, clock: Callable[[], datetime]
    ) -> None:
        """Ask `history`, which a target without location has not, and `jobs`."""
        self.has_history = history is not None
        self.unread: Problem | None = None
        self._jobs = jobs
        self._history = history
        self._clock = clock
        self._until = clock() + PATIENCE
        self._details: dict[str, Json] = {}

    def details(self, name: str) -> Json:
        """What run history says of a run; empty when that is nothing."""
        if self._history is not None and name not in self._details:
            path = f"runs/{name}/details"
            document = self._document(self._history, path, name)
            if document is None and self.unread is None and NAME.fullmatch(name):
                self.unread = _unread(UnavailableError(f"GET {path}: 404", code="NotFound"))
            self._details[name] = document or {}
        return self._details.get(name, {})

    def children(self, name: str) -> Children:
        """The children of a run, in the order of the service."""
        found: list[Child] = []
        if self._history is None or not self._may_ask(name):
            return Children()
        page: Json = {}
        try:
            for page in islice(self._history.pages(f"runs/{name}/children", {}), MAX_PAGES):
                found += _children(page)
                self._hurry()
        except UnavailableError as failure:
            self.unread = _unread(failure)
            return Children(tuple(found))
        return Children(tuple(found), is_whole=not page.get("nextLink"))

    def job(self, name: str) -> Json:
        """What Resource Manager says of a job; empty when that is nothing."""
        return self._document(self._jobs, f"jobs/{name}", name) or {}

    def _document(self, remote: Remote, path: str, name: str) -> Json | None:
        if not self._may_ask(name):
            return None
        try:
            return remote.get(path)
        except UnavailableError as failure:
            self.unread = _unread(failure, of_history=remote is self._history)
            return None

    def _may_ask(self, name: str) -> bool:
        """Is there time, has all gone well, and is this a name that can stand in an address?"""
        if self.unread is None:
            try:
                self._hurry()
            except UnavailableError as failure:
                self.unread = _unread(failure)
        return self.unread is None and NAME.fullmatch(name) is not None

    def _hurry(self) -> None:
        if self._clock() > self._until:
            raise PassingError("there is too much to read, or too slowly", code="TooSlow")


def _children(page: Json) -> Iterable[Child]:
    for document in objects(page.get("value")):
        name = text(document.get("runId"))
        if name is not None:
            said = text(document.get("status")) or ""
            yield Child(name, status(said), time(document.get("endTimeUtc")), document)


def _unread(failure: UnavailableError, *, of_history: bool = True) -> Problem:
    """What a final event says of what it lacks; not in the service's words, which may hold secrets.

    A fault that passes says nothing of the settings, unless it is that there is no such host.
    """
    lasting = not isinstance(failure, PassingError) or failure.code == "NoConnection"
    hint = hints.HISTORY if of_history and lasting else failure.hint
    text = f"how the job ended could not be read in full: {failure}"
    return Problem(failure.code, text, hint or hints.UNREAD)
