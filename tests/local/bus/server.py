"""The bus as a process: it listens, announces itself, and ends when it is told to."""

import asyncio
from collections.abc import Collection

from tests.local import process
from tests.local.bus import control
from tests.local.bus.broker import Broker
from tests.local.bus.building import build
from tests.local.bus.bus import Bus
from tests.local.bus.topology import Topology
from tests.local.bus.wire.connection import Connection
from tests.local.faults import Faults
from tests.local.web import CONTROL, serving

HOST = "127.0.0.1"


async def run(topology: Topology, port: int) -> None:
    """Serve a namespace until this process is told to end."""
    broker, connections = Broker(), set[Connection]()
    build(broker, topology)
    bus = Bus(broker, Faults())

    def end_links(gone: Collection[str]) -> None:
        for connection in list(connections):
            connection.end_links(gone)

    listener = await asyncio.get_running_loop().create_server(
        lambda: Connection(bus, connections), HOST, port
    )
    async with serving(control.application(bus, end_links=end_links)) as base:
        stopped = asyncio.create_task(process.until_stopped())
        await asyncio.sleep(0)  # who hears the announcement may end this at once: be ready for it
        bound = listener.sockets[0].getsockname()[1]
        process.announce(
            port=bound, connection=connection_string(bound), control=f"{base}{CONTROL}"
        )
        await stopped
    listener.close()
    for connection in list(connections):
        connection.end()


def connection_string(port: int) -> str:
    """Say how clients find the bus. The key is a word like any other: no token is ever checked."""
    key = "SharedAccessKeyName=twin;SharedAccessKey=twin"
    return f"Endpoint=sb://{HOST}:{port};{key};UseDevelopmentEmulator=true;"
