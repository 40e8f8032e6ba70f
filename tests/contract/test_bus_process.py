"""The bus as a process: how it starts, and how it says that it cannot."""

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.local.process import ROOT, module, start


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.local.bus", *arguments]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False
    )


def test_it_listens_where_it_is_told_to_and_only_there(tmp_path: Path) -> None:
    topology = tmp_path / "topology.json"
    topology.write_text(json.dumps({"queues": {"mine": {}}}))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    service = start("bus", module("bus", "--topology", str(topology), "--port", str(port)))

    service.stop()
    assert service.info["port"] == port
    assert service.info["connection"].startswith(f"Endpoint=sb://127.0.0.1:{port};")
    assert service.process.returncode == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"queues": {"q": {"lockDuration": "x"}}}', "queues.q.lockDuration: 'x' is not an ISO"),
        ("{", "Expecting property name"),
    ],
)
def test_a_topology_with_an_error_ends_it_with_one_clear_sentence(
    tmp_path: Path, text: str, said: str
) -> None:
    topology = tmp_path / "topology.json"
    topology.write_text(text)

    done = run("--topology", str(topology))

    assert done.returncode == 1
    assert said in done.stderr
    assert str(topology) in done.stderr
    assert "Traceback" not in done.stderr


def test_without_proton_it_ends_with_one_clear_sentence(tmp_path: Path) -> None:
    (tmp_path / "proton.py").write_text("raise ModuleNotFoundError('no proton', name='proton')")
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import tests.local.bus.__main__"

    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr.startswith("The bus needs python-qpid-proton 0.40")


def test_its_help_says_what_it_does_not_prove() -> None:
    done = run("--help")

    assert done.returncode == 0
    assert "What it does not prove" in done.stdout
