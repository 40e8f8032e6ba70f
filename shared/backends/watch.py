"""What operators are told of the HTTP requests to a target: how many, how they end, how long."""

from collections.abc import Callable, Container
from dataclasses import dataclass

from shared.backends.answers import Answer
from shared.signals import SILENT, Telemetry

NO_ANSWER = "none"


@dataclass(frozen=True)
class Watch:
    """Tells of the requests to one target, by its alias. No address but the host's is told."""

    target: str
    telemetry: Telemetry

    def exchange(
        self, method: str, host: str, ask: Callable[[], Answer], *, expected: Container[int]
    ) -> Answer:
        """Ask; any answer that is not of the `expected` ones is a failure, and so is none at all.

        (opentelemetry.io/docs/specs/semconv/http/http-spans)
        """
        attributes = {
            "http.request.method": method,
            "server.address": host,
            "jobrelay.target": self.target,
        }
        with self.telemetry.span(method, attributes, kind="client") as span:
            status = NO_ANSWER
            try:
                answer = ask()
                status = str(answer.status)
            finally:
                self._count(method, status)
            span.note({"http.response.status_code": answer.status})
            if answer.status not in expected:
                span.fail(status)
        return answer

    def _count(self, method: str, status: str) -> None:
        self.telemetry.count(
            "jobrelay.remote.requests", target=self.target, method=method, status_code=status
        )


UNWATCHED = Watch("none", SILENT)
