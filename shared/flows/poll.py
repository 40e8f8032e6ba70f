"""Every few seconds: take all that is left to do one step on.

One run failing never stops the others.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial

from shared.errors import JobrelayError, Problem, UnavailableError
from shared.flows import steps
from shared.ports import Services, Versioned
from shared.runs import Live, Observation, State

logger = logging.getLogger(__name__)

NEVER = datetime.min.replace(tzinfo=UTC)

Row = Versioned[Live]
Answer = Observation | JobrelayError | None
Act = Callable[[Services, str], None]


def poll(services: Services, *, until: datetime) -> None:
    """Publish what is left, drive what is due, end what is overdue, watch, publish again, finish.

    No drive and no look begins after `until`; what is left comes first the next time.
    """
    found = list(services.store.lives())
    if found:
        found = _step(services, found, until=until)
    steps.measure(services, found)


def _step(services: Services, found: list[Row], *, until: datetime) -> list[Row]:
    """Take these runs one step on; the rows as they were before the last of them left."""
    _publish(services, found)
    _each(services, steps.drive, _waiting(services, found), until=until)
    _each(services, steps.end_overdue, _overdue(services, found), until=until)
    _watch(services, list(services.store.lives()), until=until)
    found = list(services.store.lives())
    _publish(services, found)
    ended = [each.row.run_id for each in found if each.row.state is State.ENDED]
    _each(services, steps.finish, ended, until=None)
    return found


def _publish(services: Services, found: list[Row]) -> None:
    """Send what is unsent; should that fail as a whole, the rest goes on."""
    failure = _failure(partial(steps.publish, services, found))
    if failure is not None:
        _logged(failure, "publishing")


def _waiting(services: Services, found: Iterable[Row]) -> list[str]:
    """The runs without a job that are due, the longest waiting first."""
    rows = [each.row for each in found if each.row.state in {State.NEW, State.SUBMITTING}]
    due = [row for row in rows if row.is_due(services.clock())]
    return [row.run_id for row in sorted(due, key=lambda row: row.retry_at)]


def _overdue(services: Services, found: Iterable[Row]) -> list[str]:
    """The runs with a job that has lived too long."""
    return [each.row.run_id for each in found if each.row.overdue(services.clock()) is not None]


def _watch(services: Services, found: list[Row], *, until: datetime) -> None:
    """Ask again for the end of the jobs that should end, and look at those whose turn it is.

    The targets are looked at side by side: one that is slow holds up no other.
    """
    jobs = _due_for_a_look(services, found)
    wished = {each.row.run_id: each.row for each in jobs if each.row.wish is not None}

    def ask(services: Services, run_id: str) -> None:
        steps.ask_to_end(services, wished[run_id])

    _each(services, ask, wished, until=until)
    kinds: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for each in jobs:
        kinds[each.row.target, each.row.job_type].append(each)
    services.spread(partial(_look, services, until=until), kinds.values())


def _due_for_a_look(services: Services, found: list[Row]) -> list[Row]:
    """The jobs whose turn it is, the longest unseen first."""
    looked, now = services.looked, services.clock()
    for run_id in looked.keys() - {each.row.run_id for each in found}:
        looked.pop(run_id, None)

    def last(each: Row) -> datetime:
        return looked.get(each.row.run_id, NEVER)

    jobs = (each for each in found if each.row.state is State.SUBMITTED)
    due = (each for each in jobs if now - last(each) >= each.row.watch_interval(now))
    return sorted(due, key=last)


def _look(services: Services, jobs: list[Row], *, until: datetime) -> None:
    """Look at jobs of one kind at one target; should the app fail at them, at each alone."""
    left = {each.row.run_id: each for each in jobs}
    failure = _failure(partial(_see, services, left, until=until))
    if failure is None:
        return

    def alone(services: Services, run_id: str) -> None:
        if isinstance(failure, UnavailableError):
            raise failure
        _see(services, {run_id: left[run_id]}, until=until)

    for run_id in left:
        _guarded(services, alone, run_id)


def _see(services: Services, jobs: dict[str, Row], *, until: datetime) -> None:
    """Write down what each look brought, and take its job out of `jobs`."""
    if services.clock() >= until:
        return
    rows = [each.row for each in jobs.values()]
    links = [row.traceparent for row in rows]
    with services.telemetry.span("observe", steps.of_look(rows), links=links):
        for run_id, answer in steps.backend_of(services, rows[0]).observe(list(jobs)):
            _guarded(services, partial(_record, answer=answer, found=jobs.pop(run_id)), run_id)
            if services.clock() >= until:
                return


def _record(services: Services, run_id: str, *, answer: Answer, found: Row) -> None:
    """Write down what one look brought.

    One that failed says nothing of the job, and is tried again soon.
    """
    if isinstance(answer, JobrelayError):
        raise answer
    services.looked[run_id] = services.clock()
    steps.observed(services, found, answer)


def _each(services: Services, act: Act, run_ids: Iterable[str], *, until: datetime | None) -> None:
    """Do it for each run, one apart from the other."""

    def once(run_id: str) -> None:
        if until is None or services.clock() < until:
            _guarded(services, act, run_id)

    services.spread(once, run_ids)


def _guarded(services: Services, act: Act, run_id: str) -> None:
    """The boundary around each run.

    What goes wrong is written into its row, and tried again later.
    """
    failure = _failure(partial(act, services, run_id))
    if failure is None:
        return
    problem = _logged(failure, f"run {run_id}")
    failure = _failure(partial(steps.troubled, services, run_id, problem=problem))
    if failure is not None:
        _logged(failure, f"run {run_id}")


def _failure(act: Callable[[], None]) -> Exception | None:
    """Do it; what went wrong, if anything."""
    try:
        act()
    except Exception as exc:  # noqa: BLE001  # whatever it is, it must not reach other runs
        return exc
    return None


def _logged(failure: Exception, what: str) -> Problem:
    """The same for the row; the log keeps the traceback of a failure that is the app's own."""
    if isinstance(failure, UnavailableError):
        logger.warning("%s has to wait: %s", what, failure)
        return failure.problem
    logger.error("%s failed in the app", what, exc_info=failure)
    return Problem(
        type(failure).__name__, "the app failed at this run", "The log of the app says why."
    )
