"""What a project keeps of a job beside its document, whichever contract tells of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from shared.errors import Problem
from shared.ports import Page
from shared.runs import Section


@dataclass(frozen=True, kw_only=True)
class Course:
    """How a job went; what is None is not told."""

    attempt: Mapping[str, Any] | None = None
    attempts: int | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    compute_seconds: float | None = None
    compute: Mapping[str, Any] | None = None
    error: Problem | None = None
    warnings: tuple[Mapping[str, str], ...] | None = None


class Record(Protocol):
    """The record of one job."""

    def course(self) -> Course:
        """How the job went."""

    def section(self, section: Section, item: str | None = None) -> Page | None:
        """A section; None while there is none. NotFoundError when the contract has no such one."""
