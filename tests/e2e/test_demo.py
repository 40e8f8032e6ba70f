"""The demo, as a newcomer runs it."""

import signal
import subprocess
import sys
from collections.abc import Iterator

import psutil
import pytest

from tests.local.process import ROOT
from tests.local.waiting import until


@pytest.fixture
def demo() -> Iterator[subprocess.Popen[str]]:
    """Start the demo."""
    command = [sys.executable, "-m", "tests.local", "demo"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


def test_the_demo_shows_a_run_that_completes(demo: subprocess.Popen[str]) -> None:
    shown, _ = demo.communicate(timeout=100)

    assert demo.returncode == 0
    for word in ("accepted", "submitted", "completed", "accuracy"):
        assert word in shown


def test_an_interrupted_demo_leaves_no_process_behind(demo: subprocess.Popen[str]) -> None:
    parent = psutil.Process(demo.pid)
    # The twin and its services, the app among them.
    running = until(lambda: _if_many(parent.children(recursive=True)), "the twin to start")

    demo.send_signal(signal.SIGINT)

    assert demo.wait(30) == 130
    assert until(lambda: not any(one.is_running() for one in running), "all processes to end")


def _if_many(processes: list[psutil.Process]) -> list[psutil.Process]:
    return processes if len(processes) > 6 else []
