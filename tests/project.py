"""A project of Foundry as scripted answers."""

from collections.abc import Callable, Mapping
from typing import Any

import httpx

from shared.backends import foundry
from shared.ports import Backend, Json
from shared.runs import JobType
from shared.targets import ProjectTarget
from tests.arm import Clock, a_connection, an_error
from tests.jobs import APP_NAME

ENDPOINT = "https://account.services.ai.azure.com/api/projects/demo"
ACCOUNT = (
    "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/group"
    "/providers/Microsoft.CognitiveServices/accounts/demo"
)
NAME = "jr-0123456789abcdef01234567"
PROFILES = ("training_jobs", "jobs")

Answering = Callable[[httpx.Request], httpx.Response]


def a_target(profile: str = "training_jobs", **fields: Any) -> ProjectTarget:
    place = {"kind": "project", "endpoint": ENDPOINT, "profile": profile, "computePrefix": ACCOUNT}
    return ProjectTarget.model_validate({**place, **fields})


def trainings(
    answer: Answering, profile: str = "training_jobs", *, clock: Clock | None = None, **fields: Any
) -> Backend:
    """The training jobs of a project that answers so."""
    connection = a_connection(
        answer,
        clock=clock or Clock(),
        endpoint="https://elsewhere.example",
        scope="https://ai.azure.com/.default",
        api_version="",
    )
    target = a_target(profile, **fields)
    return foundry.backends(target, connection, app_name=APP_NAME)[JobType.TRAINING]


def a_training_job(name: str = NAME, **properties: Any) -> Json:
    """A job as `training_jobs` shows it."""
    return {
        "name": name,
        "id": f"{ACCOUNT}/projects/demo/jobs/{name}",
        "properties": {"job_type": "command", "status": "in_progress", **properties},
    }


def a_job(name: str = NAME, **properties: Any) -> Json:
    """A job as `jobs` shows it."""
    return {"name": name, "properties": {"jobType": "Command", "status": "Running", **properties}}


class Project:
    """Documents by their path below the project; 404 for any other."""

    def __init__(self, documents: Mapping[str, object]) -> None:
        self.asked: list[str] = []
        self._documents = documents

    def __call__(self, request: httpx.Request) -> httpx.Response:
        place = request.url.raw_path.decode().partition("?")[0].removeprefix("/api/projects/demo/")
        self.asked.append(f"{request.method} {place}")
        answer = self._documents.get(place)
        if isinstance(answer, httpx.Response):
            return answer
        return an_error(404) if answer is None else httpx.Response(200, json=answer)
