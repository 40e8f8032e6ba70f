"""The Telemetry port over OpenTelemetry; who exports it is not known here."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from opentelemetry import trace
from opentelemetry.metrics import Meter
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from shared.errors import (
    ConflictError,
    EndedError,
    NotFoundError,
    RefusedError,
    RejectedError,
    UnavailableError,
)
from shared.signals import Attributes, Span, SpanKind, word

MAX_LINKS = 64  # of one span: the many runs of one look would fill it
KINDS = {"internal": trace.SpanKind.INTERNAL, "client": trace.SpanKind.CLIENT}
# These tell of what was asked for, not of a failure of those who were asked.
NO_FAILURE = (RejectedError, RefusedError, NotFoundError, EndedError, ConflictError)

# Name, unit (ucum.org) and meaning of all that is counted, measured and observed.
COUNTERS = {
    "jobrelay.requests": ("{request}", "Messages that were accepted, repeated or refused."),
    "jobrelay.submissions": ("{submission}", "Attempts to create the job of a run."),
    "jobrelay.events": ("{event}", "Events that the broker has taken."),
    "jobrelay.rejects": ("{message}", "Copies that the reject queue has taken."),
    "jobrelay.retries": ("{retry}", "Failures of a service after which a run has to wait."),
    "jobrelay.remote.requests": ("{request}", "HTTP requests to the service of a target."),
}
HISTOGRAMS = {
    "jobrelay.event.lag": ("s", "From a change of status to its event at the broker."),
}
GAUGES = {
    "jobrelay.runs.live": ("{run}", "Runs with anything left to do."),
    "jobrelay.runs.oldest": ("s", "Age of the oldest of them."),
    "jobrelay.runs.unobserved": ("s", "Since the job that was unseen for longest was seen."),
}
# A poll takes seconds, an outage hours.
LAGS = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600, 4 * 3600, 24 * 3600)


@dataclass(frozen=True)
class _OpenSpan:
    """The Span port over a span."""

    span: trace.Span

    def note(self, attributes: Attributes) -> None:
        self.span.set_attributes(_present(attributes))

    def fail(self, code: str) -> None:
        self.span.set_attribute("error.type", word(code))
        self.span.set_status(trace.StatusCode.ERROR)


class OpenTelemetry:
    """The Telemetry port over a tracer and a meter."""

    def __init__(self, tracer: trace.Tracer, meter: Meter) -> None:
        """Make every instrument."""
        self._tracer = tracer
        self._counters = {
            name: meter.create_counter(name, unit, meaning)
            for name, (unit, meaning) in COUNTERS.items()
        }
        self._histograms = {
            name: meter.create_histogram(
                name, unit, meaning, explicit_bucket_boundaries_advisory=LAGS
            )
            for name, (unit, meaning) in HISTOGRAMS.items()
        }
        self._gauges = {
            name: meter.create_gauge(name, unit, meaning)
            for name, (unit, meaning) in GAUGES.items()
        }

    @contextmanager
    def span(
        self,
        name: str,
        attributes: Attributes,
        *,
        kind: SpanKind = "internal",
        within: str | None = None,
        links: Iterable[str | None] = (),
    ) -> Iterator[Span]:
        with self._tracer.start_as_current_span(
            name,
            context=None if within is None else trace.set_span_in_context(_remote(within)),
            kind=KINDS[kind],
            attributes=_present(attributes),
            links=_links(links),
            # The text of an exception is for the log; here its kind will do.
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            told = _OpenSpan(span)
            try:
                yield told
            except Exception as exc:
                if not isinstance(exc, NO_FAILURE):
                    told.fail(exc.code if isinstance(exc, UnavailableError) else type(exc).__name__)
                raise

    def count(self, name: str, **attributes: str) -> None:
        self._counters[name].add(1, attributes)

    def record(self, name: str, value: float) -> None:
        self._histograms[name].record(value)

    def observe(self, name: str, value: float, **attributes: str) -> None:
        self._gauges[name].set(value, attributes)


def _present(attributes: Attributes) -> Mapping[str, str | int]:
    return {name: value for name, value in attributes.items() if value is not None}


def _remote(traceparent: str) -> trace.Span:
    """The span of another process that this text names."""
    carrier = {"traceparent": traceparent}
    return trace.get_current_span(TraceContextTextMapPropagator().extract(carrier))


def _links(traceparents: Iterable[str | None]) -> list[trace.Link]:
    """A link to each once, the first of many."""
    known = [each for each in dict.fromkeys(traceparents) if each is not None]
    return [trace.Link(_remote(each).get_span_context()) for each in known[:MAX_LINKS]]
