"""The jobs that are there from the start: the samples, each as a job that has completed.

A sample is a folder of `tests/local/samples`: `job.json` holds the properties of the job, `code`,
if there is one, becomes version 1 of the code asset of the same name. `{workspace}` in a job stands
for the id of the workspace. The jobs are templates: they have not run, so there is nothing at the
addresses of their outputs.
"""

import json
from datetime import UTC, datetime
from pathlib import Path

from tests.local.workspace.lives import Life
from tests.local.workspace.versions import OURS
from tests.local.workspace.workspace import Workspace

SAMPLES = Path(__file__).parents[1] / "samples"


def add_templates(workspace: Workspace) -> None:
    """Put every sample into the workspace."""
    for folder in sorted(path.parent for path in SAMPLES.glob("*/job.json")):
        if (folder / "code").is_dir():
            workspace.site.assets.codes[folder.name, "1"] = folder / "code"
        text = (folder / "job.json").read_text().replace("{workspace}", workspace.site.scope.id)
        definition = workspace.definition(folder.name, json.loads(text), api_version=OURS)
        job = workspace.jobs.add(
            folder.name,
            definition,
            life=Life(),
            visible_from=datetime.now(UTC),
            created_by="samples",
        )
        job.become("Running")
        job.become("Completed")
