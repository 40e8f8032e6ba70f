"""The jobs of an Azure Machine Learning workspace: what is asked of it, whatever their kind."""

import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from http import HTTPStatus
from typing import Generic

from shared.backends.answers import DeclinedError
from shared.backends.definitions import Definitions
from shared.backends.looks import looks
from shared.backends.remote import Remote
from shared.backends.workspace import discovery, observation, sections, templates
from shared.backends.workspace.bodies import Attributes, Bodies
from shared.backends.workspace.history import Inquiry
from shared.backends.workspace.results import Ended
from shared.errors import Fault, JobrelayError, NotFoundError, RefusedError, RejectedError
from shared.messages import Request
from shared.ports import Json, Page
from shared.runs import Observation, Result, Run, Section

logger = logging.getLogger(__name__)

# What the service says when a job of the name has another definition
# (github.com/Azure/azure-sdk-for-python/issues/47389).
TAKEN = ("Immutable", "JobPropertyImmutable")
NOBODY = f"jr-{'0' * 24}"  # a name that no run has


class WorkspaceJobs(Generic[Attributes]):
    """The Backend port: the jobs of one kind in one workspace. Safe to use from many threads."""

    def __init__(
        self,
        remote: Remote,
        bodies: Bodies[Attributes],
        *,
        clock: Callable[[], datetime],
        history: Remote | None = None,
    ) -> None:
        """Ask `remote`, which is the workspace, and `history`, which is its run history."""
        self._remote = remote
        self._bodies = bodies
        self._history = history
        self._clock = clock
        self._template = Definitions(self._definition, clock=clock)

    def check(self, request: Request) -> tuple[Fault, ...]:
        return self._bodies.check(request)

    def definition(self, request: Request) -> Json:
        inline = self._bodies.inline(request)
        return self._template(str(request.template)) if inline is None else inline

    def body(self, request: Request, definition: Json, *, run: Run) -> Json:
        return self._bodies.body(request, definition, run=run)

    def find(self, run_id: str) -> Observation | None:
        document = self._remote.get(f"jobs/{run_id}")
        return None if document is None else self._observation(document, run_id)

    def create(self, run_id: str, body: Json) -> Observation:
        try:
            document = self._remote.put(f"jobs/{run_id}", body)
        except DeclinedError as exc:
            exists = exc.status == HTTPStatus.CONFLICT or exc.says(*TAKEN)
            raise RefusedError(exc.problem, exists=exists) from exc
        return self._observation(document, run_id)

    def observe(
        self, run_ids: Iterable[str]
    ) -> Iterator[tuple[str, Observation | JobrelayError | None]]:
        return looks(self.find, run_ids)

    def cancel(self, run_id: str) -> None:
        try:
            self._remote.post(f"jobs/{run_id}/cancel")
        except DeclinedError as exc:  # it is gone, over, or nearly so: the next look tells
            logger.info("run %s takes no cancel: %s", run_id, exc)

    def result(self, run: Run, seen: Observation) -> Result:
        inquiry = Inquiry(self._remote, self._history, clock=self._clock)
        return self._bodies.family.result(Ended(run, seen, inquiry))

    def section(self, run_id: str, section: Section, item: str | None = None) -> Page | None:
        if section is Section.CHILDREN:
            return sections.children(self._history, run_id)
        if section not in sections.OF_DOCUMENT:
            raise NotFoundError(f"a job of a workspace has no {section}")
        document = self._remote.get(f"jobs/{run_id}")
        job = None if document is None else observation.definition(document, run_id)
        return None if job is None else sections.OF_DOCUMENT[section](job)

    def templates(self) -> Iterator[Json]:
        job_type = self._bodies.job_type
        if not self._bodies.family.takes_templates:
            return
        for page in self._remote.pages("jobs", {"jobType": job_type.value}):
            yield from discovery.cards(page, job_type, self._bodies.family.job)

    def ping(self) -> None:
        self._remote.get(f"jobs/{NOBODY}")

    def _observation(self, document: Json, run_id: str) -> Observation:
        workspace = self._bodies.workspace
        return observation.observation(document, run_id=run_id, workspace=workspace)

    def _definition(self, name: str) -> Json:
        """The definition of the template; RejectedError when it cannot be one."""
        document, job_type = self._remote.get(f"jobs/{name}"), self._bodies.job_type
        hint = f"Name a {job_type} job of the target's workspace in `template`."
        if document is None:
            text = "the target has no job of the template's name"
            raise RejectedError("template_not_found", text, hint=hint)
        job = observation.definition(document, name)
        if str(job.get("jobType")).casefold() != job_type.casefold():
            text = f"the template is no {job_type}"
            raise RejectedError("template_wrong_type", text, hint=hint)
        return templates.cleaned(job, name, self._bodies.family.job)
