"""The jobs that are there from the start: the samples, each as a job that has completed.

A sample is a file of `samples`: the properties of the job, on `training_jobs`. `{account}` stands
for the id of the account, `{code}` for the data assets that hold the code of the workspace's
samples. The jobs are templates: they have not run, so there is nothing at their outputs.
"""

import json
import shutil
from pathlib import Path

from tests.local.foundry.model import envelopes
from tests.local.foundry.project import Project
from tests.local.process import ROOT

SAMPLES = Path(__file__).parent / "samples"
CODES = ROOT / "tests/local/samples"


def add_templates(project: Project) -> None:
    """Put every sample into the project, and the code that they use."""
    _add_code(project, "train-classifier")
    for path in sorted(SAMPLES.glob("*.json")):
        text = path.read_text().replace("{account}", project.site.place.account_id)
        code = project.site.place.asset("data", "train-classifier", "1")
        body = {"name": path.stem, "properties": json.loads(text.replace("{code}", code))}
        project.add(*envelopes.created(body), by="samples")


def _add_code(project: Project, name: str) -> None:
    folder = project.site.files.path(project.site.place.asset("data", name, "1"))
    shutil.copytree(CODES / name / "code", folder, dirs_exist_ok=True)
