"""How messages come into a queue or topic: repeats are dropped, and some wait for their time.

https://learn.microsoft.com/azure/service-bus-messaging/message-sequencing
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import count
from typing import Protocol

from tests.local.bus.alarms import Alarms
from tests.local.bus.duplicates import Duplicates
from tests.local.bus.errors import MessageNotFoundError, NotAllowedError
from tests.local.bus.messages import Content, Message, State
from tests.local.bus.options import EntranceOptions


class Put(Protocol):
    """What takes a message in at last, and gives its number."""

    def __call__(self, content: Content, now: datetime) -> int: ...


class Entrance:
    """The way into one queue or topic."""

    def __init__(
        self, options: EntranceOptions, *, needs_session: bool, numbers: "count[int]", put: Put
    ) -> None:
        window = options.duplicate_detection_history_time_window
        self._duplicates = Duplicates(window) if options.requires_duplicate_detection else None
        self._needs_session = needs_session
        self._numbers = numbers
        self._put = put
        self._scheduled: dict[int, Message] = {}
        self._alarms: Alarms[int] = Alarms()

    def check(self, content: Content) -> None:
        """Refuse what may not come in, with NotAllowedError."""
        if self._needs_session and content.session_id is None:
            raise NotAllowedError(
                "The SessionId was not set on a message, and it cannot be sent to the entity. "
                "Entities that have session support enabled can only receive messages that have "
                "the SessionId set to a valid value."
            )

    def send(self, content: Content, now: datetime) -> int:
        """Take a message in, now or when its time comes, and give its number; drop a repeat.

        Scheduled messages count for duplicate detection from now on, as the service has it.
        """
        self.check(content)
        self.advance(now)
        if self._duplicates is not None and self._duplicates.is_repeat(content.message_id, now):
            return next(self._numbers)
        if content.scheduled_for is not None and content.scheduled_for > now:
            return self._wait(content, content.scheduled_for, now)
        return self._put(content, now)

    def cancel(self, sequences: Sequence[int], now: datetime) -> None:
        """Drop messages whose time has not come, all or, with MessageNotFoundError, none."""
        self.advance(now)
        missing = [sequence for sequence in sequences if sequence not in self._scheduled]
        if missing:
            raise MessageNotFoundError(f"No message is scheduled with the number {missing[0]}.")
        for sequence in sequences:
            self._scheduled.pop(sequence, None)
            self._alarms.set(sequence, None)

    def scheduled(self, first: int = 1, session_id: str | None = None) -> list[Message]:
        """Show the messages whose time has not come, from a number on."""
        return [
            message
            for message in self._scheduled.values()
            if message.sequence >= first and session_id in {None, message.content.session_id}
        ]

    def advance(self, now: datetime) -> None:
        """Let the messages in whose time has come; each gets a new number then."""
        while (sequence := self._alarms.pop(now)) is not None:
            message = self._scheduled.pop(sequence)
            self._put(message.content, message.content.scheduled_for or now)

    def next_alarm(self) -> datetime | None:
        """Say when the next message's time comes."""
        return self._alarms.next()

    def _wait(self, content: Content, when: datetime, now: datetime) -> int:
        sequence = next(self._numbers)
        waiting = Message(content=content, sequence=sequence, enqueued=now, state=State.SCHEDULED)
        self._scheduled[sequence] = waiting
        self._alarms.set(sequence, when)
        return sequence
