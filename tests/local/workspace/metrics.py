"""What a run has logged: its metrics, point after point, and its parameters."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Point:
    """One value of a metric."""

    value: float
    step: int
    timestamp: int


@dataclass
class Logged:
    """The log of one run. A watcher hears the name of each metric that comes in."""

    params: dict[str, str] = field(default_factory=dict)
    metrics: dict[str, list[Point]] = field(default_factory=dict)
    watchers: list[Callable[[str], None]] = field(default_factory=list)

    def add(self, name: str, point: Point) -> None:
        """Take a point, and tell the watchers."""
        self.metrics.setdefault(name, []).append(point)
        for watcher in self.watchers:
            watcher(name)

    def values(self, name: str) -> list[float]:
        """Give the values of a metric as they came, without those that are no numbers."""
        return [point.value for point in self.history(name) if not math.isnan(point.value)]

    def history(self, name: str) -> list[Point]:
        """Give all points of a metric."""
        return self.metrics.get(name, [])

    def latest(self) -> dict[str, Point]:
        """Give the last point of each metric: that of the highest step, and there the newest."""
        return {
            name: max(points, key=lambda point: (point.step, point.timestamp))
            for name, points in self.metrics.items()
        }
