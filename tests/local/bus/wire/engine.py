"""Proton without its reactor: bytes in, events out, bytes out.

Proton's own container runs all connections in one loop of its own, where an exception in one ends
all of them. Here each connection has its own engine, and asyncio has the sockets.
"""

from collections.abc import Iterator

from proton import Collector, Connection, Event, Transport

LARGEST_FRAME = 65536
IDLE = 240.0  # seconds without a frame after which a peer counts as dead, as the service has it
CONTAINER = "twin"


class Engine:
    """One AMQP connection as its server sees it."""

    def __init__(self) -> None:
        self.connection = Connection()
        self._collector = Collector()
        self.connection.collect(self._collector)
        self._transport = Transport(Transport.SERVER)
        self._transport.sasl().allowed_mechs("ANONYMOUS")
        self._transport.max_frame_size = LARGEST_FRAME
        self._transport.idle_timeout = IDLE
        self._transport.bind(self.connection)
        self.connection.container = CONTAINER

    def feed(self, data: bytes) -> None:
        """Take in what came from the socket; what follows the end of the connection is dropped."""
        while data and (room := self._transport.capacity()) > 0:
            self._transport.push(data[:room])
            data = data[room:]

    def events(self) -> Iterator[Event]:
        """Give the events so far, each once."""
        while (event := self._collector.peek()) is not None:
            yield event
            self._collector.pop()

    def output(self) -> bytes | None:
        """Take what is to go to the socket; None when there will never be more."""
        size = self._transport.pending()
        if size <= 0:
            return None if size < 0 else b""
        data = bytes(self._transport.peek(size) or b"")
        self._transport.pop(size)
        return data

    def tick(self, now: float) -> float:
        """Keep the connection alive, or end it when its peer is silent.

        Gives the time of the next call, 0 for none.
        """
        return self._transport.tick(now)

    def release(self) -> None:
        """Let go of everything proton holds for this connection."""
        self._transport.unbind()
        self.connection.free()
        self._collector.release()
