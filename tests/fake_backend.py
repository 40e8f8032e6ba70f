"""The Backend port over a dict of jobs whose fates are scripted."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from shared.backends.workspace import discovery, observation, sections, templates
from shared.backends.workspace.results import Ended, alone
from shared.errors import (
    Fault,
    JobrelayError,
    NotFoundError,
    Problem,
    RefusedError,
    RejectedError,
)
from shared.messages import Request
from shared.ports import Json, Page
from shared.runs import JobType, Observation, Result, Run, Section
from tests.arm import an_inquiry
from tests.jobs import WORKSPACE, a_document, a_template, bodies

ENDED = frozenset({"Completed", "Failed", "Canceled"})
USUAL = ("Starting", "Running", "Completed")


@dataclass
class FakeJob:
    """A job: what it was made of, and the statuses it goes through."""

    body: Json
    script: tuple[str, ...]
    step: int = 0

    @property
    def status(self) -> str:
        """The status it has now."""
        return self.script[self.step]

    @property
    def is_over(self) -> bool:
        """Has it ended?"""
        return self.status in ENDED

    def advance(self) -> None:
        """Take the next status; the last one stays."""
        self.step = min(self.step + 1, len(self.script) - 1)

    def cancel(self) -> None:
        """Go on to the end that a cancel brings."""
        if not self.is_over:
            self.script, self.step = ("CancelRequested", "Canceled"), 0


class FakeBackend:
    """What it checks and the bodies it makes are those of a real workspace; its service is a dict.

    `scripts` holds the statuses of jobs yet to be made, by run id (`USUAL` if not there). `refusal`
    is why every new job is refused. `hidden` are names that no look finds. `fail` makes calls fail.
    """

    def __init__(
        self, templates: dict[str, Json] | None = None, *, job_type: JobType = JobType.COMMAND
    ) -> None:
        """Know these templates, or one named `train`, and run jobs of one kind."""
        self.templates_by_name = {"train": a_template()} if templates is None else templates
        self.jobs: dict[str, FakeJob] = {}
        self.scripts: dict[str, tuple[str, ...]] = {}
        self.refusal: Problem | None = None
        self.hidden: set[str] = set()
        self.calls: list[tuple[str, str]] = []
        self._bodies = bodies(job_type)
        self._faults: defaultdict[str, list[tuple[JobrelayError, str]]] = defaultdict(list)

    def fail(
        self,
        verb: Literal["template", "find", "create", "cancel", "section", "templates", "ping"],
        error: JobrelayError,
        *,
        when: Literal["before", "after"] = "before",
    ) -> None:
        """Let the next such call fail, before or after its effect. Many looks are a `find` each."""
        self._faults[verb].append((error, when))

    def advance(self) -> None:
        """Let every job take its next status."""
        for job in self.jobs.values():
            job.advance()

    def vanish(self, run_id: str) -> None:
        """Let a job be gone."""
        del self.jobs[run_id]

    def check(self, request: Request) -> tuple[Fault, ...]:
        return self._bodies.check(request)

    def definition(self, request: Request) -> Json:
        inline = self._bodies.inline(request)
        return self._template(str(request.template)) if inline is None else inline

    def _template(self, name: str) -> Json:
        self._called("template", name)
        definition = self._definitions().get(name)
        if definition is None:
            raise RejectedError("template_not_found", "the target has no such job")
        if definition.get("jobType") != self._bodies.job_type:
            raise RejectedError("template_wrong_type", "the template is of another kind")
        return templates.cleaned(definition, name, self._bodies.family.job)

    def body(self, request: Request, definition: Json, *, run: Run) -> Json:
        return self._bodies.body(request, definition, run=run)

    def find(self, run_id: str) -> Observation | None:
        self._called("find", run_id)
        job = self.jobs.get(run_id)
        return None if job is None or run_id in self.hidden else self._seen(run_id, job)

    def create(self, run_id: str, body: Json) -> Observation:
        failure = self._failure("create", run_id)
        job = self.jobs.get(run_id)
        if job is None and self.refusal is not None:
            raise RefusedError(self.refusal, exists=False)
        if job is not None and job.body != body:
            raise RefusedError(Problem("UserError", "a job of this name exists"), exists=True)
        job = job or FakeJob(body, self.scripts.get(run_id, USUAL))
        self.jobs[run_id] = job
        if failure is not None:
            raise failure
        return self._seen(run_id, job)

    def observe(
        self, run_ids: Iterable[str]
    ) -> Iterator[tuple[str, Observation | JobrelayError | None]]:
        for run_id in dict.fromkeys(run_ids):
            try:
                yield run_id, self.find(run_id)
            except JobrelayError as failure:
                yield run_id, failure

    def cancel(self, run_id: str) -> None:
        failure = self._failure("cancel", run_id)
        if run_id in self.jobs:
            self.jobs[run_id].cancel()
        if failure is not None:
            raise failure

    def result(self, run: Run, seen: Observation) -> Result:
        return alone(Ended(run, seen, an_inquiry()))

    def section(self, run_id: str, section: Section, item: str | None = None) -> Page | None:
        self._called("section", run_id)
        if section not in sections.OF_DOCUMENT:
            raise NotFoundError(f"a fake job has no {section}")
        job = self.jobs.get(run_id)
        return None if job is None else sections.OF_DOCUMENT[section](_shown(run_id, job))

    def templates(self) -> Iterator[Json]:
        self._called("templates", "")
        page = [a_document(name, **each) for name, each in self._definitions().items()]
        job_type, model = self._bodies.job_type, self._bodies.family.job
        yield from discovery.cards({"value": page}, job_type, model)

    def ping(self) -> None:
        self._called("ping", "")

    def _definitions(self) -> dict[str, Json]:
        made = {name: _shown(name, job) for name, job in self.jobs.items()}
        return {**self.templates_by_name, **made}

    def _called(self, verb: str, name: str) -> None:
        failure = self._failure(verb, name)
        if failure is not None:
            raise failure

    def _failure(self, verb: str, name: str) -> JobrelayError | None:
        """The failure of this call that comes after its effect; one that comes before is raised."""
        self.calls.append((verb, name))
        if not self._faults[verb]:
            return None
        error, when = self._faults[verb].pop(0)
        if when == "before":
            raise error
        return error

    def _seen(self, run_id: str, job: FakeJob) -> Observation:
        document = a_document(run_id, **_shown(run_id, job))
        return observation.observation(document, run_id=run_id, workspace=WORKSPACE)


def _shown(run_id: str, job: FakeJob) -> Json:
    """The properties of a job, with what the service adds."""
    properties: Json = job.body["properties"]
    place = f"azureml://datastores/workspaceblobstore/paths/azureml/{run_id}"
    outputs = {
        name: {"uri": f"{place}/{name}", **output} if job.is_over else output
        for name, output in properties.get("outputs", {}).items()
    }
    own = f"azureml://datastores/workspaceartifactstore/ExperimentRun/dcid.{run_id}"
    return {
        **properties,
        "status": job.status,
        "outputs": {**outputs, "default": {"jobOutputType": "uri_folder", "uri": own}},
    }
