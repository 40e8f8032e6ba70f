"""Plays a recipe: metrics that move, a log, a checkpoint, and a model that is none."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

from tests.local.foundry import command, curves
from tests.local.foundry.attempts import Attempt, Failure, Point, Warned
from tests.local.foundry.model.recipes import Training
from tests.local.foundry.outputs import outputs_of
from tests.local.foundry.site import Site
from tests.local.foundry.state import Job

# What the service would choose is not published; the versions are made up.
FRAMEWORKS = {"grpo": "verl", "ppo": "verl", "rloo": "trl", "reinforce_pp": "open_rlhf"}
USUAL_FRAMEWORK = "trl"
VERSIONS = {
    "trl": "0.24.0",
    "verl": "0.6.0",
    "open_rlhf": "0.9.0",
    "nemo_rl": "0.4.0",
    "slime": "0.2.0",
    "torch_forge": "0.1.0",
}
PLAYED = Warned("RecipePlayed", "The twin only plays this recipe: no model is trained.")
PHASES = 5  # that a recipe runs
WEIGHTS = "model.safetensors"
CONFIGURATION = "config.json"


def framework_of(recipe: Training) -> tuple[str, str]:
    """Give the framework that a recipe runs on, and its version."""
    usual = FRAMEWORKS.get(recipe.algorithm, USUAL_FRAMEWORK)
    framework = recipe.framework or usual
    return framework, VERSIONS.get(framework, "1.0.0")


async def play(
    job: Job, attempt: Attempt, recipe: Training, site: Site, *, pace: float
) -> Failure | None:
    """Log one point after the other, then leave the results."""
    attempt.metrics.clear()
    attempt.warnings = [*(told for told in attempt.warnings if told != PLAYED), PLAYED]
    steps = curves.steps_of(recipe)
    with site.files.log(job, attempt).open("w") as log:
        print(f"{recipe.algorithm} on {' '.join(framework_of(recipe))}", file=log)
        for step in steps:
            await asyncio.sleep(pace * PHASES / len(steps))
            told = _log_metrics(job, attempt, recipe, step=step, share=step / steps[-1])
            print(f"step {step}/{steps[-1]} {told}", file=log, flush=True)
    _leave_model(site.files.artifacts(job, attempt) / f"checkpoints/step-{steps[-1]}", recipe)
    for output in outputs_of(job, site.place).values():
        _leave(command.made(site.files, output), recipe, is_file=output.job_output_type)
    return None


def _log_metrics(job: Job, attempt: Attempt, recipe: Training, *, step: int, share: float) -> str:
    values = {
        name: curve.at(share, seed=f"{job.name}:{name}")
        for name, curve in curves.curves_of(recipe).items()
    }
    now = datetime.now(UTC)
    for name, value in values.items():
        attempt.log(name, Point(step, value, now))
    return " ".join(f"{name} {value}" for name, value in values.items())


def _leave(place: Path, recipe: Training, *, is_file: str) -> None:
    if is_file == "uri_file":
        place.write_text(PLAYED.message)
    else:
        _leave_model(place, recipe)


def _leave_model(folder: Path, recipe: Training) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / WEIGHTS).write_text(PLAYED.message)
    about = {"base_model": recipe.model, "algorithm": recipe.algorithm}
    (folder / CONFIGURATION).write_text(json.dumps(about))
