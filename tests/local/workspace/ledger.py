"""A record of the requests that came in, so that a test can say: one PUT, and nothing else."""

from collections import deque
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

LONGEST = 100_000


@dataclass
class Entry:
    """One request; without a status while it has no answer, or when its connection was dropped."""

    operation: str
    name: str
    method: str
    time: str
    status: int | None = None


class Ledger:
    """The requests, oldest first."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=LONGEST)

    def note(self, operation: str, name: str, method: str) -> Entry:
        """Write a request down as it comes in."""
        entry = Entry(operation, name, method, datetime.now(UTC).isoformat())
        self._entries.append(entry)
        return entry

    def about(self, name: str | None) -> list[dict[str, Any]]:
        """Give the requests about one name, or all."""
        return [asdict(entry) for entry in self._entries if name in {None, entry.name}]

    def clear(self) -> None:
        """Forget them."""
        self._entries.clear()
