"""Dataclasses as compressed bytes: the JSON on one line, then the binary parts it refers to. Pure.

A binary part is kept as it is, not as text, and only once: the event that ends a run may be there
twice. What an older version packed may lack fields that have a default, what a later one packed may
have more: both can be read.
"""

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from itertools import accumulate
from typing import Any, Generic, TypeVar

from pydantic import ConfigDict, TypeAdapter
from pydantic_core import to_json

Packed = TypeVar("Packed")
Lengths = tuple[int, ...]


class Packer(Generic[Packed]):
    """Packs the objects of one dataclass."""

    def __init__(self, kind: type[Packed]) -> None:
        stored: Any = tuple[kind, Lengths]  # type: ignore[valid-type]  # it is known only here
        self._stored: TypeAdapter[tuple[Packed, Lengths]] = TypeAdapter(
            stored, config=ConfigDict(hide_input_in_errors=True)
        )

    def pack(self, whole: Packed) -> bytes:
        """Write it down."""
        parts: dict[bytes, int] = {}
        plain, _ = self._stored.dump_python((whole, ()))
        head = to_json((_numbered(plain, parts), [len(part) for part in parts]))
        return zlib.compress(head + b"\n" + b"".join(parts))

    def unpack(self, packed: bytes) -> Packed:
        """Read it again; ValueError when it is nothing that this version can read."""
        try:
            head, _, rest = zlib.decompress(packed).partition(b"\n")
            whole, lengths = self._stored.validate_json(head)
            filled: Packed = _filled(whole, list(_cut(rest, lengths)))
        except (LookupError, zlib.error) as exc:
            raise ValueError("damaged") from exc
        return filled


def _numbered(value: Any, parts: dict[bytes, int]) -> Any:
    """The same with the number of each binary part in its place."""
    match value:
        case bytes():
            return str(parts.setdefault(value, len(parts)))
        case Mapping():
            return {name: _numbered(each, parts) for name, each in value.items()}
        case list() | tuple():
            return [_numbered(each, parts) for each in value]
    return value


def _filled(value: Any, parts: Sequence[bytes]) -> Any:
    """The same with each binary part in the place of its number."""
    if isinstance(value, bytes):
        return parts[int(value)]
    if isinstance(value, tuple):
        return tuple(_filled(each, parts) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        names = (field.name for field in fields(value))
        return replace(value, **{name: _filled(getattr(value, name), parts) for name in names})
    return value


def _cut(joined: bytes, lengths: Lengths) -> Iterator[bytes]:
    for end, length in zip(accumulate(lengths), lengths, strict=True):
        yield joined[end - length : end]
