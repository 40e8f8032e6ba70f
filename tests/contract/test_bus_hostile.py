"""What a client sends wrong costs it its message, link or connection, and nobody else anything.

The clients here speak AMQP by proton, so that they can also speak it badly.
"""

import random
import socket
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import proton
import psutil
import pytest
from proton.utils import BlockingConnection, LinkDetached, SendException

from tests.contract.bus_namespace import Twin

PATIENCE = 5.0
DECODE_ERROR = "amqp:decode-error"
HEADER = b"AMQP\x00\x01\x00\x00"
SASL_HEADER = b"AMQP\x03\x01\x00\x00"
# What a server says to a good opening: its own opening, a session, the link `s`, and credit for it.
WELCOME = HEADER + bytes.fromhex(
    "0000001a02000000005310c00d04a10162407000008000607fff0000002102000000005311c0140560000043707fff"
    "ffff707fffffff707fffffff0000003102000000005312c0240ba10173434150025000005328c00605404340434200"
    "5329c006054043404342404043440000002002000000005313c0130943707fffffff43707fffffff434352054042"
)


def connected(twin: Twin) -> BlockingConnection:
    url = f"amqp://127.0.0.1:{twin.service.info['port']}"
    return BlockingConnection(url, allowed_mechs="ANONYMOUS", timeout=PATIENCE)


@pytest.fixture
def connection(twin: Twin) -> Iterator[BlockingConnection]:
    opened = connected(twin)
    yield opened
    opened.close()


@pytest.fixture
def bystander(twin: Twin, connection: BlockingConnection) -> Iterator[None]:
    """Somebody else on the bus, for whom everything must work before and after."""
    queue = twin.queue()
    sender = connection.create_sender(queue)
    receiver = connection.create_receiver(queue, credit=9)
    sender.send(proton.Message(body="before"))
    yield
    sender.send(proton.Message(body="after"))
    assert [receiver.receive().body, receiver.receive().body] == ["before", "after"]
    assert psutil.pid_exists(twin.service.pid)


def say(twin: Twin, data: bytes, after_answer: bytes = b"") -> bytes:
    """Send bytes to the bus, then more, and give what it says until it hangs up."""
    with socket.create_connection(("127.0.0.1", twin.service.info["port"])) as raw:
        raw.settimeout(PATIENCE)
        raw.sendall(data)
        answer = raw.recv(65536) if after_answer else b""
        raw.sendall(after_answer)
        raw.shutdown(socket.SHUT_WR)
        try:
            while piece := raw.recv(65536):
                answer += piece
        except ConnectionResetError:
            pass
        return answer


def frame(body: bytes, channel: int = 0) -> bytes:
    return (len(body) + 8).to_bytes(4, "big") + bytes([2, 0]) + channel.to_bytes(2, "big") + body


def a_conversation(queue: str) -> tuple[bytes, bytes]:
    """Give what a good client says: all up to its links, and a message once they are there."""
    connection, transport = proton.Connection(), proton.Transport()
    connection.container = "good"
    connection.open()
    session = connection.session()
    session.open()
    sender, receiver = session.sender("s"), session.receiver("r")
    sender.target.address = receiver.source.address = queue
    sender.open()
    receiver.open()
    receiver.flow(5)
    transport.bind(connection)
    opening = drained(transport)
    transport.push(WELCOME)
    sender.delivery("tag")
    sender.stream(bytes(proton.Message(body="x" * 50, properties={"n": 1}, id="m").encode()))
    sender.advance()
    return opening, drained(transport)


def damaged(data: bytes, dice: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(dice.randint(1, 4)):
        changed[dice.randrange(len(changed))] = dice.randrange(256)
    return bytes(changed[: dice.randint(8, len(changed))])


def drained(transport: proton.Transport) -> bytes:
    said = b""
    while (size := transport.pending()) > 0:
        said += bytes(transport.peek(size) or b"")
        transport.pop(size)
    return said


# The same noise in every process: a test is known by its parameters.
NOISE = random.Random(7).randbytes(4096)  # noqa: S311


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00",
        NOISE,
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(500),
        b"AMQP\x00\x00\x09\x01",
        SASL_HEADER + b"\xff" * 64,
        HEADER + NOISE,
        HEADER + b"\xff\xff\xff\xff\x02\x00\x00\x00",
        HEADER + b"\x00\x00\x00\x00\x00\x00\x00\x00",
        HEADER + frame(b"\x00\x53\x10\x45"),
        HEADER + frame(b"\x00\x53\x14\xc0\x01\x00") * 3,
        HEADER + frame(b"\x00\x53\x10\xc0\x04\x01\xa1\x01x") + frame(b"\x00\x53\x99\x45"),
    ],
    ids=lambda data: data[:12].hex() or "nothing",
)
@pytest.mark.usefixtures("bystander")
def test_nonsense_on_the_socket_costs_nobody_else_anything(twin: Twin, data: bytes) -> None:
    say(twin, data)


@pytest.mark.usefixtures("bystander")
def test_damaged_conversations_cost_nobody_else_anything(twin: Twin) -> None:
    opening, message = a_conversation(twin.queue())
    dice = random.Random(5)  # noqa: S311  # the same damage in every run

    for _ in range(300):
        say(twin, damaged(opening + message, dice))
        say(twin, opening, damaged(message, dice))


def test_a_conversation_that_is_whole_sends_its_message(twin: Twin) -> None:
    queue = twin.queue()

    said = say(twin, *a_conversation(queue))

    assert said.startswith(HEADER)
    assert twin.counts(queue)["active"] == 1


def test_a_connection_that_breaks_off_within_a_message_sends_nothing(twin: Twin) -> None:
    queue = twin.queue()
    opening, message = a_conversation(queue)

    say(twin, opening, message[:-10])

    assert twin.counts(queue)["active"] == 0


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"garbage",
        b"\x00\x53\x75",
        b"\x00\x53\x75\xb0\xff\xff\xff\xff",
        b"\x00\x53\x73\xa1\x01x",
    ],
    ids=bytes.hex,
)
def test_an_undecodable_message_costs_that_message_alone(
    twin: Twin, connection: BlockingConnection, body: bytes
) -> None:
    queue = twin.queue()
    sender = connection.create_sender(queue)
    delivery = sender.link.delivery("tag")
    sender.link.stream(body)
    sender.link.advance()

    connection.wait(lambda: delivery.settled)

    assert condition(delivery) == DECODE_ERROR
    sender.send(proton.Message(body="good"))
    assert twin.counts(queue)["active"] == 1


def test_a_message_that_never_ends_costs_that_message_alone(
    twin: Twin, connection: BlockingConnection
) -> None:
    queue = twin.queue()
    sender = connection.create_sender(queue)

    with pytest.raises(SendException):
        sender.send(proton.Message(body=b"x" * 5_000_000))

    sender.send(proton.Message(body="good"))
    assert twin.counts(queue)["active"] == 1


def test_a_batch_with_a_bad_message_is_refused_as_a_whole(
    twin: Twin, connection: BlockingConnection
) -> None:
    queue = twin.queue(requiresSession=True)
    parts = [proton.Message(body="x", group_id="s"), proton.Message(body="no session")]
    sender = connection.create_sender(queue)
    delivery = sender.link.delivery("tag")
    for part in parts:
        sender.link.stream(b"\x00\x53\x75\xa0" + bytes([len(part.encode())]) + part.encode())
    sender.link.advance()

    connection.wait(lambda: delivery.settled)

    assert condition(delivery) == "amqp:not-allowed"
    assert twin.counts(queue)["active"] == 0


def condition(delivery: proton.Delivery) -> str | None:
    found = delivery.remote.condition
    return None if found is None else found.name


PEEK = {"from-sequence-number": 1, "message-count": 1}


class Desk:
    """The management node of an entity."""

    def __init__(self, connection: BlockingConnection, entity: str) -> None:
        self._answers = connection.create_receiver(f"{entity}/$management", credit=100)
        self._requests = connection.create_sender(f"{entity}/$management")

    def ask(self, operation: Any, body: Any) -> tuple[int, str | None]:
        """Ask for something and give the status and condition of the answer."""
        request_id = uuid4()
        named = {"operation": operation}
        self._requests.send(proton.Message(id=request_id, body=body, properties=named))
        message = self._answers.receive(timeout=PATIENCE)
        assert message.correlation_id == request_id
        properties: dict[Any, Any] = message.properties or {}
        return int(properties["statusCode"]), properties.get("errorCondition")


@pytest.mark.parametrize("operation", ["com.microsoft:brew-coffee", "peek-message", "", None, 7])
def test_an_operation_that_does_not_exist_is_refused(
    twin: Twin, connection: BlockingConnection, operation: Any
) -> None:
    desk = Desk(connection, twin.queue())

    assert desk.ask(operation, {}) == (501, "amqp:not-implemented")


@pytest.mark.parametrize(
    ("operation", "body"),
    [
        ("renew-lock", None),
        ("renew-lock", {}),
        ("renew-lock", {"lock-tokens": ["not a uuid"]}),
        ("peek-message", {"from-sequence-number": "1", "message-count": 1}),
        ("schedule-message", {"messages": ["not a map"]}),
        ("schedule-message", {"messages": [{"message": b"garbage"}]}),
        ("schedule-message", {"messages": [{"message": 1 << 40}]}),
        ("schedule-message", {"messages": [{}]}),
        ("cancel-scheduled-message", {"sequence-numbers": [None]}),
        ("receive-by-sequence-number", {"sequence-numbers": [1]}),
        ("update-disposition", {"disposition-status": "eaten", "lock-tokens": []}),
    ],
)
def test_a_request_that_makes_no_sense_is_answered(
    twin: Twin, connection: BlockingConnection, operation: str, body: Any
) -> None:
    desk = Desk(connection, twin.queue())

    status, condition = desk.ask(f"com.microsoft:{operation}", body)

    assert (status, condition) in [(400, "com.microsoft:argument-error"), (400, DECODE_ERROR)]
    assert (
        desk.ask("com.microsoft:peek-message", {"from-sequence-number": 1, "message-count": 1})[0]
        == 204
    )


@pytest.mark.parametrize(
    ("description", "status"),
    [
        ({"sql-filter": {"expression": "final ="}}, 400),
        ({"sql-filter": {"expression": "(" * 500}}, 400),
        ({"sql-filter": {}}, 400),
        ({"sql-filter": "1=1"}, 400),
        ({"correlation-filter": 7}, 400),
        ({}, 400),
        (
            {"sql-filter": {"expression": "1=1"}, "sql-rule-action": {"expression": "SET a = 1"}},
            501,
        ),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_and_the_others_stay(
    twin: Twin, connection: BlockingConnection, description: Any, status: int
) -> None:
    topic = twin.topic()
    path = f"{topic}/Subscriptions/{twin.subscription(topic)}"
    request = {"rule-name": "bad", "rule-description": description}

    answered, _ = Desk(connection, path).ask("com.microsoft:add-rule", request)

    connection.create_sender(topic).send(proton.Message(body="x"))
    assert (answered, twin.counts(path)["active"]) == (status, 1)


@pytest.mark.parametrize("operation", ["peek-message", "renew-session-lock", "add-rule"])
def test_an_entity_is_not_asked_for_what_it_does_not_do(
    twin: Twin, connection: BlockingConnection, operation: str
) -> None:
    body = {
        **PEEK,
        "session-id": "s",
        "rule-name": "r",
        "rule-description": {"sql-filter": {"expression": "1=1"}},
    }

    status, condition = Desk(connection, twin.topic()).ask(f"com.microsoft:{operation}", body)

    assert (status, condition) == (400, "amqp:not-allowed")


def test_a_message_that_is_too_large_is_not_scheduled(
    twin: Twin, connection: BlockingConnection
) -> None:
    message = bytes(proton.Message(body=b"x" * 300_000).encode())
    desk = Desk(connection, twin.queue())

    status, found = desk.ask("com.microsoft:schedule-message", {"messages": [{"message": message}]})

    assert (status, found) == (403, "amqp:link:message-size-exceeded")


def test_a_request_without_a_link_for_the_answer_is_rejected(
    twin: Twin, connection: BlockingConnection
) -> None:
    requests = connection.create_sender(f"{twin.queue()}/$management")

    with pytest.raises(SendException):
        requests.send(proton.Message(body={}))


@pytest.mark.parametrize("address", ["", "$management", "a/$management", "%00", "jobs/../jobs"])
def test_an_address_of_nothing_is_refused(connection: BlockingConnection, address: str) -> None:
    with pytest.raises(LinkDetached):
        connection.create_receiver(address)


def test_who_leaves_while_waiting_for_a_session_takes_none(
    twin: Twin, connection: BlockingConnection
) -> None:
    queue = twin.queue(requiresSession=True)
    say(twin, a_session_wish(queue))

    connection.create_sender(queue).send(proton.Message(body="x", group_id="s"))

    assert twin.counts(queue)["locked"] == 0


def a_session_wish(queue: str) -> bytes:
    """Give what a client says that waits for the next session of a queue."""
    connection, transport = proton.Connection(), proton.Transport()
    connection.container = "waiting"
    connection.open()
    session = connection.session()
    session.open()
    receiver = session.receiver("r")
    receiver.source.address = queue
    receiver.source.filter.put_object({proton.symbol("com.microsoft:session-filter"): None})
    receiver.open()
    receiver.flow(1)
    transport.bind(connection)
    return drained(transport)
