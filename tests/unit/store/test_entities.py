"""How runs look in the table: what people see of them, and what the service takes."""

import os
from dataclasses import replace
from typing import Any

import pytest

from shared.errors import Problem, UnavailableError
from shared.messages import copy, telling
from shared.ports import Versioned
from shared.runs import OUTBOX_ROOM, OUTBOX_ROOM_BYTES, Kind, Status
from shared.store import entities
from shared.store.entities import Entity
from tests.rows import (
    LATER,
    NOW,
    a_full_live,
    a_full_run,
    a_live,
    a_run,
    a_tombstone,
    an_item,
    run_id,
)

# The data besides what a request or a job in Azure can fill: ids, names, times, the envelope.
AROUND = 3 * 1024
# Of what is not final, the largest parts are the tags and the context of the request.
LARGEST_TAGS = 50 * (100 + 1000)
LARGEST_UPDATE = LARGEST_TAGS + 8 * 1024 + AROUND


def columns(entity: Entity) -> dict[str, Any]:
    """What a person sees in the table."""
    return {name: cell for name, cell in entity.items() if not name.startswith("body")}


def test_a_live_row_shows_how_the_run_is() -> None:
    live = a_live(
        status=Status.STARTING,
        attempts=2,
        outbox=(an_item(),),
        last_error=Problem("TooManyRequests" + "!" * 200, "text"),
    )

    entity = entities.of_live(live)

    assert columns(entity) == {
        "PartitionKey": "a",
        "RowKey": "live:jr-a00000000000000000000000",
        "state": "New",
        "status": "Starting",
        "target": "demo",
        "jobType": "Command",
        "acceptedAt": NOW,
        "changedAt": NOW,
        "retryAt": NOW,
        "attempts": 2,
        "unsent": 1,
        "lastError": "TooManyRequests" + "!" * 85,
    }


def test_a_record_shows_whose_it_is_and_how_it_ended() -> None:
    entity = entities.of_run(a_run(final=Status.SUCCESS, forget_at=LATER))

    assert columns(entity) == {
        "PartitionKey": "a",
        "RowKey": "run:jr-a00000000000000000000000",
        "kind": "run",
        "requestId": "train-1",
        "target": "demo",
        "jobType": "Command",
        "acceptedAt": NOW,
        "status": "Success",
        "forgetAt": LATER,
    }


def test_what_is_not_known_yet_has_no_column() -> None:
    assert {"status", "forgetAt"}.isdisjoint(entities.of_run(a_run()))
    assert "lastError" not in entities.of_live(a_live())


def test_a_tombstone_shows_when_it_goes() -> None:
    assert columns(entities.of_tombstone(a_tombstone())) == {
        "PartitionKey": "a",
        "RowKey": "run:jr-a00000000000000000000000",
        "kind": "tombstone",
        "forgetAt": LATER,
    }


def test_tries_are_spread_over_the_partitions_by_their_key() -> None:
    assert entities.tries_key("m-2").partition != entities.tries_key("m-1").partition
    assert entities.of_tries("m-1", 3, forget_at=LATER) == {
        "PartitionKey": "a",
        "RowKey": "tries:m-1",
        "tries": 3,
        "forgetAt": LATER,
    }


def test_a_run_and_what_is_left_to_do_for_it_share_a_partition() -> None:
    of = run_id(7, partition="c")

    assert entities.run_key(of).partition == entities.live_key(of).partition == "c"


def test_every_field_is_read_as_it_was_written() -> None:
    assert entities.record(entities.of_run(a_full_run())) == a_full_run()
    assert entities.live(entities.of_live(a_full_live())) == a_full_live()
    assert entities.record(entities.of_tombstone(a_tombstone())) == a_tombstone()


def test_a_large_row_is_cut_into_pieces_that_a_property_holds() -> None:
    run = a_run(body=os.urandom(256 * 1024))

    entity = entities.of_run(run)

    pieces = [cell for cell in entity.values() if isinstance(cell, bytes)]
    assert len(pieces) == 9
    assert max(map(len, pieces)) == 32 * 1024
    assert entities.record(entity) == run


@pytest.mark.parametrize("change", [{"body3": None}, {"body0": b"damaged"}, {"body0": "text"}])
def test_a_row_that_cannot_be_read_is_named(change: dict[str, Any]) -> None:
    entity = {**entities.of_run(a_run(body=os.urandom(256 * 1024))), **change}
    damaged = {name: cell for name, cell in entity.items() if cell is not None}

    with pytest.raises(UnavailableError) as failure:
        entities.record(damaged)

    assert str(failure.value) == "run:jr-a00000000000000000000000 cannot be read"
    assert failure.value.code == "UnreadableRow"


def test_the_size_counts_names_types_and_values() -> None:
    entity: Entity = {"a": "é🚀", "bc": b"123", "d": 7, "e": NOW}

    size = entities.size(entity)

    text, binary, number, moment = 4 + 6, 4 + 3, 4, 8
    assert size == 4 + (8 + 2 + text) + (8 + 4 + binary) + (8 + 2 + number) + (8 + 2 + moment)


def test_a_row_that_the_service_would_refuse_is_not_sent() -> None:
    with pytest.raises(
        ValueError, match=r"^live:jr-a0{23}: 11\d{5} bytes, a row has at most 1044480$"
    ):
        entities.of_live(a_live(final_event=os.urandom(1_100_000)))


def test_the_largest_live_row_fits_even_if_nothing_in_it_can_be_compressed() -> None:
    room = OUTBOX_ROOM_BYTES // OUTBOX_ROOM
    full = a_live(
        outbox=tuple(an_item(n, body=os.urandom(room)) for n in range(OUTBOX_ROOM)),
        job=replace(a_full_live().job, tags={"tag": os.urandom(LARGEST_TAGS // 2).hex()}),
    )
    assert full.has_room
    updates = [an_item(10 + n, body=os.urandom(LARGEST_UPDATE)) for n in range(2)]
    final = an_item(12, body=os.urandom(telling.MAX_DATA + AROUND))
    rejected = an_item(13, kind=Kind.COPY, body=os.urandom(copy.MAX_BODY))

    largest = replace(
        full, outbox=(*full.outbox, *updates, final, rejected), final_event=final.body
    )

    assert entities.live(entities.of_live(largest)) == largest


def test_the_largest_record_fits_even_if_nothing_in_it_can_be_compressed() -> None:
    largest = replace(
        a_full_run(), body=os.urandom(256 * 1024), result=os.urandom(telling.MAX_DATA + AROUND)
    )

    assert entities.record(entities.of_run(largest)) == largest


def writes(*partitions: str, body: int = 0) -> list[Versioned[Entity]]:
    """One row in each of these partitions."""
    return [
        Versioned({"PartitionKey": partition, "RowKey": str(number), "body0": b"x" * body}, "")
        for number, partition in enumerate(partitions)
    ]


def keys(groups: list[list[Versioned[Entity]]]) -> list[list[Any]]:
    return [[each.row["RowKey"] for each in group] for group in groups]


def test_a_transaction_keeps_to_one_partition() -> None:
    groups = list(entities.in_transactions(writes("a", "b", "a", "c")))

    assert keys(groups) == [["0", "2"], ["1"], ["3"]]


def test_a_transaction_has_at_most_a_hundred_operations() -> None:
    groups = list(entities.in_transactions(writes(*"a" * 201)))

    assert [len(group) for group in groups] == [100, 100, 1]


def test_a_transaction_stays_below_the_payload_that_the_service_takes() -> None:
    groups = list(entities.in_transactions(writes(*"aaaaaa", body=1_000_000)))

    assert [len(group) for group in groups] == [2, 2, 2]


def test_no_rows_make_no_transaction() -> None:
    assert list(entities.in_transactions([])) == []
