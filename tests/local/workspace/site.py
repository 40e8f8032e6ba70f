"""Where jobs do their work: their folders, the guard of their processes, the assets they use."""

import hashlib
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.local.workspace.assets import Assets
from tests.local.workspace.datastores import artifacts
from tests.local.workspace.guard import Guard
from tests.local.workspace.ids import Scope
from tests.local.workspace.state import Job
from tests.local.workspace.tracking import Tracking

LOG = "user_logs/std_log.txt"


@dataclass(frozen=True)
class Site:
    """The machine that all jobs share."""

    root: Path
    scope: Scope
    assets: Assets
    guard: Guard
    tracking: Tracking

    def workplace(self, job: Job) -> Path:
        """Make a fresh folder for a job's command, with its code in it."""
        folder = self.root / "work" / hashlib.sha256(job.name.encode()).hexdigest()[:24]
        shutil.rmtree(folder, ignore_errors=True)
        if "codeId" in job.definition:
            code = self.assets.code(job.definition["codeId"])
            shutil.copytree(code, folder, ignore=shutil.ignore_patterns("__pycache__"))
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def artifact(self, job: Job, name: str) -> Path:
        """Give the place of one of a job's artifacts; its folder exists."""
        path = self.assets.datastores.path(artifacts(job.name)) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def log(self, job: Job) -> Path:
        """Give the place of a job's log."""
        return self.artifact(job, LOG)

    def environment(self, job: Job, home: Path) -> dict[str, str]:
        """Give the variables of a command: little of ours, and those that the service sets.

        On its path, `python` is the one that runs the twin.
        """
        here = str(Path(sys.executable).parent)
        return {
            "PATH": os.pathsep.join([here, os.environ.get("PATH", os.defpath)]),
            "HOME": str(home),
            "LANG": "C.UTF-8",
            "AZUREML_RUN_ID": job.name,
            "AZUREML_ROOT_RUN_ID": job.root,
            "AZUREML_EXPERIMENT_NAME": job.definition["experimentName"],
            "MLFLOW_EXPERIMENT_NAME": job.definition["experimentName"],
            "AZUREML_ARM_SUBSCRIPTION": self.scope.subscription,
            "AZUREML_ARM_RESOURCEGROUP": self.scope.resource_group,
            "AZUREML_ARM_WORKSPACE_NAME": self.scope.workspace,
            **self.tracking.environment(job.name),
        }
