"""What a service says, read without trust: a value of another kind than awaited is none."""

import math
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from shared.backends.scrubbing import scrubbed
from shared.messages.fields import A_DURATION, FIRST_YEAR, LAST_YEAR
from shared.ports import Json

TIME_FORMATS = ("%m/%d/%Y %H:%M:%S", "%m/%d/%Y %I:%M:%S %p")  # of .NET, beside ISO 8601


def mapping(value: object) -> dict[str, Any]:
    """An object; empty when it is none."""
    return value if isinstance(value, dict) else {}


def objects(value: object) -> list[Json]:
    """The objects in a list."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def entries(value: object) -> list[tuple[str, Json]]:
    """The objects in an object, with their names."""
    return [(name, each) for name, each in mapping(value).items() if isinstance(each, dict)]


def text(value: object) -> str | None:
    """A text that is not empty, without secrets."""
    return scrubbed(value) if isinstance(value, str) and value else None


def texts(value: object) -> dict[str, str]:
    """The texts in an object, with their names, without secrets."""
    return {name: scrubbed(each) for name, each in mapping(value).items() if isinstance(each, str)}


def number(value: object) -> float | None:
    """A finite number, written as number or as text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        read = float(value)
    except (ValueError, OverflowError):
        return None
    return read if math.isfinite(read) else None


def whole(value: object) -> int | None:
    """A whole number."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def seconds(value: object) -> float | None:
    """A length of time in seconds, however it is written: ISO 8601, or hours:minutes:seconds."""
    try:
        return float(A_DURATION.validate_python(value).total_seconds()) if value else None
    except ValidationError:
        return None


def time(value: object) -> datetime | None:
    """A time in any of the ways in which it is met, UTC if it does not say; None if it is none."""
    if not isinstance(value, str):
        return None
    read = _parsed(value.strip())
    if read is None or not FIRST_YEAR <= read.year <= LAST_YEAR:
        return None
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)


def _parsed(said: str) -> datetime | None:
    try:
        return datetime.fromisoformat(said)
    except ValueError:
        pass
    for form in TIME_FORMATS:
        try:
            return datetime.strptime(said, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None
