"""Training jobs and requests for them, for tests: builders with defaults."""

from typing import Any

import pytest

from shared.backends.foundry.profiles import TRAINING_JOBS, Profile
from shared.backends.foundry.training import TrainingBodies
from shared.errors import Fault, RejectedError
from shared.messages import Request
from shared.ports import Json
from tests.jobs import APP_NAME, a_request

ACCOUNT = (
    "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/group"
    "/providers/Microsoft.CognitiveServices/accounts/demo"
)
COMPUTE = f"{ACCOUNT}/computes/gpu-cluster"


def a_command(**fields: Any) -> Json:
    """The least job with a command."""
    return {
        "job_type": "command",
        "command": "python train.py",
        "environment_image_reference": "demo.azurecr.io/train:1",
        "compute_id": COMPUTE,
        **fields,
    }


def a_recipe(algorithm: str = "sft", **fields: Any) -> Json:
    """The least job with a recipe; the fields are those of the recipe."""
    recipe = {
        "algorithm": algorithm,
        "model": "azureai://models/phi-4",
        "dataset": {"train": "azureai://data/chats"},
        **fields,
    }
    return {"job_type": "command", "training": recipe, "compute_id": COMPUTE}


def a_training(job: Json | None = None, **fields: Any) -> Request:
    """A request that brings this job."""
    brought = a_command() if job is None else job
    return a_request(jobType="Training", template=None, job=brought, **fields)


def from_template(**fields: Any) -> Request:
    """A request that names a template."""
    return a_request(jobType="Training", **fields)


def bodies(profile: Profile = TRAINING_JOBS, *, prefix: str | None = ACCOUNT) -> TrainingBodies:
    return TrainingBodies(profile=profile, app_name=APP_NAME, compute_prefix=prefix)


def inline(job: Json, profile: Profile = TRAINING_JOBS, **fields: Any) -> Json:
    """The job as it is read."""
    return bodies(profile).inline(a_training(job, **fields)) or {}


def warnings(job: Json, profile: Profile = TRAINING_JOBS) -> list[Fault]:
    return list(bodies(profile).check(a_training(job)))


def faults(request: Request, profile: Profile = TRAINING_JOBS) -> list[Fault]:
    with pytest.raises(RejectedError) as caught:
        bodies(profile).check(request)
    return list(caught.value.faults)


def only_fault(job: Json, profile: Profile = TRAINING_JOBS, **fields: Any) -> Fault:
    (fault,) = faults(a_training(job, **fields), profile)
    return fault
