"""Runs one command as a compute would: in a shell, in its folder, with a small environment."""

import asyncio
import os
import signal
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tests.local.workspace import guard

GRACE = 1.0  # seconds between SIGTERM and SIGKILL
DRAINED_WITHIN = 1.0  # seconds
TAIL = 2000  # bytes of the error output that are kept


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit code, and the last of what it said on its error output."""

    code: int
    complaint: str


@dataclass(frozen=True)
class Command:
    """A command, where it runs, and where its output goes."""

    text: str
    folder: Path
    log: Path
    environment: Mapping[str, str]


async def run(command: Command, watcher: guard.Guard) -> Ended:
    """Run it to its end; when cancelled, end all its processes first."""
    with command.log.open("ab") as log:
        async with _errors_into(log) as (errors, kept):
            process = await _started(command, log, errors)
            watcher.watch(process.pid)
            try:
                code = await process.wait()
            finally:
                await _end(process)
                watcher.forget(process.pid)
        return Ended(code, bytes(kept).decode(errors="replace").strip())


async def _started(command: Command, log: IO[bytes], errors: int) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        "bash",
        "-c",
        command.text,
        cwd=command.folder,
        env=dict(command.environment),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=log,
        stderr=errors,
        start_new_session=True,
    )


@asynccontextmanager
async def _errors_into(log: IO[bytes]) -> AsyncIterator[tuple[int, deque[int]]]:
    """Open a pipe for error output, which is copied to the log and whose end is kept.

    asyncio's own would tie the end of a command to the end of all who inherited its output.
    """
    read_end, write_end = os.pipe()
    source = asyncio.StreamReader()
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(source), os.fdopen(read_end, "rb")
    )
    kept: deque[int] = deque(maxlen=TAIL)
    copying = asyncio.create_task(_copy(source, log, kept))
    try:
        yield write_end, kept
    finally:
        os.close(write_end)
        await asyncio.wait({copying}, timeout=DRAINED_WITHIN)
        copying.cancel()
        transport.close()


async def _copy(source: asyncio.StreamReader, log: IO[bytes], kept: deque[int]) -> None:
    while chunk := await source.read(4096):
        log.write(chunk)
        log.flush()
        kept.extend(chunk)


async def _end(process: asyncio.subprocess.Process) -> None:
    """End what is left of the command: gently if it still runs itself, then for good."""
    if process.returncode is None:
        guard.end(process.pid, signal.SIGTERM)
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), GRACE)
    guard.end(process.pid)
    await process.wait()
