"""Serves the project: TWIN_KEY=… python -m tests.local.foundry [options]."""

import argparse
import asyncio
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.local import bearer, process
from tests.local.foundry.app import build
from tests.local.foundry.door import Contract
from tests.local.foundry.files import Files
from tests.local.foundry.ids import Place
from tests.local.foundry.model.schema import Surface
from tests.local.foundry.project import Project
from tests.local.foundry.runner import Runner
from tests.local.foundry.site import Site
from tests.local.foundry.templates import add_templates
from tests.local.web import CONTROL, server_tls, serving
from tests.local.workspace.guard import Guard


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.local.foundry", description=__doc__)
    add = parser.add_argument
    add("--tls", nargs=2, type=Path, metavar=("CERT", "KEY"), help="speak TLS")
    add("--root", type=Path, help="keep files here, not in a folder that goes at the end")
    add("--pace", type=float, default=0.3, help="seconds that a job stays in one status")
    add("--page-size", type=int, default=100, help="jobs on a page of `jobs`")
    add("--retry-after", type=int, default=10, help="seconds to wait before the next look")
    add("--training-jobs-version", default="v1", help="the api-version of `training_jobs`")
    add("--jobs-version", default="2026-01-15-preview", help="the api-version of `jobs`")
    # The literal is that of the other preview features of the project API; it is not published.
    add("--feature", default="TrainingJobs=V1Preview", help="what `training_jobs` asks for")
    return parser.parse_args()


async def main() -> None:
    """Serve until told to stop."""
    options, key = _options(), bearer.shared_key()
    tls = server_tls(*options.tls) if options.tls else None
    with _root(options) as root:
        project = _project(options, Path(root))
        add_templates(project)
        try:
            app = build(project, key=key, contracts=_contracts(options))
            async with serving(app, tls=tls) as url:
                address = f"{url}{project.site.place.path}"
                process.announce(url=url, foundry=address, control=f"{url}{CONTROL}")
                await process.until_stopped()
        finally:
            await project.stop()


def _root(options: argparse.Namespace) -> AbstractContextManager[str | Path]:
    """Give the folder for files: the one asked for, or one that goes at the end."""
    return nullcontext(options.root) if options.root else TemporaryDirectory(prefix="twin-foundry-")


def _project(options: argparse.Namespace, root: Path) -> Project:
    place = Place()
    site = Site(place, Files(root, place), Guard())
    return Project(site, Runner(site, options.pace), options.page_size, options.retry_after)


def _contracts(options: argparse.Namespace) -> dict[Surface, Contract]:
    return {
        Surface.TRAINING_JOBS: Contract(options.training_jobs_version, options.feature),
        Surface.JOBS: Contract(options.jobs_version),
    }


if __name__ == "__main__":
    asyncio.run(main())
