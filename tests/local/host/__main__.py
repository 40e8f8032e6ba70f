"""Runs an app.

python -m tests.local.host --app DIR [--port PORT] [--key KEY] [--state DIR]

The app settings are the environment. A call that runs longer than `functionTimeout` in host.json,
or that ends its worker, has this process start anew in its place, as Azure starts the worker
process anew: all other calls are cut off, and the messages of all go back to their queues.
"""

import argparse
import asyncio
import os
import secrets
from functools import partial
from pathlib import Path
from typing import NoReturn

from tests.local import process
from tests.local.host import logs
from tests.local.host.functions import LoadError
from tests.local.host.host import Host
from tests.local.host.schedule import ScheduleError
from tests.local.host.settings import SettingError

KEY_VARIABLE = "TWIN_FUNCTION_KEY"  # where other users of the machine do not see it


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.local.host", description=__doc__)
    parser.add_argument(
        "--app", type=Path, required=True, help="the folder of function_app.py and host.json"
    )
    parser.add_argument(
        "--port", type=int, default=0, help="the port of HTTP; a free one if absent"
    )
    key = os.environ.get(KEY_VARIABLE) or secrets.token_urlsafe(32)
    parser.add_argument(
        "--key", default=key, help=f"the key of all routes; {KEY_VARIABLE}, or random, if absent"
    )
    parser.add_argument(
        "--state", type=Path, help="a folder: hosts that share it run each timer once"
    )
    return parser.parse_args()


async def main() -> None:
    """Serve until told to stop."""
    options = _options()
    logs.configure()
    restart = partial(_restart, options)
    host = Host(options.app.resolve(), key=options.key, state=options.state, restart=restart)
    try:
        functions = await host.start(port=options.port, settings=os.environ)
    except (LoadError, SettingError, ScheduleError) as exc:
        raise SystemExit(f"the app does not load: {exc}") from exc
    process.announce(
        http=f"http://127.0.0.1:{host.port}",
        key=options.key,
        functions=[function.name for function in functions],
    )
    await process.until_stopped()
    await host.stop()
    # A thread of the app that still runs would keep the process.
    os._exit(0)


def _restart(options: argparse.Namespace, port: int) -> NoReturn:
    """Become a new host on the same port: same process, nothing else left of the old one."""
    state = ["--state", str(options.state)] if options.state else []
    command = process.module("host", "--app", str(options.app), "--port", str(port), *state)
    # The command is our own, and no shell is wanted.
    os.execve(command[0], command, {**os.environ, KEY_VARIABLE: options.key})  # noqa: S606


if __name__ == "__main__":
    asyncio.run(main())
