"""A workspace of the twin with its token endpoint, and a client that speaks to it as apps do."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from tests.local.bearer import KEY_VARIABLE
from tests.local.process import Service, module, start

Json = dict[str, Any]
KEY = "the key of these tests"
VERSION = "2024-10-01"
ENDED = {"Completed", "Failed", "Canceled"}
PATIENCE = 20.0  # seconds


@dataclass(frozen=True)
class Twin:
    """A running workspace, and how to speak to it."""

    workspace: Service
    http: httpx.Client
    token: str

    def send(self, method: str, path: str = "", **arguments: Any) -> httpx.Response:
        """Send a request with a token and the api-version, unless others are given."""
        query = {"api-version": VERSION, **arguments.pop("params", {})}
        headers = {"Authorization": f"Bearer {self.token}", **arguments.pop("headers", {})}
        url = f"{self.workspace.info['workspace']}{path}"
        return self.http.request(method, url, params=query, headers=headers, **arguments)

    def put(self, name: str, **properties: Any) -> httpx.Response:
        """PUT a Command job with these properties."""
        return self.send("PUT", f"/jobs/{name}", json={"properties": self.a_command(**properties)})

    def a_command(self, **properties: Any) -> Json:
        """Give the properties of a Command job."""
        prefix = httpx.URL(self.workspace.info["workspace"]).path
        return {
            "jobType": "Command",
            "command": "true",
            "computeId": f"{prefix}/computes/cpu-cluster",
            "environmentId": f"{prefix}/environments/sklearn/versions/1",
            **properties,
        }

    def get(self, name: str) -> Json:
        """Give the properties of a job."""
        answer = self.send("GET", f"/jobs/{name}")
        answer.raise_for_status()
        properties: Json = answer.json()["properties"]
        return properties

    def until(self, name: str, *statuses: str) -> Json:
        """Wait for a job to be in one of these statuses, and give its properties."""
        deadline = time.monotonic() + PATIENCE
        while (job := self.get(name))["status"] not in statuses:
            assert time.monotonic() < deadline, f"{name} is {job['status']}, not {statuses}"
            assert job["status"] not in ENDED, f"{name} ended as {job['status']}, not {statuses}"
            time.sleep(0.02)
        return job

    def statuses(self, name: str) -> list[str]:
        """Wait for a job to end, and give the statuses it has had."""
        deadline = time.monotonic() + PATIENCE
        while not (walk := self.walk(name)) or walk[-1] not in ENDED:
            assert time.monotonic() < deadline, f"{name}: {walk}"
            time.sleep(0.02)
        return walk

    def walk(self, name: str) -> list[str]:
        """Give the statuses that a job has had so far."""
        return [
            step["status"] for step in self.control("GET", "walk", params={"name": name}).json()
        ]

    def control(self, method: str, path: str, **arguments: Any) -> httpx.Response:
        """Send a request to the workspace's control."""
        return self.http.request(method, f"{self.workspace.info['control']}/{path}", **arguments)

    def fault(
        self, operation: str, name: str | None = None, *, times: int = 1, **fault: Any
    ) -> None:
        """Make the next such requests go wrong."""
        match = {"operation": operation, **({"name": name} if name else {})}
        self.control(
            "POST", "faults", json={"match": match, "fault": fault, "times": times}
        ).raise_for_status()

    def file(self, uri: str) -> httpx.Response:
        """Read a file of a datastore."""
        return self.control("GET", "files", params={"uri": uri})

    def history(
        self,
        name: str,
        path: str = "/details",
        *,
        method: str = "GET",
        experiment: str | None = None,
        **arguments: Any,
    ) -> httpx.Response:
        """Ask the run history about a job."""
        url = httpx.URL(self.workspace.info["workspace"])
        under = f"/experiments/{experiment}" if experiment else ""
        return self.http.request(
            method,
            url.copy_with(path=f"/history/v1.0{url.path}{under}/runs/{name}{path}"),
            headers={"Authorization": f"Bearer {self.token}"},
            **arguments,
        )


@contextmanager
def workspace(*options: str) -> Iterator[Twin]:
    """Run a workspace."""
    environment = {KEY_VARIABLE: KEY}
    tokens = start("token", module("token"), env=environment)
    try:
        served = start("workspace", module("workspace", *options), env=environment)
        try:
            with httpx.Client(timeout=10) as http:
                yield Twin(served, http, token(http, tokens))
        finally:
            served.stop()
    finally:
        tokens.stop()


def token(
    http: httpx.Client, tokens: Service, *, resource: str = "https://management.azure.com"
) -> str:
    """Ask the token endpoint for a token."""
    answer = http.get(
        tokens.info["endpoint"],
        params={"api-version": "2019-08-01", "resource": resource},
        headers={"X-IDENTITY-HEADER": tokens.info["header"]},
    )
    answer.raise_for_status()
    return str(answer.json()["access_token"])
