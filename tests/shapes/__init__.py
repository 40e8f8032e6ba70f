"""Inline jobs of every shape that api-version 2024-10-01 has, a file each.

They are as the service spells them, and differ as those of github.com/Azure/azureml-examples do.
`{workspace}` stands for the id of a workspace, and `{address}` for its `azureml://` address.
"""

import json
from pathlib import Path

from shared.backends.workspace.arm import PROVIDER, Workspace
from shared.ports import Json
from tests.jobs import WORKSPACE

FOLDER = Path(__file__).parent
STUDIO = {"jobServiceType": "Studio", "endpoint": "https://ml.azure.com/x"}
NAMES = sorted(path.stem for path in FOLDER.glob("*.json"))


def shape(name: str, workspace: Workspace = WORKSPACE) -> Json:
    """The inline job of this name, in a workspace."""
    text = (FOLDER / f"{name}.json").read_text(encoding="utf-8")
    address = f"azureml:/{workspace.id.replace(f'/providers/{PROVIDER}', '')}"
    job: Json = json.loads(text.replace("{workspace}", workspace.id).replace("{address}", address))
    return job


def as_it_has_run(name: str) -> Json:
    """The same as the service shows it at its end: with nulls, and with what only one run has."""
    job = shape(name)
    place = f"azureml://datastores/workspaceartifactstore/ExperimentRun/dcid.{name}"
    return {
        "componentId": None,
        "identity": None,
        **job,
        "status": "Completed",
        "parameters": {},
        "services": {**job.get("services", {}), "Studio": STUDIO, "Tracking": None},
        "outputs": {**job.get("outputs", {}), "default": {"uri": place, "jobOutputType": None}},
        "properties": {**job.get("properties", {}), "azureml.runsource": "azureml", "score": "1"},
    }
