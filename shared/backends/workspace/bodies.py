"""The body that creates a job: what all kinds of a workspace share, and what comes of one kind."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from shared.backends import labels
from shared.backends.sections import filled
from shared.backends.workspace import inline, names, values
from shared.backends.workspace.arm import Workspace
from shared.backends.workspace.attributes import JobAttributes
from shared.backends.workspace.inline import InlineJob
from shared.backends.workspace.results import Ended, alone
from shared.backends.workspace.wire import Scope
from shared.errors import Fault, RejectedError
from shared.messages import Request, invalid, read
from shared.messages.fields import Sent
from shared.ports import Json
from shared.runs import JobType, Result, Run

Attributes = TypeVar("Attributes", bound=JobAttributes)


def no_faults(_: Request) -> tuple[Fault, ...]:
    """Most kinds of jobs have nothing of their own that could be wrong."""
    return ()


@dataclass(frozen=True, kw_only=True)
class Family(Generic[Attributes]):
    """What is peculiar to a kind of job.

    `job` is what an inline one may say, `attributes` and `sweep` what a request may override,
    `faults` what is wrong with a request whatever the template, `build` what comes of a definition
    and a request, and `result` how such a job ended.
    """

    job: type[InlineJob]
    attributes: type[Attributes]
    build: Callable[[Json, Request, Attributes, Workspace], Json]
    faults: Callable[[Request], Iterable[Fault]] = no_faults
    result: Callable[[Ended], Result] = alone
    sweep: type[Sent] | None = None
    takes_templates: bool = True


@dataclass(frozen=True, kw_only=True)
class Bodies(Generic[Attributes]):
    """Makes the bodies of one kind of job in one workspace. Pure."""

    job_type: JobType
    family: Family[Attributes]
    workspace: Workspace
    app_name: str
    api_version: str

    def check(self, request: Request) -> tuple[Fault, ...]:
        """What is odd about the request; RejectedError (`invalid`) with every fault it shows."""
        faults = [
            *self._out_of_place(request),
            *_faults_of(lambda: self._attributes(request)),
            *_faults_of(lambda: self._sweep(request)),
            *_faults_of(lambda: self._inline(request)),
            *values.faults(request),
            *self.family.faults(request),
        ]
        if faults:
            raise invalid(*faults)
        definition, warnings = self._inline(request)
        if definition is not None:
            self._job(request, definition)
        return warnings

    def inline(self, request: Request) -> Json | None:
        """The definition that the request brings; None when it names a template."""
        return self._inline(request)[0]

    def body(self, request: Request, definition: Json, *, run: Run) -> Json:
        """The body; RejectedError (`invalid`) when none can be made of this definition."""
        self.check(request)
        return {
            "properties": {
                **self._job(request, definition),
                "tags": labels.tags(definition, request, app_name=self.app_name),
                "properties": labels.properties(definition, request, run=run),
            }
        }

    def _job(self, request: Request, definition: Json) -> Json:
        """The job, but for what marks it as ours."""
        faults = [
            *values.faults_beside(definition, request),
            *labels.faults(definition, request),
        ]
        if faults:
            raise invalid(*faults)
        job = self.family.build(definition, request, self._attributes(request), self.workspace)
        called = names.names(definition, request)
        return {**filled({**job, **called}), "jobType": self.job_type.value}

    def _inline(self, request: Request) -> tuple[Json | None, tuple[Fault, ...]]:
        if request.job is None:
            return None, ()
        scope = Scope(self.workspace, self.api_version)
        return inline.definition(request.job, request, self.family.job, scope)

    def _attributes(self, request: Request) -> Attributes:
        return read(self.family.attributes, request.attributes, at="/attributes")

    def _sweep(self, request: Request) -> None:
        if request.sweep is not None and self.family.sweep is not None:
            read(self.family.sweep, request.sweep, at="/sweep")

    def _out_of_place(self, request: Request) -> Iterator[Fault]:
        """What a request of this kind has not."""
        if request.sweep is not None and self.family.sweep is None:
            yield Fault("/sweep", "an unknown field", f"no such field for {self.job_type}")
        if request.template is not None and not self.family.takes_templates:
            yield Fault(
                "/template", "a template", f"a job instead: {self.job_type} has no templates"
            )


def _faults_of(act: Callable[[], object]) -> tuple[Fault, ...]:
    try:
        act()
    except RejectedError as exc:
        return exc.faults
    return ()
