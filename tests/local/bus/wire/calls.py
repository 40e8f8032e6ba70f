"""One request to `$management`: the entity, and the fields of the body by their types."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from proton import Array

from tests.local.bus.broker import Entity
from tests.local.bus.entrance import Entrance
from tests.local.bus.errors import BadArgumentError, NotAllowedError
from tests.local.bus.rules import RuleSet
from tests.local.bus.sessions import Sessions
from tests.local.bus.store import Store
from tests.local.bus.wire.values import Amqp

Part = TypeVar("Part")
Kind = TypeVar("Kind")


@dataclass(frozen=True)
class Call:
    """A request of the holder of a link."""

    entity: Entity
    body: Amqp
    holder: str
    now: datetime

    @property
    def entrance(self) -> Entrance:
        """Give the way into the entity."""
        return self._part(self.entity.entrance)

    @property
    def store(self) -> Store:
        """Give the messages of the entity, as they are now."""
        store = self._part(self.entity.store)
        store.advance(self.now)
        return store

    @property
    def sessions(self) -> Sessions:
        """Give the sessions of the entity."""
        return self._part(self.store.sessions)

    @property
    def rules(self) -> RuleSet:
        """Give the rules of the entity."""
        return self._part(self.entity.rules)

    def one(self, name: str, kind: type[Kind]) -> Kind:
        """Read a field of the body; BadArgumentError when it is missing or something else."""
        value = self.body.get(name) if isinstance(self.body, dict) else None
        if not isinstance(value, kind):
            raise BadArgumentError(f"{name}: {kind.__name__} is expected")
        return value

    def many(self, name: str, kind: type[Kind]) -> list[Kind]:
        """Read a list or array of the body; BadArgumentError when it is something else."""
        value = self.body.get(name) if isinstance(self.body, dict) else None
        items = list(value) if isinstance(value, list | Array) else None
        if items is None or not all(isinstance(item, kind) for item in items):
            raise BadArgumentError(f"{name}: a list of {kind.__name__} is expected")
        return items

    def perhaps(self, name: str, kind: type[Kind]) -> Kind | None:
        """Read a field of the body that may be missing."""
        return None if self.body.get(name) is None else self.one(name, kind)

    def _part(self, part: Part | None) -> Part:
        if part is None:
            raise NotAllowedError(f"'{self.entity.path}' does not do that.")
        return part
