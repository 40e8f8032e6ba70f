"""Correlation filters: a few properties that must be equal.

https://learn.microsoft.com/azure/service-bus-messaging/topic-filters#correlation-filters
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.local.bus.messages import Content


@dataclass(frozen=True)
class CorrelationFilter:
    """Values that a message must have; names are in lower case, texts count with their case."""

    system: Mapping[str, str] = field(default_factory=dict)
    properties: Mapping[str, object] = field(default_factory=dict)

    def matches(self, content: Content) -> bool:
        """Tell whether a message has all of them."""
        return _has(content.system, self.system) and _has(content.properties, self.properties)


def _has(found: Mapping[str, object], wanted: Mapping[str, object]) -> bool:
    return all(name in found and _equal(found[name], value) for name, value in wanted.items())


def _equal(found: object, wanted: object) -> bool:
    """Compare without Python's equality of 1 and True."""
    return found == wanted and isinstance(found, bool) == isinstance(wanted, bool)
