"""The entities of the namespace, by path, and what has become ready in them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from tests.local.bus.entrance import Entrance
from tests.local.bus.errors import EntityExistsError, EntityNotFoundError
from tests.local.bus.messages import Content, expiry
from tests.local.bus.options import QueueOptions, StoreOptions, SubscriptionOptions, TopicOptions
from tests.local.bus.rules import RuleSet
from tests.local.bus.store import Store

DEAD_LETTERS = "/$DeadLetterQueue"
SUBSCRIPTIONS = "/Subscriptions/"

Options = QueueOptions | TopicOptions | SubscriptionOptions


@dataclass(frozen=True, kw_only=True)
class Entity:
    """What is found under one path: a way in, a store, rules, or some of these."""

    path: str
    options: Options | StoreOptions
    entrance: Entrance | None = None
    store: Store | None = None
    rules: RuleSet | None = None


class Broker:
    """All entities. Paths are found in any case."""

    def __init__(self) -> None:
        self._entities: dict[str, Entity] = {}
        self._stirred: dict[Store, None] = {}

    def make_queue(self, name: str, options: QueueOptions) -> Entity:
        """Make a queue with its dead-letter queue."""
        self._check_free(name)
        numbers = count(1)
        store = self._store(name, options, numbers)

        def put(content: Content, now: datetime) -> int:
            return store.add(
                content, now, expires=expiry(content, now, options.default_message_time_to_live)
            )

        entrance = Entrance(
            options, needs_session=options.requires_session, numbers=numbers, put=put
        )
        return self._add(Entity(path=name, options=options, entrance=entrance, store=store))

    def make_topic(self, name: str, options: TopicOptions) -> Entity:
        """Make a topic without subscriptions."""
        self._check_free(name)
        numbers = count(1)

        def put(content: Content, now: datetime) -> int:
            number = next(numbers)
            for subscription in self.subscriptions(name):
                self._copy(content, now, subscription, options, number)
            return number

        entrance = Entrance(options, needs_session=False, numbers=numbers, put=put)
        return self._add(Entity(path=name, options=options, entrance=entrance))

    def make_subscription(self, topic: str, name: str, options: SubscriptionOptions) -> Entity:
        """Make a subscription with its dead-letter queue."""
        owner = self.find(topic)
        if not isinstance(owner.options, TopicOptions):
            raise EntityNotFoundError(topic)
        path = f"{owner.path}{SUBSCRIPTIONS}{name}"
        self._check_free(path)
        store = self._store(path, options, count(1))
        return self._add(
            Entity(path=path, options=options, store=store, rules=RuleSet(options.rules))
        )

    def find(self, path: str) -> Entity:
        """Give the entity of a path; EntityNotFoundError when there is none."""
        entity = self._entities.get(path.lower())
        if entity is None:
            raise EntityNotFoundError(path)
        return entity

    def remove(self, path: str) -> list[Entity]:
        """Take an entity away with its subscriptions and dead letters, and say what is gone."""
        top = self.find(path).path
        below = (f"{top}{DEAD_LETTERS}".lower(), f"{top}{SUBSCRIPTIONS}".lower())
        gone = [
            entity
            for key, entity in self._entities.items()
            if key == top.lower() or key.startswith(below)
        ]
        for entity in gone:
            del self._entities[entity.path.lower()]
        return gone

    def entities(self) -> list[Entity]:
        """List everything but the dead-letter queues."""
        return [
            entity for entity in self._entities.values() if not entity.path.endswith(DEAD_LETTERS)
        ]

    def subscriptions(self, topic: str) -> Iterator[Entity]:
        """List the subscriptions of a topic."""
        start = f"{topic}{SUBSCRIPTIONS}".lower()
        return (entity for entity in self.entities() if entity.path.lower().startswith(start))

    def advance(self, now: datetime) -> None:
        """Let everything happen that is due by now."""
        for entity in list(self._entities.values()):
            if entity.entrance is not None:
                entity.entrance.advance(now)
            if entity.store is not None:
                entity.store.advance(now)

    def next_alarm(self) -> datetime | None:
        """Say when something is due next."""
        parts = [
            part for entity in self._entities.values() for part in (entity.entrance, entity.store)
        ]
        dues = [part.next_alarm() for part in parts if part is not None]
        return min((due for due in dues if due is not None), default=None)

    def take_stirred(self) -> list[Store]:
        """Give the stores in which messages or sessions have become free since the last call."""
        stirred, self._stirred = list(self._stirred), {}
        return stirred

    def _store(self, path: str, options: StoreOptions, numbers: "count[int]") -> Store:
        quiet = StoreOptions(lock_duration=options.lock_duration)
        dead_path = f"{path}{DEAD_LETTERS}"
        dead_letters = Store(dead_path, quiet, numbers=numbers, on_ready=self._stir)
        self._add(Entity(path=dead_path, options=quiet, store=dead_letters))
        return Store(path, options, numbers=numbers, on_ready=self._stir, dead_letters=dead_letters)

    def _stir(self, store: Store) -> None:
        self._stirred[store] = None

    def _add(self, entity: Entity) -> Entity:
        self._entities[entity.path.lower()] = entity
        return entity

    def _check_free(self, path: str) -> None:
        if path.lower() in self._entities:
            raise EntityExistsError(f"The messaging entity '{path}' exists already.")

    @staticmethod
    def _copy(
        content: Content, now: datetime, subscription: Entity, topic: TopicOptions, number: int
    ) -> None:
        rules, store = subscription.rules, subscription.store
        if rules is None or store is None or not rules.select(content):
            return
        ceilings = (topic.default_message_time_to_live, store.options.default_message_time_to_live)
        store.add(content, now, expires=expiry(content, now, *ceilings), origin=number)
