"""Where Application Insights takes telemetry in, as far as its exporter for OpenTelemetry sees.

The route and the envelopes are those of azure-monitor-opentelemetry-exporter 1.0.0b58.
"""

import gzip
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Json = dict[str, Any]
PATIENCE = 30.0  # seconds
KEY = "00000000-0000-0000-0000-000000000001"


def connection(port: int) -> str:
    """The connection string of a place on this machine."""
    return f"InstrumentationKey={KEY};IngestionEndpoint=http://127.0.0.1:{port}/"


class Ingestion:
    """All that was taken in."""

    def __init__(self) -> None:
        self._taken: list[Json] = []
        self._news = threading.Condition()

    def take(self, envelopes: list[Json]) -> None:
        """Keep some telemetry."""
        with self._news:
            self._taken += envelopes
            self._news.notify_all()

    def until(self, is_enough: Callable[[list[Json]], bool]) -> list[Json]:
        """Wait until there is enough."""
        end = time.monotonic() + PATIENCE
        with self._news:
            self._news.wait_for(lambda: is_enough(self._taken), timeout=end - time.monotonic())
            return list(self._taken)


@contextmanager
def ingesting() -> Iterator[tuple[Ingestion, str]]:
    """Take telemetry in until this block ends; its connection string is given, too."""
    ingestion = Ingestion()

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            envelopes = json.loads(body)
            ingestion.take(envelopes)
            number = len(envelopes)
            self._answer({"itemsReceived": number, "itemsAccepted": number, "errors": []})

        def _answer(self, document: Json) -> None:
            body = json.dumps(document).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Door) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield ingestion, connection(server.server_port)
        finally:
            server.shutdown()
