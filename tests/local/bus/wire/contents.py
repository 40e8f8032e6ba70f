"""Messages from bytes, and bytes from messages.

What came goes out again byte by byte, but for the header and the annotations, which are the bus's
to write, and the application properties of a message that was changed. Their names are in
https://learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-protocol-guide#messages.
"""

from collections.abc import Mapping
from datetime import timedelta

from proton import Described, int32, symbol, timestamp, ubyte, uint, ulong

from tests.local.bus.errors import UndecodableError
from tests.local.bus.messages import Content, Message
from tests.local.bus.wire.sections import Code, entries, map_section, split
from tests.local.bus.wire.values import MILLISECOND, decoded, encoded, moment, plain, stamp

SCHEDULED_FOR = "x-opt-scheduled-enqueue-time"
PARTITION_KEY = "x-opt-partition-key"
LONGEST_TTL = 2**32 - 1  # milliseconds that the header can say

# Places in the list of the section `properties`.
PROPERTIES = {
    "messageid": 0,
    "to": 2,
    "subject": 3,
    "replyto": 4,
    "correlationid": 5,
    "contenttype": 6,
    "sessionid": 10,
    "replytosessionid": 12,
}
TTL = 2  # place in the list of the header
DEFAULT_PRIORITY = 4


def content(message: bytes) -> Content:
    """Read what the bus must know of a message; UndecodableError when it is none."""
    sections = {section.code: section.value for section in split(message)}
    header = _list(sections.get(Code.HEADER))
    properties = _list(sections.get(Code.PROPERTIES))
    annotations = _map(sections.get(Code.MESSAGE_ANNOTATIONS))
    system = _system(properties, annotations)
    ttl = _at(header, TTL)
    scheduled_for = annotations.get(SCHEDULED_FOR)
    return Content(
        encoded=message,
        message_id=system.get("messageid"),
        session_id=system.get("sessionid"),
        time_to_live=timedelta(milliseconds=ttl) if isinstance(ttl, uint) else None,
        scheduled_for=moment(scheduled_for) if isinstance(scheduled_for, timestamp) else None,
        system=system,
        properties={
            str(name).lower(): plain(value)
            for name, value in _map(sections.get(Code.APPLICATION_PROPERTIES)).items()
        },
    )


def outgoing(message: Message) -> bytes:
    """Write a message as a receiver gets it."""
    sections = split(message.content.encoded)
    values = {section.code: section.value for section in sections}
    properties = [section.encoded for section in sections if section.code is Code.PROPERTIES]
    rest = [section.encoded for section in sections if section.code > Code.APPLICATION_PROPERTIES]
    return b"".join(
        [
            encoded(_header(message, _list(values.get(Code.HEADER)))),
            _laid_over(Code.MESSAGE_ANNOTATIONS, values, _annotations(message)),
            *properties,
            _laid_over(Code.APPLICATION_PROPERTIES, values, message.changes),
            *rest,
        ]
    )


def _header(message: Message, came: list[object]) -> Described:
    """Write every field, also those at their default: to azure-servicebus 7.15 no count is None."""
    durable, priority = _at(came, 0), _at(came, 1)
    ttl = _at(came, TTL)
    if message.expires is not None:
        ttl = (message.expires - message.enqueued) // MILLISECOND
    return Described(
        ulong(Code.HEADER),
        [
            durable is True,
            priority if isinstance(priority, ubyte) else ubyte(DEFAULT_PRIORITY),
            uint(ttl) if isinstance(ttl, int) and 0 <= ttl <= LONGEST_TTL else None,
            False,
            uint(message.failed_deliveries),
        ],
    )


def _annotations(message: Message) -> dict[str, object]:
    known: dict[str, object] = {
        "x-opt-enqueued-time": stamp(message.enqueued),
        "x-opt-sequence-number": message.sequence,
        "x-opt-message-state": int32(message.state),
        "x-opt-locked-until": None if message.lock is None else stamp(message.lock.until),
        "x-opt-enqueue-sequence-number": message.origin,
    }
    return {symbol(name): value for name, value in known.items() if value is not None}


def _laid_over(code: Code, values: Mapping[Code, bytes], changes: Mapping[str, object]) -> bytes:
    """Write a section of names and values with some changed, the others as they came."""
    came = entries(values[code]) if code in values else []
    kept = [(name, value) for name, value in came if not changes or decoded(name) not in changes]
    return map_section(
        code, [*kept, *((encoded(name), encoded(value)) for name, value in changes.items())]
    )


def _system(properties: list[object], annotations: Mapping[object, object]) -> dict[str, str]:
    system = {name: _text(_at(properties, place)) for name, place in PROPERTIES.items()}
    system |= {"label": system["subject"], "partitionkey": _text(annotations.get(PARTITION_KEY))}
    return {name: value for name, value in system.items() if value is not None}


def _text(value: object) -> str | None:
    """Write an id, which AMQP lets be a text, a number, a UUID or bytes, as a text."""
    if value is None:
        return None
    return value.hex() if isinstance(value, bytes) else str(plain(value))


def _at(fields: list[object], place: int) -> object:
    return fields[place] if place < len(fields) else None


def _list(value: bytes | None) -> list[object]:
    fields = [] if value is None else decoded(value)
    if not isinstance(fields, list):
        raise UndecodableError("a list is expected")
    return fields


def _map(value: bytes | None) -> dict[object, object]:
    found = {} if value is None else decoded(value)
    if not isinstance(found, dict):
        raise UndecodableError("a map is expected")
    if value is not None:
        entries(value)  # proton does not mind a value that is missing
    return found
