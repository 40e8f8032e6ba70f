"""Messages that wait for a receiver, by number."""

import heapq


class Backlog:
    """Numbers of messages that are ready; the smallest goes first, also when it comes back."""

    def __init__(self) -> None:
        self._ready: set[int] = set()
        self._heap: list[int] = []

    def add(self, sequence: int) -> None:
        """Make a message ready."""
        if sequence not in self._ready:
            self._ready.add(sequence)
            heapq.heappush(self._heap, sequence)

    def discard(self, sequence: int) -> None:
        """Make a message unavailable."""
        self._ready.discard(sequence)

    def first(self) -> int | None:
        """Say which message is next."""
        while self._heap and self._heap[0] not in self._ready:
            heapq.heappop(self._heap)
        return self._heap[0] if self._heap else None

    def pop(self) -> int | None:
        """Take the next message."""
        sequence = self.first()
        if sequence is not None:
            self._ready.discard(sequence)
        return sequence
