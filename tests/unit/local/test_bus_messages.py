"""Encoded messages: what is read in them, and that they go out as they came."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import proton
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.local.bus.errors import UndecodableError
from tests.local.bus.messages import Content, Lock, Message, State
from tests.local.bus.wire.contents import content, outgoing
from tests.local.bus.wire.sections import messages_in, split
from tests.local.bus.wire.values import encoded, own, ticks
from tests.unit.local.bus_clock import NOON, after

EVERY_TYPE = {
    "null": None,
    "flag": True,
    "ubyte": proton.ubyte(1),
    "ushort": proton.ushort(2),
    "uint": proton.uint(3),
    "ulong": proton.ulong(4),
    "byte": proton.byte(-5),
    "short": proton.short(-6),
    "int": proton.int32(-7),
    "long": -8,
    "float": proton.float32(1.5),
    "double": 2.5,
    "char": proton.char("c"),
    "timestamp": proton.timestamp(1000),
    "uuid": UUID(int=9),
    "binary": b"\x00\xff",
    "string": "text",
    "symbol": proton.symbol("symbol"),
    "decimal32": proton.decimal32(1),
    "decimal64": proton.decimal64(2),
    "decimal128": proton.decimal128(b"\x01" * 16),
}
BODIES = [
    b"bytes",
    "text",
    None,
    12,
    {"a": [1, {"b": None}]},
    [1, "two"],
    proton.Described(proton.symbol("x:y"), "z"),
]


def bytes_of(**fields: Any) -> bytes:
    return bytes(proton.Message(**fields).encode())


def stored(encoded_message: bytes, **known: Any) -> Message:
    fields = {"sequence": 7, "enqueued": NOON, **known}
    return Message(content=content(encoded_message), **fields)


def read_back(encoded_message: bytes) -> proton.Message:
    message = proton.Message()
    message.decode(encoded_message)
    return message


def types(values: Mapping[str, Any] | None) -> dict[str, tuple[type, Any]]:
    return {name: (type(value), value) for name, value in (values or {}).items()}


def test_what_the_bus_must_know_is_read() -> None:
    message = proton.Message(
        id="m-1",
        correlation_id="c-1",
        subject="s",
        address="to",
        reply_to="back",
        content_type="text/plain",
        group_id="session",
        reply_to_group_id="other",
        ttl=1.5,
        body="x",
        properties={"Final": True},
        annotations={"x-opt-partition-key": "p"},
    )

    found = content(bytes(message.encode()))

    assert found == Content(
        encoded=found.encoded,
        message_id="m-1",
        session_id="session",
        time_to_live=timedelta(seconds=1.5),
        system={
            "messageid": "m-1",
            "correlationid": "c-1",
            "subject": "s",
            "label": "s",
            "to": "to",
            "replyto": "back",
            "contenttype": "text/plain",
            "sessionid": "session",
            "replytosessionid": "other",
            "partitionkey": "p",
        },
        properties={"final": True},
    )


@pytest.mark.parametrize(
    ("message_id", "text"),
    [("m", "m"), (5, "5"), (UUID(int=1), str(UUID(int=1))), (b"\x01\xff", "01ff"), (None, None)],
)
def test_an_id_of_any_type_is_read_as_a_text(message_id: Any, text: str | None) -> None:
    assert content(bytes_of(body="x", id=message_id)).message_id == text


def test_the_time_of_a_scheduled_message_is_read() -> None:
    when = proton.timestamp(1_000)
    annotations = {proton.symbol("x-opt-scheduled-enqueue-time"): when}

    found = content(bytes_of(body="x", annotations=annotations))

    assert found.scheduled_for == datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)


@pytest.mark.parametrize("body", BODIES, ids=repr)
def test_a_body_of_any_kind_goes_out_as_it_came(body: Any) -> None:
    came = bytes_of(body=body, properties=EVERY_TYPE)

    went = outgoing(stored(came))

    assert [s.encoded for s in split(went)][-2:] == [s.encoded for s in split(came)][-2:]


def test_properties_of_every_type_survive_a_change_of_others() -> None:
    came = bytes_of(body="x", properties={**EVERY_TYPE, "changed": 1})

    went = outgoing(stored(came, changes={"changed": "now", "added": proton.uint(2)}))

    assert types(own(read_back(went).properties)) == types(
        {**EVERY_TYPE, "changed": "now", "added": proton.uint(2)}
    )


def test_a_message_without_properties_can_be_given_some() -> None:
    went = outgoing(stored(bytes_of(body="x"), changes={"DeadLetterReason": "why"}))

    assert read_back(went).properties == {"DeadLetterReason": "why"}


def test_a_receiver_is_told_what_the_bus_knows() -> None:
    came = bytes_of(body="x", annotations={"x-opt-partition-key": "p", "x-opt-locked-until": 5})
    lock = Lock(UUID(int=1), after(30))

    went = read_back(outgoing(stored(came, lock=lock, origin=3, failed_deliveries=2)))

    noon = int(NOON.timestamp() * 1000)
    assert types(went.annotations) == types(
        {
            "x-opt-partition-key": "p",
            "x-opt-enqueued-time": proton.timestamp(noon),
            "x-opt-sequence-number": 7,
            "x-opt-message-state": proton.int32(State.ACTIVE),
            "x-opt-locked-until": proton.timestamp(noon + 30_000),
            "x-opt-enqueue-sequence-number": 3,
        }
    )
    assert went.delivery_count == 2


def test_a_delivery_count_of_zero_is_written() -> None:
    header = split(outgoing(stored(bytes_of(body="x"))))[0]

    assert header.value.endswith(b"\x43")


def test_the_time_to_live_that_is_left_to_a_message_is_what_its_queue_allows() -> None:
    came = bytes_of(body="x", ttl=100.0)

    went = outgoing(stored(came, expires=after(10)))

    assert read_back(went).ttl == 10.0


@pytest.mark.parametrize(
    "header", [["no", "text", "text"], [None, -5, -5], [True, 1 << 40, 1 << 40]]
)
def test_a_header_of_other_types_is_not_believed(header: list[Any]) -> None:
    came = encoded(proton.Described(proton.ulong(0x70), header)) + bytes_of(body="x")

    went = read_back(outgoing(stored(came)))

    assert (content(came).time_to_live, went.ttl, went.priority) == (None, 0.0, 4)


def test_what_the_sender_wrote_in_the_header_is_kept() -> None:
    came = bytes_of(body="x", durable=True, priority=7)

    went = read_back(outgoing(stored(came)))

    assert (went.durable, went.priority) == (True, 7)


@pytest.mark.parametrize(("seconds", "written"), [(4_294_967.295, 4_294_967.295), (4_294_968, 0)])
def test_a_time_to_live_beyond_what_the_header_can_say_is_not_said(
    seconds: float, written: float
) -> None:
    went = read_back(outgoing(stored(bytes_of(body="x"), expires=after(seconds))))

    assert went.ttl == written


def test_ticks_count_from_the_year_1_as_in_net() -> None:
    assert ticks(datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)) == 621_355_968_010_000_000


def test_instructions_for_the_last_hop_are_not_handed_on() -> None:
    came = bytes_of(body="x", instructions={"x-opt-lock-token": "old"})

    assert read_back(outgoing(stored(came))).instructions is None


def test_a_batch_is_taken_apart() -> None:
    inner = [bytes_of(body="a"), bytes_of(body=b"b", id="m")]
    batch = b"".join(encoded(proton.Described(proton.ulong(0x75), part)) for part in inner)

    assert messages_in(batch) == inner


@pytest.mark.parametrize(
    "body",
    [
        b"plain",
        b"",
        b"\x00\x53",
        b"\x00\x53\x73\x45",
        bytes_of(body="x")[:-1],
        bytes_of(body="x") + b"\x00",
    ],
)
def test_a_message_of_bytes_is_no_batch(body: bytes) -> None:
    came = bytes_of(body=body, inferred=True)

    assert messages_in(came) == [came]


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"\x01",
        b"not amqp at all",
        b"\x40\x53\x75\xa0\x00",
        b"\x00\x53\x75",
        b"\x00\x53\x75\xa0\x05ab",
        b"\x00\x53\x99\x40",
        b"\x00\xa3\x03abc\x40",
        b"\x00\x53\x77\x40\x00\x53\x70\x45",
        b"\x00\x53\x73\x40",
        b"\x00\x53\x74\x45",
        b"\x00\x53\x74\xc1\x03\x01\x40",
        b"\x00\x53\x74\xc1\x05\x02\xa1\x01\xff\x40",
        b"\x00" * 500,
    ],
    ids=bytes.hex,
)
def test_what_is_no_message_is_refused(broken: bytes) -> None:
    with pytest.raises(UndecodableError):
        content(broken)


def test_data_that_is_not_binary_is_refused() -> None:
    with pytest.raises(UndecodableError):
        messages_in(b"\x00\x53\x75\x40")


@given(
    cut=st.integers(0, 120),
    place=st.integers(0, 300),
    byte=st.integers(0, 255),
    keeps=st.booleans(),
)
def test_a_damaged_message_is_refused_or_still_a_message(
    *, cut: int, place: int, byte: int, keeps: bool
) -> None:
    damaged = bytearray(bytes_of(body={"a": 1}, properties=EVERY_TYPE, id="m", ttl=5.0))
    damaged[place % len(damaged)] = byte
    damaged = damaged if keeps else damaged[:-cut]

    try:
        found = content(bytes(damaged))
    except UndecodableError:
        return

    assert split(outgoing(Message(content=found, sequence=1, enqueued=NOON, changes={"a": 1})))
