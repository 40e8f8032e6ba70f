"""Azure Resource Manager as a list of scripted answers."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from shared.backends.remote import Connection, Remote, http_client
from tests.jobs import ID

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
ENDPOINT = "https://arm.example"


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


def an_error(
    status: int, code: str = "UserError", *, headers: dict[str, str] | None = None
) -> httpx.Response:
    """An error answer as Azure Resource Manager gives it."""
    body = {"error": {"code": code, "message": "These are the words of the service."}}
    return httpx.Response(status, json=body, headers=headers)
