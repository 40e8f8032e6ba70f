"""Our end of a link over which a client sends messages to a queue or topic."""

from proton import Delivery, Receiver

from tests.local.bus.entrance import Entrance
from tests.local.bus.errors import BusError
from tests.local.bus.messages import Content
from tests.local.bus.wire import links
from tests.local.bus.wire.contents import content
from tests.local.bus.wire.faulty import Task, perform
from tests.local.bus.wire.peer import Peer
from tests.local.bus.wire.sections import messages_in


class Inlet:
    """Takes in what comes; a transfer that is no good is rejected, the link stays."""

    def __init__(self, peer: Peer, link: Receiver, entrance: Entrance, path: str) -> None:
        self._peer = peer
        self._entrance = entrance
        self._path = path
        self._transfers = links.Transfers(link)
        self._is_gone = False

    def on_flow(self) -> None:
        """Nothing to do: credit is ours to give here."""

    def on_delivery(self, delivery: Delivery) -> None:
        """Take in a message, or the messages of a batch, all or none."""
        try:
            transfer = self._transfers.read(delivery)
            if transfer is None:
                return
            messages = [content(message) for message in messages_in(transfer)]
        except BusError as exc:
            links.settle(delivery, exc)
            return
        task = Task(
            act=lambda: self._send(messages),
            done=lambda _: self._settle(delivery, None),
            failed=lambda error: self._settle(delivery, error),
        )
        perform(self._peer, "send", self._path, task)

    def on_gone(self) -> None:
        """Answer nothing any more."""
        self._is_gone = True

    def _send(self, messages: list[Content]) -> None:
        for message in messages:
            self._entrance.check(message)
        for message in messages:
            self._entrance.send(message, self._peer.bus.now())

    def _settle(self, delivery: Delivery, error: BusError | None) -> None:
        if not self._is_gone:
            links.settle(delivery, error)
