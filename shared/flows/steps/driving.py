"""A run becomes a job."""

import logging
from dataclasses import dataclass

from shared import messages
from shared.errors import Problem, RefusedError, RejectedError, StaleError, UnavailableError
from shared.flows.steps.reporting import of_run, tell_of_attempt
from shared.flows.steps.rows import Change, backend_of, change, ended, record, told, told_of_delay
from shared.ports import Backend, Json, Services
from shared.runs import Live, Observation, Result, Run, State, Status, backoff

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Outcome:
    """How an attempt ended: in a word for operators, and in the change that the row needs."""

    word: str | None
    change: Change


def drive(services: Services, run_id: str) -> None:
    """Create the job of a run that is due, under a claim; or end the run, if it may end without."""
    found = services.store.live(run_id)
    if found is None or found.row.state not in {State.NEW, State.SUBMITTING}:
        return
    live, now = found.row, services.clock()
    if not live.is_due(now):
        return
    run = record(services, run_id).row
    fresh, without_job = live.state is State.NEW, live.end_without_job(now)
    if fresh and without_job is not None:
        end = ended(services, run, without_job)
        change(services, run_id, lambda row: end(row) if row.state is State.NEW else None)
        return
    claimed = live.claimed(now + services.lease)
    try:
        services.store.save(claimed, found.etag)
    except StaleError:
        return  # perhaps our own write, its reply lost: the claim runs out, the poller resumes
    _try(services, run, claimed, fresh=fresh, without_job=without_job)


def prepared(backend: Backend, run: Run) -> Json:
    """The body that creates the job of a run; RejectedError or UnavailableError."""
    request, _ = messages.received(run.body, run.envelope)
    return backend.body(request, backend.definition(request), run=run)


def _try(
    services: Services, run: Run, claimed: Live, *, fresh: bool, without_job: Status | None
) -> None:
    """Make an attempt, and write down how it ended unless the claim is another's by then."""

    def written(row: Live) -> Live | None:
        return outcome.change(row) if row.holds(claimed.claim) else None

    # The first is part of the producer's trace, any later one only serves it.
    trace, is_first = run.envelope.traceparent, claimed.attempts == 1
    within, links = (trace, []) if is_first else (None, [trace])
    with services.telemetry.span("submit", of_run(claimed), within=within, links=links) as span:
        outcome = _attempt(services, run, claimed, fresh=fresh, without_job=without_job)
        row = change(services, run.id, written)
        if row is not None:
            tell_of_attempt(services, row, outcome.word, span)


def _attempt(
    services: Services, run: Run, claimed: Live, *, fresh: bool, without_job: Status | None
) -> _Outcome:
    """Look if this is a resumption, then create; the answer is how it ended."""
    try:
        backend = backend_of(services, claimed)
        if not fresh:
            seen = backend.find(run.id)
            if seen is not None:
                return _ours(services, run, seen, word="adopted")
            if without_job is not None:
                return _Outcome(None, ended(services, run, without_job))
        body = prepared(backend, run)
    except RejectedError as rejection:
        return _rejected(services, run, rejection.problem)
    except UnavailableError as failure:  # nothing was asked to begin
        return _postponed(services, run, failure, release=True)
    return _create(services, run, backend, body)


def _create(services: Services, run: Run, backend: Backend, body: Json) -> _Outcome:
    """The one request that starts a job. Any refusal of it is followed by a look."""
    try:
        made = backend.create(run.id, body)
    except UnavailableError as failure:
        return _postponed(services, run, failure, release=failure.clear)
    except RefusedError as refusal:
        return _after_refusal(services, run, backend, refusal)
    if made.fingerprint is None:  # not every answer repeats it
        return _submitted(services, run, made, word="submitted")
    # It is ours, unless the answer is the job that had the name before.
    return _ours(services, run, made, word="submitted")


def _after_refusal(
    services: Services, run: Run, backend: Backend, refusal: RefusedError
) -> _Outcome:
    """Only a refusal of the content, with no job of that name, is a rejection."""
    try:
        seen = backend.find(run.id)
    except UnavailableError as failure:  # no look, no rejection
        return _postponed(services, run, failure, release=False)
    if seen is not None:
        return _ours(services, run, seen, word="adopted")
    if refusal.exists:  # it is there, but not to be seen yet
        problem = refusal.problem
        unseen = UnavailableError(str(refusal), code=problem.code, said=problem.message)
        return _postponed(services, run, unseen, release=False)
    return _rejected(services, run, refusal.problem)


def _ours(services: Services, run: Run, seen: Observation, *, word: str) -> _Outcome:
    """The job of that name is ours if it carries our fingerprint; else the run can have none."""
    if seen.fingerprint == run.fingerprint:
        return _submitted(services, run, seen, word=word)
    hint = "Another app with the same APP_NAME may use this target."
    foreign = Problem("name_taken", f"a job {run.id} that is not of this request exists", hint)
    return _rejected(services, run, foreign)


def _submitted(services: Services, run: Run, seen: Observation, *, word: str) -> _Outcome:
    def submitted(row: Live) -> Live:
        return told(services, run, row.submitted(seen, services.clock()), name="submitted")

    return _Outcome(word, submitted)


def _rejected(services: Services, run: Run, problem: Problem) -> _Outcome:
    """The run's own end: its request id is spent."""
    return _Outcome("rejected", ended(services, run, Status.REJECTED, result=Result(error=problem)))


def _postponed(
    services: Services, run: Run, failure: UnavailableError, *, release: bool
) -> _Outcome:
    def postponed(row: Live) -> Live:
        wait = backoff(row.attempts, services.jitter())
        if failure.retry_after is not None:
            wait = max(wait, failure.retry_after)
        now = services.clock()
        logger.warning("run %s waits %s: %s", run.id, wait, failure)
        return told_of_delay(
            services, run, row.postponed(failure.problem, now, wait=wait, release=release)
        )

    return _Outcome("delayed", postponed)
