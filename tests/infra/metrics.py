"""The metrics that alerts and workbook may ask for, each with its dimensions."""

METRICS: dict[str, frozenset[str]] = {
    "jobrelay.requests": frozenset({"outcome"}),
    "jobrelay.submissions": frozenset({"target", "job_type", "outcome"}),
    "jobrelay.events": frozenset({"type", "status", "target"}),
    "jobrelay.rejects": frozenset({"reason"}),
    "jobrelay.retries": frozenset({"target", "code"}),
    "jobrelay.remote.requests": frozenset({"target", "method", "status_code"}),
    "jobrelay.runs.live": frozenset({"target"}),
    "jobrelay.runs.oldest": frozenset(),
    "jobrelay.runs.unobserved": frozenset(),
    "jobrelay.event.lag": frozenset(),
}
