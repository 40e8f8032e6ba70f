"""Table Storage of the twin: Microsoft's Azurite, which keeps its tables in memory.

    python -m tests.local.azurite

It has one account, with a key that is new at each start: the table decides which commands the app
submits, so other users of the machine must not write to it.
"""

import asyncio
import base64
import os
import secrets
import socket
from asyncio.subprocess import PIPE, Process

from tests.local import node, process

SCRIPT = process.ROOT / "node_modules/azurite/dist/src/table/main.js"
OPTIONS = ("--tableHost", "127.0.0.1", "--silent", "--disableTelemetry", "--inMemoryPersistence")
ACCOUNT = "jobrelay"
READY = b"successfully started"
# Azurite does not tell which port the system gave it, and one found here may be taken by then.
PORTS_TRIED = 5
# Runs inside Azurite: however this process dies, its end of the pipe closes, and Azurite goes, too.
END_WITH_PARENT = 'data:text/javascript,process.stdin.on("end", () => process.exit()).resume()'


def command() -> list[str]:
    """The command that runs Azurite, but for its port; node.MissingError if that cannot be."""
    if not SCRIPT.exists():
        raise node.MissingError("node_modules/azurite is not there; npm ci brings it")
    return [node.executable(), "--import", END_WITH_PARENT, str(SCRIPT), *OPTIONS]


def connection_string(url: str, key: str) -> str:
    """What a client needs to reach the account."""
    protocol = "DefaultEndpointsProtocol=http"
    return f"{protocol};AccountName={ACCOUNT};AccountKey={key};TableEndpoint={url}/{ACCOUNT};"


async def _started(key: str) -> tuple[Process, str]:
    """A running Azurite and its URL."""
    environment = {**os.environ, "AZURITE_ACCOUNTS": f"{ACCOUNT}:{key}"}
    for _ in range(PORTS_TRIED):
        port = _free_port()
        azurite = await asyncio.create_subprocess_exec(
            *command(), "--tablePort", str(port), stdin=PIPE, stdout=PIPE, env=environment
        )
        if await _is_ready(azurite):
            return azurite, f"http://127.0.0.1:{port}"
    raise SystemExit(f"Azurite did not start on any of {PORTS_TRIED} ports")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


async def _is_ready(azurite: Process) -> bool:
    """Wait until it serves, or has ended."""
    assert azurite.stdout is not None
    async for line in azurite.stdout:
        if READY in line:
            return True
    await azurite.wait()
    return False


async def _ended(azurite: Process) -> int:
    """Read what it prints until it ends; its exit code."""
    assert azurite.stdout is not None
    async for _ in azurite.stdout:
        pass
    return await azurite.wait()


async def main() -> None:
    """Serve until told to stop."""
    key = base64.b64encode(secrets.token_bytes(64)).decode()
    azurite, url = await _started(key)
    process.announce(connection=connection_string(url, key), url=url)
    stopped = asyncio.create_task(process.until_stopped())
    ended = asyncio.create_task(_ended(azurite))
    await asyncio.wait({stopped, ended}, return_when=asyncio.FIRST_COMPLETED)
    if ended.done():
        raise SystemExit(f"Azurite ended with {ended.result()}")
    assert azurite.stdin is not None
    azurite.stdin.close()
    await ended


if __name__ == "__main__":
    asyncio.run(main())
