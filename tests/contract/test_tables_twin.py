"""The table proxy of the twin hands everything on to Azurite as it is, and fails on demand."""

import gzip
import json
import os
import socket
import subprocess
import threading
import time
import uuid
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import httpx
import pytest
from azure.core import MatchConditions
from azure.core.exceptions import (
    HttpResponseError,
    ResourceExistsError,
    ResourceModifiedError,
    ServiceRequestError,
    ServiceResponseError,
)
from azure.data.tables import TableClient, UpdateMode

from tests.local.process import ROOT, Service, module, start

AZURITE = ROOT / "node_modules" / ".bin" / "azurite-table"
ACCOUNT = "devstoreaccount1"
# The one well-known key of every emulator: https://learn.microsoft.com/azure/storage/common/storage-use-azurite
ACCOUNT_KEY = (
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
)
NO_RETRIES = {"retry_total": 0}


@pytest.fixture(scope="module")
def azurite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if not AZURITE.exists():
        if os.environ.get("CI"):
            pytest.fail("azurite is not installed")
        pytest.skip("azurite is not installed: npm ci")
    port = free_port()
    command = [
        str(AZURITE),
        "--tablePort",
        str(port),
        "--silent",
        "--disableTelemetry",
        "--inMemoryPersistence",
    ]
    with subprocess.Popen(command, cwd=tmp_path_factory.mktemp("azurite")) as process:
        until_open(port)
        yield f"http://127.0.0.1:{port}"
        process.terminate()


@pytest.fixture(scope="module")
def proxy(azurite: str) -> Iterator[Service]:
    service = start("tables", module("tables", "--upstream", azurite))
    yield service
    service.stop()


@pytest.fixture
def table(proxy: Service) -> Iterator[TableClient]:
    text = (
        f"DefaultEndpointsProtocol=http;AccountName={ACCOUNT};AccountKey={ACCOUNT_KEY};"
        f"TableEndpoint={proxy.info['url']}/{ACCOUNT};"
    )
    name = f"t{uuid.uuid4().hex}"
    with TableClient.from_connection_string(text, name, **NO_RETRIES) as client:
        client.create_table()
        yield client
        httpx.delete(f"{proxy.info['control']}/faults")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def until_open(port: int) -> None:
    deadline = time.monotonic() + 30
    while not is_open(port):
        assert time.monotonic() < deadline, "azurite does not listen"
        time.sleep(0.05)


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def fault(proxy: Service, operation: str, name: str | None = None, **kind: Any) -> None:
    match = {"operation": operation, **({"name": name} if name else {})}
    httpx.post(
        f"{proxy.info['control']}/faults", json={"match": match, "fault": kind}
    ).raise_for_status()


def a_row(key: str = "run:jr-1", **columns: Any) -> dict[str, Any]:
    return {"PartitionKey": "a", "RowKey": key, **columns}


ODD = 'it\'s ü 100% & += "x"'


def test_a_row_comes_back_as_it_went_in(table: TableClient) -> None:
    row = a_row(ODD, text="é\n<&>", number=7, flag=True, empty="")

    table.create_entity(row)

    assert dict(table.get_entity("a", ODD)) == row


def test_a_query_goes_through_with_its_filter_and_its_pages(table: TableClient) -> None:
    for number in range(5):
        table.create_entity(a_row(f"row {number}", colour="red & blue" if number else "green"))

    pages = table.query_entities(
        "colour eq @colour", parameters={"colour": "red & blue"}, results_per_page=2
    ).by_page()

    assert [[row["RowKey"] for row in page] for page in pages] == [
        ["row 1", "row 2"],
        ["row 3", "row 4"],
    ]


@pytest.mark.parametrize("mode", [UpdateMode.MERGE, UpdateMode.REPLACE])
def test_an_update_holds_to_its_etag(table: TableClient, mode: UpdateMode) -> None:
    table.create_entity(a_row(number=1))
    etag = table.get_entity("a", "run:jr-1").metadata["etag"]
    same: Any = {"etag": etag, "match_condition": MatchConditions.IfNotModified, "mode": mode}

    table.update_entity(a_row(number=2), **same)

    with pytest.raises(ResourceModifiedError):
        table.update_entity(a_row(number=3), **same)
    assert table.get_entity("a", "run:jr-1")["number"] == 2


def test_a_transaction_goes_through_whole(table: TableClient) -> None:
    table.submit_transaction([("create", a_row("run:1")), ("create", a_row("live:1"))])

    assert {row["RowKey"] for row in table.list_entities()} == {"run:1", "live:1"}


def test_a_delete_goes_through(table: TableClient) -> None:
    table.create_entity(a_row())

    table.delete_entity("a", "run:jr-1")

    assert list(table.list_entities()) == []


def do(table: TableClient, operation: str) -> None:
    """Do one operation of each kind, on the row `run:jr-1`."""
    match operation:
        case "create":
            table.create_entity(a_row())
        case "get":
            table.get_entity("a", "run:jr-1")
        case "list":
            list(table.list_entities())
        case "update":
            table.upsert_entity(a_row())
        case "delete":
            table.delete_entity("a", "run:jr-1")
        case "transaction":
            table.submit_transaction([("upsert", a_row())])
        case "table":
            table.delete_table()


@pytest.mark.parametrize(
    "operation", ["create", "get", "list", "update", "delete", "transaction", "table"]
)
def test_every_operation_can_be_refused(table: TableClient, proxy: Service, operation: str) -> None:
    fault(proxy, operation, kind="status", status=503, headers={"Retry-After": "1"})

    with pytest.raises(HttpResponseError) as refused:
        do(table, operation)

    assert refused.value.status_code == 503


@pytest.mark.parametrize("operation", ["create", "get", "update", "delete"])
def test_a_fault_for_a_row_leaves_the_others_alone(
    table: TableClient, proxy: Service, operation: str
) -> None:
    fault(proxy, operation, "run:another", kind="status", status=503)
    if operation != "create":
        table.create_entity(a_row())

    do(table, operation)


@pytest.mark.parametrize("operation", ["create", "get", "update", "delete"])
def test_a_fault_finds_its_row(table: TableClient, proxy: Service, operation: str) -> None:
    fault(proxy, operation, "run:jr-1", kind="status", status=503)

    with pytest.raises(HttpResponseError):
        do(table, operation)


def test_a_fault_finds_a_row_with_a_quote_in_its_name(table: TableClient, proxy: Service) -> None:
    fault(proxy, "get", "it's", kind="status", status=503)

    with pytest.raises(HttpResponseError):
        table.get_entity("a", "it's")


def test_a_reset_before_the_effect_leaves_no_row(table: TableClient, proxy: Service) -> None:
    fault(proxy, "create", kind="reset", when="before")

    with pytest.raises((ServiceRequestError, ServiceResponseError)):
        table.create_entity(a_row())

    table.create_entity(a_row())


def test_a_reset_after_the_effect_leaves_the_row(table: TableClient, proxy: Service) -> None:
    fault(proxy, "create", kind="reset", when="after")

    with pytest.raises((ServiceRequestError, ServiceResponseError)):
        table.create_entity(a_row())

    with pytest.raises(ResourceExistsError):
        table.create_entity(a_row())


def test_latency_lets_a_client_run_out_of_patience(table: TableClient, proxy: Service) -> None:
    fault(proxy, "get", kind="latency", seconds=2)

    with pytest.raises((ServiceRequestError, ServiceResponseError)):
        table.get_entity("a", "run:jr-1", read_timeout=0.2)


class Mirror(BaseHTTPRequestHandler):
    """An upstream that answers with what it was sent, compressed."""

    def do_MERGE(self) -> None:
        body = gzip.compress(
            json.dumps([self.path, self.headers["X-Odd"], self.headers["Host"]]).encode()
        )
        self.send_response(418)
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def mirror() -> Iterator[Service]:
    with HTTPServer(("127.0.0.1", 0), Mirror) as upstream:
        threading.Thread(target=upstream.serve_forever).start()
        url = f"http://127.0.0.1:{upstream.server_address[1]}"
        service = start("tables", module("tables", "--upstream", url))
        yield service
        service.stop()
        upstream.shutdown()


def test_path_query_headers_and_body_go_through_as_they_are(mirror: Service) -> None:
    target = "/account/T(PartitionKey='a%27%27b',RowKey='%2Fx%20y')?$filter=a%20eq%20'%26'&b=+"
    url = httpx.URL(mirror.info["url"])

    answer = httpx.request("MERGE", f"{url}{target}", headers={"X-Odd": "; =,"})

    assert answer.status_code == 418
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.json() == [target, "; =,", url.netloc.decode()]


@pytest.fixture
def lonely_proxy() -> Iterator[Service]:
    service = start("tables", module("tables", "--upstream", f"http://127.0.0.1:{free_port()}"))
    yield service
    service.stop()


def test_azurite_being_away_is_an_error_of_the_proxy(lonely_proxy: Service) -> None:
    answer = httpx.get(f"{lonely_proxy.info['url']}/{ACCOUNT}/Tables")

    assert answer.status_code == 502
