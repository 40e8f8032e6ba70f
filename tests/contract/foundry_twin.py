"""A Foundry project of the twin with its token endpoint, and a client that speaks to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from tests.contract.workspace_twin import KEY, token
from tests.local.bearer import KEY_VARIABLE
from tests.local.process import Service, module, start
from tests.local.waiting import until

Json = dict[str, Any]
FEATURE = {"Foundry-Features": "TrainingJobs=V1Preview"}
VERSIONS = {"training_jobs": "v1", "jobs": "2026-01-15-preview"}
ACCOUNT = (
    "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/twin"
    "/providers/Microsoft.CognitiveServices/accounts/demo"
)
COMPUTE = f"{ACCOUNT}/computes/cpu-cluster"
IMAGE = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04"
RECIPE = {"algorithm": "sft", "model": "m", "dataset": {"train": "d"}}
ENDED = {"Completed", "Failed", "Canceled"}


@dataclass(frozen=True)
class Foundry:
    """A running project, and how to speak to it."""

    service: Service
    http: httpx.Client
    token: str

    def send(self, method: str, path: str, **arguments: Any) -> httpx.Response:
        """Send a request as its contract wants it, unless told otherwise."""
        surface = path.split("/")[1].partition("?")[0]
        query = {"api-version": VERSIONS[surface], **arguments.pop("params", {})}
        feature = FEATURE if surface == "training_jobs" else {}
        bearer = {"Authorization": f"Bearer {self.token}"}
        headers = {**bearer, **feature, **arguments.pop("headers", {})}
        url = f"{self.service.info['foundry']}{path}"
        return self.http.request(method, url, params=query, headers=headers, **arguments)

    def follow(self, url: str) -> httpx.Response:
        """GET an address that an answer gave."""
        return self.http.get(url, headers={"Authorization": f"Bearer {self.token}", **FEATURE})

    def create(
        self, name: str, *, operation: str | None = None, **properties: Any
    ) -> httpx.Response:
        """Create a command job on `training_jobs`."""
        body = {"name": name, "properties": a_training_job(**properties)}
        headers = {"Operation-Id": operation} if operation else {}
        return self.send("POST", "/training_jobs", json=body, headers=headers)

    def recipe(self, name: str, *, tags: Json | None = None, **recipe: Any) -> httpx.Response:
        """Create a job with a recipe."""
        properties = {"job_type": "command", "compute_id": COMPUTE, "tags": tags or {}}
        body = {"name": name, "properties": {**properties, "training": {**RECIPE, **recipe}}}
        return self.send("POST", "/training_jobs", json=body)

    def put(self, name: str, **properties: Any) -> httpx.Response:
        """PUT a command job on `jobs`."""
        return self.send("PUT", f"/jobs/{name}", json={"properties": a_job(**properties)})

    def get(self, path: str, /, **query: Any) -> Json:
        """GET what there must be."""
        answer = self.send("GET", path, params=query)
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found

    def attempt(self, name: str, path: str = "", /, **query: Any) -> Json:
        """GET something of the newest attempt."""
        return self.get(f"/training_jobs/{name}/attempts/latest{path}", **query)

    def walk(self, name: str) -> list[str]:
        """Give the statuses that a job has had so far."""
        steps = self.control("GET", "walk", params={"name": name}).json()
        return [step["status"] for step in steps]

    def until(self, name: str, status: str) -> None:
        """Wait until a job has been in a status."""
        until(lambda: status in self.walk(name), f"{name} to be {status}")

    def statuses(self, name: str) -> list[str]:
        """Wait for a job to end, and give the statuses it has had."""
        until(lambda: ENDED & set(self.walk(name)), f"the end of {name}")
        return self.walk(name)

    def result(self, location: str) -> httpx.Response:
        """Follow an operation until it is no longer going on."""
        until(lambda: self.follow(location).status_code != 202, location)
        return self.follow(location)

    def control(self, method: str, path: str, **arguments: Any) -> httpx.Response:
        """Send a request to the project's control."""
        return self.http.request(method, f"{self.service.info['control']}/{path}", **arguments)

    def fault(
        self, operation: str, name: str | None = None, *, times: int = 1, **fault: Any
    ) -> None:
        """Make the next such requests go wrong."""
        match = {"operation": operation, **({"name": name} if name else {})}
        spec = {"match": match, "fault": fault, "times": times}
        self.control("POST", "faults", json=spec).raise_for_status()


def a_training_job(**properties: Any) -> Json:
    """Give the properties of a command job, as `training_jobs` spells them."""
    return {
        "job_type": "command",
        "command": "true",
        "environment_image_reference": IMAGE,
        "compute_id": COMPUTE,
        **properties,
    }


def a_job(**properties: Any) -> Json:
    """Give the properties of a command job, as `jobs` spells them."""
    return {
        "jobType": "Command",
        "command": "true",
        "environmentImageReference": IMAGE,
        "computeId": COMPUTE,
        **properties,
    }


@contextmanager
def foundry(*options: str, resource: str = "https://ai.azure.com") -> Iterator[Foundry]:
    """Run a project, with a token for a resource."""
    environment = {KEY_VARIABLE: KEY}
    tokens = start("token", module("token"), env=environment)
    try:
        served = start("foundry", module("foundry", *options), env=environment)
        try:
            with httpx.Client(timeout=10) as http:
                yield Foundry(served, http, token(http, tokens, resource=resource))
        finally:
            served.stop()
    finally:
        tokens.stop()
