"""The ports in memory: as truthful as the contract suites can tell, and never slow."""

import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import count
from typing import Generic, Literal, TypeVar

from shared.errors import ExistsError, StaleError, UnavailableError
from shared.ports import Versioned
from shared.runs import Item, Live, Run, Tombstone

Row = TypeVar("Row")


class _Shelf(Generic[Row]):
    """Rows of one kind, each with an ETag that changes with every write."""

    def __init__(self, versions: Iterator[int]) -> None:
        self.rows: dict[str, Versioned[Row]] = {}
        self._versions = versions

    def check(self, key: str, over: str | None) -> None:
        """Raise unless the one with this ETag is there; None: unless none is there."""
        found = self.rows.get(key)
        if over is None and found is not None:
            raise ExistsError(f"{key} exists")
        if over is not None and (found is None or found.etag != over):
            raise StaleError(f"{key} was changed or is gone")

    def put(self, key: str, row: Row) -> None:
        """Write a row."""
        self.rows[key] = Versioned(row, f"version {next(self._versions)}")


class MemoryStore:
    """The RunStore port over dicts. Safe to use from many threads."""

    def __init__(self) -> None:
        versions = count(1)
        self._runs = _Shelf[Run | Tombstone](versions)
        self._lives = _Shelf[Live](versions)
        self._tries = _Shelf[tuple[int, datetime]](versions)
        self._lock = threading.Lock()

    def run(self, run_id: str) -> Versioned[Run | Tombstone] | None:
        return self._runs.rows.get(run_id)

    def live(self, run_id: str) -> Versioned[Live] | None:
        return self._lives.rows.get(run_id)

    def lives(self) -> Iterator[Versioned[Live]]:
        with self._lock:
            rows = sorted(self._lives.rows.items())
        yield from (row for _, row in rows)

    def accept(self, run: Run, live: Live, *, over: str | None = None) -> None:
        with self._lock:
            self._runs.check(run.id, over)
            self._lives.check(live.run_id, None)
            self._runs.put(run.id, run)
            self._lives.put(live.run_id, live)

    def save(self, live: Live, etag: str) -> None:
        with self._lock:
            self._lives.check(live.run_id, etag)
            self._lives.put(live.run_id, live)

    def save_all(self, rows: Sequence[tuple[Live, str]]) -> list[str]:
        partitions: dict[str, list[tuple[Live, str]]] = defaultdict(list)
        for live, etag in rows:
            # As in the table: the first digit of an id is its partition, and a transaction has one.
            partitions[live.run_id[:4]].append((live, etag))
        failed = (part for part in partitions.values() if not self._save_together(part))
        return [live.run_id for part in failed for live, _ in part]

    def finish(self, run: Run, run_etag: str, live_etag: str) -> None:
        with self._lock:
            self._runs.check(run.id, run_etag)
            self._lives.check(run.id, live_etag)
            self._runs.put(run.id, run)
            del self._lives.rows[run.id]

    def bury(self, stone: Tombstone, *, over: str | None = None) -> None:
        with self._lock:
            self._runs.check(stone.run_id, over)
            self._runs.put(stone.run_id, stone)

    def tries(self, key: str) -> Versioned[int] | None:
        found = self._tries.rows.get(key)
        return None if found is None else Versioned(found.row[0], found.etag)

    def count_try(self, key: str, count: int, *, over: str | None, forget_at: datetime) -> None:
        with self._lock:
            self._tries.check(key, over)
            self._tries.put(key, (count, forget_at))

    def forget(self, now: datetime) -> int:
        with self._lock:
            over = [
                key
                for key, found in self._runs.rows.items()
                if key not in self._lives.rows and _is_over(found.row, now)
            ]
            tried = [key for key, found in self._tries.rows.items() if found.row[1] < now]
            for key in over:
                del self._runs.rows[key]
            for key in tried:
                del self._tries.rows[key]
        return len(over) + len(tried)

    def ping(self) -> None:
        """It is there."""

    def _save_together(self, rows: Sequence[tuple[Live, str]]) -> bool:
        """Write all or none; whether they were."""
        with self._lock:
            try:
                for live, etag in rows:
                    self._lives.check(live.run_id, etag)
            except StaleError:
                return False
            for live, _ in rows:
                self._lives.put(live.run_id, live)
        return True


def _is_over(row: Run | Tombstone, now: datetime) -> bool:
    until = row.expires if isinstance(row, Tombstone) else row.forget_at
    return until is not None and until < now


class MemoryPublisher:
    """The Publisher port over a list.

    `failing`: how every send fails: `before` the broker has its first item, or `after`, with only
    the reply lost.
    """

    def __init__(self) -> None:
        self.sent: list[Item] = []
        self.failing: Literal["before", "after"] | None = None

    def send(self, items: Sequence[Item]) -> Iterator[str]:
        for item in items:
            if self.failing != "before":
                self.sent.append(item)
            self.ping()
            yield item.id

    def ping(self) -> None:
        if self.failing is not None:
            raise UnavailableError("the bus does not answer")
