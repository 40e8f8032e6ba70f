"""Links: how they are accepted, refused and closed, and how a transfer is read."""

from typing import Protocol
from urllib.parse import unquote, urlsplit

from proton import Condition, Delivery, Link, Receiver, Sender, Terminus, symbol

from tests.local.bus.errors import BusError, MessageTooLargeError, UndecodableError

LARGEST_MESSAGE = (
    256 * 1024
)  # https://learn.microsoft.com/azure/service-bus-messaging/service-bus-quotas, Standard
LARGEST_REQUEST = 1024 * 1024
CREDIT = 1000


class Endpoint(Protocol):
    """What stands at our end of a link."""

    def on_flow(self) -> None:
        """Hear that the client changed its credit."""

    def on_delivery(self, delivery: Delivery) -> None:
        """Hear that something came, or that the client settled something."""

    def on_gone(self) -> None:
        """Hear that the link is gone; it must not be touched any more."""


class Transfers:
    """What comes over a link, put together from its pieces."""

    def __init__(self, link: Receiver, largest: int = LARGEST_MESSAGE) -> None:
        self._link = link
        self._largest = largest
        self._pieces = bytearray()
        self._size = 0

    def read(self, delivery: Delivery) -> bytes | None:
        """Give a message when it is complete; MessageTooLargeError when it is too long."""
        while (size := delivery.pending) > 0:
            self._keep(self._link.recv(size) or b"")
        if delivery.partial and not delivery.aborted:
            return None
        self._link.advance()
        self._link.flow(1)
        message, size = bytes(self._pieces), self._size
        self._pieces, self._size = bytearray(), 0
        if delivery.aborted:
            delivery.settle()
            return None
        if size > self._largest:
            raise MessageTooLargeError(self._largest)
        return message

    def _keep(self, piece: bytes) -> None:
        self._size += len(piece)
        if self._size <= self._largest:
            self._pieces += piece


def address(terminus: Terminus) -> str:
    """Give the address of one end of a link."""
    try:
        return terminus.address or ""
    except UnicodeDecodeError as exc:
        raise UndecodableError("an address is not in UTF-8") from exc


def path(terminus: Terminus) -> str:
    """Give the path of an entity, from an address that may be a whole URI."""
    found = address(terminus)
    return unquote(urlsplit(found).path if "://" in found else found).strip("/")


def accept(link: Link, largest: int = LARGEST_MESSAGE) -> None:
    """Agree to a link as it was proposed, and open it."""
    agree(link, largest)
    start(link)


def agree(link: Link, largest: int = LARGEST_MESSAGE) -> None:
    """Agree to a link as it was proposed."""
    link.source.copy(link.remote_source)
    link.target.copy(link.remote_target)
    link.snd_settle_mode = link.remote_snd_settle_mode
    link.rcv_settle_mode = link.remote_rcv_settle_mode
    link.max_message_size = largest


def start(link: Link) -> None:
    """Open a link."""
    link.open()
    if isinstance(link, Receiver):
        link.flow(CREDIT)


def send(link: Sender, tag: bytes, message: bytes) -> Delivery:
    """Send a message; the link must have credit for it."""
    delivery = link.delivery(tag)  # type: ignore[arg-type]  # annotated as text, but bytes
    link.stream(message)
    link.advance()
    return delivery


def refuse(link: Link, error: BusError) -> None:
    """Turn a link down: an answer without source and target, and its end with the reason."""
    link.source.type = Terminus.UNSPECIFIED
    link.target.type = Terminus.UNSPECIFIED
    link.open()
    close(link, error)


def close(link: Link, error: BusError) -> None:
    """End a link and say why."""
    link.condition = condition(error)
    link.close()


def condition(error: BusError) -> Condition:
    """Say an error in AMQP, in three fields: azure-servicebus 7.15 reads the third unasked."""
    return Condition(error.condition, str(error), {symbol("error"): type(error).__name__})


def settle(delivery: Delivery, error: BusError | None) -> None:
    """Accept a transfer, or reject it and say why."""
    if error is None:
        delivery.update(Delivery.ACCEPTED)
    else:
        delivery.local.condition = condition(error)
        delivery.update(Delivery.REJECTED)
    delivery.settle()
