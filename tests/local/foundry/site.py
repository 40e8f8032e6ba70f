"""Where jobs do their work: their folders, the guard of their processes, the computes they use."""

import os
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path

from tests.local.foundry.files import Files
from tests.local.foundry.ids import Place
from tests.local.foundry.model.command_job import CommandJob
from tests.local.foundry.refusals import bad_request
from tests.local.foundry.state import Job
from tests.local.workspace.guard import Guard
from tests.local.workspace.placeholders import unknown

REGION = "westeurope"


@dataclass(frozen=True)
class Site:
    """The machine that all jobs share."""

    place: Place
    files: Files
    guard: Guard
    computes: set[str] = field(default_factory=lambda: {"cpu-cluster", "gpu-cluster"})

    def check(self, wanted: CommandJob) -> None:
        """Refuse a job that names what is not there."""
        self._check_compute(wanted.compute_id)
        if wanted.code_id:
            self._check_code(wanted.code_id)
        sides = (wanted.inputs, wanted.outputs)
        for uri in [given.uri for side in sides for given in side.values()]:
            if uri:
                self.files.path(uri)
        known = {f"inputs.{name}" for name in wanted.inputs}
        used = unknown(wanted.command or "", known)
        missing = [name for name in used if not name.startswith("outputs.")]
        if missing:
            raise bad_request(f"The command uses {', '.join(missing)}, which the job has not.")

    def workplace(self, job: Job) -> Path:
        """Make a fresh folder for a job's command, with its code in it."""
        folder = self.files.root / "work" / str(job.number)
        shutil.rmtree(folder, ignore_errors=True)
        if job.definition.code_id:
            code = self.files.path(job.definition.code_id)
            shutil.copytree(code, folder, ignore=shutil.ignore_patterns("__pycache__"))
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def environment(self, job: Job, home: Path) -> dict[str, str]:
        """Give the variables of a command: little of ours, the job's name, and its own.

        On its path, `python` is the one that runs the twin.
        """
        here = str(Path(sys.executable).parent)
        return {
            "PATH": os.pathsep.join([here, os.environ.get("PATH", os.defpath)]),
            "HOME": str(home),
            "LANG": "C.UTF-8",
            "AZUREML_RUN_ID": job.name,
            **job.definition.environment_variables,
        }

    def _check_compute(self, compute_id: str) -> None:
        name = self.place.compute(compute_id)
        if name is None:
            wanted = f"{self.place.account_id}/computes/NAME"
            raise bad_request(f"{compute_id!r} is no compute of this account: {wanted}")
        if name not in self.computes:
            raise bad_request(f"There is no compute {name!r} in the account.")

    def _check_code(self, code_id: str) -> None:
        if not self.files.path(code_id).is_dir():
            raise bad_request(f"There is no code at {code_id!r}.")
