"""The messages of one queue, subscription or dead-letter queue: who may have which, and until when.

No clock and no wire in here: every call says what time it is. What is due by then happens first.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from itertools import count
from uuid import UUID, uuid4

from tests.local.bus.alarms import Alarms
from tests.local.bus.burial import EXPIRED, NO_SESSION, Burial, too_many_deliveries
from tests.local.bus.errors import MessageLockLostError, MessageNotFoundError, NotAllowedError
from tests.local.bus.messages import Content, Lock, Message, State
from tests.local.bus.options import StoreOptions
from tests.local.bus.sessions import Session, Sessions
from tests.local.bus.shelf import Shelf


class Store:
    """Messages, in the order of their numbers."""

    def __init__(
        self,
        path: str,
        options: StoreOptions,
        *,
        numbers: "count[int]",
        on_ready: Callable[["Store"], None],
        dead_letters: "Store | None" = None,
    ) -> None:
        self.path = path
        self.options = options
        self.dead_letters = dead_letters
        self.sessions = Sessions(options.lock_duration) if options.requires_session else None
        self._numbers = numbers
        self._on_ready = on_ready
        self._shelf = Shelf(self.sessions)
        self._locked: dict[UUID, Message] = {}
        self._alarms: Alarms[int] = Alarms()

    def add(
        self,
        content: Content,
        now: datetime,
        *,
        expires: datetime | None,
        origin: int | None = None,
    ) -> int:
        """Take a message in and give its number."""
        message = Message(
            content=content,
            sequence=next(self._numbers),
            enqueued=now,
            expires=expires,
            origin=origin,
        )
        self._shelf.keep(message)
        if self.sessions is not None and content.session_id is None:
            self._bury(message, NO_SESSION)
        else:
            self._offer(message, now)
        return message.sequence

    def receive(
        self, now: datetime, *, session: Session | None = None, remove: bool = False
    ) -> Message | None:
        """Hand out the next message, locked or for good; None when there is none."""
        self.advance(now)
        message = self._shelf.pop_ready(session)
        return None if message is None else self._hand_out(message, now, remove=remove)

    def has_ready(self, session: Session | None = None) -> bool:
        """Tell whether there is a message to hand out."""
        return self._shelf.has_ready(session)

    def receive_deferred(
        self, sequences: Iterable[int], now: datetime, *, remove: bool
    ) -> list[Message]:
        """Hand out deferred messages by number, all of them or, with MessageNotFoundError, none."""
        self.advance(now)
        found = [self._deferred(sequence, now) for sequence in sequences]
        return [self._hand_out(message, now, remove=remove) for message in found]

    def peek(
        self, first: int, limit: int, now: datetime, *, session_id: str | None = None
    ) -> list[Message]:
        """Show messages from a number on, whatever their state, and change nothing."""
        self.advance(now)
        shown = (message for message in self._shelf.all() if message.sequence >= first)
        mine = [message for message in shown if session_id in {None, message.content.session_id}]
        return mine[:limit]

    def complete(self, token: UUID, now: datetime) -> None:
        """Remove a locked message."""
        self._remove(self._unlock(token, now))

    def abandon(self, token: UUID, now: datetime, changes: Mapping[str, object]) -> None:
        """Give a locked message back: a failed delivery."""
        message = self._unlock(token, now)
        message.changes.update(changes)
        self._fail(message, now)

    def release(self, token: UUID, now: datetime) -> None:
        """Give a locked message back that nobody looked at."""
        self._offer(self._unlock(token, now), now)

    def defer(self, token: UUID, now: datetime, changes: Mapping[str, object]) -> None:
        """Set a locked message aside; it counts as a failed delivery.

        https://github.com/Azure/azure-service-bus/issues/375
        """
        message = self._unlock(token, now)
        message.changes.update(changes)
        message.state = State.DEFERRED
        self._fail(message, now)

    def dead_letter(
        self, token: UUID, now: datetime, burial: Burial, changes: Mapping[str, object]
    ) -> None:
        """Move a locked message to the dead-letter queue; from there it goes no further."""
        if self.dead_letters is None:
            raise NotAllowedError(
                f"'{self.path}' is a dead-letter queue: its messages cannot be dead-lettered."
            )
        message = self._unlock(token, now)
        message.changes.update(changes)
        self._bury(message, burial)

    def renew(self, token: UUID, now: datetime) -> datetime:
        """Lock a message for another lock duration and say until when."""
        self.advance(now)
        message = self._locked.get(token)
        if message is None or message.lock is None:
            raise MessageLockLostError
        message.lock.until = now + self.options.lock_duration
        self._set_alarm(message)
        return message.lock.until

    def release_session(self, session: Session, now: datetime) -> None:
        """Let go of a session; what it had locked counts as not delivered."""
        assert self.sessions is not None
        self.sessions.release(session)
        for message in self._free_all(session):
            self._offer(message, now)
        self._on_ready(self)

    def advance(self, now: datetime) -> None:
        """Let everything happen that is due by now."""
        while (sequence := self._alarms.pop(now)) is not None:
            self._ring(self._shelf[sequence], now)
        while self.sessions and (session := self.sessions.pop_expired(now)) is not None:
            self._lose_session(session, now)

    def next_alarm(self) -> datetime | None:
        """Say when something is due next."""
        dues = [self._alarms.next(), self.sessions.next_end() if self.sessions else None]
        return min((due for due in dues if due is not None), default=None)

    def counts(self) -> dict[str, int]:
        """Count messages by what they are up to."""
        states = [message.state for message in self._shelf.all()]
        return {
            "active": states.count(State.ACTIVE),
            "deferred": states.count(State.DEFERRED),
            "locked": len(self._locked),
        }

    def _remove(self, message: Message) -> None:
        self._alarms.set(message.sequence, None)
        self._shelf.remove(message)

    def _deferred(self, sequence: int, now: datetime) -> Message:
        message = self._shelf.get(sequence)
        if message is not None and message.state is State.DEFERRED and message.lock is None:
            if not message.is_expired(now):
                return message
            # They expire when asked for: https://github.com/Azure/azure-sdk-for-net/issues/30252
            self._expire(message)
        raise MessageNotFoundError(
            "Failed to lock one or more specified messages. Either the message is already locked "
            "or does not exist."
        )

    def _hand_out(self, message: Message, now: datetime, *, remove: bool) -> Message:
        if remove:
            self._remove(message)
            return message
        session = self._shelf.session_of(message)
        until = session.lock.until if session and session.lock else now + self.options.lock_duration
        message.lock = Lock(uuid4(), until)
        self._locked[message.lock.token] = message
        self._set_alarm(message)
        return message

    def _unlock(self, token: UUID, now: datetime) -> Message:
        self.advance(now)
        message = self._locked.get(token)
        if message is None:
            raise MessageLockLostError
        self._free(message)
        return message

    def _free(self, message: Message) -> None:
        if message.lock is not None:
            del self._locked[message.lock.token]
            message.lock = None

    def _free_all(self, session: Session) -> list[Message]:
        """Unlock what a session had locked, and give it."""
        locked = [message for message in self._shelf.of_session(session) if message.lock]
        for message in locked:
            self._free(message)
        return locked

    def _fail(self, message: Message, now: datetime) -> None:
        """Count a delivery that came to nothing; after too many the message is buried."""
        message.failed_deliveries += 1
        limit = self.options.max_delivery_count
        if self.dead_letters is not None and message.failed_deliveries >= limit:
            self._bury(message, too_many_deliveries(limit))
            return
        self._offer(message, now)

    def _offer(self, message: Message, now: datetime) -> None:
        """Make a message available again, unless it is set aside or its alarm is about to ring."""
        self._set_alarm(message)
        if message.state is State.ACTIVE and not message.is_expired(now):
            self._shelf.make_ready(message)
            self._on_ready(self)

    def _expire(self, message: Message) -> None:
        if self.options.dead_lettering_on_message_expiration and self.dead_letters is not None:
            self._bury(message, EXPIRED)
        else:
            self._remove(message)

    def _bury(self, message: Message, burial: Burial) -> None:
        assert self.dead_letters is not None
        self._remove(message)
        message.changes.update(burial.properties())
        message.state, message.expires = State.ACTIVE, None
        self.dead_letters._shelf.keep(message)
        self.dead_letters._offer(message, message.enqueued)

    def _set_alarm(self, message: Message) -> None:
        """Ring when the lock ends, or the time to live; a session ends its own locks."""
        if message.lock is not None:
            due = None if self.sessions else message.lock.until
        else:
            due = message.expires if message.state is State.ACTIVE else None
        self._alarms.set(message.sequence, due)

    def _ring(self, message: Message, now: datetime) -> None:
        """Let the lock of a message end, or else its time to live."""
        if message.lock is None:
            self._expire(message)
            return
        self._free(message)
        self._fail(message, now)

    def _lose_session(self, session: Session, now: datetime) -> None:
        assert self.sessions is not None
        lock = session.lock
        self.sessions.release(session)
        for message in self._free_all(session):
            self._fail(message, now)
        self._on_ready(self)
        if lock is not None:
            lock.on_lost()
