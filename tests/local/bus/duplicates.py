"""Duplicate detection: which message ids came lately.

https://learn.microsoft.com/azure/service-bus-messaging/duplicate-detection
"""

from datetime import datetime, timedelta


class Duplicates:
    """The message ids of a window of time; only ids are compared, never what the messages say."""

    def __init__(self, window: timedelta) -> None:
        self._window = window
        self._first_seen: dict[str, datetime] = {}

    def is_repeat(self, message_id: str | None, now: datetime) -> bool:
        """Tell whether the id came within the window; if not, remember that it came now."""
        self._forget(now)
        if message_id is None:
            return False
        if message_id in self._first_seen:
            return True
        self._first_seen[message_id] = now
        return False

    def _forget(self, now: datetime) -> None:
        while self._first_seen:
            oldest = next(iter(self._first_seen))
            if self._first_seen[oldest] + self._window > now:
                return
            del self._first_seen[oldest]
