"""The body that creates a job: what all kinds of a workspace share, and what comes of one kind."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from shared.backends.workspace import labels, values
from shared.backends.workspace.arm import Workspace
from shared.errors import Fault, RejectedError
from shared.messages import Request, invalid, read
from shared.messages.fields import Sent
from shared.ports import Json
from shared.runs import JobType, Run

Attributes = TypeVar("Attributes", bound=Sent)


@dataclass(frozen=True)
class Family(Generic[Attributes]):
    """What is peculiar to a kind of job: what a request may override, and what comes of it."""

    attributes: type[Attributes]
    build: Callable[[Json, Request, Attributes, Workspace], Json]


@dataclass(frozen=True)
class Bodies(Generic[Attributes]):
    """Makes the bodies of one kind of job in one workspace. Pure."""

    job_type: JobType
    family: Family[Attributes]
    workspace: Workspace
    app_name: str

    def check(self, request: Request) -> None:
        """RejectedError (`invalid`) with every fault that the request alone shows."""
        faults = [*self._faults_of_attributes(request), *values.faults(request)]
        if faults:
            raise invalid(*faults)

    def body(self, request: Request, template: Json, *, run: Run) -> Json:
        """The body; RejectedError (`invalid`) when none can be made with this template."""
        self.check(request)
        old = values.pruned(template)
        pairs = {
            "tags": labels.tags(old, request, app_name=self.app_name),
            "properties": labels.properties(old, request, run=run),
        }
        faults = [*values.faults_beside(old, request), *labels.faults(pairs)]
        if faults:
            raise invalid(*faults)
        job = self.family.build(old, request, self._attributes(request), self.workspace)
        names = labels.names(old, request)
        return {"properties": {"jobType": self.job_type.value, **names, **pairs, **job}}

    def _attributes(self, request: Request) -> Attributes:
        return read(self.family.attributes, request.attributes, at="/attributes")

    def _faults_of_attributes(self, request: Request) -> tuple[Fault, ...]:
        try:
            self._attributes(request)
        except RejectedError as exc:
            return exc.faults
        return ()
