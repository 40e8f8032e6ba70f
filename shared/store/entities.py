"""Runs as entities of Table Storage: keys, columns for people, and the whole, packed. Pure.

What is packed is cut into pieces, since a binary property holds 64 KiB at most.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import count, takewhile
from typing import Any, TypeVar

from shared.errors import UnavailableError
from shared.ports import Versioned
from shared.runs import Live, Run, Tombstone
from shared.store.packing import Packer

Cell = str | int | bytes | datetime
Entity = dict[str, Cell]
Row = TypeVar("Row", Run, Tombstone, Live)

PARTITIONS = "0123456789abcdef"
RUN, LIVE, TRIES = "run:", "live:", "tries:"
PIECE = 32 * 1024
MAX_CODE = 100  # characters of an error's code that a column shows
# An entity has at most 1 MiB, a transaction at most 100 operations and less than 4 MiB of payload
# (https://learn.microsoft.com/azure/storage/tables/scalability-targets). A little is left for what
# the service and the protocol add.
MAX_ENTITY = 1024 * 1024 - 4096
MAX_OPERATIONS = 100
MAX_PAYLOAD = 3_500_000
OPERATION = 2048  # bytes of an operation in a transaction besides its binary properties

_RUN = Packer(Run)
_TOMBSTONE = Packer(Tombstone)
_LIVE = Packer(Live)


@dataclass(frozen=True)
class Key:
    """Where an entity is."""

    partition: str
    row: str

    @property
    def cells(self) -> Entity:
        """The key as the service spells it."""
        return {"PartitionKey": self.partition, "RowKey": self.row}


def run_key(run_id: str) -> Key:
    """Where the record of a run is, or the wish to cancel it."""
    return Key(_partition(run_id), RUN + run_id)


def live_key(run_id: str) -> Key:
    """Where what is left to do for a run is: beside its record, so that both change together."""
    return Key(_partition(run_id), LIVE + run_id)


def tries_key(key: str) -> Key:
    """Where the tries of a dead letter are."""
    return Key(hashlib.sha256(key.encode()).hexdigest()[0], TRIES + key)


def of_run(run: Run) -> Entity:
    """Write down the record of a run."""
    return _entity(
        run_key(run.id),
        _RUN.pack(run),
        kind="run",
        requestId=run.request_id,
        target=run.target,
        jobType=run.job_type.value,
        acceptedAt=run.accepted_at,
        status=None if run.final is None else run.final.value,
        forgetAt=run.forget_at,
    )


def of_tombstone(stone: Tombstone) -> Entity:
    """Write down the wish to cancel a request that has not been seen."""
    packed = _TOMBSTONE.pack(stone)
    return _entity(run_key(stone.run_id), packed, kind="tombstone", forgetAt=stone.expires)


def of_live(live: Live) -> Entity:
    """Write down what is left to do for a run."""
    return _entity(
        live_key(live.run_id),
        _LIVE.pack(live),
        state=live.state.value,
        status=live.status.value,
        target=live.target,
        jobType=live.job_type.value,
        acceptedAt=live.accepted_at,
        changedAt=live.changed_at,
        retryAt=live.retry_at,
        attempts=live.attempts,
        unsent=len(live.outbox),
        lastError=None if live.last_error is None else live.last_error.code[:MAX_CODE],
    )


def of_tries(key: str, tries: int, *, forget_at: datetime) -> Entity:
    """Write down how often a dead letter has been tried."""
    return {**tries_key(key).cells, "tries": tries, "forgetAt": forget_at}


def record(entity: Mapping[str, Any]) -> Run | Tombstone:
    """Read what is at the key of a run; UnavailableError when this version cannot."""
    if entity.get("kind") == "tombstone":
        return _unpacked(_TOMBSTONE, entity)
    return _unpacked(_RUN, entity)


def live(entity: Mapping[str, Any]) -> Live:
    """Read what is left to do for a run; UnavailableError when this version cannot."""
    return _unpacked(_LIVE, entity)


def row_key(entity: Mapping[str, Any]) -> str:
    """The key of an entity within its partition; unique, since the partition derives from it."""
    return str(entity.get("RowKey"))


def run_id(entity: Mapping[str, Any]) -> str:
    """The run that an entity is of."""
    return row_key(entity).partition(":")[2]


def size(entity: Entity) -> int:
    """The bytes that the service counts."""
    # https://learn.microsoft.com/archive/blogs/avkashchauhan/
    # how-the-size-of-an-entity-is-caclulated-in-windows-azure-table-storage
    return 4 + sum(8 + 2 * len(name) + _size_of(cell) for name, cell in entity.items())


def in_transactions(given: Iterable[Versioned[Entity]]) -> Iterator[list[Versioned[Entity]]]:
    """Group entities so that each group fits in one transaction: by partition, number and size."""
    groups: dict[Cell, list[Versioned[Entity]]] = {}
    for each in given:
        group = groups.setdefault(each.row["PartitionKey"], [])
        if not _has_room(group, each):
            yield group.copy()
            group.clear()
        group.append(each)
    yield from groups.values()


def _partition(run_id: str) -> str:
    return run_id.removeprefix("jr-")[0]


def _entity(key: Key, packed: bytes, **columns: Cell | None) -> Entity:
    """The whole entity; ValueError when it is larger than the service takes."""
    pieces = {
        f"body{number}": packed[start : start + PIECE]
        for number, start in enumerate(range(0, len(packed), PIECE))
    }
    present = {name: cell for name, cell in columns.items() if cell is not None}
    entity: Entity = {**key.cells, **present, **pieces}
    if size(entity) > MAX_ENTITY:
        raise ValueError(f"{key.row}: {size(entity)} bytes, a row has at most {MAX_ENTITY}")
    return entity


def _body(entity: Mapping[str, Any]) -> bytes:
    names = takewhile(entity.__contains__, (f"body{number}" for number in count()))
    return b"".join(entity[name] for name in names)


def _unpacked(packer: Packer[Row], entity: Mapping[str, Any]) -> Row:
    try:
        return packer.unpack(_body(entity))
    except (TypeError, ValueError) as exc:
        raise UnavailableError(
            f"{row_key(entity)} cannot be read",
            code="UnreadableRow",
            hint="If no later version of the app wrote it, somebody must repair or delete it.",
        ) from exc


def _size_of(cell: Cell) -> int:
    match cell:
        case str():
            return 4 + len(cell.encode("utf-16-le"))
        case bytes():
            return 4 + len(cell)
        case int():
            return 4
    return 8


def _has_room(group: list[Versioned[Entity]], more: Versioned[Entity]) -> bool:
    """May one more be in the group? Anything may be alone."""
    payload = sum(_payload(each.row) for each in (*group, more))
    return not group or (len(group) < MAX_OPERATIONS and payload <= MAX_PAYLOAD)


def _payload(entity: Entity) -> int:
    """About the bytes of an entity in a transaction, where binary properties are in base64."""
    binary = (cell for cell in entity.values() if isinstance(cell, bytes))
    return OPERATION + sum(len(cell) * 4 // 3 for cell in binary)
