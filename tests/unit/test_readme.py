"""What the README shows is what the app takes."""

import json
import re
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from shared.flows import steps
from shared.messages import Override
from shared.ports import Json, Target
from shared.runs import JobType
from shared.targets import WorkspaceTarget
from tests.edge import Edge, an_envelope
from tests.project import ENDPOINT, trainings

README = Path(__file__).parents[2] / "README.md"
BLOCK = re.compile(r"```json\n(.*?)```", re.DOTALL)
SHOWN: list[Json] = [json.loads(text) for text in BLOCK.findall(README.read_text("utf-8"))]
REQUESTS = [each for each in SHOWN if "jobType" in each]
PROJECT = Target(
    alias="project",
    source=ENDPOINT,
    allow=frozenset(Override),
    backends={JobType.TRAINING: trainings(lambda _: httpx.Response(500))},
)


@pytest.mark.parametrize("request_shown", REQUESTS, ids=lambda shown: str(shown.get("id")))
def test_a_request_that_is_shown_would_be_accepted(request_shown: Json) -> None:
    body, services = json.dumps(request_shown).encode(), Edge().services
    services = replace(services, targets={**services.targets, "project": PROJECT})

    run, _ = steps.understood(services, body, an_envelope())

    assert run.card.warnings == ()


def test_there_is_a_request_for_every_kind_of_job() -> None:
    assert {shown["jobType"] for shown in REQUESTS} == set(JobType)


def test_the_target_that_is_shown_is_one() -> None:
    (targets,) = (each for each in SHOWN if "train" in each)

    place = {**targets["train"], "subscriptionId": "00000000-0000-0000-0000-000000000001"}

    assert (
        WorkspaceTarget.model_validate(place).allow == WorkspaceTarget.model_fields["allow"].default
    )
