"""How a receiver gets a session: one by name, or the next that is free."""

from datetime import datetime

from proton import Delivery, Sender, symbol

from tests.local.bus.errors import NoSessionError
from tests.local.bus.sessions import Session, Sessions
from tests.local.bus.store import Store
from tests.local.bus.wire import links
from tests.local.bus.wire.outlet import Outlet
from tests.local.bus.wire.peer import Peer
from tests.local.bus.wire.values import own, ticks

SESSION_FILTER = "com.microsoft:session-filter"
LOCKED_UNTIL = "com.microsoft:locked-until-utc"
TIMEOUT = "com.microsoft:timeout"
PATIENCE = 60.0  # seconds that a client waits for a session if it does not say


class SessionDesk:
    """Hands a session to the receiver of one link."""

    def __init__(self, peer: Peer, link: Sender, store: Store, sessions: Sessions) -> None:
        self.peer = peer
        self.link = link
        self.store = store
        self._sessions = sessions
        self._outlet: Outlet | None = None

    def accept(self, session_id: str) -> Outlet:
        """Take a session by its id."""
        return self._open(
            self._sessions.accept(session_id, self._holder, self.peer.bus.now(), self._lost)
        )

    def accept_next(self, now: datetime) -> Outlet | None:
        """Take the next free session that has messages, if there is one."""
        session = self._sessions.accept_next(self._holder, now, self._lost)
        return None if session is None else self._open(session)

    @property
    def _holder(self) -> str:
        return f"{self.peer.name}/{self.link.name}"

    def _open(self, session: Session) -> Outlet:
        assert session.lock is not None
        links.agree(self.link)
        self.link.source.filter.clear()
        self.link.source.filter.put_object({symbol(SESSION_FILTER): session.session_id})
        self.link.properties = {symbol(LOCKED_UNTIL): ticks(session.lock.until)}
        links.start(self.link)
        self._outlet = Outlet(self.peer, self.link, self.store, session)
        return self._outlet

    def _lost(self) -> None:
        if self._outlet is not None:
            self._outlet.on_session_lost()


class SessionWaiter:
    """Waits until a session is free; the client's link is not answered before."""

    def __init__(self, desk: SessionDesk) -> None:
        self._desk = desk
        self._is_over = False
        wanted = own(desk.link.remote_properties) or {}
        timeout = wanted.get(TIMEOUT)
        self._patience = timeout / 1000 if isinstance(timeout, int) else PATIENCE
        desk.peer.bus.join(desk.store, self)
        desk.peer.later(self._patience, self._give_up)
        desk.peer.later(0, lambda: desk.peer.bus.serve(desk.store))

    def take(self, now: datetime) -> bool:
        """Take a session if one is free."""
        outlet = None if self._is_over else self._desk.accept_next(now)
        if outlet is None:
            return False
        self.on_gone()
        self._desk.peer.put(self._desk.link, outlet)
        self._desk.peer.flush_soon()
        return True

    def rest(self) -> None:
        """Go on waiting."""

    def on_flow(self) -> None:
        """Nothing to do: there is no credit before the link is open."""

    def on_delivery(self, delivery: Delivery) -> None:
        """Nothing to do: nothing was handed out."""

    def on_gone(self) -> None:
        """Wait no longer."""
        self._is_over = True
        self._desk.peer.bus.leave(self._desk.store, self)

    def _give_up(self) -> None:
        if not self._is_over:
            self.on_gone()
            links.refuse(self._desk.link, NoSessionError(self._patience))
