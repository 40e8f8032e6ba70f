"""Azure Resource Manager as a list of scripted answers."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from shared.backends.remote import Connection, Remote, http_client
from shared.backends.workspace.history import Inquiry, remote
from tests.jobs import ID, WORKSPACE

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
ENDPOINT = "https://arm.example"
HISTORY_ENDPOINT = "https://{location}.history.example"
HISTORY_SCOPE = "https://history.example/.default"


class Script:
    """Answers in turn, the last one for ever, and keeps what was asked."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.asked: list[httpx.Request] = []
        self._answers = answers

    def __call__(self, request: httpx.Request) -> httpx.Response:
        answer = self._answers[min(len(self.asked), len(self._answers) - 1)]
        self.asked.append(request)
        if isinstance(answer, Exception):
            raise answer
        return answer

    @property
    def methods(self) -> list[str]:
        return [request.method for request in self.asked]


class Clock:
    """A clock that moves when it is told to, and by `step` whenever it is read."""

    def __init__(self, *, step: timedelta = timedelta(0)) -> None:
        self.now = NOW
        self._step = step

    def __call__(self) -> datetime:
        self.now += self._step
        return self.now


def a_connection(
    script: Callable[[httpx.Request], httpx.Response] | None = None, **fields: Any
) -> Connection:
    defaults: dict[str, Any] = {
        "client": http_client(httpx.MockTransport(script or Script(httpx.Response(500)))),
        "token": lambda scope: f"token for {scope}".replace(" ", "-"),
        "clock": Clock(),
        "endpoint": ENDPOINT,
        "scope": "https://arm.example/.default",
        "api_version": "2024-10-01",
    }
    return Connection(**{**defaults, **fields})


def a_remote(script: Script, **fields: Any) -> Remote:
    return Remote(a_connection(script, **fields), ID)


def a_history(script: Callable[[httpx.Request], httpx.Response], **fields: Any) -> Remote:
    """Run history of the workspace of tests."""
    place = {"endpoint": HISTORY_ENDPOINT, "scope": HISTORY_SCOPE, "api_version": ""}
    connection = a_connection(script, **{**place, **fields})
    return remote(connection, WORKSPACE, location="westeurope")


def an_inquiry(
    history: Callable[[httpx.Request], httpx.Response] | None = None,
    *,
    jobs: Callable[[httpx.Request], httpx.Response] | None = None,
    clock: Clock | None = None,
) -> Inquiry:
    """Who may be asked how a job ended; without `history` as where a target has no location."""
    clock = clock or Clock()
    past = None if history is None else a_history(history, clock=clock)
    return Inquiry(Remote(a_connection(jobs, clock=clock), ID), past, clock=clock)


def an_error(
    status: int, code: str = "UserError", *, headers: dict[str, str] | None = None
) -> httpx.Response:
    """An error answer as Azure Resource Manager gives it."""
    body = {"error": {"code": code, "message": "These are the words of the service."}}
    return httpx.Response(status, json=body, headers=headers)


class Places:
    """Documents by the end of a path, below the id of the workspace; 404 for any other."""

    def __init__(self, documents: Mapping[str, object]) -> None:
        self.asked: list[str] = []
        self._documents = documents

    def __call__(self, request: httpx.Request) -> httpx.Response:
        place = request.url.path.partition("/workspaces/demo/")[2]
        self.asked.append(place)
        answer = self._documents.get(place)
        if isinstance(answer, httpx.Response):
            return answer
        return an_error(404) if answer is None else httpx.Response(200, json=answer)
