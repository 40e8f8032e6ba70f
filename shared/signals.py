"""What operators are told while the app works: the port for it, and silence."""

import re
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Literal, Protocol

Attributes = Mapping[str, str | int | None]
SpanKind = Literal["internal", "client"]

WORD, OTHER = re.compile(r"[A-Za-z0-9_]{1,64}"), "Other"


class Span(Protocol):
    """Something that is being done."""

    def note(self, attributes: Attributes) -> None:
        """Say more of it."""

    def fail(self, code: str) -> None:
        """Say that it did not succeed, for a reason that is not the request's own."""


class Telemetry(Protocol):
    """Tells what is done, how often, how long it takes, and how much is left to do.

    No verb waits or raises. An attribute that is None is left out. Ids and aliases are told, and
    nothing else that a user wrote; on what is counted, measured or observed not even ids.
    """

    def span(
        self,
        name: str,
        attributes: Attributes,
        *,
        kind: SpanKind = "internal",
        within: str | None = None,
        links: Iterable[str | None] = (),
    ) -> AbstractContextManager[Span]:
        """What is done in a block.

        `within` is the traceparent that it continues, `links` are those of others that it serves.
        An exception that leaves the block passes, and is a failure if it is the app's or a
        service's.
        """

    def count(self, name: str, **attributes: str) -> None:
        """It has happened once more."""

    def record(self, name: str, value: float) -> None:
        """One of many values, whose distribution matters."""

    def observe(self, name: str, value: float, **attributes: str) -> None:
        """It is so much now."""


class Silent:
    """The Telemetry port, and its spans, where nobody listens."""

    def span(
        self,
        name: str,
        attributes: Attributes,
        *,
        kind: SpanKind = "internal",
        within: str | None = None,
        links: Iterable[str | None] = (),
    ) -> AbstractContextManager[Span]:
        return nullcontext(self)

    def count(self, name: str, **attributes: str) -> None:
        """Say nothing."""

    def record(self, name: str, value: float) -> None:
        """Say nothing."""

    def observe(self, name: str, value: float, **attributes: str) -> None:
        """Say nothing."""

    def note(self, attributes: Attributes) -> None:
        """Say nothing."""

    def fail(self, code: str) -> None:
        """Say nothing."""


SILENT = Silent()


def word(code: str) -> str:
    """The code of a failure; `Other` when it is not made like one: services are free in it."""
    return code if WORD.fullmatch(code) else OTHER
