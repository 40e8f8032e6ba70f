"""One connection: a socket of asyncio, an engine of proton, and the ends of the links."""

import asyncio
import logging
import socket
import struct
from collections.abc import Callable, Collection
from itertools import count
from typing import Any

from proton import Condition, Delivery, Event, EventType, Link, Receiver, Sender, Session, symbol
from proton import Connection as ProtonConnection

from tests.local.bus.bus import Bus
from tests.local.bus.errors import BusError, EntityNotFoundError, InternalError, NotAllowedError
from tests.local.bus.wire import links
from tests.local.bus.wire.attach import attach, attached_path
from tests.local.bus.wire.engine import Engine
from tests.local.bus.wire.links import Endpoint
from tests.local.bus.wire.peer import Replies
from tests.local.bus.wire.requests import ReplyLink

NO_LINGER = struct.pack("ii", 1, 0)

logger = logging.getLogger(__name__)
_numbers = count(1)


class Connection(asyncio.Protocol):
    """Whatever goes wrong on it ends one link, or this connection, and never another one."""

    def __init__(self, bus: Bus, connections: "set[Connection]") -> None:
        self.bus = bus
        self.name = f"connection-{next(_numbers)}"
        self._connections = connections
        self._engine = Engine()
        self._endpoints: dict[Link, Endpoint] = {}
        self._socket: asyncio.Transport | None = None
        self._is_lost = False
        self._flush: asyncio.Handle | None = None
        self._heartbeat: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        assert isinstance(transport, asyncio.Transport)
        self._socket = transport
        self._connections.add(self)

    def data_received(self, data: bytes) -> None:
        """Do what the client asks for."""
        self._act(lambda: self._engine.feed(data))

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self._lose()
        for handle in (self._flush, self._heartbeat):
            if handle is not None:
                handle.cancel()
        self._connections.discard(self)
        self._engine.release()
        self.bus.attend()

    def later(self, seconds: float, act: Callable[[], None]) -> None:
        """Act after a while, unless the connection is gone by then."""
        asyncio.get_running_loop().call_later(seconds, self._act, act)

    def reset(self) -> None:
        """Drop the connection as a broken network would."""
        self._lose()
        if self._socket is not None:
            connected = self._socket.get_extra_info("socket")
            connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
            self._socket.abort()

    def flush_soon(self) -> None:
        """Write to the socket when everything at hand is done."""
        if self._flush is None and not self._is_lost:
            self._flush = asyncio.get_running_loop().call_soon(self._write)

    def put(self, link: Link, endpoint: Endpoint) -> None:
        """Let an endpoint stand at our end of a link."""
        self._endpoints[link] = endpoint

    def replies(self, request_link: Link, node: str, reply_to: str | None) -> Replies:
        """Find the link for the answers to a request."""
        found = [
            endpoint
            for link, endpoint in self._endpoints.items()
            if isinstance(endpoint, ReplyLink)
            and endpoint.node == node
            and link.session == request_link.session
        ]
        if not found:
            raise NotAllowedError(f"There is no link for the answers of '{node}'.")
        return next((endpoint for endpoint in found if endpoint.address == reply_to), found[0])

    def end(self) -> None:
        """Close the connection because the bus ends."""
        self._forget_all()
        self._engine.connection.condition = Condition(
            "amqp:connection:forced", "The twin was told to end.", {symbol("error"): "ended"}
        )
        self._engine.connection.close()
        self._write()
        if self._socket is not None:
            self._socket.close()

    def end_links(self, gone: Collection[str]) -> None:
        """End the links to entities that are gone, by their paths in lower case."""
        for link in list(self._endpoints):
            path = attached_path(link)
            if path in gone:
                self._drop(link, EntityNotFoundError(path))
        self.flush_soon()

    def _act(self, act: Callable[[], None]) -> None:
        if self._is_lost:
            return
        try:
            act()
        except Exception:
            logger.exception("%s: it is reset", self.name)
            self.reset()
        self._work()

    def _work(self) -> None:
        for event in self._engine.events():
            if not self._is_lost:
                self._handle(event)
        self.bus.attend()
        self.flush_soon()

    def _handle(self, event: Event) -> None:
        handle = HANDLERS.get(event.type)
        try:
            if handle is not None:
                handle(self, event.context)
        except Exception:
            logger.exception("%s: %s could not be handled", self.name, event.type)
            if event.link is None:
                self.reset()
            else:
                self._drop(
                    event.link, InternalError("The twin could not handle this; its log says why.")
                )

    def _on_connection_open(self, connection: ProtonConnection) -> None:
        connection.open()

    def _on_connection_close(self, connection: ProtonConnection) -> None:
        self._forget_all()
        connection.close()

    def _on_session_open(self, session: Session) -> None:
        session.open()

    def _on_session_close(self, session: Session) -> None:
        for link in [link for link in self._endpoints if link.session == session]:
            self._forget(link)
        session.close()
        session.free()

    def _on_link_open(self, link: Sender | Receiver) -> None:
        endpoint = attach(self, link)
        if endpoint is not None:
            self.put(link, endpoint)

    def _on_link_close(self, link: Link) -> None:
        self._forget(link)
        link.close()
        link.free()

    def _on_flow(self, link: Link) -> None:
        if (endpoint := self._endpoints.get(link)) is not None:
            endpoint.on_flow()

    def _on_delivery(self, delivery: Delivery) -> None:
        endpoint = self._endpoints.get(delivery.link)
        if endpoint is None:
            delivery.settle()
        else:
            endpoint.on_delivery(delivery)

    def _drop(self, link: Link, error: BusError) -> None:
        self._forget(link)
        links.close(link, error)

    def _forget(self, link: Link) -> None:
        endpoint = self._endpoints.pop(link, None)
        if endpoint is not None:
            endpoint.on_gone()

    def _forget_all(self) -> None:
        for link in list(self._endpoints):
            self._forget(link)

    def _lose(self) -> None:
        self._is_lost = True
        self._forget_all()

    def _write(self) -> None:
        self._flush = None
        if self._is_lost or self._socket is None:
            return
        due = self._engine.tick(asyncio.get_running_loop().time())
        while data := self._engine.output():
            self._socket.write(data)
        if data is None:
            self._socket.close()
        self._beat_at(due)

    def _beat_at(self, due: float) -> None:
        if self._heartbeat is not None:
            self._heartbeat.cancel()
        self._heartbeat = asyncio.get_running_loop().call_at(due, self._write) if due > 0 else None


HANDLERS: dict[EventType, Callable[[Connection, Any], None]] = {
    Event.CONNECTION_REMOTE_OPEN: Connection._on_connection_open,
    Event.CONNECTION_REMOTE_CLOSE: Connection._on_connection_close,
    Event.SESSION_REMOTE_OPEN: Connection._on_session_open,
    Event.SESSION_REMOTE_CLOSE: Connection._on_session_close,
    Event.LINK_REMOTE_OPEN: Connection._on_link_open,
    Event.LINK_REMOTE_CLOSE: Connection._on_link_close,
    Event.LINK_REMOTE_DETACH: Connection._on_link_close,
    Event.LINK_FLOW: Connection._on_flow,
    Event.DELIVERY: Connection._on_delivery,
}
