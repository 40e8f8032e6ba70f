"""The worlds that a Backend is tried in: over a dict, and over the services of the twin."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, Protocol

from shared.backends import foundry
from shared.backends.remote import Connection, Remote, http_client
from shared.backends.workspace.arm import Workspace
from shared.backends.workspace.jobs import WorkspaceJobs
from shared.errors import Problem, UnavailableError
from shared.messages import Request
from shared.ports import Backend, Json
from shared.runs import JobType, Observation, Status
from shared.targets import ProjectTarget
from tests.contract.foundry_twin import ACCOUNT, Foundry
from tests.contract.workspace_twin import Twin
from tests.fake_backend import FakeBackend
from tests.jobs import ID, a_request, bodies

PATIENCE = 20.0  # seconds
SAMPLES = Path(__file__).parents[1] / "local" / "samples"
FATES = {"fail": ("Starting", "Running", "Failed"), "sleep": ("Starting", "Running")}
MANY = 9  # more often than a look is tried

Operation = Literal["get", "create", "cancel"]
When = Literal["before", "after"]


class World(Protocol):
    """A backend, and power over what is behind it; the jobs `echo`, `fail` and `sleep` are there.

    `mount` is how its service spells the way in which `echo` writes its output.
    """

    mount: str

    @property
    def backend(self) -> Backend:
        """The backend."""

    def a_request(self, **fields: Any) -> Request:
        """A request for a job of its kind."""

    def expect(self, run_id: str, template: str) -> None:
        """A job of this name is about to be made from this sample."""

    def until(self, run_id: str, *statuses: Status) -> Observation:
        """Let time pass until a job has one of these statuses."""

    def refuse(self, compute: str) -> None:
        """Let there be no compute of this name."""

    def throttle(self, operation: Operation) -> None:
        """Let the service say 429 to the next requests of this kind."""

    def cut(self, operation: Operation, *, when: When) -> None:
        """Lose the next request of this kind, before or after its effect."""


class FakeWorld:
    """The world of the fake."""

    mount = "ReadWriteMount"

    def __init__(self) -> None:
        self.backend = FakeBackend({path.parent.name: _sample(path) for path in _samples()})

    def a_request(self, **fields: Any) -> Request:
        return a_request(**fields)

    def expect(self, run_id: str, template: str) -> None:
        if template in FATES:
            self.backend.scripts[run_id] = FATES[template]

    def until(self, run_id: str, *statuses: Status) -> Observation:
        for _ in range(10):
            seen = self.backend.find(run_id)
            if seen is not None and seen.status in statuses:
                return seen
            self.backend.advance()
        raise AssertionError(f"{run_id} does not become one of {statuses}")

    def refuse(self, compute: str) -> None:
        hint = "Name a compute of the target in attributes.compute, or repair the template."
        self.backend.refusal = Problem("UserError", f"There is no compute {compute!r}.", hint)

    def throttle(self, operation: Operation) -> None:
        self.backend.fail(VERBS[operation], UnavailableError("429", clear=True))

    def cut(self, operation: Operation, *, when: When) -> None:
        self.backend.fail(VERBS[operation], UnavailableError("reset"), when=when)


class TwinWorld:
    """The world of one of the twin's services."""

    def __init__(
        self, twin: Twin | Foundry, backend: Backend, *, job_type: JobType, mount: str
    ) -> None:
        self.backend = backend
        self.mount = mount
        self._twin = twin
        self._job_type = job_type

    def a_request(self, **fields: Any) -> Request:
        return a_request(jobType=self._job_type, **fields)

    def expect(self, run_id: str, template: str) -> None:
        """Its commands really run."""

    def until(self, run_id: str, *statuses: Status) -> Observation:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            seen = self.backend.find(run_id)
            if seen is not None and seen.status in statuses:
                return seen
            time.sleep(0.02)
        raise AssertionError(f"{run_id} does not become one of {statuses}")

    def refuse(self, compute: str) -> None:
        """It knows its computes."""

    def throttle(self, operation: Operation) -> None:
        self._twin.fault(operation, times=MANY, kind="status", status=429)

    def cut(self, operation: Operation, *, when: When) -> None:
        self._twin.fault(operation, times=MANY, kind="reset", when=when)


VERBS: dict[Operation, Literal["find", "create", "cancel"]] = {
    "get": "find",
    "create": "create",
    "cancel": "cancel",
}


@contextmanager
def of_commands(twin: Twin) -> Iterator[World]:
    """The world of a workspace."""
    url, _, id_ = twin.workspace.info["workspace"].partition("/subscriptions/")
    _, _, group, *_, name = id_.split("/")
    place = Workspace(id_.partition("/")[0], group, name)
    with http_client() as client:
        connection = Connection(
            client=client,
            token=lambda _: twin.token,
            clock=lambda: datetime.now(UTC),
            endpoint=url,
            scope="https://management.azure.com/.default",
            api_version="2024-10-01",
        )
        made = replace(bodies(), workspace=place)
        backend = WorkspaceJobs(Remote(connection, place.id), made, clock=connection.clock)
        yield TwinWorld(twin, backend, job_type=JobType.COMMAND, mount="ReadWriteMount")
    twin.control("DELETE", "faults")


@contextmanager
def of_trainings(twin: Foundry, profile: str) -> Iterator[World]:
    """The world of a project, by one of its contracts."""
    endpoint = twin.service.info["foundry"]
    place = {"kind": "project", "endpoint": endpoint, "profile": profile, "computePrefix": ACCOUNT}
    with http_client() as client:
        connection = Connection(
            client=client,
            token=lambda _: twin.token,
            clock=lambda: datetime.now(UTC),
            endpoint="https://elsewhere.example",
            scope="https://ai.azure.com/.default",
            api_version="",
        )
        target = ProjectTarget.model_validate(place)
        made = foundry.backends(target, connection, app_name="relay")
        backend = made[JobType.TRAINING]
        yield TwinWorld(twin, backend, job_type=JobType.TRAINING, mount="read_write_mount")
    twin.control("DELETE", "faults")


def _samples() -> Iterator[Path]:
    return SAMPLES.glob("*/job.json")


def _sample(path: Path) -> Json:
    definition: Json = json.loads(path.read_text().replace("{workspace}", ID))
    return definition
