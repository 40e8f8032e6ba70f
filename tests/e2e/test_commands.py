"""What `up` starts serves clients in any language, and an app beside another."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.stage import Stage, types
from tests.local import node, process
from tests.local.process import Service

Json = dict[str, Any]
UP = [sys.executable, "-m", "tests.local", "up", "--with-parent"]


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    """What `make up` starts."""
    started = process.start("up", [*UP, "--pace", "0.2", "--set", "POLL_SCHEDULE=*/1 * * * * *"])
    yield started
    started.stop()


def test_a_client_in_another_language_sends_and_reads(service: Service) -> None:
    info = service.info
    request = {"id": "from-node", "jobType": "Command", "template": "echo"}
    script = Path(__file__).with_name("foreign.mjs")
    names = [info[name] for name in ("serviceBus", "queue", "topic", "subscription")]

    answer = subprocess.run(
        [node.executable(), str(script), *names, json.dumps(request)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    events = [json.loads(line) for line in answer.stdout.splitlines()]
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert events[0]["type"] == "jobrelay.run.accepted"
    assert events[-1] == {
        "type": "jobrelay.run.completed",
        "seq": len(events),
        "status": "Success",
    }


def test_two_apps_at_once_do_everything_once(stage: Stage, tmp_path: Path) -> None:
    endpoints = tmp_path / "endpoints.json"
    endpoints.write_text(json.dumps(stage.twin.info))
    options = ["--app-only", "--endpoints", str(endpoints)]
    second = process.start("second app", [*UP, *options])
    requests = [stage.a_request() for _ in range(6)]

    for request in requests:
        stage.twin.send(request)
    ends = [stage.events(request) for request in requests]
    second.stop()

    for request, events in zip(requests, ends, strict=True):
        stage.assert_whole(events)
        stage.assert_one_job(request)
        assert types(events)[-1] == "completed"
