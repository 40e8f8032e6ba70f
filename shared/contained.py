"""A boundary around telemetry: what goes wrong in it reaches nobody who has work to do."""

import logging
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from types import TracebackType
from typing import TypeVar

from shared.signals import SILENT, Attributes, Span, SpanKind, Telemetry

logger = logging.getLogger(__name__)

Answer = TypeVar("Answer")


class Contained:
    """Another's Telemetry, of which only the first failure is logged and none is raised."""

    def __init__(self, telemetry: Telemetry) -> None:
        """Tell through this one."""
        self._telemetry = telemetry
        self._has_failed = False

    def span(
        self,
        name: str,
        attributes: Attributes,
        *,
        kind: SpanKind = "internal",
        within: str | None = None,
        links: Iterable[str | None] = (),
    ) -> AbstractContextManager[Span]:
        span = self.attempt(
            lambda: self._telemetry.span(name, attributes, kind=kind, within=within, links=links)
        )
        return _ContainedSpan(self, span or SILENT.span(name, attributes))

    def count(self, name: str, **attributes: str) -> None:
        self.attempt(lambda: self._telemetry.count(name, **attributes))

    def record(self, name: str, value: float) -> None:
        self.attempt(lambda: self._telemetry.record(name, value))

    def observe(self, name: str, value: float, **attributes: str) -> None:
        self.attempt(lambda: self._telemetry.observe(name, value, **attributes))

    def attempt(self, act: Callable[[], Answer]) -> Answer | None:
        """Do it; None when it fails."""
        try:
            return act()
        except Exception:
            if not self._has_failed:
                self._has_failed = True
                logger.exception("telemetry fails; this is said once, and the work goes on")
            return None


class _ContainedSpan:
    """Another's span, and the block that it is of."""

    def __init__(self, telemetry: Contained, block: AbstractContextManager[Span]) -> None:
        self._attempt = telemetry.attempt
        self._block = block
        self._span: Span | None = None

    def __enter__(self) -> Span:
        self._span = self._attempt(self._block.__enter__)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._span is not None:
            self._attempt(lambda: self._block.__exit__(kind, error, trace))

    def note(self, attributes: Attributes) -> None:
        span = self._span or SILENT
        self._attempt(lambda: span.note(attributes))

    def fail(self, code: str) -> None:
        span = self._span or SILENT
        self._attempt(lambda: span.fail(code))
