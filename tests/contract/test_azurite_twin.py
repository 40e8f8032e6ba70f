"""Azurite of the twin: it keeps others out, and goes with whoever started it."""

from collections.abc import Callable, Iterator

import psutil
import pytest
from azure.core.exceptions import HttpResponseError
from azure.data.tables import TableClient

from tests.contract.table_service import table_service
from tests.local.process import Service

# The one key that every emulator has unless told otherwise:
# https://learn.microsoft.com/azure/storage/common/storage-use-azurite
KNOWN_KEY = (
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
)


def leave(service: Service) -> None:
    """Go without a word, as a parent that dies."""
    assert service.process.stdin is not None
    service.process.stdin.close()


ENDS: dict[str, Callable[[Service], None]] = {
    "stopped": Service.stop,
    "killed": Service.kill,
    "left": leave,
}


@pytest.fixture
def azurite() -> Iterator[Service]:
    with table_service() as service:
        yield service


@pytest.mark.parametrize("end", ENDS)
def test_no_process_is_left(azurite: Service, end: str) -> None:
    processes = [psutil.Process(azurite.pid), *psutil.Process(azurite.pid).children()]

    ENDS[end](azurite)

    azurite.process.wait(10)
    _, alive = psutil.wait_procs(processes, timeout=10)
    assert len(processes) == 2
    assert alive == []


def test_it_does_not_outlive_its_server(azurite: Service) -> None:
    (node,) = psutil.Process(azurite.pid).children()

    node.kill()

    assert azurite.process.wait(10) == 1


# Of azure-data-tables 12.7, when an error is told in XML.
@pytest.mark.filterwarnings("ignore:Testing an element's truth value:DeprecationWarning")
@pytest.mark.parametrize("account", ["jobrelay", "devstoreaccount1"])
def test_the_key_that_everybody_knows_does_not_open_it(azurite: Service, account: str) -> None:
    connection = (
        f"DefaultEndpointsProtocol=http;AccountName={account};AccountKey={KNOWN_KEY};"
        f"TableEndpoint={azurite.info['url']}/{account};"
    )

    client = TableClient.from_connection_string(connection, "runs", retry_total=0)

    with client, pytest.raises(HttpResponseError) as refusal:
        client.create_table()

    assert refusal.value.status_code in {403, 404}


def test_it_serves_its_own_account(azurite: Service) -> None:
    with TableClient.from_connection_string(azurite.info["connection"], "runs") as client:
        client.create_table()

        assert list(client.list_entities()) == []
