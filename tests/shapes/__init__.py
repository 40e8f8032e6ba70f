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
NAMES = sorted(path.stem for path in FOLDER.glob("*.json"))


def shape(name: str, workspace: Workspace = WORKSPACE) -> Json:
    """The inline job of this name, in a workspace."""
    text = (FOLDER / f"{name}.json").read_text(encoding="utf-8")
    address = f"azureml:/{workspace.id.replace(f'/providers/{PROVIDER}', '')}"
    job: Json = json.loads(text.replace("{workspace}", workspace.id).replace("{address}", address))
    return job
