"""The sections of an encoded AMQP message, found without decoding what is in them.

So that a message goes out as it came: only the sections that the bus itself writes are made anew.
http://docs.oasis-open.org/amqp/core/v1.0/os/amqp-core-types-v1.0-os.html#section-encodings
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from tests.local.bus.errors import UndecodableError


class Code(IntEnum):
    """What a section is, by its descriptor."""

    HEADER = 0x70
    DELIVERY_ANNOTATIONS = 0x71
    MESSAGE_ANNOTATIONS = 0x72
    PROPERTIES = 0x73
    APPLICATION_PROPERTIES = 0x74
    DATA = 0x75
    SEQUENCE = 0x76
    VALUE = 0x77
    FOOTER = 0x78


BODY = {Code.DATA, Code.SEQUENCE, Code.VALUE}

DESCRIBED = 0x00
SMALL_ULONG = 0x53
ULONG = 0x80
MAP_32 = 0xD1
_WIDTHS = {0x4: 0, 0x5: 1, 0x6: 2, 0x7: 4, 0x8: 8, 0x9: 16}  # by the first half of the constructor
_SIZES = {0xA: 1, 0xB: 4, 0xC: 1, 0xD: 4, 0xE: 1, 0xF: 4}  # bytes of the size that comes first
DEEPEST = 64


@dataclass(frozen=True)
class Section:
    """One section: what it is, all its bytes, and the bytes of the value in it."""

    code: Code
    encoded: bytes
    value: bytes


def split(encoded: bytes) -> list[Section]:
    """Cut an encoded message into sections; UndecodableError when it is none."""
    sections, start = [], 0
    while start < len(encoded):
        section = _section(encoded, start)
        sections.append(section)
        start += len(section.encoded)
    codes = [section.code for section in sections]
    if not sections or codes != sorted(codes):
        raise UndecodableError("a message has sections, each in its place")
    return sections


def messages_in(encoded: bytes) -> list[bytes]:
    """Give the messages of a transfer: one, or those of a batch.

    A batch is told by a message format that the proton library does not hand on. It is recognised
    by what it holds: data sections, each of which is a whole message.
    """
    bodies = [section for section in split(encoded) if section.code in BODY]
    inner = [_binary(section.value) for section in bodies if section.code is Code.DATA]
    is_batch = (
        bool(inner) and len(inner) == len(bodies) and all(_is_message(part) for part in inner)
    )
    return inner if is_batch else [encoded]


def entries(encoded_map: bytes) -> list[tuple[bytes, bytes]]:
    """Give the keys and values of an encoded map; UndecodableError when they are not in pairs."""
    start = 9 if encoded_map[0] == MAP_32 else 3
    count = int.from_bytes(encoded_map[start // 2 + 1 : start], "big")
    parts = []
    while start < len(encoded_map):
        end = value_end(encoded_map, start)
        parts.append(encoded_map[start:end])
        start = end
    if len(parts) != count or count % 2:
        raise UndecodableError("a map holds as many keys and values as it says, in pairs")
    return list(zip(parts[::2], parts[1::2], strict=True))


def map_section(code: Code, pairs: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Make a section of encoded keys and values; nothing at all when there are none."""
    parts = [part for pair in pairs for part in pair]
    if not parts:
        return b""
    body = len(parts).to_bytes(4, "big") + b"".join(parts)
    return bytes([DESCRIBED, SMALL_ULONG, code, MAP_32]) + len(body).to_bytes(4, "big") + body


def value_end(encoded: bytes, start: int, depth: int = 0) -> int:
    """Say where the value ends that begins there; UndecodableError when it does not."""
    if start >= len(encoded) or depth > DEEPEST:
        raise UndecodableError("a value is cut short or nested too deep")
    constructor = encoded[start]
    if constructor == DESCRIBED:
        return value_end(encoded, value_end(encoded, start + 1, depth + 1), depth + 1)
    half = constructor >> 4
    if half in _WIDTHS:
        end = start + 1 + _WIDTHS[half]
    elif half in _SIZES:
        body = start + 1 + _SIZES[half]
        end = body + int.from_bytes(encoded[start + 1 : body], "big")
    else:
        raise UndecodableError(f"0x{constructor:02x} is no AMQP type")
    if end > len(encoded):
        raise UndecodableError("a value is cut short")
    return end


def _section(encoded: bytes, start: int) -> Section:
    if encoded[start] != DESCRIBED:
        raise UndecodableError("a section begins with its descriptor")
    inner = value_end(encoded, start + 1)
    end = value_end(encoded, inner)
    return Section(_code(encoded[start + 1 : inner]), encoded[start:end], encoded[inner:end])


def _code(descriptor: bytes) -> Code:
    number = int.from_bytes(descriptor[1:], "big") if descriptor[0] in {SMALL_ULONG, ULONG} else 0
    try:
        return Code(number)
    except ValueError:
        raise UndecodableError(f"{descriptor.hex()} is the descriptor of no section") from None


def _binary(value: bytes) -> bytes:
    head = {0xA0: 2, 0xB0: 5}.get(value[0])
    if head is None:
        raise UndecodableError("a data section holds binary data")
    return value[head:]


def _is_message(encoded: bytes) -> bool:
    try:
        return any(section.code in BODY for section in split(encoded))
    except UndecodableError:
        return False
