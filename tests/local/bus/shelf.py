"""Where the messages of one store lie: by number, by session, and what is ready of them."""

from tests.local.bus.backlog import Backlog
from tests.local.bus.messages import Message
from tests.local.bus.sessions import Session, Sessions


class Shelf:
    """Messages by number. With sessions, each session has what is ready of its own."""

    def __init__(self, sessions: Sessions | None) -> None:
        self._sessions = sessions
        self._messages: dict[int, Message] = {}
        self._backlog = Backlog()

    def __getitem__(self, sequence: int) -> Message:
        """Give the message of a number that is there."""
        return self._messages[sequence]

    def keep(self, message: Message) -> None:
        """Put a message in, not ready yet."""
        self._messages[message.sequence] = message
        if (session := self.session_of(message)) is not None:
            session.messages.add(message.sequence)

    def remove(self, message: Message) -> None:
        """Take a message out."""
        del self._messages[message.sequence]
        session = self.session_of(message)
        self._backlog_of(session).discard(message.sequence)
        if session is not None and self._sessions is not None:
            session.messages.discard(message.sequence)
            self._sessions.forget_if_idle(session)

    def make_ready(self, message: Message) -> None:
        """Let a message be handed out."""
        self._backlog_of(self.session_of(message)).add(message.sequence)

    def has_ready(self, session: Session | None) -> bool:
        """Tell whether there is a message to hand out."""
        return self._backlog_of(session).first() is not None

    def pop_ready(self, session: Session | None) -> Message | None:
        """Give the next message to hand out, which is not ready any more."""
        sequence = self._backlog_of(session).pop()
        return None if sequence is None else self._messages[sequence]

    def get(self, sequence: int) -> Message | None:
        """Find a message by its number."""
        return self._messages.get(sequence)

    def all(self) -> list[Message]:
        """List the messages in the order of their numbers."""
        return [self._messages[sequence] for sequence in sorted(self._messages)]

    def of_session(self, session: Session) -> list[Message]:
        """List the messages of a session in the order of their numbers."""
        return [self._messages[sequence] for sequence in sorted(session.messages)]

    def session_of(self, message: Message) -> Session | None:
        """Give the session to which a message belongs here."""
        session_id = message.content.session_id
        if self._sessions is None or session_id is None:
            return None
        return self._sessions.of(session_id)

    def _backlog_of(self, session: Session | None) -> Backlog:
        return self._backlog if session is None else session.backlog
