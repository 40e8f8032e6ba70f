"""What the store makes of a table that fails, and of rows that it cannot read."""

import gc
import logging
import socket
import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from azure.core.pipeline import PipelineRequest
from azure.core.rest import HttpRequest
from azure.data.tables import TableClient

from shared.errors import StaleError, UnavailableError
from shared.ports import Versioned
from shared.runs import Live
from shared.store import TableStore, client_options
from shared.store.entities import of_live
from tests.contract.table_service import table_service
from tests.local.azurite import connection_string
from tests.local.process import Service, module, start
from tests.rows import LATER, NOW, a_live, a_run, a_tombstone, run_id

VERSION = "W/\"datetime'2026-11-21T09%3A30%3A15.1234567Z'\""
KEY = "c2VjcmV0LWNhbmFyeQ=="
CUT_SHORT = b"""HTTP/1.1 202 Accepted\r
Content-Type: multipart/mixed; boundary=x\r
Content-Length: 500\r
\r
--x"""
PART_CUT_SHORT = b"""HTTP/1.1 202 Accepted\r
Content-Type: multipart/mixed; boundary=x\r
Content-Length: 43\r
\r
--x\r
Content-Type: application/http\r
\r
HTTP"""
NO_PARTS = b"""HTTP/1.1 202 Accepted\r
Content-Type: multipart/mixed\r
Content-Length: 2\r
\r
{}"""
FOREIGN = b"""HTTP/1.1 404 Not Found\r
Content-Type: text/html\r
Content-Length: 6\r
\r
<html>"""
CALLS: dict[str, Callable[[TableStore, Versioned[Live]], object]] = {
    "get": lambda store, found: store.live(found.row.run_id),
    "list": lambda store, found: list(store.lives()),
    "update": lambda store, found: store.save(found.row, found.etag),
    "transaction": lambda store, found: store.save_all([(found.row, found.etag)]),
}
each_call = pytest.mark.parametrize("call", CALLS)
# The SDK leaves a connection open when it cannot make sense of the answer to a transaction.
leaves_a_connection = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")


@pytest.fixture(scope="module")
def tables() -> Iterator[Service]:
    with table_service() as service:
        yield service


@pytest.fixture(scope="module")
def proxy(tables: Service) -> Iterator[Service]:
    service = start("tables", module("tables", "--upstream", tables.info["url"]))
    yield service
    service.stop()


@pytest.fixture
def table(tables: Service, proxy: Service) -> Iterator[TableClient]:
    connection = tables.info["connection"].replace(tables.info["url"], proxy.info["url"])
    with client(connection, retry_total=0) as table:
        table.create_table()
        yield table
    httpx.delete(f"{proxy.info['control']}/faults").raise_for_status()


@pytest.fixture
def store(table: TableClient) -> TableStore:
    return TableStore(table)


@pytest.fixture
def patient(tables: Service, proxy: Service, table: TableClient) -> Iterator[TableStore]:
    """The store with the client as the app has it, which repeats by itself."""
    connection = tables.info["connection"].replace(tables.info["url"], proxy.info["url"])
    with client(connection, table.table_name) as repeating:
        yield TableStore(repeating)


@pytest.fixture
def fail(proxy: Service) -> Callable[..., None]:
    def fail(operation: str, **fault: Any) -> None:
        spec = {"match": {"operation": operation}, "fault": fault}
        httpx.post(f"{proxy.info['control']}/faults", json=spec).raise_for_status()

    return fail


@pytest.fixture
def _collected() -> Iterator[None]:
    """What was left open is closed before the next test."""
    yield
    gc.collect()


@pytest.fixture
def found(store: TableStore) -> Versioned[Live]:
    store.accept(a_run(), a_live())
    return the_live(store)


def client(connection: str, name: str | None = None, **changes: Any) -> TableClient:
    options = {**client_options(threads=2), **changes}
    return TableClient.from_connection_string(connection, name or f"t{uuid.uuid4().hex}", **options)


def the_live(store: TableStore) -> Versioned[Live]:
    found = store.live(run_id())
    assert found is not None
    return found


@pytest.fixture
def answering() -> Iterator[Callable[[bytes], TableStore]]:
    """A store whose service answers everything with the same bytes and hangs up."""
    listener = socket.create_server(("127.0.0.1", 0))
    clients = []

    def store(answer: bytes) -> TableStore:
        threading.Thread(target=_answer, args=(listener, answer), daemon=True).start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        clients.append(client(connection_string(url, KEY), retry_total=0))
        return TableStore(clients[-1])

    yield store
    for each in clients:
        each.close()
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()


def _answer(listener: socket.socket, answer: bytes) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with connection:
            connection.recv(1 << 20)
            connection.sendall(answer)


# -- a service that fails


@each_call
@pytest.mark.parametrize("answer", ["503 ServerBusy", "500 InternalError"])
def test_a_failing_service_is_unavailable(
    store: TableStore, found: Versioned[Live], fail: Callable[..., None], call: str, answer: str
) -> None:
    status, code = answer.split()
    fail(call, kind="status", status=int(status))

    with pytest.raises(UnavailableError, match=rf"^[A-Z]+ live:.*: {answer}$") as failure:
        CALLS[call](store, found)

    assert failure.value.code == code
    assert not failure.value.clear


@each_call
def test_a_service_that_refuses_us_is_unavailable_and_says_which_role_is_missing(
    store: TableStore, found: Versioned[Live], fail: Callable[..., None], call: str
) -> None:
    fail(call, kind="status", status=403)

    with pytest.raises(UnavailableError) as failure:
        CALLS[call](store, found)

    hint = "The app's identity needs the role Storage Table Data Contributor."
    assert failure.value.hint == hint


@each_call
def test_a_lost_reply_is_unavailable(
    store: TableStore, found: Versioned[Live], fail: Callable[..., None], call: str
) -> None:
    fail(call, kind="reset", when="after")

    with pytest.raises(UnavailableError, match="ServiceResponseError"):
        CALLS[call](store, found)


@leaves_a_connection
@pytest.mark.usefixtures("_collected")
@pytest.mark.parametrize("call", ["get", "list", "transaction"])
@pytest.mark.parametrize("kind", ["malformed", "wrong_type"])
def test_an_answer_that_makes_no_sense_is_unavailable(
    store: TableStore, found: Versioned[Live], fail: Callable[..., None], call: str, kind: str
) -> None:
    fail(call, kind=kind)

    with pytest.raises(UnavailableError):
        CALLS[call](store, found)


def test_a_write_with_its_reply_lost_may_have_had_its_effect(
    store: TableStore, fail: Callable[..., None]
) -> None:
    fail("transaction", kind="reset", when="after")

    with pytest.raises(UnavailableError):
        store.accept(a_run(), a_live())

    assert the_live(store).row == a_live()


def test_a_write_that_the_client_repeats_may_look_stale(
    patient: TableStore, found: Versioned[Live], fail: Callable[..., None]
) -> None:
    fail("update", kind="reset", when="after")

    with pytest.raises(StaleError):
        patient.save(a_live(seq=1), found.etag)

    assert the_live(patient).row.seq == 1


@each_call
def test_a_short_failure_is_not_noticed(
    patient: TableStore, found: Versioned[Live], fail: Callable[..., None], call: str
) -> None:
    fail(call, kind="status", status=503, headers={"Retry-After": "3600"})

    CALLS[call](patient, found)


@leaves_a_connection
@pytest.mark.usefixtures("_collected")
@each_call
@pytest.mark.parametrize("answer", [CUT_SHORT, PART_CUT_SHORT, NO_PARTS], ids=["1", "2", "3"])
def test_an_answer_that_is_cut_short_is_unavailable(
    answering: Callable[[bytes], TableStore], call: str, answer: bytes
) -> None:
    store = answering(answer)

    with pytest.raises(UnavailableError):
        CALLS[call](store, Versioned(a_live(), VERSION))


@each_call
def test_a_404_of_another_server_does_not_mean_that_a_row_is_gone(
    answering: Callable[[bytes], TableStore], call: str
) -> None:
    store = answering(FOREIGN)

    with pytest.raises(UnavailableError, match="404"):
        CALLS[call](store, Versioned(a_live(), VERSION))


@each_call
def test_no_server_is_unavailable_and_the_text_tells_no_secret(call: str) -> None:
    nowhere, row = connection_string("http://127.0.0.1:9", KEY), a_live(native_status="canary")

    with client(nowhere, retry_total=0) as table, pytest.raises(UnavailableError) as failure:
        CALLS[call](TableStore(table), Versioned(row, VERSION))

    assert str(failure.value).endswith(": ServiceRequestError")
    assert KEY not in str(failure.value)
    assert "canary" not in str(failure.value)


# -- a table that is not there


@each_call
def test_a_missing_table_is_told_from_a_missing_row(tables: Service, call: str) -> None:
    with client(tables.info["connection"]) as table, pytest.raises(UnavailableError) as failure:
        CALLS[call](TableStore(table), Versioned(a_live(), VERSION))

    assert str(failure.value).endswith("404 TableNotFound")
    assert failure.value.hint is not None
    assert "TABLE_NAME" in failure.value.hint


def test_a_missing_table_does_not_answer(tables: Service) -> None:
    with client(tables.info["connection"]) as table, pytest.raises(UnavailableError):
        TableStore(table).ping()


# -- what happens meanwhile


def test_every_thread_has_its_connection(
    tables: Service, table: TableClient, caplog: pytest.LogCaptureFixture
) -> None:
    options = client_options(threads=16)

    with (
        client(tables.info["connection"], table.table_name, **options) as shared,
        ThreadPoolExecutor(16) as threads,
        caplog.at_level(logging.WARNING),
    ):
        list(threads.map(TableStore(shared).live, [run_id()] * 160))

    assert caplog.text == ""


def test_a_record_that_is_written_while_others_are_forgotten_stays(
    tables: Service, store: TableStore, table: TableClient
) -> None:
    store.bury(a_tombstone(expires=NOW))
    old = store.run(run_id())
    assert old is not None

    def accept(request: PipelineRequest[HttpRequest]) -> None:
        if request.http_request.url.endswith("/$batch"):
            store.accept(a_run(), a_live(), over=old.etag)

    options = {"raw_request_hook": accept}
    with client(tables.info["connection"], table.table_name, **options) as slow:
        count = TableStore(slow).forget(LATER)

    assert count == 0
    assert the_live(store).row == a_live()


# -- rows that others wrote


def test_a_row_that_cannot_be_read_hides_no_other(
    store: TableStore, table: TableClient, caplog: pytest.LogCaptureFixture
) -> None:
    store.accept(a_run(run_id(1)), a_live(run_id(1)))
    table.create_entity({**of_live(a_live(run_id(2))), "body0": b"damaged"})

    with caplog.at_level(logging.ERROR):
        lives = [found.row.run_id for found in store.lives()]

    assert lives == [run_id(1)]
    assert f"live:{run_id(2)} cannot be read" in caplog.text


def test_a_row_that_cannot_be_read_is_not_taken_for_missing(
    store: TableStore, table: TableClient
) -> None:
    table.create_entity({**of_live(a_live()), "body0": b"damaged"})

    with pytest.raises(UnavailableError, match="cannot be read"):
        store.live(run_id())


def test_a_row_of_another_kind_is_not_listed(
    store: TableStore, table: TableClient, caplog: pytest.LogCaptureFixture
) -> None:
    store.accept(a_run(), a_live())
    for key in ("live", "live9", "live;", "live~", "lives:"):
        table.create_entity({"PartitionKey": "a", "RowKey": key})

    with caplog.at_level(logging.ERROR):
        lives = [found.row.run_id for found in store.lives()]

    assert lives == [run_id()]
    assert caplog.text == ""


def test_a_column_that_somebody_added_by_hand_harms_nothing(
    store: TableStore, table: TableClient
) -> None:
    table.create_entity({**of_live(a_live()), "note": "look at this", "seen": NOW})

    assert the_live(store).row == a_live()
