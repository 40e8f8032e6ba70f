"""Starts the twin, says in one line of JSON where everything is, and stays until it is stopped.

python -m tests.local up [--without-app] [--port PORT] [--pace SECONDS] [--set NAME=VALUE]…
python -m tests.local up --app-only --endpoints FILE
"""

import argparse
import asyncio
import json
import os
import signal
import tempfile
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from tests.local import process
from tests.local.app import App
from tests.local.control import Control
from tests.local.endpoints import endpoints
from tests.local.stack import TOPOLOGY, Stack
from tests.local.web import serving

# What a developer has for the real Azure, or for the way there, must not reach the app in the twin.
FOREIGN = (
    "azure_",
    "identity_",
    "msi_",
    "servicebus",
    "tables",
    "http_proxy",
    "https_proxy",
    "all_proxy",
)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Describe the command line."""
    parser.add_argument("--without-app", action="store_true", help="everything but the app")
    parser.add_argument(
        "--app-only", action="store_true", help="the app, against what --endpoints says"
    )
    parser.add_argument("--endpoints", type=Path, help="a file with the line of another `up`")
    parser.add_argument("--port", type=int, default=0, help="the port of the app; any if absent")
    parser.add_argument("--pace", type=float, default=0.3, help="seconds a job stays in a status")
    parser.add_argument("--set", action="append", default=[], type=_setting, metavar="NAME=VALUE")
    parser.add_argument("--topology", type=Path, default=TOPOLOGY, help="what the bus has")
    parser.add_argument("--with-parent", action="store_true", help="end when standard input closes")


async def up(options: argparse.Namespace) -> None:
    """Start, announce, stay, and leave nothing behind."""
    for name in [name for name in os.environ if name.lower().startswith(FOREIGN)]:
        del os.environ[name]
    stopped = _stop_signal(with_parent=options.with_parent)
    async with AsyncExitStack() as ending:
        state = Path(ending.enter_context(tempfile.TemporaryDirectory(prefix="twin-")))
        info = await (_app_only if options.app_only else _twin)(options, state, ending)
        if not stopped.is_set():
            process.announce(**info)
        await stopped.wait()


async def _twin(options: argparse.Namespace, state: Path, ending: AsyncExitStack) -> dict[str, Any]:
    """Start the services, and the app unless it is not wanted."""
    stack = Stack(pace=options.pace, topology=options.topology)
    ending.push_async_callback(stack.stop)
    await stack.start()
    info = endpoints(stack)
    info["settings"] |= dict(options.set)
    pids = {name: service.pid for name, service in stack.services.items()}
    app = None if options.without_app else App(info["settings"], port=options.port, state=state)
    if app:
        info, pids = await _with_app(info, app, ending), {**pids, "host": app.pid}
    control = Control(stack.controls, app).web_app()
    url = await ending.enter_async_context(serving(control))
    return {**info, "control": url, "pids": {"up": os.getpid(), **pids}}


async def _app_only(
    options: argparse.Namespace, state: Path, ending: AsyncExitStack
) -> dict[str, Any]:
    """Start the app against services that another `up` has started."""
    info = json.loads(options.endpoints.read_text())
    app = App({**info["settings"], **dict(options.set)}, port=options.port, state=state)
    info = await _with_app(info, app, ending)
    return {**info, "pids": {"up": os.getpid(), "host": app.pid}}


async def _with_app(info: Mapping[str, Any], app: App, ending: AsyncExitStack) -> dict[str, Any]:
    ending.push_async_callback(asyncio.to_thread, app.stop)
    await asyncio.to_thread(app.start)
    return {**info, **app.facts}


def _stop_signal(*, with_parent: bool) -> asyncio.Event:
    """Make what a signal sets.

    Standard input is looked at only if it was asked for: a shell that runs this in the background
    stops whoever reads the terminal.
    """
    loop, stopped = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    if with_parent:
        process.on_parent_gone(lambda: loop.call_soon_threadsafe(stopped.set))
    return stopped


def _setting(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals):
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE")
    return name, value
