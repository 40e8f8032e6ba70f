"""What becomes of an answer that is no success: the error that tells the caller what to do."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import Enum, auto
from http import HTTPStatus

from shared.backends import hints
from shared.backends.complaint import Complaint, complaint
from shared.errors import JobrelayError, Problem, UnavailableError

LONGEST_WAIT = timedelta(minutes=10)  # the most that the contract of Azure ML knows


class Meaning(Enum):
    """What an answer means that is no success."""

    DECLINED = auto()  # what was asked for cannot be
    DENIED = auto()  # not to us: surely without effect
    THROTTLED = auto()  # not now: surely without effect
    FAILED = auto()  # the effect is unknown; another try may help
    ODD = auto()  # the effect is unknown; another try will not help


class DeclinedError(JobrelayError):
    """What was asked for cannot be: the HTTP status, and what the service says of it."""

    def __init__(self, text: str, *, status: int, complaint: Complaint | None) -> None:
        """Keep what was said."""
        super().__init__(text)
        self.status = status
        self.complaint = complaint

    @property
    def problem(self) -> Problem:
        """The same for people."""
        if self.complaint is None:
            return Problem(f"Http{self.status}", str(self))
        return self.complaint.problem(str(self))

    def says(self, *codes: str) -> bool:
        """Is one of these among the service's codes?"""
        return self.complaint is not None and self.complaint.says(*codes)

    @property
    def unavailable(self) -> UnavailableError:
        """The same where nothing should be declined."""
        problem = self.problem
        return UnavailableError(str(self), code=problem.code, clear=True, hint=problem.hint)


class PassingError(UnavailableError):
    """It may be over in a moment: what has no effect may be tried again at once."""


@dataclass(frozen=True)
class Answer:
    """An answer, read whole; the names of its headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    def document(self) -> object:
        """The JSON in it; ValueError when it holds none."""
        return document_in(self.content)

    def retry_after(self, now: datetime) -> timedelta | None:
        """How long it asks to wait, if it does."""
        return _wait(self.headers.get("retry-after", ""), now)


def document_in(content: bytes) -> object:
    """The JSON in a body or a text; ValueError when it holds none."""
    try:
        document = json.loads(content.decode(), parse_float=_finite, parse_constant=_finite)
    except RecursionError:
        raise ValueError("too many levels") from None
    return _whole(document) if rb"\u" in content else document


def failure(
    method: str, path: str, answer: Answer, *, meaning: Meaning, now: datetime, lacking: str
) -> JobrelayError:
    """The error for an answer that is no success, with what was asked and what came back.

    `lacking` is what to do when the identity of the app is not let in.
    """
    said = _complaint(answer)
    text = f"{method} {path}: {answer.status}{f' {said.code}' if said else ''}"
    if meaning is Meaning.DENIED or (meaning is Meaning.DECLINED and said and said.is_of_target):
        return _closed(text, answer, said, lacking)
    # Only the service itself can say that there is no such job, not a proxy on the way to it.
    if meaning is Meaning.DECLINED and (said or answer.status != HTTPStatus.NOT_FOUND):
        return DeclinedError(text, status=answer.status, complaint=said)
    passing = meaning in {Meaning.THROTTLED, Meaning.FAILED}
    return (PassingError if passing else UnavailableError)(
        text,
        code=_code(answer, said),
        clear=meaning is Meaning.THROTTLED,
        retry_after=answer.retry_after(now),
        hint=said.hint if said else None,
    )


def _closed(text: str, answer: Answer, said: Complaint | None, lacking: str) -> UnavailableError:
    """The target is not there, or not for us; the service's own words name who lacks what."""
    known = said.hint if said else None
    denied = answer.status == HTTPStatus.FORBIDDEN
    return UnavailableError(
        text,
        code=_code(answer, said),
        clear=True,
        hint=known or (lacking if denied else hints.UNACCEPTED),
        said=said.message if said else None,
    )


def _code(answer: Answer, said: Complaint | None) -> str:
    return said.code if said else f"Http{answer.status}"


def _complaint(answer: Answer) -> Complaint | None:
    try:
        return complaint(answer.document())
    except ValueError:
        return None


def _wait(header: str, now: datetime) -> timedelta | None:
    """What a Retry-After asks for, in seconds or as a date; None when it says nothing usable."""
    if header.isascii() and header.isdigit():
        return min(timedelta(seconds=int(header[:6])), LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(header)
    except ValueError:
        return None
    aware = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(max(aware - now, timedelta(0)), LONGEST_WAIT)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("a number that is not finite")
    return number


def _whole(document: object) -> object:
    """The document without halves of characters, which JSON can write but nobody can send on."""
    return json.loads(json.dumps(document, ensure_ascii=False).encode(errors="replace"))
