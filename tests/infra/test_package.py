"""What is deployed is what should be, whoever packs it."""

import re
import subprocess
import zipfile
from pathlib import Path

import pytest

from tests.infra.files import ROOT
from tools.package import DEPLOYED, files, pack


def tracked() -> list[str]:
    """The files that git keeps, and new ones that it would."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [name for name in listed.stdout.splitlines() if (ROOT / name).exists()]


def a_project(root: Path) -> Path:
    """A project of the least files."""
    for name in ("function_app.py", "host.json", "requirements.txt", "shared/__init__.py"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name, "utf-8")
    return root


def packed(archive: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(archive) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def test_the_archive_has_four_names_at_the_top(tmp_path: Path) -> None:
    archive = pack(ROOT, tmp_path)

    assert {name.partition("/")[0] for name in packed(archive)} == {
        "function_app.py",
        "host.json",
        "requirements.txt",
        "shared",
    }


def test_the_archive_has_every_file_of_the_app_and_no_other(tmp_path: Path) -> None:
    wanted = [name for name in tracked() if name.partition("/")[0] in DEPLOYED]

    assert sorted(packed(pack(ROOT, tmp_path))) == sorted(wanted)


def test_the_folder_is_the_archive(tmp_path: Path) -> None:
    archive = pack(ROOT, tmp_path)

    folder = tmp_path / "app"
    assert packed(archive) == {
        each.relative_to(folder).as_posix(): each.read_bytes()
        for each in folder.rglob("*")
        if each.is_file()
    }


def test_the_same_files_give_the_same_bytes(tmp_path: Path) -> None:
    one, other = a_project(tmp_path / "one"), a_project(tmp_path / "other")
    (other / "host.json").touch()
    (other / "host.json").chmod(0o755)

    assert pack(one, tmp_path / "a").read_bytes() == pack(other, tmp_path / "b").read_bytes()


def test_what_tools_leave_behind_is_not_deployed(tmp_path: Path) -> None:
    project = a_project(tmp_path)
    for name in ("local.settings.json", "shared/.env", "shared/__pycache__/app.cpython-313.pyc"):
        (project / name).parent.mkdir(exist_ok=True)
        (project / name).write_text("left behind", "utf-8")

    assert [each.as_posix() for each in files(project)] == [
        "function_app.py",
        "host.json",
        "requirements.txt",
        "shared/__init__.py",
    ]


def test_what_was_deployed_before_is_gone_from_the_folder(tmp_path: Path) -> None:
    project = a_project(tmp_path / "project")
    (project / "shared" / "old.py").write_text("", "utf-8")
    pack(project, tmp_path / "out")
    (project / "shared" / "old.py").unlink()

    pack(project, tmp_path / "out")

    assert not (tmp_path / "out" / "app" / "shared" / "old.py").exists()


@pytest.mark.parametrize("name", ["host.json", "requirements.txt"])
def test_without_one_of_its_parts_nothing_is_packed(tmp_path: Path, name: str) -> None:
    project = a_project(tmp_path)
    (project / name).unlink()

    with pytest.raises(SystemExit, match=f"{name} is not in") as caught:
        pack(project, tmp_path / "out")

    assert str(caught.value).endswith("nothing was packed")
    assert not (tmp_path / "out").exists()


def test_who_packs_by_what_to_leave_out_packs_the_same() -> None:
    left_out = (ROOT / ".funcignore").read_text("utf-8").split()

    assert {name.partition("/")[0] for name in tracked()} - set(left_out) == set(DEPLOYED)


def test_azd_deploys_the_packed_folder() -> None:
    text = (ROOT / "azure.yaml").read_text("utf-8")

    assert re.search(r"^    dist: dist/app$", text, re.MULTILINE)
    assert text.count("tools/package.py") == 2


def test_every_action_is_pinned_by_its_version() -> None:
    text = (ROOT / ".github" / "workflows" / "deploy.yml").read_text("utf-8")
    used = re.findall(r"uses: (\S+)", text)

    assert used
    assert [each for each in used if not re.fullmatch(r"[\w/-]+@v\d+\.\d+\.\d+", each)] == []
