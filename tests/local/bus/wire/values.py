"""AMQP values and Python's: proton's types, in memory of our own."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from proton import (
    UNDESCRIBED,
    Array,
    Data,
    Described,
    char,
    decimal32,
    decimal64,
    symbol,
    timestamp,
)

from tests.local.bus.errors import BadArgumentError, UndecodableError

Amqp = Any
"""An AMQP value: what it may be is proton's to know."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TICKS_AT_EPOCH = 621_355_968_000_000_000
MILLISECOND = timedelta(milliseconds=1)


def decoded(encoded: bytes) -> Amqp:
    """Read one value; UndecodableError when it cannot be read."""
    data = Data()
    try:
        data.decode(encoded)
        data.rewind()
        data.next()
        return own(data.get_object())
    except (
        Exception
    ) as exc:  # proton raises what its own code trips over, from KeyError to UnicodeDecodeError
        raise UndecodableError(f"a value cannot be read: {type(exc).__name__}") from exc


def encoded(value: Amqp) -> bytes:
    """Write one value; BadArgumentError when AMQP has nothing like it."""
    data = Data()
    try:
        data.put_object(value)
        return bytes(data.encode())
    except Exception as exc:  # as above
        raise BadArgumentError(f"a value cannot be written: {type(exc).__name__}") from exc


def array(kind: int, items: Iterable[Amqp]) -> Array:
    """Make an array of values of one type."""
    return Array(UNDESCRIBED, kind, *items)  # type: ignore[arg-type]  # proton's own constant


def own(value: Amqp) -> Amqp:
    """Copy what proton gave out: its binary values are views of memory that it uses again."""
    match value:
        case memoryview() | bytearray():
            return bytes(value)
        case dict():
            return {own(key): own(item) for key, item in value.items()}
        case list():
            return [own(item) for item in value]
        case Array():
            return Array(value.descriptor, value.type, *(own(item) for item in value.elements))
        case Described():
            return Described(own(value.descriptor), own(value.value))
    return value


def plain(value: Amqp) -> object:
    """Give a value the type that filters know, if there is one."""
    match value:
        case bool() | None | UUID() | timestamp() | decimal32() | decimal64() | bytes():
            return value
        case int():
            return int(value)
        case float():
            return float(value)
        case symbol() | char() | str():
            return str(value)
    return value


def moment(milliseconds: int) -> datetime:
    """Read an AMQP timestamp; the last there is for one that is beyond it."""
    try:
        return EPOCH + timedelta(milliseconds=milliseconds)
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)


def stamp(when: datetime) -> timestamp:
    """Write an AMQP timestamp."""
    return timestamp((when - EPOCH) // MILLISECOND)


def ticks(when: datetime) -> int:
    """Write a time as .NET does: tenths of microseconds since the year 1."""
    return TICKS_AT_EPOCH + (when - EPOCH) // timedelta(microseconds=1) * 10
