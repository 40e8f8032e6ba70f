"""The definitions of templates, each kept for a minute."""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock

from shared.ports import Json

TEMPLATE_STAYS = timedelta(minutes=1)


class Definitions:
    """Definitions by the name of their template. Safe to use from many threads."""

    def __init__(self, read: Callable[[str], Json], *, clock: Callable[[], datetime]) -> None:
        """Read what is not known; what reading raises is not kept."""
        self._read = read
        self._clock = clock
        self._kept: dict[str, tuple[datetime, Json]] = {}
        self._lock = Lock()

    def __call__(self, name: str) -> Json:
        """The definition, up to a minute old."""
        now = self._clock()
        with self._lock:
            self._kept = {key: kept for key, kept in self._kept.items() if kept[0] > now}
            known = self._kept.get(name)
        if known is not None:
            return known[1]
        definition = self._read(name)
        with self._lock:
            self._kept[name] = (now + TEMPLATE_STAYS, definition)
        return definition
