"""Sessions of one entity: who holds which, until when, and what was remembered for it.

https://learn.microsoft.com/azure/service-bus-messaging/message-sessions
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.local.bus.alarms import Alarms
from tests.local.bus.backlog import Backlog
from tests.local.bus.errors import SessionLockLostError, SessionTakenError


@dataclass
class SessionLock:
    """Whoever holds a session, until when, and whom to tell when it is lost."""

    holder: str
    until: datetime
    on_lost: Callable[[], None]


@dataclass
class Session:
    """Messages of one session id, and their lock."""

    session_id: str
    backlog: Backlog = field(default_factory=Backlog)
    messages: set[int] = field(default_factory=set)
    """All its messages, also the locked and the deferred ones."""
    lock: SessionLock | None = None
    state: bytes | None = None
    state_set: datetime | None = None

    @property
    def is_idle(self) -> bool:
        """Tell whether nothing would be lost with it."""
        return not self.messages and self.lock is None and self.state is None


class Sessions:
    """The sessions of one entity."""

    def __init__(self, lock_duration: timedelta) -> None:
        self._lock_duration = lock_duration
        self._sessions: dict[str, Session] = {}
        self._ends: Alarms[str] = Alarms()

    def of(self, session_id: str) -> Session:
        """Give the session of an id; there is always one."""
        return self._sessions.setdefault(session_id, Session(session_id))

    def accept(
        self, session_id: str, holder: str, now: datetime, on_lost: Callable[[], None]
    ) -> Session:
        """Take a session; SessionTakenError while somebody holds it."""
        session = self.of(session_id)
        if session.lock is not None:
            raise SessionTakenError(session_id)
        session.lock = SessionLock(holder, now + self._lock_duration, on_lost)
        self._ends.set(session_id, session.lock.until)
        return session

    def accept_next(
        self, holder: str, now: datetime, on_lost: Callable[[], None]
    ) -> Session | None:
        """Take the free session whose next message has waited longest, if there is one."""
        waiting = [
            (sequence, session.session_id)
            for session in self._sessions.values()
            if session.lock is None and (sequence := session.backlog.first()) is not None
        ]
        return self.accept(min(waiting)[1], holder, now, on_lost) if waiting else None

    def held(self, session_id: str, holder: str) -> tuple[Session, SessionLock]:
        """Give a session to its holder; SessionLockLostError to anybody else."""
        session = self._sessions.get(session_id)
        if session is None or session.lock is None or session.lock.holder != holder:
            raise SessionLockLostError(session_id)
        return session, session.lock

    def renew(self, session_id: str, holder: str, now: datetime) -> datetime:
        """Hold a session for another lock duration and say until when."""
        _, lock = self.held(session_id, holder)
        lock.until = now + self._lock_duration
        self._ends.set(session_id, lock.until)
        return lock.until

    def release(self, session: Session) -> None:
        """Let go of a session."""
        session.lock = None
        self._ends.set(session.session_id, None)
        self.forget_if_idle(session)

    def remember(self, session_id: str, holder: str, state: bytes | None, now: datetime) -> None:
        """Keep a state with a session, or none."""
        session, _ = self.held(session_id, holder)
        session.state, session.state_set = state, now

    def ids(self, *, state_set_after: datetime | None) -> list[str]:
        """List the sessions whose state was set after a time; else all with messages or a state."""
        return sorted(
            session.session_id
            for session in self._sessions.values()
            if (
                session.messages or session.state is not None
                if state_set_after is None
                else session.state_set is not None and session.state_set > state_set_after
            )
        )

    def pop_expired(self, now: datetime) -> Session | None:
        """Give the next session whose lock has ended by now; it is still marked as held."""
        session_id = self._ends.pop(now)
        return None if session_id is None else self._sessions[session_id]

    def next_end(self) -> datetime | None:
        """Say when the next lock ends."""
        return self._ends.next()

    def forget_if_idle(self, session: Session) -> None:
        """Drop a session that holds nothing."""
        if session.is_idle:
            self._sessions.pop(session.session_id, None)
