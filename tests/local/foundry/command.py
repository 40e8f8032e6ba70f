"""Does a command: a subprocess with its placeholders filled in, whose exit code decides.

What it writes to the folder `outputs` beside its code becomes artifacts of the attempt.
"""

import shutil
from pathlib import Path

from tests.local.foundry.attempts import Attempt, Failure
from tests.local.foundry.files import LOG, Files
from tests.local.foundry.model.parts import Output
from tests.local.foundry.model.schema import LONGEST_MESSAGE
from tests.local.foundry.outputs import outputs_of
from tests.local.foundry.site import Site
from tests.local.foundry.state import Job
from tests.local.workspace import execution
from tests.local.workspace.placeholders import fill


async def run(job: Job, attempt: Attempt, site: Site) -> Failure | None:
    """Run the command of a job; give why it failed, if it did."""
    lost = _lost_inputs(job, site.files)
    if lost:
        return Failure("UserError", f"There is nothing at these inputs: {', '.join(lost)}")
    folder = site.workplace(job)
    ended = await execution.run(
        execution.Command(
            fill(job.definition.command or "", _values(job, site)),
            folder,
            site.files.log(job, attempt),
            site.environment(job, folder),
        ),
        site.guard,
    )
    _keep_outputs(folder, site.files.artifacts(job, attempt) / "outputs")
    return _failure(ended)


def _values(job: Job, site: Site) -> dict[str, str]:
    """Give what stands for each placeholder; the places of outputs are made."""
    inputs = {
        f"inputs.{name}": str(site.files.path(given.uri)) if given.uri else given.value or ""
        for name, given in job.definition.inputs.items()
    }
    outputs = {
        f"outputs.{name}": str(made(site.files, output))
        for name, output in outputs_of(job, site.place).items()
    }
    return {**inputs, **outputs}


def made(files: Files, output: Output) -> Path:
    """Give the place of an output; its folder exists."""
    place = files.path(output.uri or "")
    is_file = output.job_output_type == "uri_file"
    (place.parent if is_file else place).mkdir(parents=True, exist_ok=True)
    return place


def _lost_inputs(job: Job, files: Files) -> list[str]:
    uris = [given.uri for given in job.definition.inputs.values() if given.uri]
    return [uri for uri in uris if not files.path(uri).exists()]


def _keep_outputs(folder: Path, place: Path) -> None:
    if (folder / "outputs").is_dir():
        shutil.copytree(folder / "outputs", place, dirs_exist_ok=True)


def _failure(ended: execution.Ended) -> Failure | None:
    if ended.code == 0:
        return None
    how = f"The command ended with exit code {ended.code}, see {LOG}."
    message = f"{how} Its last words: {ended.complaint}"[:LONGEST_MESSAGE]
    return Failure("UserError", message, {"exit_code": ended.code})
