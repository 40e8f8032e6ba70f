"""Requests and answers over a pair of links, as `$cbs` and `$management` have them.

https://learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-request-response
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from proton import Delivery, Message, Receiver, Sender, int32, symbol

from tests.local.bus.errors import BusError, UndecodableError
from tests.local.bus.wire import links
from tests.local.bus.wire.peer import Peer, Replies
from tests.local.bus.wire.values import Amqp, own


@dataclass(frozen=True)
class Answer:
    """What a request comes to; the status is HTTP's."""

    status: int = 200
    body: Amqp = None
    condition: str | None = None
    description: str = "OK"


@dataclass(frozen=True)
class Request:
    """What a client asks for."""

    body: Amqp
    properties: dict[str, Amqp]
    reply: Callable[[Answer], None] = field(repr=False)


@dataclass(frozen=True)
class _Letter:
    """A request as it came."""

    id: Amqp
    reply_to: str | None
    body: Amqp
    properties: dict[str, Amqp]


@dataclass(frozen=True)
class Dialect:
    """How a node spells the status of an answer."""

    code: str
    description: str
    condition: str


CBS = Dialect("status-code", "status-description", "error-condition")
MANAGEMENT = Dialect("statusCode", "statusDescription", "errorCondition")


class RequestLink:
    """Our end of a link over which requests come."""

    def __init__(
        self,
        peer: Peer,
        link: Receiver,
        node: str,
        *,
        dialect: Dialect,
        serve: Callable[[Request], None],
    ) -> None:
        self._peer = peer
        self._link = link
        self._node = node
        self._dialect = dialect
        self._serve = serve
        self._transfers = links.Transfers(link, links.LARGEST_REQUEST)

    def on_flow(self) -> None:
        """Nothing to do: credit is ours to give here."""

    def on_delivery(self, delivery: Delivery) -> None:
        """Serve a request; one that nobody could be answered is rejected."""
        try:
            transfer = self._transfers.read(delivery)
            if transfer is None:
                return
            letter = _letter(transfer)
            replies = self._peer.replies(self._link, self._node, letter.reply_to)
        except BusError as exc:
            links.settle(delivery, exc)
            return
        links.settle(delivery, None)
        self._serve(_request(letter, replies, self._dialect))

    def on_gone(self) -> None:
        """Nothing to do: answers go over another link."""


class ReplyLink:
    """Our end of a link over which answers go."""

    def __init__(self, peer: Peer, link: Sender, node: str) -> None:
        self.node = node
        self.address = links.address(link.remote_target)
        self._peer = peer
        self._link = link
        self._waiting: deque[bytes] = deque()
        self._is_gone = False

    def send(self, message: bytes) -> None:
        """Send an answer as soon as there is credit for it."""
        if not self._is_gone:
            self._waiting.append(message)
            self.on_flow()

    def on_flow(self) -> None:
        """Send what waits for credit."""
        while self._waiting and self._link.credit > 0:
            links.send(
                self._link, self._link.delivery_tag().encode(), self._waiting.popleft()
            ).settle()
            self._peer.flush_soon()

    def on_delivery(self, delivery: Delivery) -> None:
        """Nothing to do: answers are settled as they go."""

    def on_gone(self) -> None:
        """Send nothing any more."""
        self._is_gone = True


def failure(error: BusError) -> Answer:
    """Answer with an error."""
    return Answer(error.status, condition=error.condition, description=str(error))


def _request(letter: _Letter, replies: Replies, dialect: Dialect) -> Request:
    def reply(answer: Answer) -> None:
        replies.send(_encoded(answer, letter.id, dialect))

    return Request(letter.body, letter.properties, reply)


def _encoded(answer: Answer, request_id: Amqp, dialect: Dialect) -> bytes:
    properties: dict[str, Amqp] = {
        dialect.code: int32(answer.status),
        dialect.description: answer.description,
    }
    if answer.condition is not None:
        properties[dialect.condition] = symbol(answer.condition)
    # The id goes back in its type: azure-servicebus 7.15 sends a UUID and waits for one.
    message = Message(body=answer.body, correlation_id=request_id, properties=properties)
    return bytes(message.encode())


def _letter(transfer: bytes) -> _Letter:
    message = Message()
    try:
        message.decode(transfer)
        return _Letter(
            own(message.id), message.reply_to, own(message.body), own(message.properties or {})
        )
    except Exception as exc:  # proton raises what its own code trips over
        raise UndecodableError(f"a request cannot be read: {type(exc).__name__}") from exc
