"""What the ends of links know of the connection they are on."""

from collections.abc import Callable
from typing import Protocol

from proton import Link

from tests.local.bus.bus import Bus
from tests.local.bus.wire.links import Endpoint


class Replies(Endpoint, Protocol):
    """A link over which answers go to the client."""

    node: str
    address: str

    def send(self, message: bytes) -> None:
        """Send an answer as soon as there is credit for it."""


class Peer(Protocol):
    """One connection."""

    bus: Bus
    name: str

    def later(self, seconds: float, act: Callable[[], None]) -> None:
        """Act after a while, unless the connection is gone by then."""

    def reset(self) -> None:
        """Drop the connection as a broken network would."""

    def flush_soon(self) -> None:
        """Write to the socket when everything at hand is done."""

    def put(self, link: Link, endpoint: Endpoint) -> None:
        """Let an endpoint stand at our end of a link."""

    def replies(self, request_link: Link, node: str, reply_to: str | None) -> Replies:
        """Find the link for the answers to a request; NotAllowedError when there is none."""
