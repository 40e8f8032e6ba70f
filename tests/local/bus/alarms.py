"""Things that fall due: at most one time for each key, the earliest first."""

import heapq
from collections.abc import Hashable
from datetime import datetime
from itertools import count
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)

SPARE = 100


class Alarms(Generic[Key]):
    """When each key falls due. A key that is set again has only its new time."""

    def __init__(self) -> None:
        self._due: dict[Key, datetime] = {}
        self._heap: list[tuple[datetime, int, Key]] = []
        self._order = count()

    def set(self, key: Key, when: datetime | None) -> None:
        """Let a key fall due at a time, or never."""
        if when is None:
            self._due.pop(key, None)
            return
        self._due[key] = when
        heapq.heappush(self._heap, (when, next(self._order), key))
        if len(self._heap) > 2 * len(self._due) + SPARE:
            self._compact()

    def next(self) -> datetime | None:
        """Say when the next key falls due."""
        while self._heap and self._is_stale():
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def pop(self, now: datetime) -> Key | None:
        """Take out the next key that is due by now."""
        when = self.next()
        if when is None or when > now:
            return None
        _, _, key = heapq.heappop(self._heap)
        del self._due[key]
        return key

    def _is_stale(self) -> bool:
        when, _, key = self._heap[0]
        return self._due.get(key) != when

    def _compact(self) -> None:
        self._heap = [(when, next(self._order), key) for key, when in self._due.items()]
        heapq.heapify(self._heap)
