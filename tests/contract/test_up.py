"""The twin as a whole: it starts, says where it is, obeys its control server, and ends."""

import importlib.util
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from shared.settings import Settings
from tests.local.process import ROOT, start
from tests.local.twin import Twin
from tests.local.waiting import until

Json = dict[str, Any]
UP = [sys.executable, "-m", "tests.local", "up"]

if importlib.util.find_spec("proton") is None or not (ROOT / "node_modules/azurite").exists():
    REASON = "the twin needs python-qpid-proton and Azurite"
    if os.environ.get("CI"):
        raise RuntimeError(REASON)
    pytest.skip(REASON, allow_module_level=True)


@pytest.fixture(scope="module")
def twin() -> Iterator[Twin]:
    """Start a twin with its app, where a developer has settings for the real Azure."""
    with ExitStack() as ending:
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("AZURE_CLIENT_ID", "somebody else")
            environment.setenv("ServiceBus__fullyQualifiedNamespace", "bus.example")
            environment.setenv("HTTP_PROXY", "http://127.0.0.1:1")
            twin = ending.enter_context(Twin.start())
        yield twin


@contextmanager
def begun(*options: str) -> Iterator[subprocess.Popen[str]]:
    """Begin to start the twin as a shell does, without its app and with no standard input."""
    with subprocess.Popen(
        [*UP, "--without-app", *options],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@contextmanager
def up(*options: str) -> Iterator[tuple[subprocess.Popen[str], Json]]:
    """Start the twin, and give what it says."""
    with begun(*options) as process:
        assert process.stdout is not None
        yield process, json.loads(process.stdout.readline())


def family(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """Give a process and all that it has started."""
    parent = psutil.Process(process.pid)
    return [parent, *parent.children(recursive=True)]


def is_gone(processes: Sequence[psutil.Process]) -> bool:
    """Tell whether none of these runs any more."""
    return not any(one.is_running() and one.status() != "zombie" for one in processes)


def test_the_twin_says_where_everything_is(twin: Twin) -> None:
    assert set(twin.info) == {
        "http",
        "key",
        "serviceBus",
        "queue",
        "rejects",
        "topic",
        "subscription",
        "tables",
        "workspace",
        "foundry",
        "targets",
        "control",
        "settings",
        "pids",
    }
    assert set(twin.info["pids"]) == {
        "up",
        "token",
        "workspace",
        "foundry",
        "azurite",
        "tables",
        "bus",
        "host",
    }


def test_the_app_finds_its_services_whatever_is_in_the_environment(twin: Twin) -> None:
    assert twin.http.get("/api/health").status_code == 200


def test_the_settings_are_those_of_the_app(twin: Twin, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in twin.info["settings"].items():
        monkeypatch.setenv(name, value)

    settings = Settings.read()

    assert settings.default_target == "demo"
    assert set(settings.targets) == {"demo", "strict", "project", "project-jobs"}
    known = {field.alias for field in Settings.model_fields.values()}
    assert set(twin.info["settings"]) - known == {"IDENTITY_ENDPOINT", "IDENTITY_HEADER"}


@pytest.mark.parametrize("service", ["workspace", "foundry", "bus", "tables", "token"])
def test_faults_reach_their_service(twin: Twin, service: str) -> None:
    spec = {"service": service, "match": {"operation": "nonsense"}, "fault": {"kind": "reset"}}

    answer = twin.control.post("/faults", json=spec)

    # Only the service itself knows its operations.
    assert (answer.status_code, "nonsense" in answer.text) == (400, True)


def test_a_fault_happens_until_faults_are_cleared(twin: Twin) -> None:
    twin.fault("workspace", "status", status=503, times=1000)
    broken = twin.http.get("/api/health").json()
    twin.clear_faults()

    assert "ok" in broken.values()
    assert set(broken.values()) != {"ok"}
    assert twin.http.get("/api/health").status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/faults", '{"service": "nobody", "fault": {"kind": "reset"}}'),
        ("POST", "/faults", "no JSON"),
        ("POST", "/faults", "[]"),
        ("DELETE", "/faults?service=nobody", ""),
        ("GET", "/nobody/files", ""),
    ],
)
def test_a_control_request_for_nobody_is_refused(
    twin: Twin, method: str, path: str, body: str
) -> None:
    answer = twin.control.request(method, path, content=body)

    assert answer.status_code == 400
    assert "service" in answer.json()["error"]


def test_the_control_server_is_not_there_for_other_hosts(twin: Twin) -> None:
    answer = twin.control.post("/app/kill", headers={"Host": "evil.example"})

    assert answer.status_code == 403


def test_an_app_that_was_killed_comes_back_at_its_address(twin: Twin) -> None:
    twin.kill_app()
    with pytest.raises(httpx.TransportError):
        twin.http.get("/api/health")
    again = twin.control.post("/app/kill")

    twin.start_app()

    assert twin.http.get("/api/health").status_code == 200
    assert again.status_code == 409
    assert twin.control.post("/app/start").status_code == 409


def test_an_app_runs_against_the_services_of_another_twin(tmp_path: Path) -> None:
    with up() as (_, info):
        file = tmp_path / "endpoints.json"
        file.write_text(json.dumps(info))
        options = ["--with-parent", "--app-only", "--endpoints", str(file)]
        alone = start("app", [*UP, *options])

        health = httpx.get(
            f"{alone.info['http']}/api/health", params={"code": alone.info["key"]}, timeout=30
        )

        assert health.status_code == 200
        assert set(alone.info["pids"]) == {"up", "host"}
        alone.stop()


def test_the_app_alone_needs_to_know_where_the_rest_is() -> None:
    ended = subprocess.run(
        [*UP, "--app-only"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert ended.returncode == 2
    assert "--endpoints" in ended.stderr


def test_a_twin_has_ended_when_all_its_services_have() -> None:
    with up() as (process, info):
        running = family(process)

        process.send_signal(signal.SIGINT)

        assert process.wait(30) == 0
        assert is_gone(running)
        assert set(info["pids"].values()) <= {one.pid for one in running}


def test_a_twin_that_is_killed_leaves_no_process_behind() -> None:
    with up() as (process, _):
        running = family(process)

        process.kill()

        assert until(lambda: is_gone(running), "all processes to end")


def test_a_twin_with_a_parent_ends_with_it() -> None:
    twin = start("twin", [*UP, "--without-app", "--with-parent"])
    assert twin.process.stdin is not None

    twin.process.stdin.close()

    assert twin.process.wait(30) == 0


def test_a_twin_that_is_interrupted_while_it_starts_leaves_no_process_behind() -> None:
    with begun() as process:
        running = until(lambda: family(process)[2:] and family(process), "some services")

        process.send_signal(signal.SIGINT)

        assert process.wait(60) == 0
        assert until(lambda: is_gone(running), "all processes to end")
