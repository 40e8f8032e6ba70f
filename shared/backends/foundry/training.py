"""Training: the bodies of the jobs of one project."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from shared.backends import labels
from shared.backends.foundry import envelope, job, rules, values
from shared.backends.foundry.attributes import TrainingAttributes
from shared.backends.foundry.profiles import Profile
from shared.backends.foundry.wire import Scope
from shared.backends.sections import filled, present
from shared.errors import Fault, RejectedError
from shared.messages import Request, invalid, read
from shared.ports import Json
from shared.runs import Run

OF_TEMPLATE = "/template"


@dataclass(frozen=True, kw_only=True)
class TrainingBodies:
    """Makes the bodies of training jobs in one project. Pure.

    `compute_prefix` is the id of the account whose computes may be named in short.
    """

    profile: Profile
    app_name: str
    compute_prefix: str | None = None

    def check(self, request: Request) -> tuple[Fault, ...]:
        """What is odd about the request; RejectedError (`invalid`) with every fault it shows."""
        of_form = [
            *_out_of_place(request),
            *_faults_of(lambda: self._attributes(request)),
            *self._faults_of_form(request),
            *values.faults(request),
        ]
        told = {fault.path for fault in of_form}
        as_a_whole = (each for each in self._faults_of_whole(request) if each.path not in told)
        faults = [*of_form, *as_a_whole]
        if faults:
            raise invalid(*faults)
        definition, warnings = self._inline(request)
        if definition is not None:
            self._job(request, definition)
        return (*warnings, *self._left_out(request))

    def inline(self, request: Request) -> Json | None:
        """The definition that the request brings; None when it names a template."""
        return self._inline(request)[0]

    def body(self, request: Request, definition: Json, *, run: Run) -> Json:
        """The body; RejectedError (`invalid`) when none can be made of this definition."""
        self.check(request)
        made = {
            **self._job(request, definition),
            "tags": labels.tags(definition, request, app_name=self.app_name),
            "properties": labels.properties(definition, request, run=run),
        }
        return self.profile.body(run.id, made)

    def _job(self, request: Request, definition: Json) -> Json:
        """The job, but for what marks it as ours."""
        at = OF_TEMPLATE if request.job is None else envelope.opened(request.job).at
        faults = [
            *values.faults_beside(definition, request),
            *labels.faults(definition, request),
            *rules.faults(definition, request, self.profile, at=at),
        ]
        if faults:
            raise invalid(*faults)
        over = {
            **self._attributes(request).laid_over(definition),
            **self._names(request),
            "inputs": values.inputs(definition, request),
            "outputs": values.outputs(definition, request),
        }
        return {**filled(over), "job_type": "command"}

    def _names(self, request: Request) -> Json:
        names = {
            "display_name": request.display_name,
            "description": request.description,
            "experiment_name": request.experiment_name,
        }
        return {
            name: value for name, value in present(names).items() if name not in self.profile.lacks
        }

    def _left_out(self, request: Request) -> Iterator[Fault]:
        if request.experiment_name is not None and "experiment_name" in self.profile.lacks:
            expected = f"nothing: left out, as profile {self.profile.name} has no experiments"
            yield Fault("/experimentName", "a string", expected)

    def _faults_of_form(self, request: Request) -> Iterator[Fault]:
        """What is wrong with the fields of the job that a request brings."""
        if request.job is not None:
            opened = envelope.opened(request.job)
            yield from opened.faults
            yield from _faults_of(lambda: job.definition(opened.job, self._scope, at=opened.at))

    def _faults_of_whole(self, request: Request) -> Iterator[Fault]:
        """What is wrong with them together, and with what the request says beside them."""
        if request.job is not None:
            opened = envelope.opened(request.job)
            yield from rules.faults(opened.job, request, self.profile, at=opened.at)

    def _inline(self, request: Request) -> tuple[Json | None, tuple[Fault, ...]]:
        if request.job is None:
            return None, ()
        opened = envelope.opened(request.job)
        if opened.faults:
            raise invalid(*opened.faults)
        return job.definition(opened.job, self._scope, at=opened.at)

    def _attributes(self, request: Request) -> TrainingAttributes:
        return read(TrainingAttributes, request.attributes, at="/attributes", context=self._scope)

    @property
    def _scope(self) -> Scope:
        return Scope(self.compute_prefix)


def _out_of_place(request: Request) -> Iterator[Fault]:
    if request.sweep is not None:
        yield Fault("/sweep", "an unknown field", "no such field for Training")


def _faults_of(act: Callable[[], object]) -> tuple[Fault, ...]:
    try:
        act()
    except RejectedError as exc:
        return exc.faults
    return ()
