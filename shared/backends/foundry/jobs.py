"""The training jobs of a project: what is asked of it, by either contract."""

import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from http import HTTPStatus

from shared.backends.answers import DeclinedError
from shared.backends.definitions import Definitions
from shared.backends.foundry import discovery, observation, paging, results, templates
from shared.backends.foundry.asking import Asking, Reader
from shared.backends.foundry.attempts import Attempts
from shared.backends.foundry.cancels import Cancels
from shared.backends.foundry.history import History
from shared.backends.foundry.profiles import JOBS, TRAINING_JOBS
from shared.backends.foundry.record import Record
from shared.backends.foundry.training import TrainingBodies
from shared.backends.looks import looks
from shared.backends.remote import Remote
from shared.errors import Fault, JobrelayError, RefusedError, RejectedError
from shared.messages import Request
from shared.ports import Json, Page
from shared.runs import Observation, Result, Run, Section

logger = logging.getLogger(__name__)

# How codes tell of a name that has a job; the contracts publish none. See also `workspace.jobs`.
TAKEN = re.compile(r"immutable|exists|conflict", re.IGNORECASE)
RECORDS: Mapping[str, Callable[[Reader, str], Record]] = {
    TRAINING_JOBS.name: Attempts,
    JOBS.name: History,
}


class TrainingJobs:
    """The Backend port: the training jobs of one project. Safe to use from many threads."""

    def __init__(
        self, remote: Remote, bodies: TrainingBodies, *, clock: Callable[[], datetime]
    ) -> None:
        """Ask `remote`, which is the project, by the contract of its profile."""
        self._remote = remote
        self._bodies = bodies
        self._profile = bodies.profile
        self._clock = clock
        self._template = Definitions(self._definition, clock=clock)
        self._cancels = Cancels(remote, clock=clock)

    def check(self, request: Request) -> tuple[Fault, ...]:
        return self._bodies.check(request)

    def definition(self, request: Request) -> Json:
        inline = self._bodies.inline(request)
        return self._template(str(request.template)) if inline is None else inline

    def body(self, request: Request, definition: Json, *, run: Run) -> Json:
        return self._bodies.body(request, definition, run=run)

    def find(self, run_id: str) -> Observation | None:
        document = self._remote.get(self._profile.job(run_id))
        return None if document is None else self._observation(document, run_id)

    def create(self, run_id: str, body: Json) -> Observation:
        made = self._profile.creation(run_id)
        try:
            document = self._remote.send(made.method, made.path, body, headers=made.headers)
        except DeclinedError as exc:
            if exc.status == HTTPStatus.NOT_FOUND:
                self.ping()  # a project that is not there refuses no content
            raise RefusedError(exc.problem, exists=_says_taken(exc)) from exc
        return self._observation(document, run_id)

    def observe(
        self, run_ids: Iterable[str]
    ) -> Iterator[tuple[str, Observation | JobrelayError | None]]:
        return looks(self.find, run_ids)

    def cancel(self, run_id: str) -> None:
        if self._cancels.goes_on(run_id):
            return
        try:
            answer = self._remote.post(self._profile.cancel(run_id))
        except DeclinedError as exc:  # it is gone, over, or nearly so: the next look tells
            logger.info("run %s takes no cancel: %s", run_id, exc)
            return
        self._cancels.add(run_id, answer)

    def result(self, run: Run, seen: Observation) -> Result:
        asking = Asking(self._remote, clock=self._clock)
        return results.result(run, seen, self._record(asking, run.id), asking)

    def section(self, run_id: str, section: Section, item: str | None = None) -> Page | None:
        return self._record(self._remote, run_id).section(section, item)

    def templates(self) -> Iterator[Json]:
        return discovery.cards(paging.jobs(self._remote, self._profile), self._profile)

    def ping(self) -> None:
        next(paging.jobs(self._remote, self._profile), None)

    def _record(self, reader: Reader, run_id: str) -> Record:
        return RECORDS[self._profile.name](reader, self._profile.job(run_id))

    def _observation(self, document: Json, run_id: str) -> Observation:
        return observation.observation(document, run_id=run_id, profile=self._profile)

    def _definition(self, name: str) -> Json:
        """The definition of the template; RejectedError when it cannot be one."""
        document = self._remote.get(self._profile.job(name))
        hint = "Name a training job of the target's project in `template`."
        if document is None:
            text = "the target has no job of the template's name"
            raise RejectedError("template_not_found", text, hint=hint)
        job = observation.definition(document, name, self._profile)
        if not discovery.is_of_kind(self._profile.read(job)):
            text = "the template is no training job"
            raise RejectedError("template_wrong_type", text, hint=hint)
        return templates.cleaned(job, name, self._profile)


def _says_taken(declined: DeclinedError) -> bool:
    """Does the service refuse a job because its name has one?"""
    said = declined.complaint
    codes = () if said is None else (said.code, *said.inner)
    return declined.status == HTTPStatus.CONFLICT or any(map(TAKEN.search, codes))
