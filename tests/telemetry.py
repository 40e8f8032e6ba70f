"""What operators would be told, kept in memory by OpenTelemetry's own SDK."""

import json
from typing import Any

from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader, Metric
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import format_span_id, format_trace_id

from shared.telemetry import OpenTelemetry

TRACE_ID, SPAN_ID = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
TRACEPARENT = f"00-{TRACE_ID}-{SPAN_ID}-01"


class Told:
    """The adapter over exporters that keep what they are given."""

    def __init__(self) -> None:
        self._exporter = InMemorySpanExporter()
        self._reader = InMemoryMetricReader()
        tracers = TracerProvider(shutdown_on_exit=False)
        tracers.add_span_processor(SimpleSpanProcessor(self._exporter))
        meters = MeterProvider([self._reader], shutdown_on_exit=False)
        self.telemetry = OpenTelemetry(tracers.get_tracer("test"), meters.get_meter("test"))

    def spans(self, name: str | None = None) -> list[ReadableSpan]:
        """The spans that have ended; those of one name, or all."""
        ended = self._exporter.get_finished_spans()
        return [span for span in ended if name in {None, span.name}]

    def span(self, name: str) -> ReadableSpan:
        """The only span of this name."""
        (found,) = self.spans(name)
        return found

    def metrics(self) -> dict[str, Metric]:
        """The metrics that have a value, by name."""
        data = self._reader.get_metrics_data()
        scopes = [] if data is None else data.resource_metrics[0].scope_metrics
        return {metric.name: metric for scope in scopes for metric in scope.metrics}

    def values(self, name: str) -> dict[str, float]:
        """The values of a metric, each under its attributes as JSON."""
        return {
            json.dumps(dict(point.attributes or {}), sort_keys=True): point.value
            for point in self.points(name)
        }

    def everything(self) -> str:
        """All that was told, as it would be exported."""
        data = self._reader.get_metrics_data()
        metrics = "" if data is None else data.to_json()
        return "".join([*(span.to_json() for span in self.spans()), metrics])

    def keys(self, name: str) -> frozenset[str]:
        """The names of the attributes that the values of a metric have."""
        return frozenset(key for point in self.points(name) for key in point.attributes or {})

    def points(self, name: str) -> list[Any]:
        """What a metric holds, under all its attributes."""
        metric = self.metrics().get(name)
        return [] if metric is None else list(metric.data.data_points)


def parent(span: ReadableSpan) -> tuple[str, str] | None:
    """The trace and the span that a span continues."""
    if span.parent is None:
        return None
    return format_trace_id(span.parent.trace_id), format_span_id(span.parent.span_id)


def links(span: ReadableSpan) -> list[tuple[str, str]]:
    """The traces and spans that a span is linked to."""
    return [
        (format_trace_id(link.context.trace_id), format_span_id(link.context.span_id))
        for link in span.links
    ]
