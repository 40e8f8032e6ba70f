"""Shows one request passing through the whole system, in words for who sees it the first time."""

import json
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import IO, Any

from tests.local.collector import Event
from tests.local.process import DiedError
from tests.local.twin import Twin, has_ended

Json = dict[str, Any]
WITHIN = 180.0  # seconds
PACE = "1.0"  # seconds that the job stays in a status: long enough to be seen
INTERRUPTED = 130
LAST_LINES = 15


class FailedError(Exception):
    """The request did not come through; the text says why."""


def run() -> int:
    """Show it; 0 when the run really completed."""
    with tempfile.NamedTemporaryFile(prefix="twin-", suffix=".log", delete=False) as log:
        try:
            _show(log)
        except KeyboardInterrupt:
            print("\nInterrupted; everything has been stopped.")
            return INTERRUPTED
        except (DiedError, FailedError) as exc:
            _complain(exc, Path(log.name))
            return 1
    Path(log.name).unlink()
    return 0


def _show(log: IO[bytes]) -> None:
    """Start, send, watch, and look at what came out."""
    _say("Starting a bus, a workspace, a table store and the app on this machine ...")
    begun = time.monotonic()
    with Twin.start("--pace", PACE, log=log) as twin:
        _say(f"They are ready after {time.monotonic() - begun:.1f} s.\n")
        request = a_request()
        _say(f"A producer puts this on the queue {twin.info['queue']!r}:\n")
        _say(_indented(json.dumps(request, indent=2)))
        twin.send(request)
        _say(f"\nA subscriber of the topic {twin.info['topic']!r} reads:\n")
        last = _watched(twin, request["id"])
        _say(f"\nThe last event says all there is to know:\n\n{_indented(_summary(twin, last))}\n")
        _say("Stopping everything ...")
    _say("Done. `make up` starts the same for your own producers and subscribers.")


def a_request() -> Json:
    """Ask for a small model to be trained, by the definition of a job that is in the workspace."""
    return {
        "id": f"demo-{secrets.token_hex(3)}",
        "jobType": "Command",
        "template": "train-classifier",
        "displayName": "My first run",
        "inputs": {"learning_rate": 0.8, "epochs": 60},
    }


def _watched(twin: Twin, request_id: str) -> Event:
    """Print each event as it comes, and give the last one; FailedError if that is not success."""
    begun = time.monotonic()
    for event in _events(twin, request_id, deadline=begun + WITHIN):
        status = event.data.get("status", event.type)
        _say(f"  {time.monotonic() - begun:5.1f} s  {event.type:<10} {status:<10}{_detail(event)}")
    if event.type != "completed":
        raise FailedError(f"the run ended as {event.type}: {_indented(json.dumps(event.data))}")
    return event


def _events(twin: Twin, request_id: str, *, deadline: float) -> Iterator[Event]:
    """Give the events as they come, up to the last one."""
    shown: list[Event] = []
    while not has_ended(shown):
        more = partial(_is_longer, shown)
        try:
            events = twin.events(request_id, until=more, within=deadline - time.monotonic())
        except AssertionError:
            raise FailedError(f"no last event within {WITHIN:.0f} s") from None
        yield from events[len(shown) :]
        shown = events


def _is_longer(shown: Sequence[Event], events: Sequence[Event]) -> bool:
    return len(events) > len(shown)


def _detail(event: Event) -> str:
    if event.type == "accepted":
        return f"run {event.data['runId']}"
    return f"native status {event.data['nativeStatus']}" if event.data.get("nativeStatus") else ""


def _summary(twin: Twin, last: Event) -> str:
    """Tell what came out: the model, how good it is, how long it took."""
    model = last.data["outputs"]["model"]["uri"]
    metrics = json.loads(twin.file(f"{model.rstrip('/')}/metrics.json"))
    facts: Mapping[str, object] = {
        "model": model,
        "accuracy": f"{metrics['accuracy']:.1%} on points it had not seen",
        "loss": f"{metrics['loss']:.3f} after {metrics['epochs']} epochs",
        "waited": f"{last.data['times']['waitingSeconds']:.1f} s",
        "ran": f"{last.data['times']['runningSeconds']:.1f} s",
    }
    return "\n".join(f"{name:<9} {value}" for name, value in facts.items())


def _complain(exc: Exception, log: Path) -> None:
    lines = log.read_text(errors="replace").splitlines()[-LAST_LINES:]
    print(f"\nIt did not work: {exc}\n\nThe log ({log}) ends with:", file=sys.stderr)
    print(_indented("\n".join(lines)), file=sys.stderr)


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines())


def _say(text: str) -> None:
    print(text, flush=True)
