"""The jobs of an Azure Machine Learning workspace: what is asked of it, whatever their kind."""

import logging
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import datetime, timedelta
from http import HTTPStatus
from threading import Lock
from typing import Generic

from shared.backends.answers import DeclinedError
from shared.backends.remote import Remote
from shared.backends.workspace import discovery, observation, templates
from shared.backends.workspace.bodies import Attributes, Bodies
from shared.backends.workspace.history import Inquiry
from shared.backends.workspace.results import Ended
from shared.errors import Fault, JobrelayError, RefusedError, RejectedError
from shared.messages import Request
from shared.ports import Json
from shared.runs import Observation, Result, Run

logger = logging.getLogger(__name__)

THREADS = 16
TEMPLATE_STAYS = timedelta(minutes=1)
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
        self._templates: dict[str, tuple[datetime, Json]] = {}
        self._lock = Lock()

    def check(self, request: Request) -> tuple[Fault, ...]:
        return self._bodies.check(request)

    def definition(self, request: Request) -> Json:
        inline = self._bodies.inline(request)
        return self._template(str(request.template)) if inline is None else inline

    def _template(self, name: str) -> Json:
        now = self._clock()
        with self._lock:
            self._templates = {key: kept for key, kept in self._templates.items() if kept[0] > now}
            known = self._templates.get(name)
        if known is not None:
            return known[1]
        definition = self._definition(name)
        with self._lock:
            self._templates[name] = (now + TEMPLATE_STAYS, definition)
        return definition

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
        pool = ThreadPoolExecutor(THREADS, thread_name_prefix="look")
        try:
            looks = {pool.submit(self._look, run_id): run_id for run_id in dict.fromkeys(run_ids)}
            for look in as_completed(looks):
                yield looks[look], look.result()
        finally:
            # Who stops asking does not wait for looks that nobody will read.
            pool.shutdown(wait=False, cancel_futures=True)

    def cancel(self, run_id: str) -> None:
        try:
            self._remote.post(f"jobs/{run_id}/cancel")
        except DeclinedError as exc:  # it is gone, over, or nearly so: the next look tells
            logger.info("run %s takes no cancel: %s", run_id, exc)

    def result(self, run: Run, seen: Observation) -> Result:
        inquiry = Inquiry(self._remote, self._history, clock=self._clock)
        return self._bodies.family.result(Ended(run, seen, inquiry))

    def templates(self) -> Iterator[Json]:
        job_type = self._bodies.job_type
        if not self._bodies.family.takes_templates:
            return
        for page in self._remote.pages("jobs", {"jobType": job_type.value}):
            yield from discovery.cards(page, job_type, self._bodies.family.job)

    def ping(self) -> None:
        self._remote.get(f"jobs/{NOBODY}")

    def _look(self, run_id: str) -> Observation | JobrelayError | None:
        try:
            return self.find(run_id)
        except JobrelayError as exc:
            return exc

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
