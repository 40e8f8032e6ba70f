"""The twin that the stories are played on."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.stage import Stage
from tests.local.stack import TOPOLOGY
from tests.local.twin import Twin

# What a killed app leaves locked or claimed is free again after seconds here, not minutes.
LOCK, LEASE = "PT5S", "PT4S"
POLL = "*/1 * * * * *"


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Twin]:
    """A whole system, started once for all stories of this process."""
    settings = ["--set", f"LEASE={LEASE}", "--set", f"POLL_SCHEDULE={POLL}"]
    topology = _with_short_locks(tmp_path_factory.mktemp("twin") / "topology.json")
    with Twin.start(*settings, "--pace", "0.2", "--topology", str(topology)) as twin:
        yield twin


@pytest.fixture
def stage(running: Twin) -> Iterator[Stage]:
    """The twin, with no fault left of the story before, and the app running."""
    yield Stage(running)
    running.clear_faults()
    running.control.post("/app/start")


def _with_short_locks(path: Path) -> Path:
    """The topology of the app, but for the lock of its queues."""
    topology = json.loads(TOPOLOGY.read_text())
    for queue in topology["queues"].values():
        queue["lockDuration"] = LOCK
    path.write_text(json.dumps(topology))
    return path
