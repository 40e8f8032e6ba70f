"""Telemetry to Application Insights. Importing it costs as much as all else: see `exporting`."""

import logging

from azure.monitor.opentelemetry.exporter import (
    AzureMonitorMetricExporter,
    AzureMonitorTraceExporter,
    RateLimitedSampler,
)
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ParentBased

from shared.telemetry import OpenTelemetry

SCOPE = "jobrelay"
# As many as targets take jobs at most; a trace is kept whole. Nothing is left out of the metrics.
TRACES_PER_SECOND = 10.0
# They write addresses and headers at INFO.
TALKATIVE = ("azure", "opentelemetry")


def insights(connection: str, *, role: str) -> OpenTelemetry:
    """Telemetry that threads of its own send; ValueError when the connection string is none.

    Its providers are not the global ones: no other library tells through them what it asks of whom.
    """
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    resource = Resource.create({"service.name": role})
    # What cannot be sent is kept on no disk: that of an instance goes with it.
    spans = AzureMonitorTraceExporter(connection_string=connection, disable_offline_storage=True)
    numbers = AzureMonitorMetricExporter(connection_string=connection, disable_offline_storage=True)
    limited = RateLimitedSampler(TRACES_PER_SECOND)
    # Many a producer passes on a trace that it keeps nothing of itself.
    sampler = ParentBased(limited, remote_parent_sampled=limited, remote_parent_not_sampled=limited)
    tracers = TracerProvider(sampler, resource)
    tracers.add_span_processor(BatchSpanProcessor(spans))
    meters = MeterProvider([PeriodicExportingMetricReader(numbers)], resource)
    return OpenTelemetry(tracers.get_tracer(SCOPE), meters.get_meter(SCOPE))
