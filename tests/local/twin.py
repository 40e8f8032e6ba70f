"""The twin in the hands of a test or of the demo: send, watch the events, ask, break things."""

import json
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import IO, Any

import httpx
from azure.servicebus import ServiceBusClient, ServiceBusMessage, ServiceBusSender

from tests.local import process
from tests.local.collector import Collector, Event

Json = dict[str, Any]
PATIENCE = 30.0  # seconds


def has_ended(events: Sequence[Event]) -> bool:
    """Tell whether the last word has been said."""
    return any(event.is_final for event in events)


class Twin:
    """A running twin. `http` speaks to the app with its key, `control` to the twin itself."""

    def __init__(self, info: Json, collector: Collector, sender: ServiceBusSender) -> None:
        """Speak with the twin that announced this."""
        self.info = info
        self._collector = collector
        self._sender = sender
        self._sending = threading.Lock()
        headers = {"x-functions-key": info.get("key", "")}
        self.http = _client(info.get("http", ""), headers)
        self.control = _client(info["control"], {})

    @staticmethod
    @contextmanager
    def start(*options: str, log: IO[bytes] | None = None) -> Iterator["Twin"]:
        """Start a twin with the options of `up`; it ends with this block."""
        command = [sys.executable, "-m", "tests.local", "up", "--with-parent", *options]
        service = process.start("twin", command, log=log)
        try:
            with Twin.connected(service.info) as twin:
                yield twin
        finally:
            service.stop()

    @staticmethod
    @contextmanager
    def connected(info: Json) -> Iterator["Twin"]:
        """Use a twin that runs already."""
        bus = ServiceBusClient.from_connection_string(info["serviceBus"])
        with (
            bus,
            bus.get_queue_sender(info["queue"]) as sender,
            Collector.collecting(info) as events,
        ):
            twin = Twin(info, events, sender)
            with twin.http, twin.control:
                yield twin

    def send(self, request: Mapping[str, Any] | bytes, **properties: Any) -> None:
        """Send a request; `properties` are those of a message, such as message_id."""
        body = request if isinstance(request, bytes) else json.dumps(request).encode()
        message = ServiceBusMessage(body, **{"content_type": "application/json", **properties})
        with self._sending:
            self._sender.send_messages(message)

    def events(
        self,
        name: str,
        *,
        until: Callable[[Sequence[Event]], bool] = has_ended,
        within: float = PATIENCE,
    ) -> list[Event]:
        """Wait until the events of a run or request are as wanted, and give them."""
        return self._collector.about(name, until, within=within)

    def fault(
        self,
        service: str,
        kind: str,
        *,
        operation: str | None = None,
        name: str | None = None,
        times: int = 1,
        **fault: Any,
    ) -> None:
        """Let a service fail so many times."""
        match = {"operation": operation, "name": name}
        match = {field: value for field, value in match.items() if value is not None}
        spec = {
            "service": service,
            "match": match,
            "fault": {"kind": kind, **fault},
            "times": times,
        }
        self.control.post("/faults", json=spec).raise_for_status()

    def clear_faults(self) -> None:
        """Let nothing fail any more."""
        self.control.delete("/faults").raise_for_status()

    def poll(self) -> None:
        """Have the app look after its runs now."""
        self.http.post("/admin/functions/poll_runs", json={}).raise_for_status()

    def kill_app(self) -> None:
        """End the app as a crash would."""
        self.control.post("/app/kill").raise_for_status()

    def start_app(self) -> None:
        """Start the app again, at the same address."""
        self.control.post("/app/start").raise_for_status()

    def file(self, uri: str) -> bytes:
        """Give the content of a file that a job wrote."""
        return self.control.get("/workspace/files", params={"uri": uri}).raise_for_status().content


def _client(base_url: str, headers: Mapping[str, str]) -> httpx.Client:
    # Nothing in the environment may send these requests another way.
    return httpx.Client(base_url=base_url, headers=headers, trust_env=False, timeout=PATIENCE)
