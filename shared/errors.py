"""The errors of this package, by what the caller should do.

JobrelayError
├── RejectedError      it can never succeed: record the rejection and tell of it
├── UnavailableError   it may succeed later: the row keeps the retry
├── RefusedError       a service said no to the creation of a job: look before you believe it
├── NotFoundError      there is no such run (or target) to speak of
├── EndedError         the run has ended already
├── DeniedError        the caller may not ask for this
└── ConflictError      a row is not as it was read: decide anew
    ├── ExistsError    the row to insert is there
    └── StaleError     the row was changed, or is gone
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a message.

    A JSON Pointer to it, what is there by kind, what would be right.
    """

    path: str
    found: str
    expected: str


@dataclass(frozen=True)
class Problem:
    """Why something went wrong, in words for people: `code` to compare, `hint` to act on."""

    code: str
    message: str
    hint: str | None = None
    details: tuple[Mapping[str, Any], ...] = ()
    child_run: str | None = None


class JobrelayError(Exception):
    """Anything this package raises."""


class RejectedError(JobrelayError):
    """It can never succeed. `reason` is the word in the event, `faults` name each thing wrong."""

    def __init__(
        self, reason: str, message: str, *, faults: Sequence[Fault] = (), hint: str | None = None
    ) -> None:
        """Keep what the event will tell."""
        super().__init__(message)
        self.reason = reason
        self.faults = tuple(faults)
        self.hint = hint

    @property
    def problem(self) -> Problem:
        """The same as the error of a run."""
        details = tuple(asdict(fault) for fault in self.faults)
        return Problem(self.reason, str(self), self.hint, details)


class UnavailableError(JobrelayError):
    """It may succeed later.

    `clear`: the call surely had no effect (a refused connection, 429).
    `retry_after`: the service asked to wait so long.
    `said`: the service's own words, which may quote what was sent: for events, never for logs.
    """

    def __init__(
        self,
        message: str,
        *,
        code: str = "Unavailable",
        clear: bool = False,
        retry_after: timedelta | None = None,
        hint: str | None = None,
        said: str | None = None,
    ) -> None:
        """Keep what the retry and a `delayed` event need."""
        super().__init__(message)
        self.code = code
        self.clear = clear
        self.retry_after = retry_after
        self.hint = hint
        self.said = said

    @property
    def problem(self) -> Problem:
        """The same as the reason of a delay."""
        text = f"{self}: {self.said}" if self.said else str(self)
        return Problem(self.code, text, self.hint)


class RefusedError(JobrelayError):
    """The service said no to creating a job.

    `exists`: because the name is taken; else because of the content.
    """

    def __init__(self, problem: Problem, *, exists: bool) -> None:
        """Keep why."""
        super().__init__(f"refused: {problem.code}")
        self.problem = problem
        self.exists = exists


class NotFoundError(JobrelayError):
    """There is no such thing."""


class EndedError(JobrelayError):
    """The run has ended; `status` says how."""

    def __init__(self, message: str, *, status: str) -> None:
        """Keep how it ended."""
        super().__init__(message)
        self.status = status


class DeniedError(JobrelayError):
    """The caller may not ask for this; `is_known`: we know who calls."""

    def __init__(self, message: str, *, is_known: bool) -> None:
        """Keep whether it helps to sign in."""
        super().__init__(message)
        self.is_known = is_known


class ConflictError(JobrelayError):
    """A row is not as it was read."""


class ExistsError(ConflictError):
    """The row to insert is there."""


class StaleError(ConflictError):
    """The row was changed, or is gone."""
