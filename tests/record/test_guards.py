"""Each guard matters: without any one of them a promise breaks."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.record.guards import GUARDS

ROOT = Path(__file__).parents[2]
ATTACK = ["-m", "tests.record", "--rounds", "300", "--stride", "4", "--no-double"]
# What only two handlers side by side show, these show soonest.
ALONE = {"a stale look is void": ["--pairs-of", "untold"]}


@pytest.mark.parametrize("name", GUARDS)
def test_a_promise_breaks_without_the_guard(name: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "shared", tmp_path / "shared")
    shutil.copytree(ROOT / "tests/record", tmp_path / "tests/record")
    for file in ("tests/__init__.py", "tests/fakes.py"):
        shutil.copy(ROOT / file, tmp_path / file)
    for cut in GUARDS[name]:
        cut.apply(tmp_path)

    attack = subprocess.run(
        [sys.executable, *ATTACK, *ALONE.get(name, [])],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert attack.stderr == ""
    assert attack.returncode == 1, attack.stdout
