"""Runs in Azure Table Storage."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from azure.core import MatchConditions
from azure.core.exceptions import ResourceNotFoundError
from azure.core.pipeline import PipelineResponse
from azure.core.pipeline.transport import RequestsTransport
from azure.data.tables import TableClient, TableEntity, UpdateMode
from requests import Session
from requests.adapters import HTTPAdapter

from shared.errors import ConflictError, UnavailableError
from shared.ports import Versioned
from shared.runs import Live, Run, Tombstone
from shared.store import entities
from shared.store.errors import GONE, code_of, translated

logger = logging.getLogger(__name__)

Operation = tuple[str, entities.Entity, Mapping[str, Any]]

RANGE = "PartitionKey eq @partition and RowKey ge @first and RowKey lt @end"
OVER = "forgetAt lt @now"
KEYS = ["PartitionKey", "RowKey"]


def client_options(*, threads: int) -> dict[str, Any]:
    """What to make the TableClient with, so that a call is over within about twenty seconds."""
    # Nothing is sent again after `timeout`, and no answer is waited for longer than `read_timeout`:
    # the service itself gives a query five seconds
    # (https://learn.microsoft.com/rest/api/storageservices/query-timeout-and-pagination).
    return {
        "retry_total": 3,
        "retry_backoff_factor": 0.4,
        "timeout": 10,
        "transport": _transport(threads, connection_timeout=3, read_timeout=8),
        "raw_response_hook": _without_retry_after,
    }


def _transport(threads: int, **timeouts: int) -> RequestsTransport:
    """Connections for so many threads; the SDK's own keeps ten, and warns of each one more."""
    session = Session()
    for scheme in ("https://", "http://"):
        session.mount(scheme, HTTPAdapter(pool_maxsize=threads))
    return RequestsTransport(session=session, **timeouts)


def _without_retry_after(response: PipelineResponse[Any, Any]) -> None:
    """Take out what the client would sleep through, however long it is."""
    response.http_response.headers.pop("Retry-After", None)


class TableStore:
    """The RunStore port over one table. Safe to use from many threads, as the client is."""

    def __init__(self, client: TableClient) -> None:
        self._table = client

    def run(self, run_id: str) -> Versioned[Run | Tombstone] | None:
        found = self._get(entities.run_key(run_id))
        return None if found is None else Versioned(entities.record(found), _etag(found))

    def live(self, run_id: str) -> Versioned[Live] | None:
        found = self._get(entities.live_key(run_id))
        return None if found is None else Versioned(entities.live(found), _etag(found))

    def lives(self) -> Iterator[Versioned[Live]]:
        for partition in entities.PARTITIONS:
            for found in self._range(partition, entities.LIVE):
                row = _readable(found)
                if row is not None:
                    yield Versioned(row, _etag(found))

    def accept(self, run: Run, live: Live, *, over: str | None = None) -> None:
        self._commit(_put(entities.of_run(run), over), _put(entities.of_live(live), None))

    def save(self, live: Live, etag: str) -> None:
        entity = entities.of_live(live)
        with translated(f"UPDATE {entities.row_key(entity)}"):
            self._table.update_entity(
                entity, UpdateMode.REPLACE, etag=etag, match_condition=MatchConditions.IfNotModified
            )

    def save_all(self, rows: Sequence[tuple[Live, str]]) -> list[str]:
        failed: list[str] = []
        given = [Versioned(entities.of_live(live), etag) for live, etag in rows]
        for group in entities.in_transactions(given):
            try:
                self._commit(*(_put(each.row, each.etag) for each in group))
            except ConflictError:
                failed.extend(entities.run_id(each.row) for each in group)
        return failed

    def finish(self, run: Run, run_etag: str, live_etag: str) -> None:
        live = entities.live_key(run.id).cells
        self._commit(_put(entities.of_run(run), run_etag), _delete(live, live_etag))

    def bury(self, stone: Tombstone, *, over: str | None = None) -> None:
        self._commit(_put(entities.of_tombstone(stone), over))

    def tries(self, key: str) -> Versioned[int] | None:
        found = self._get(entities.tries_key(key))
        return None if found is None else Versioned(found["tries"], _etag(found))

    def count_try(self, key: str, count: int, *, over: str | None, forget_at: datetime) -> None:
        self._commit(_put(entities.of_tries(key, count, forget_at=forget_at), over))

    def forget(self, now: datetime) -> int:
        return sum(self._forget(partition, now) for partition in entities.PARTITIONS)

    def ping(self) -> None:
        self._get(entities.Key(entities.PARTITIONS[0], "ping"))

    def _forget(self, partition: str, now: datetime) -> int:
        """Forget what is over in one partition."""
        records = self._over(partition, entities.RUN, now)
        # Read after the records: a live row that comes later changes the ETag of its record.
        live = self._range(partition, entities.LIVE, select=KEYS) if records else ()
        running = {entities.run_id(each) for each in live}
        idle = [each for each in records if entities.run_id(each.row) not in running]
        over = [*idle, *self._over(partition, entities.TRIES, now)]
        return sum(self._delete(group) for group in entities.in_transactions(over))

    def _over(self, partition: str, prefix: str, now: datetime) -> list[Versioned[entities.Entity]]:
        """The keys of the rows whose time is over."""
        found = self._range(partition, prefix, f"{RANGE} and {OVER}", select=KEYS, now=now)
        return [Versioned(dict(each), _etag(each)) for each in found]

    def _delete(self, group: list[Versioned[entities.Entity]]) -> int:
        """Delete rows together; if one was written meanwhile all are left for the next time."""
        try:
            self._commit(*(_delete(each.row, each.etag) for each in group))
        except ConflictError:
            return 0
        return len(group)

    def _get(self, key: entities.Key) -> TableEntity | None:
        with translated(f"GET {key.row}"):
            try:
                return self._table.get_entity(key.partition, key.row)
            except ResourceNotFoundError as exc:
                if code_of(exc) in GONE:
                    return None
                raise

    def _range(
        self,
        partition: str,
        prefix: str,
        query: str = RANGE,
        *,
        select: list[str] | None = None,
        **parameters: datetime,
    ) -> Iterator[TableEntity]:
        """The rows of a partition whose key begins so: the service reads no others."""
        end = prefix[:-1] + chr(ord(prefix[-1]) + 1)
        given = {"partition": partition, "first": prefix, "end": end, **parameters}
        with translated(f"LIST {prefix} in {partition}"):
            yield from self._table.query_entities(query, parameters=given, select=select)

    def _commit(self, *operations: Operation) -> None:
        """Do all or nothing."""
        verb, entity, _ = operations[0]
        what = f"{verb.upper()} {entities.row_key(entity)}"
        more = f" and {len(operations) - 1} more" if len(operations) > 1 else ""
        with translated(what + more):
            self._table.submit_transaction(operations)


def _put(entity: entities.Entity, over: str | None) -> Operation:
    """Insert it, or replace the one with this ETag."""
    if over is None:
        return ("create", entity, {})
    return ("update", entity, {"mode": UpdateMode.REPLACE, **_unchanged(over)})


def _delete(entity: entities.Entity, etag: str) -> Operation:
    return ("delete", entity, _unchanged(etag))


def _unchanged(etag: str) -> dict[str, Any]:
    """Only if it is still the one with this ETag."""
    return {"etag": etag, "match_condition": MatchConditions.IfNotModified}


def _etag(entity: TableEntity) -> str:
    """The version of what was read; the service sends one with every entity."""
    return entity.metadata["etag"] or ""


def _readable(entity: TableEntity) -> Live | None:
    """The row, or None: one that cannot be read must not hide the others."""
    try:
        return entities.live(entity)
    except UnavailableError as failure:
        logger.error("a run is passed over: %s", failure)
        return None
