"""Our end of a link over which a client gets the messages of a store."""

from datetime import datetime
from uuid import UUID

from proton import Delivery, Link, Sender

from tests.local.bus.errors import BusError, SessionLockLostError
from tests.local.bus.sessions import Session
from tests.local.bus.store import Store
from tests.local.bus.wire import links
from tests.local.bus.wire.contents import outgoing
from tests.local.bus.wire.faulty import Task, injected, perform
from tests.local.bus.wire.outcomes import echo, settlement
from tests.local.bus.wire.peer import Peer
from tests.local.faults import Fault


class Outlet:
    """Hands out messages as far as the client's credit goes, and hears what becomes of them."""

    def __init__(
        self, peer: Peer, link: Sender, store: Store, session: Session | None = None
    ) -> None:
        self._peer = peer
        self._link = link
        self._store = store
        self._session = session
        self._removes = link.remote_snd_settle_mode == Link.SND_SETTLED
        self._tokens: dict[Delivery, UUID] = {}
        self._is_paused = False
        self._is_gone = False
        peer.bus.join(store, self)

    def on_flow(self) -> None:
        """Serve the new credit."""
        self._peer.bus.serve(self._store)

    def on_delivery(self, delivery: Delivery) -> None:
        """Do what the client wants done with a message, once it says so for good."""
        if not delivery.updated or delivery.remote_state == Delivery.RECEIVED:
            return
        token = self._tokens.pop(delivery, None)
        if token is None:
            delivery.settle()
            return
        task = Task(
            act=lambda: settlement(delivery.remote)(self._store, token, self._peer.bus.now()),
            done=lambda _: self._answer(delivery, None),
            failed=lambda error: self._answer(delivery, error),
        )
        perform(self._peer, "settle", self._store.path, task)

    def on_gone(self) -> None:
        """Let go of the session. Locks on single messages stay, as in the service."""
        self._is_gone = True
        self._tokens.clear()
        self._peer.bus.leave(self._store, self)
        if self._session is not None and self._session.lock is not None:
            self._store.release_session(self._session, self._peer.bus.now())

    def on_session_lost(self) -> None:
        """End the link: the lock of its session has ended."""
        if self._session is not None:
            session_id, self._session = self._session.session_id, None
            self._end(SessionLockLostError(session_id))

    def take(self, now: datetime) -> bool:
        """Hand out one message, if there is one and credit for it."""
        if (
            self._is_gone
            or self._is_paused
            or self._link.credit <= 0
            or not self._store.has_ready(self._session)
        ):
            return False
        fault = self._peer.bus.faults.take("receive", self._store.path.lower())
        if fault is None:
            self._hand_out(now)
        else:
            self._suffer(fault, now)
        return True

    def rest(self) -> None:
        """Give back the credit that a client drains."""
        if not self._is_gone and not self._is_paused and self._link.drain_mode:
            self._link.drained()
            self._peer.flush_soon()

    def _hand_out(self, now: datetime) -> None:
        message = self._store.receive(now, session=self._session, remove=self._removes)
        if message is None:
            return
        tag = message.lock.token.bytes_le if message.lock else message.sequence.to_bytes(8, "big")
        delivery = links.send(self._link, tag, outgoing(message))
        if message.lock is None:
            delivery.settle()
        else:
            self._tokens[delivery] = message.lock.token
        self._peer.flush_soon()

    def _suffer(self, fault: Fault, now: datetime) -> None:
        if fault.kind == "latency":
            self._is_paused = True
            self._peer.later(fault.seconds, self._resume)
        elif fault.kind == "status":
            self._end(injected(fault))
        else:
            if fault.when == "after":
                self._store.receive(now, session=self._session, remove=self._removes)
            self._peer.reset()

    def _resume(self) -> None:
        self._is_paused = False
        if not self._is_gone:
            if self._link.credit > 0 and self._store.has_ready(self._session):
                self._hand_out(self._peer.bus.now())
            self._peer.bus.serve(self._store)

    def _end(self, error: BusError) -> None:
        if not self._is_gone:
            self._is_gone = True
            links.close(self._link, error)
            self._peer.flush_soon()

    def _answer(self, delivery: Delivery, error: BusError | None) -> None:
        if self._is_gone:
            return
        if error is None:
            echo(delivery, delivery.remote)
        else:
            links.settle(delivery, error)
