"""Serves the workspace: TWIN_KEY=… python -m tests.local.workspace [options]."""

import argparse
import asyncio
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.local import bearer, process
from tests.local.web import CONTROL, server_tls, serving
from tests.local.workspace import versions
from tests.local.workspace.app import build
from tests.local.workspace.assets import Assets
from tests.local.workspace.datastores import Datastores
from tests.local.workspace.guard import Guard
from tests.local.workspace.ids import Scope
from tests.local.workspace.runner import Runner
from tests.local.workspace.site import Site
from tests.local.workspace.templates import add_templates
from tests.local.workspace.tracking import Tracking
from tests.local.workspace.workspace import Workspace


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.local.workspace", description=__doc__)
    parser.add_argument(
        "--strict", action="store_true", help=f"take api-version {versions.OURS} alone"
    )
    parser.add_argument("--tls", nargs=2, type=Path, metavar=("CERT", "KEY"), help="speak TLS")
    parser.add_argument(
        "--root",
        type=Path,
        help="keep the files of jobs here, not in a folder that goes at the end",
    )
    parser.add_argument(
        "--pace", type=float, default=0.3, help="seconds that a job stays in one status"
    )
    parser.add_argument("--page-size", type=int, default=100, help="jobs on a page of a list")
    # Between 10 and 600 seconds, says the contract.
    parser.add_argument(
        "--retry-after", type=int, default=10, help="seconds to wait before looking at an operation"
    )
    return parser.parse_args()


async def main() -> None:
    """Serve until told to stop."""
    options = _options()
    key, taken = bearer.shared_key(), versions.known(strict=options.strict)
    tls = server_tls(*options.tls) if options.tls else None
    with _root(options) as root:
        workspace = _workspace(options, Path(root), key)
        add_templates(workspace)
        try:
            async with serving(build(workspace, key=key, versions=taken), tls=tls) as url:
                workspace.site.tracking.url = url
                address = f"{url}{workspace.site.scope.id}"
                process.announce(url=url, workspace=address, control=f"{url}{CONTROL}")
                await process.until_stopped()
        finally:
            await workspace.stop()


def _root(options: argparse.Namespace) -> AbstractContextManager[str | Path]:
    """Give the folder for files: the one asked for, or one that goes at the end."""
    if options.root:
        return nullcontext(options.root)
    return TemporaryDirectory(prefix="twin-workspace-")


def _workspace(options: argparse.Namespace, root: Path, key: str) -> Workspace:
    scope = Scope()
    assets = Assets(scope, Datastores(root / "datastores", scope))
    site = Site(root, scope, assets, Guard(), Tracking(key, f"/mlflow/v1.0{scope.id}"))
    return Workspace(site, Runner(site, options.pace), options.page_size, options.retry_after)


if __name__ == "__main__":
    asyncio.run(main())
