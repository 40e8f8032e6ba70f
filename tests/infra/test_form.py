"""How the Bicep files are written, and that a compiler or a checker finds nothing in them."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.infra.bicep import INFRA, Raw, all_files, read
from tests.infra.files import ROOT, texts

FILES = [each.relative_to(INFRA).as_posix() for each in all_files()]
ENTRIES = ["main.bicep", "samples/main.bicep"]
ORDER = ["targetScope", "import", "type", "param", "var", "func", "resource", "module", "output"]
CHECKER = ROOT.parent / "shared" / "tools" / "bicep_check.py"


def compile_or_check(entry: str) -> list[str]:
    """The command that finds what is wrong, by what this machine has."""
    if shutil.which("bicep"):
        return ["bicep", "build", "--stdout", str(INFRA / entry)]
    if CHECKER.exists():
        return [sys.executable, str(CHECKER), str(INFRA / entry), "--strict"]
    pytest.skip("there is neither a Bicep compiler in the path nor a checker")


@pytest.mark.parametrize("entry", ENTRIES)
def test_nothing_is_found_wrong(entry: str) -> None:
    done = subprocess.run(
        compile_or_check(entry), capture_output=True, text=True, check=False, timeout=120
    )

    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]


@pytest.mark.parametrize("file", FILES)
def test_a_file_is_short(file: str) -> None:
    assert len((INFRA / file).read_text("utf-8").splitlines()) < 100


@pytest.mark.parametrize("file", FILES)
def test_a_file_begins_by_saying_what_it_is(file: str) -> None:
    assert (INFRA / file).read_text("utf-8").startswith("// ")


@pytest.mark.parametrize("file", FILES)
def test_a_file_is_in_order(file: str) -> None:
    ranks = [ORDER.index(each.kind) for each in read(INFRA / file)]

    assert ranks == sorted(ranks)


@pytest.mark.parametrize("file", FILES)
def test_a_parameter_says_whether_it_must_be_given(file: str) -> None:
    parameters = [each for each in read(INFRA / file) if each.kind == "param"]
    described = {each.name: str(each.decorators.get("description")) for each in parameters}
    optional = {
        each.name
        for each in parameters
        if each.value is not None or (each.head.endswith("?") and file.endswith("main.bicep"))
    }

    wanted = {name: "Optional. " if name in optional else "Required. " for name in described}
    assert {name: text[:10] for name, text in described.items()} == wanted


def test_no_parameter_is_an_untyped_object() -> None:
    found = [
        (path.name, each.name)
        for path in all_files()
        for each in read(path)
        if each.kind == "param" and each.head in ("object", "array")
    ]

    assert found == []


def test_every_name_comes_from_one_token() -> None:
    [common] = [each.value for each in read(INFRA / "main.bicep") if each.name == "common"]
    seeds = [name for name, text in texts().items() if "uniqueString(resourceGroup()" in text]

    assert isinstance(common, dict)
    assert common["token"] == Raw("uniqueString(resourceGroup().id, appName)")
    assert seeds == ["infra/main.bicep"]


def test_a_second_deployment_makes_nothing_new() -> None:
    anew = re.compile(r"\b(utcNow|newGuid|deployment)\(")

    assert [name for name, text in texts().items() if anew.search(text)] == []


def test_no_compiled_template_is_in_the_tree() -> None:
    compiled = [each for each in INFRA.rglob("*.json") if "deploymentTemplate.json" in _text(each)]

    assert compiled == []


def _text(path: Path) -> str:
    return path.read_text("utf-8")
