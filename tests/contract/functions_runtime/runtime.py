"""The parent's side: starts the child, sends calls, reads how they ended."""

import base64
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.local.process import ROOT

Json = dict[str, Any]


class LoadError(Exception):
    """The app does not load; the text is the worker's."""


@dataclass(frozen=True)
class Call:
    """A call of a function: the value of its trigger, and the trigger metadata."""

    function: str
    input: Json
    metadata: Mapping[str, Json]


@dataclass(frozen=True)
class Ended:
    """How a call ended: `succeeded`, `failed`, or `no answer`, which would hang in Azure."""

    status: str
    error: str = ""
    trace: str = ""
    returned: Any = None

    @property
    def json(self) -> Any:
        """The body of the HTTP answer."""
        return json.loads(base64.b64decode(self.returned["body"]))


class Runtime:
    """An app that is loaded."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        """Read what is in it; LoadError when it does not load."""
        self._process = process
        said = self._next()
        if "error" in said:
            raise LoadError(said["error"])
        self.functions: dict[str, Json] = said["functions"]

    def call(self, call: Call) -> Ended:
        """Do one call."""
        return self.call_all([call])[0]

    def call_all(self, calls: Sequence[Call]) -> list[Ended]:
        """Do many calls at once."""
        assert self._process.stdin is not None
        for number, call in enumerate(calls):
            self._process.stdin.write(json.dumps({"id": number, **vars(call)}) + "\n")
        self._process.stdin.flush()
        answers = {answer.pop("id"): Ended(**answer) for answer in (self._next() for _ in calls)}
        return [answers[number] for number in range(len(calls))]

    def _next(self) -> Json:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the worker ended"
        said: Json = json.loads(line)
        return said


@contextmanager
def running(app: Path, settings: Mapping[str, str]) -> Iterator[Runtime]:
    """Load an app in a child process that ends with this block."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.contract.functions_runtime", str(app)],
        cwd=ROOT,
        env={**os.environ, **settings},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield Runtime(process)
        finally:
            process.kill()


def message(function: str, body: bytes, **metadata: object) -> Call:
    """Make the call for a Service Bus message, with the metadata that the host sends for each."""
    sent = {
        "MessageId": "message-1",
        "LockToken": "8ea4a4a2-0b5f-4b5c-9f0a-0c6f6f8a1a11",
        "DeliveryCount": 1,
        "SequenceNumber": 7,
        "EnqueuedTimeUtc": "2026-01-31T12:00:00.5",
        "ApplicationProperties": {},
        "UserProperties": {},
    } | metadata
    data = {"bytes": base64.b64encode(body).decode()}
    return Call(function, data, {name: _typed(value) for name, value in sent.items()})


def tick(function: str, *, past_due: bool = False) -> Call:
    """Make the call for a tick of a timer."""
    info = {"Schedule": {"AdjustForDST": True}, "ScheduleStatus": None, "IsPastDue": past_due}
    return Call(function, {"json": json.dumps(info)}, {})


def request(
    function: str,
    method: str,
    *,
    route: Mapping[str, str] | None = None,
    query: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
) -> Call:
    """Make the call for an HTTP request; `route` has the values in its path."""
    http = {
        "method": method,
        "url": "https://app.example/api",
        "headers": dict(headers or {}),
        "params": dict(route or {}),
        "query": dict(query or {}),
        "body": base64.b64encode(body).decode(),
    }
    return Call(function, {"http": http}, {})


def _typed(value: object) -> Json:
    return {"string": value} if isinstance(value, str) else {"json": json.dumps(value)}
