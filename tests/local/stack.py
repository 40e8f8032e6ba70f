"""The services of the twin, each started as soon as what it needs is there."""

import asyncio
import secrets
from collections.abc import Mapping
from pathlib import Path

from azure.data.tables import TableServiceClient

from tests.local import process
from tests.local.bearer import KEY_VARIABLE
from tests.local.process import Service

TOPOLOGY = process.ROOT / "tests/local/topology.json"
TABLE = "runs"


class Stack:
    """Services by name: token, workspace, foundry, azurite, tables and bus."""

    def __init__(self, *, pace: float, topology: Path = TOPOLOGY) -> None:
        """Start nothing yet; `pace` is how long a job stays in one status, in seconds."""
        self.services: dict[str, Service] = {}
        self._pace = pace
        self._topology = topology
        # The services of one twin trust each other's tokens, and nobody else's.
        self._trust = {KEY_VARIABLE: secrets.token_hex(32)}

    async def start(self) -> None:
        """Start all; when one does not start, the others have started nevertheless."""
        started = await asyncio.gather(
            self._start("token", env=self._trust),
            self._start("workspace", "--pace", str(self._pace), env=self._trust),
            self._start("foundry", "--pace", str(self._pace), env=self._trust),
            self._start("bus", "--topology", str(self._topology)),
            self._start_tables(),
            return_exceptions=True,
        )
        for failure in started:
            if failure is not None:
                raise failure

    async def stop(self) -> None:
        """Stop all."""
        services = self.services.values()
        await asyncio.gather(*(asyncio.to_thread(service.stop) for service in services))

    @property
    def tables(self) -> str:
        """The connection string of the tables, by way of the faults."""
        azurite, proxy = self.services["azurite"].info, self.services["tables"].info
        return str(azurite["connection"]).replace(str(azurite["url"]), str(proxy["url"]))

    @property
    def controls(self) -> dict[str, str]:
        """Where the services that have control routes have them."""
        infos = {name: service.info for name, service in self.services.items()}
        return {name: info["control"] for name, info in infos.items() if "control" in info}

    async def _start(self, name: str, *options: str, env: Mapping[str, str] | None = None) -> None:
        command = process.module(name, *options)
        self.services[name] = await asyncio.to_thread(process.start, name, command, env=env)

    async def _start_tables(self) -> None:
        await self._start("azurite")
        azurite = self.services["azurite"].info
        table = asyncio.to_thread(_create_table, str(azurite["connection"]))
        await asyncio.gather(self._start("tables", "--upstream", str(azurite["url"])), table)


def _create_table(connection: str) -> None:
    with TableServiceClient.from_connection_string(connection) as client:
        client.create_table_if_not_exists(TABLE)
