"""Faults on demand: which operation of a service goes wrong next, and how."""

import threading
from dataclasses import dataclass, field
from typing import Any

KINDS = {"latency", "status", "reset", "slow", "malformed", "wrong_type", "token_expired"}


@dataclass(frozen=True)
class Fault:
    """One way to go wrong; `when` says whether a reset comes before or after the effect."""

    kind: str
    seconds: float = 0.0
    status: int = 500
    headers: dict[str, str] = field(default_factory=dict)
    when: str = "before"

    def __post_init__(self) -> None:
        """Refuse a fault that could never happen."""
        if self.kind not in KINDS or self.when not in {"before", "after"}:
            raise ValueError(f"fault.kind is one of {sorted(KINDS)}, fault.when is before or after")


@dataclass
class _Rule:
    operation: str | None
    name: str | None
    fault: Fault
    times: int


class Faults:
    """The faults that are still to happen, oldest first. Safe to use from many threads."""

    def __init__(self) -> None:
        self._rules: list[_Rule] = []
        self._lock = threading.Lock()

    def add(self, spec: dict[str, Any]) -> None:
        """Take `{match: {operation?, name?}, fault: {kind, …}, times?}`.

        ValueError or TypeError when it is none.
        """
        match = spec.get("match", {})
        rule = _Rule(
            match.get("operation"), match.get("name"), Fault(**spec["fault"]), spec.get("times", 1)
        )
        with self._lock:
            self._rules.append(rule)

    def clear(self) -> None:
        """Forget all faults."""
        with self._lock:
            self._rules.clear()

    @property
    def pending(self) -> int:
        """How many turns are still to come."""
        with self._lock:
            return sum(rule.times for rule in self._rules)

    def take(self, operation: str, name: str = "") -> Fault | None:
        """Use up one turn of the first rule that fits."""
        with self._lock:
            for rule in self._rules:
                if rule.operation not in {None, operation} or rule.name not in {None, name}:
                    continue
                rule.times -= 1
                if rule.times <= 0:
                    self._rules.remove(rule)
                return rule.fault
        return None
