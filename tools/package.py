"""Packs what is deployed, and nothing else: a folder, and the same as an archive.

python tools/package.py [--out FOLDER]

The archive has the same bytes wherever and whenever it is made of the same files.
"""

import argparse
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
DEPLOYED = ("function_app.py", "host.json", "requirements.txt", "shared")
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the first date that an archive can hold
PLAIN_FILE = 0o100644 << 16


def files(root: Path) -> Iterator[Path]:
    """Every deployed file, relative to the root, in one order everywhere."""
    for name in DEPLOYED:
        if not (root / name).exists():
            raise SystemExit(f"{name} is not in {root}: nothing was packed")
    found = (each for name in DEPLOYED for each in _below(root / name))
    yield from sorted((each.relative_to(root) for each in found), key=Path.as_posix)


def pack(root: Path, out: Path) -> Path:
    """Write the folder `app` and the archive `app.zip`, and give back the archive."""
    chosen = list(files(root))
    shutil.rmtree(out / "app", ignore_errors=True)
    for each in chosen:
        target = out / "app" / each
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / each, target)
    return _archive(root, chosen, out / "app.zip")


def _below(path: Path) -> Iterator[Path]:
    """A file itself, or the Python files of a folder: what tools leave there stays behind."""
    yield from path.rglob("*.py") if path.is_dir() else [path]


def _archive(root: Path, chosen: list[Path], archive: Path) -> Path:
    # Not compressed: what that makes differs from one version of zlib to the next.
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as packed:
        for each in chosen:
            entry = zipfile.ZipInfo(each.as_posix(), LONG_AGO)
            entry.external_attr = PLAIN_FILE
            entry.create_system = 3  # as on Linux, wherever it was made
            packed.writestr(entry, (root / each).read_bytes())
    return archive


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "dist")
    pack(ROOT, parser.parse_args().out)
