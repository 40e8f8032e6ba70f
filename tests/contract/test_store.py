"""What every RunStore promises: over dicts and over Azurite's Table Storage."""

import os
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from azure.data.tables import TableClient

from shared.errors import ExistsError, StaleError
from shared.ports import RunStore, Versioned
from shared.runs import Live, Run, State, Tombstone
from shared.store import TableStore, client_options
from tests.contract.table_service import table_service
from tests.fakes import MemoryStore
from tests.local.process import Service
from tests.rows import (
    LATER,
    NOW,
    TEXT,
    a_full_live,
    a_full_run,
    a_live,
    a_run,
    a_tombstone,
    an_item,
    run_id,
)

SECOND = timedelta(seconds=1)
THREADS = 16


@pytest.fixture(scope="module")
def tables() -> Iterator[Service]:
    with table_service() as service:
        yield service


@pytest.fixture
def table(tables: Service) -> Iterator[TableClient]:
    name, options = f"t{uuid.uuid4().hex}", client_options(threads=THREADS)
    with TableClient.from_connection_string(tables.info["connection"], name, **options) as client:
        client.create_table()
        yield client


@pytest.fixture(params=["memory", "table"])
def store(request: pytest.FixtureRequest) -> RunStore:
    makers: dict[str, Callable[[], RunStore]] = {
        "memory": MemoryStore,
        "table": lambda: TableStore(request.getfixturevalue("table")),
    }
    return makers[request.param]()


def accepted(store: RunStore, of: str) -> Versioned[Live]:
    """Accept a run; its live row as it is read."""
    store.accept(a_run(of), a_live(of))
    return the_live(store, of)


def the_run(store: RunStore, of: str) -> Versioned[Run | Tombstone]:
    found = store.run(of)
    assert found is not None
    return found


def the_live(store: RunStore, of: str) -> Versioned[Live]:
    found = store.live(of)
    assert found is not None
    return found


def lives(store: RunStore) -> set[str]:
    return {found.row.run_id for found in store.lives()}


# -- accept


def test_what_was_never_written_is_not_there(store: RunStore) -> None:
    found = (store.run(run_id()), store.live(run_id()), store.tries("m-1"), list(store.lives()))

    assert found == (None, None, None, [])


def test_an_accepted_run_is_read_as_it_was_written(store: RunStore) -> None:
    store.accept(a_run(), a_live())

    assert the_run(store, run_id()).row == a_run()
    assert the_live(store, run_id()).row == a_live()


def test_every_field_is_read_as_it_was_written(store: RunStore) -> None:
    store.accept(a_full_run(), a_full_live())

    assert the_run(store, run_id()).row == a_full_run()
    assert the_live(store, run_id()).row == a_full_live()


def test_large_bodies_are_read_as_they_were_written(store: RunStore) -> None:
    run = a_run(body=os.urandom(256 * 1024), result=os.urandom(256 * 1024))
    live = a_live(outbox=(an_item(body=os.urandom(256 * 1024)), an_item(2, body=b"x" * 256 * 1024)))

    store.accept(run, live)

    assert the_run(store, run_id()).row == run
    assert the_live(store, run_id()).row == live


def test_a_run_is_accepted_once(store: RunStore) -> None:
    before = accepted(store, run_id())

    with pytest.raises(ExistsError):
        store.accept(a_run(target="other"), a_live(target="other"))

    assert the_run(store, run_id()).row == a_run()
    assert the_live(store, run_id()) == before


def test_a_record_is_not_written_without_its_live_row(store: RunStore) -> None:
    accepted(store, run_id(1))

    with pytest.raises(ExistsError):
        store.accept(a_run(run_id(2)), a_live(run_id(1)))

    assert store.run(run_id(2)) is None


def test_of_many_who_accept_at_once_one_wins(store: RunStore) -> None:
    def accept(number: int) -> bool:
        target = f"t{number}"
        try:
            store.accept(a_run(target=target), a_live(target=target))
        except ExistsError:
            return False
        return True

    with ThreadPoolExecutor(THREADS) as threads:
        won = list(threads.map(accept, range(THREADS)))

    assert won.count(True) == 1
    assert the_live(store, run_id()).row.target == f"t{won.index(True)}"
    run = the_run(store, run_id()).row
    assert isinstance(run, Run)
    assert run.target == f"t{won.index(True)}"


# -- save


def test_a_row_is_replaced(store: RunStore) -> None:
    before = accepted(store, run_id())

    store.save(a_full_live(), before.etag)

    assert the_live(store, run_id()).row == a_full_live()


def test_a_shorter_row_leaves_nothing_of_the_longer_one(store: RunStore) -> None:
    store.accept(a_run(), a_live(outbox=(an_item(body=os.urandom(128 * 1024)),)))

    store.save(a_live(), the_live(store, run_id()).etag)

    assert the_live(store, run_id()).row == a_live()


def test_a_stale_row_is_not_written(store: RunStore) -> None:
    before = accepted(store, run_id())
    store.save(replace(before.row, seq=1), before.etag)

    with pytest.raises(StaleError):
        store.save(replace(before.row, seq=2), before.etag)

    assert the_live(store, run_id()).row.seq == 1


def test_a_row_that_is_gone_is_not_written(store: RunStore) -> None:
    before = accepted(store, run_id())
    store.finish(a_run(), the_run(store, run_id()).etag, before.etag)

    with pytest.raises(StaleError):
        store.save(before.row, before.etag)

    assert store.live(run_id()) is None


def test_a_write_that_changes_nothing_is_a_new_version_all_the_same(store: RunStore) -> None:
    before = accepted(store, run_id())

    store.save(before.row, before.etag)

    assert the_live(store, run_id()).etag != before.etag


def test_of_writes_from_many_threads_none_is_lost(store: RunStore) -> None:
    accepted(store, run_id())

    def add_one(_: int) -> None:
        for _attempt in range(THREADS * THREADS):
            found = the_live(store, run_id())
            try:
                store.save(replace(found.row, seq=found.row.seq + 1), found.etag)
            except StaleError:
                continue
            return

    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(add_one, range(3 * THREADS)))

    assert the_live(store, run_id()).row.seq == 3 * THREADS


# -- save_all


def test_many_rows_are_replaced_whatever_their_partition(store: RunStore) -> None:
    ids = [run_id(number, partition=partition) for partition in "0af" for number in range(3)]
    marks = [(replace(accepted(store, of).row, seq=1), the_live(store, of).etag) for of in ids]

    failed = store.save_all(marks)

    assert failed == []
    assert {found.row.seq for found in store.lives()} == {1}


def test_more_rows_than_a_transaction_takes_are_replaced(store: RunStore) -> None:
    ids = [run_id(number) for number in range(101)]
    marks = [(replace(accepted(store, of).row, seq=1), the_live(store, of).etag) for of in ids]

    failed = store.save_all(marks)

    assert failed == []
    assert [found.row.seq for found in store.lives()] == [1] * 101


def test_a_stale_row_keeps_its_partition_from_being_written_and_no_other(store: RunStore) -> None:
    stale, beside, elsewhere = run_id(1), run_id(2), run_id(3, partition="b")
    read = [accepted(store, of) for of in (stale, beside, elsewhere)]
    store.save(replace(read[0].row, seq=5), read[0].etag)

    failed = store.save_all([(replace(found.row, seq=1), found.etag) for found in read])

    assert sorted(failed) == [stale, beside]
    assert the_live(store, stale).row.seq == 5
    assert the_live(store, beside).row.seq == 0
    assert the_live(store, elsewhere).row.seq == 1


def test_a_row_that_is_gone_is_named_among_the_unwritten(store: RunStore) -> None:
    gone = accepted(store, run_id())
    store.finish(a_run(), the_run(store, run_id()).etag, gone.etag)

    failed = store.save_all([(gone.row, gone.etag)])

    assert failed == [run_id()]
    assert store.live(run_id()) is None


def test_nothing_to_save_is_no_failure(store: RunStore) -> None:
    assert store.save_all([]) == []


# -- finish


def test_the_end_changes_the_record_and_takes_the_live_row(store: RunStore) -> None:
    live = accepted(store, run_id())

    store.finish(a_full_run(), the_run(store, run_id()).etag, live.etag)

    assert the_run(store, run_id()).row == a_full_run()
    assert store.live(run_id()) is None


def test_an_end_over_a_changed_live_row_changes_nothing(store: RunStore) -> None:
    live, run = accepted(store, run_id()), the_run(store, run_id())
    store.save(replace(live.row, seq=1), live.etag)

    with pytest.raises(StaleError):
        store.finish(a_full_run(), run.etag, live.etag)

    assert the_run(store, run_id()) == run
    assert the_live(store, run_id()).row.seq == 1


def test_an_end_over_a_changed_record_changes_nothing(store: RunStore) -> None:
    store.bury(a_tombstone())
    stone = the_run(store, run_id())
    store.accept(a_run(), a_live(), over=stone.etag)
    live = the_live(store, run_id())

    with pytest.raises(StaleError):
        store.finish(a_full_run(), stone.etag, live.etag)

    assert the_run(store, run_id()).row == a_run()
    assert the_live(store, run_id()) == live


def test_a_run_ends_once(store: RunStore) -> None:
    live, run = accepted(store, run_id()), the_run(store, run_id())
    store.finish(a_run(), run.etag, live.etag)

    with pytest.raises(StaleError):
        store.finish(a_run(), the_run(store, run_id()).etag, live.etag)


# -- lives


def test_only_what_is_left_to_do_is_listed(store: RunStore) -> None:
    waiting, ended, buried = run_id(1), run_id(2), run_id(3)
    live = accepted(store, ended)
    store.finish(a_run(ended), the_run(store, ended).etag, live.etag)
    store.bury(a_tombstone(buried))
    store.count_try("m-1", 1, over=None, forget_at=LATER)
    accepted(store, waiting)

    found = lives(store)

    assert found == {waiting}


def test_what_is_left_to_do_is_listed_from_every_partition(store: RunStore) -> None:
    ids = {run_id(partition=partition) for partition in "0123456789abcdef"}
    for of in ids:
        accepted(store, of)

    found = lives(store)

    assert found == ids


def test_a_listed_row_can_be_written(store: RunStore) -> None:
    accepted(store, run_id())
    (found,) = store.lives()

    store.save(replace(found.row, state=State.ENDED), found.etag)

    assert the_live(store, run_id()).row.state is State.ENDED


# -- tombstones


def test_a_tombstone_is_read_as_it_was_written(store: RunStore) -> None:
    stone = replace(a_tombstone(), wish=replace(a_tombstone().wish, reason=TEXT))

    store.bury(stone)

    assert the_run(store, run_id()).row == stone


def test_a_run_is_buried_once(store: RunStore) -> None:
    store.bury(a_tombstone())

    with pytest.raises(ExistsError):
        store.bury(a_tombstone(expires=NOW))

    assert the_run(store, run_id()).row == a_tombstone()


def test_a_tombstone_does_not_go_over_a_record(store: RunStore) -> None:
    accepted(store, run_id())

    with pytest.raises(ExistsError):
        store.bury(a_tombstone())


def test_a_tombstone_is_renewed(store: RunStore) -> None:
    store.bury(a_tombstone(expires=NOW))

    store.bury(a_tombstone(), over=the_run(store, run_id()).etag)

    assert the_run(store, run_id()).row == a_tombstone()


def test_a_stale_tombstone_is_not_renewed(store: RunStore) -> None:
    store.bury(a_tombstone())
    read = the_run(store, run_id())
    store.accept(a_run(), a_live(), over=read.etag)

    with pytest.raises(StaleError):
        store.bury(a_tombstone(), over=read.etag)

    assert the_run(store, run_id()).row == a_run()


def test_a_record_takes_the_place_of_a_tombstone(store: RunStore) -> None:
    store.bury(a_tombstone())

    store.accept(a_run(), a_live(), over=the_run(store, run_id()).etag)

    assert the_run(store, run_id()).row == a_run()
    assert the_live(store, run_id()).row == a_live()


def test_a_record_does_not_take_the_place_of_an_unseen_tombstone(store: RunStore) -> None:
    store.bury(a_tombstone())

    with pytest.raises(ExistsError):
        store.accept(a_run(), a_live())

    assert the_run(store, run_id()).row == a_tombstone()
    assert store.live(run_id()) is None


def test_a_record_does_not_take_the_place_of_a_changed_tombstone(store: RunStore) -> None:
    store.bury(a_tombstone(expires=NOW))
    read = the_run(store, run_id())
    store.bury(a_tombstone(), over=read.etag)

    with pytest.raises(StaleError):
        store.accept(a_run(), a_live(), over=read.etag)

    assert the_run(store, run_id()).row == a_tombstone()
    assert store.live(run_id()) is None


# -- tries


def test_tries_are_counted(store: RunStore) -> None:
    store.count_try("m-1", 1, over=None, forget_at=LATER)
    first = store.tries("m-1")
    assert first is not None

    store.count_try("m-1", 2, over=first.etag, forget_at=LATER)

    second = store.tries("m-1")
    assert second is not None
    assert (first.row, second.row) == (1, 2)


def test_two_do_not_count_the_same_try(store: RunStore) -> None:
    store.count_try("m-1", 1, over=None, forget_at=LATER)

    with pytest.raises(ExistsError):
        store.count_try("m-1", 1, over=None, forget_at=LATER)


def test_a_stale_count_is_not_written(store: RunStore) -> None:
    store.count_try("m-1", 1, over=None, forget_at=LATER)
    first = store.tries("m-1")
    assert first is not None
    store.count_try("m-1", 2, over=first.etag, forget_at=LATER)

    with pytest.raises(StaleError):
        store.count_try("m-1", 2, over=first.etag, forget_at=LATER)


# -- forget


def test_a_record_is_forgotten_when_its_time_is_over(store: RunStore) -> None:
    old, new, kept = run_id(1), run_id(2), run_id(3)
    store.bury(a_tombstone(old, expires=NOW - SECOND))
    store.bury(a_tombstone(new, expires=NOW + SECOND))
    for of, forget_at in ((kept, None), (run_id(4), NOW - SECOND), (run_id(5), NOW + SECOND)):
        live = accepted(store, of)
        store.finish(a_run(of, forget_at=forget_at), the_run(store, of).etag, live.etag)

    count = store.forget(NOW)

    there = [store.run(run_id(number)) is not None for number in range(1, 6)]
    assert there == [False, True, True, False, True]
    assert count == 2


def test_a_record_with_something_left_to_do_is_never_forgotten(store: RunStore) -> None:
    store.accept(a_run(forget_at=NOW - SECOND), a_live())

    count = store.forget(NOW)

    assert count == 0
    assert the_run(store, run_id()).row == a_run(forget_at=NOW - SECOND)
    assert lives(store) == {run_id()}


def test_tries_are_forgotten_when_their_time_is_over(store: RunStore) -> None:
    store.count_try("old", 5, over=None, forget_at=NOW - SECOND)
    store.count_try("new", 5, over=None, forget_at=NOW + SECOND)

    count = store.forget(NOW)

    assert count == 1
    assert store.tries("old") is None
    assert store.tries("new") is not None


def test_everything_is_forgotten_from_every_partition(store: RunStore) -> None:
    for partition in "0123456789abcdef":
        store.bury(a_tombstone(run_id(partition=partition), expires=NOW - SECOND))

    count = store.forget(NOW)

    assert count == 16
    assert store.forget(NOW) == 0


# -- ping


def test_it_answers(store: RunStore) -> None:
    store.ping()
