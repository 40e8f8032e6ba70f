"""Say at once what this machine lacks, before anything is installed."""

import shutil
import sys
import sysconfig
from pathlib import Path

OLDEST, NEWEST = (3, 11), (3, 13)


def lacks() -> list[str]:
    """What is missing, a sentence each."""
    found = []
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        version = ".".join(map(str, sys.version_info[:3]))
        found.append(
            f"Python 3.11, 3.12 or 3.13 is needed, this is {version}: make PYTHON=python3.13"
        )
    if not any(map(shutil.which, ("cc", "gcc", "clang"))):
        found.append(
            "A C compiler is needed: the local Service Bus stands on python-qpid-proton, "
            "which comes as source."
        )
    if not Path(sysconfig.get_paths()["include"], "Python.h").exists():
        found.append("The headers of Python are needed, for the same reason (Debian: python3-dev).")
    return found


if __name__ == "__main__":
    problems = lacks()
    if problems:
        sys.exit("\n".join(problems))
