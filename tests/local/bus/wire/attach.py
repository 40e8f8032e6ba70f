"""What a client may attach to, and what then stands at our end."""

from proton import Described, Link, Receiver, Sender, Terminus

from tests.local.bus.broker import Entity
from tests.local.bus.errors import BusError, NotAllowedError, NotSimulatedError
from tests.local.bus.store import Store
from tests.local.bus.wire import links, management
from tests.local.bus.wire.inlet import Inlet
from tests.local.bus.wire.links import Endpoint
from tests.local.bus.wire.outlet import Outlet
from tests.local.bus.wire.peer import Peer
from tests.local.bus.wire.requests import CBS, MANAGEMENT, Answer, ReplyLink, Request, RequestLink
from tests.local.bus.wire.session_links import SESSION_FILTER, SessionDesk, SessionWaiter
from tests.local.bus.wire.values import Amqp, own

CBS_NODE = "$cbs"
MANAGEMENT_NODE = "/$management"


def attach(peer: Peer, link: Sender | Receiver) -> Endpoint | None:
    """Accept a link, or refuse it with its reason; who waits for a session is answered later."""
    try:
        return _incoming(peer, link) if isinstance(link, Receiver) else _outgoing(peer, link)
    except BusError as exc:
        links.refuse(link, exc)
        return None


def attached_path(link: Link) -> str:
    """Say which entity a link is about, in lower case."""
    terminus = link.remote_target if link.is_receiver else link.remote_source
    return links.path(terminus).lower().removesuffix(MANAGEMENT_NODE)


def _incoming(peer: Peer, link: Receiver) -> Endpoint:
    if link.remote_target.type == Terminus.COORDINATOR:
        raise NotSimulatedError("Transactions are not simulated.")
    path = links.path(link.remote_target)
    if path.lower() == CBS_NODE:
        links.accept(link, links.LARGEST_REQUEST)
        return RequestLink(peer, link, CBS_NODE, dialect=CBS, serve=_let_in)
    if (entity := _managed(peer, path)) is not None:
        links.accept(link, links.LARGEST_REQUEST)
        return RequestLink(
            peer, link, path, dialect=MANAGEMENT, serve=management.server(peer, entity)
        )
    entity = peer.bus.broker.find(path)
    if entity.entrance is None:
        raise NotAllowedError(f"Messages cannot be sent to '{entity.path}'.")
    links.accept(link)
    return Inlet(peer, link, entity.entrance, entity.path)


def _outgoing(peer: Peer, link: Sender) -> Endpoint:
    path = links.path(link.remote_source)
    if path.lower() == CBS_NODE or _managed(peer, path) is not None:
        links.accept(link, links.LARGEST_REQUEST)
        return ReplyLink(peer, link, path)
    entity = peer.bus.broker.find(path)
    if entity.store is None:
        raise NotAllowedError(
            f"Messages cannot be received from '{entity.path}', only from its subscriptions."
        )
    wanted = _filters(link)
    if SESSION_FILTER in wanted:
        return _session_outlet(peer, link, entity.store, wanted[SESSION_FILTER])
    if entity.store.sessions is not None:
        raise NotAllowedError(
            "It is not possible for an entity that requires sessions to create a non-sessionful "
            "message receiver."
        )
    links.accept(link)
    return Outlet(peer, link, entity.store)


def _managed(peer: Peer, path: str) -> Entity | None:
    """Find the entity of a management node; None when the path is that of another node."""
    is_node = path.lower().endswith(MANAGEMENT_NODE)
    return peer.bus.broker.find(path[: -len(MANAGEMENT_NODE)]) if is_node else None


def _let_in(request: Request) -> None:
    """Take any token: in the twin everybody may do everything."""
    request.reply(Answer(202, description="Accepted"))


def _filters(link: Link) -> dict[str, Amqp]:
    data = link.remote_source.filter
    data.rewind()
    filters = own(data.get_object()) if data.next() is not None else None
    found = filters if isinstance(filters, dict) else {}
    return {
        str(name): value.value if isinstance(value, Described) else value
        for name, value in found.items()
    }


def _session_outlet(peer: Peer, link: Sender, store: Store, session_id: Amqp) -> Endpoint:
    store.advance(peer.bus.now())
    if store.sessions is None:
        raise NotAllowedError(
            "A sessionful message receiver cannot be created on an entity that does not require "
            "sessions."
        )
    desk = SessionDesk(peer, link, store, store.sessions)
    return SessionWaiter(desk) if session_id is None else desk.accept(str(session_id))
