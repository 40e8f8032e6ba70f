"""The queue, its dead-letter queue, and those who call the app.

What delivers messages, cancels and ticks.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from shared.errors import EndedError
from shared.flows.cancel import cancel_request
from shared.flows.dead_letter import dead_letter
from shared.flows.poll import poll
from shared.flows.submit import submit
from shared.runs import TOMBSTONE_FOR
from tests.record.handler import Handler
from tests.record.world import Message, World

MAX_DELIVERIES = 3


class Broker:
    """Starts handlers.

    A message stays until a handler of it came to its end, and that was heard.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self.queue: dict[Message, int] = {}
        self.dead: list[Message] = []
        self.cancelled_before: dict[str, list[datetime]] = defaultdict(list)

    def holds(self, message: Message) -> bool:
        """Is it still to be delivered?"""
        return message in self.queue or message in self.dead

    def put(self, messages: Iterable[Message]) -> None:
        """Take messages that are new."""
        for message in messages:
            self.queue.setdefault(message, 0)

    def bury(self, message: Message) -> None:
        """Move a message to the dead-letter queue."""
        self.queue.pop(message, None)
        if message not in self.dead:
            self.dead.append(message)

    def deliver(self, message: Message, times: int = 1) -> Handler:
        """Deliver it once more, or so many times at once; too often, and it is dead-lettered."""
        if message in self.queue:
            self.queue[message] += times
            if self.queue[message] > MAX_DELIVERIES:
                self.bury(message)
        flow = submit if message in self.queue else dead_letter

        def act() -> None:
            flow(self._world.services, message.body, message.envelope)
            if not self._world.chance(0.05):
                self.queue.pop(message, None)
                if message in self.dead:
                    self.dead.remove(message)

        return self._handler(act)

    def cancel(self, request: str) -> Handler:
        """Somebody wants the run of a request ended."""

        def act() -> None:
            now = self._world.now
            try:
                answer = cancel_request(self._world.services, request, reason=None)
            except EndedError:
                return
            if answer["status"] is None:
                self.cancelled_before[request].append(now + TOMBSTONE_FOR)

        return self._handler(act)

    def poll(self) -> Handler:
        """The timer ticks."""
        return self._handler(
            lambda: poll(self._world.services, until=self._world.now + timedelta(minutes=1))
        )

    def _handler(self, act: Callable[[], None]) -> Handler:
        return Handler(act, self._world.now)
