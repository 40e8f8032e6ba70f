"""The jobs that are there from the start: the samples, each as a job that has completed.

A sample is a folder of `tests/local/samples`: `job.json` holds the properties of the job, `code`,
if there is one, becomes version 1 of the code asset of the same name, and each file of `components`
version 1 of the component of its name. `{workspace}` stands for the id of the workspace. The jobs
are templates: they have not run, so there is nothing at the addresses of their outputs.
"""

import json
from datetime import UTC, datetime
from pathlib import Path

from tests.local.workspace.components import keep
from tests.local.workspace.lives import Life
from tests.local.workspace.schema import Json
from tests.local.workspace.versions import OURS
from tests.local.workspace.workspace import Workspace

SAMPLES = Path(__file__).parents[1] / "samples"


def add_templates(workspace: Workspace) -> None:
    """Put every sample into the workspace."""
    for folder in sorted(path.parent for path in SAMPLES.glob("*/job.json")):
        _add_assets(workspace, folder)
        properties = _read(folder / "job.json", workspace)
        definition = workspace.definition(folder.name, properties, api_version=OURS)
        job = workspace.jobs.add(
            folder.name,
            definition,
            life=Life(),
            visible_from=datetime.now(UTC),
            created_by="samples",
        )
        job.become("Running")
        job.become("Completed")


def _add_assets(workspace: Workspace, folder: Path) -> None:
    assets = workspace.site.assets
    if (folder / "code").is_dir():
        assets.codes[folder.name, "1"] = folder / "code"
    for path in sorted(folder.glob("components/*.json")):
        keep(path.stem, "1", {"componentSpec": _read(path, workspace)}, assets)


def _read(path: Path, workspace: Workspace) -> Json:
    text = path.read_text().replace("{workspace}", workspace.site.scope.id)
    properties: Json = json.loads(text)
    return properties
