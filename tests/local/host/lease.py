"""What the hosts of an app share about a timer: whose it is, and when it last ran."""

import fcntl
import os
from datetime import UTC, datetime
from pathlib import Path


class Lease:
    """A timer's files in a folder; without one it is this host's alone and remembers nothing."""

    def __init__(self, folder: Path | None, name: str) -> None:
        """Keep where to look."""
        self._folder = folder
        self._name = name
        self._lock: int | None = None

    def is_ours(self) -> bool:
        """Tell whether this host has the timer, after trying to; it is lost with the process."""
        if self._folder is None or self._lock is not None:
            return True
        file = os.open(self._folder / f"{self._name}.lock", os.O_RDWR | os.O_CREAT)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return False
        self._lock = file
        return True

    def last(self) -> datetime | None:
        """Give the time of the last run: that of a file, so that a crash leaves no half of it."""
        file = self._last_file()
        return datetime.fromtimestamp(file.stat().st_mtime, UTC) if file and file.exists() else None

    def ran(self) -> None:
        """Remember that it runs now."""
        if file := self._last_file():
            file.touch()

    def _last_file(self) -> Path | None:
        return self._folder / f"{self._name}.last" if self._folder else None
