"""What operators are told of the steps: the attributes of spans, and what is counted of each.

Names after opentelemetry.io/docs/specs/semconv/messaging where it has one, else our own. The host
tells of each call of a function by itself, so no span here is that of a consumer.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from shared.ports import Services, Versioned
from shared.runs import Envelope, Item, Kind, Live, State
from shared.signals import Attributes, Span, word

BUS = {"messaging.system": "servicebus"}
# Why messages are refused and runs rejected by the app; any other word is that of a service.
REASONS = frozenset(
    {
        "conflict",
        "dead_lettered",
        "invalid",
        "name_taken",
        "not_allowed",
        "template_not_found",
        "template_wrong_type",
        "unknown_target",
    }
)
REFUSED, NOWHERE = "refused_by_service", "none"


def of_message(envelope: Envelope, queue: str) -> Attributes:
    """A message that is taken from a queue."""
    return {
        **BUS,
        "messaging.operation.name": "accept",
        "messaging.operation.type": "process",
        "messaging.destination.name": queue,
        "messaging.message.id": envelope.message_id,
    }


def of_batch(items: Collection[Item], topic: str) -> Attributes:
    """Messages that are sent."""
    return {
        **BUS,
        "messaging.operation.name": "publish",
        "messaging.operation.type": "send",
        "messaging.destination.name": topic,
        "messaging.batch.message_count": len(items),
    }


def of_run(live: Live) -> Attributes:
    """A run, as it is now."""
    return {
        "jobrelay.run.id": live.run_id,
        "jobrelay.target": live.target,
        "jobrelay.job.type": live.job_type.value,
        "jobrelay.status": live.status.value,
    }


def of_look(rows: Sequence[Live]) -> Attributes:
    """A look at jobs of one kind at one target."""
    return {
        "jobrelay.target": rows[0].target,
        "jobrelay.job.type": rows[0].job_type.value,
        "jobrelay.runs": len(rows),
    }


def traces(items: Iterable[Item]) -> list[str]:
    """The traces that these items belong to."""
    return [
        str(item.properties["traceparent"]) for item in items if "traceparent" in item.properties
    ]


def count_request(services: Services, outcome: str) -> None:
    """Count what became of a message."""
    services.telemetry.count("jobrelay.requests", outcome=outcome)


def count_sent(services: Services, items: Iterable[Item]) -> None:
    """Count what the broker has taken."""
    for item in items:
        said = item.properties
        if item.kind is Kind.EVENT:
            services.telemetry.count(
                "jobrelay.events",
                type=str(said["type"]),
                status=str(said["status"]),
                target=str(said.get("target", NOWHERE)),
            )
        else:
            reason = str(said["reason"])
            services.telemetry.count(
                "jobrelay.rejects", reason=reason if reason in REASONS else REFUSED
            )


def time_events(services: Services, rows: Iterable[Live], sent: Collection[str]) -> None:
    """Record how late the events of these runs came to the broker."""
    now = services.clock()
    for row in rows:
        for entry in row.timeline:
            if f"{row.run_id}:{entry.seq}" in sent:
                services.telemetry.record("jobrelay.event.lag", _seconds(entry.at, now))


def tell_of_attempt(services: Services, row: Live, outcome: str | None, span: Span) -> None:
    """Count an attempt to create a job, by the row after it; None: none was to be created."""
    span.note({"jobrelay.outcome": outcome, "jobrelay.status": row.status.value})
    if outcome is not None:
        services.telemetry.count(
            "jobrelay.submissions",
            target=row.target,
            job_type=row.job_type.value,
            outcome=outcome,
        )
    if outcome == "delayed" and row.last_error is not None:
        span.fail(row.last_error.code)
        count_retry(services, row.target, row.last_error.code)


def count_retry(services: Services, target: str, code: str) -> None:
    """Count a failure after which a run has to wait."""
    services.telemetry.count("jobrelay.retries", target=target, code=word(code))


def measure(services: Services, found: Collection[Versioned[Live]]) -> None:
    """Observe how much is in flight, and how long it has been left alone."""
    rows, now = [each.row for each in found], services.clock()
    numbers = Counter(row.target for row in rows)
    for target in {*services.targets, *numbers}:
        services.telemetry.observe("jobrelay.runs.live", numbers[target], target=target)
    oldest = min((row.accepted_at for row in rows), default=now)
    services.telemetry.observe("jobrelay.runs.oldest", _seconds(oldest, now))
    jobs = (row for row in rows if row.state is State.SUBMITTED)
    unseen = min((_last_seen(services, row) for row in jobs), default=now)
    services.telemetry.observe("jobrelay.runs.unobserved", _seconds(unseen, now))


def _last_seen(services: Services, row: Live) -> datetime:
    """When the job was last seen, as far as this process knows: a change of it was seen, too."""
    return services.looked.get(row.run_id, row.changed_at)


def _seconds(since: datetime, now: datetime) -> float:
    return max((now - since).total_seconds(), 0.0)
