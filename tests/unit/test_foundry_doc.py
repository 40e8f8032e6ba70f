"""What docs/foundry.md shows works as it says."""

import json
import re
from pathlib import Path

import pytest

from shared.backends.foundry.profiles import JOBS, TRAINING_JOBS, Profile
from shared.backends.foundry.training import TrainingBodies
from shared.errors import RejectedError
from shared.messages import Request, read
from shared.targets import ProjectTarget

TEXT = (Path(__file__).parents[2] / "docs/foundry.md").read_text(encoding="utf-8")
TARGETS, COMMAND, RECIPE = map(json.loads, re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL))


def bodies(profile: Profile) -> TrainingBodies:
    target = ProjectTarget.model_validate(TARGETS["training"])
    return TrainingBodies(profile=profile, app_name="relay", compute_prefix=target.compute_prefix)


@pytest.mark.parametrize("profile", [TRAINING_JOBS, JOBS], ids=lambda profile: profile.name)
def test_the_command_is_good_for_either_profile(profile: Profile) -> None:
    assert bodies(profile).check(read(Request, COMMAND)) == ()


def test_the_recipe_is_good_for_training_jobs() -> None:
    assert bodies(TRAINING_JOBS).check(read(Request, RECIPE)) == ()


def test_the_recipe_is_refused_where_it_is_said_to_be() -> None:
    with pytest.raises(RejectedError) as caught:
        bodies(JOBS).check(read(Request, RECIPE))

    assert [fault.path for fault in caught.value.faults] == ["/job/training"]
