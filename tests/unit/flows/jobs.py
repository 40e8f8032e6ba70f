"""A service of jobs that does what a test says."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.errors import JobrelayError
from shared.messages import Request
from shared.ports import Json
from shared.runs import Observation, Result, Run
from tests.fake_backend import FakeBackend, FakeJob


class Clock:
    """A clock that moves when it is told to."""

    def __init__(self) -> None:
        self.now = datetime(2030, 1, 1, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


class Jobs(FakeBackend):
    """The fake, with faults that stay, of all jobs or one, and with slowness.

    `takes` is how long each answer takes. `before`: what happens once, when a verb is asked next.
    `misses`: so many of the next looks find nothing, and `ignored_cancels`: so many cancels have no
    effect. `updates`: a PUT of a name that is taken succeeds, and answers with the job that is
    there. `result_has` is put over what is told of an end.
    """

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.takes = timedelta(0)
        self.before: dict[str, Callable[[], object]] = {}
        self.misses = 0
        self.ignored_cancels = 0
        self.updates = False
        self.result_has: dict[str, Any] = {}
        self.asked: list[tuple[str, str]] = []
        self._clock = clock
        self._broken: dict[tuple[str, str | None], Exception] = {}

    def breaks(self, verb: str, failure: Exception, *, of: str | None = None) -> None:
        """Let a verb fail from now on, for one name or for all."""
        self._broken[verb, of] = failure

    def heals(self) -> None:
        """Let everything work again."""
        self._broken.clear()

    def becomes(self, run_id: str, status: str, **properties: Any) -> None:
        """Let a job have this status, and these properties besides."""
        old = self.jobs[run_id].body["properties"]
        own = {**old.get("properties", {}), **properties.pop("properties", {})}
        body = {"properties": {**old, **properties, "properties": own}}
        self.jobs[run_id] = FakeJob(body, (status,))

    def is_foreign(self, run_id: str) -> None:
        """Let somebody else have a job of this name."""
        self.jobs[run_id] = FakeJob({"properties": {"jobType": "Command"}}, ("Running",))

    def count(self, verb: str, name: str | None = None) -> int:
        """How often this was asked, of one name or all."""
        return sum(verb == asked and name in {None, of} for asked, of in self.asked)

    # -- the port

    def definition(self, request: Request) -> Json:
        self._ask("template", str(request.template))
        return super().definition(request)

    def body(self, request: Request, definition: Json, *, run: Run) -> Json:
        self._ask("body", run.id)
        return super().body(request, definition, run=run)

    def find(self, run_id: str) -> Observation | None:
        self._ask("find", run_id)
        if self.misses:
            self.misses -= 1
            return None
        return super().find(run_id)

    def create(self, run_id: str, body: Json) -> Observation:
        self._ask("create", run_id)
        if self.updates and run_id in self.jobs:
            return self._seen(run_id, self.jobs[run_id])
        return super().create(run_id, body)

    def observe(
        self, run_ids: Iterable[str]
    ) -> Iterator[tuple[str, Observation | JobrelayError | None]]:
        self.asked.append(("observe", ""))
        self._break("observe", "")
        yield from super().observe(run_ids)

    def cancel(self, run_id: str) -> None:
        self._ask("cancel", run_id)
        if self.ignored_cancels:
            self.ignored_cancels -= 1
        else:
            super().cancel(run_id)

    def result(self, run: Run, seen: Observation) -> Result:
        self._ask("result", run.id)
        return replace(super().result(run, seen), **self.result_has)

    def ping(self) -> None:
        self._ask("ping", "")

    def _ask(self, verb: str, name: str) -> None:
        """Take the time, and fail if a test says so."""
        self.asked.append((verb, name))
        self.before.pop(verb, lambda: None)()
        self._clock.now += self.takes
        self._break(verb, name)

    def _break(self, verb: str, name: str) -> None:
        failure = self._broken.get((verb, name)) or self._broken.get((verb, None))
        if failure is not None:
            raise failure.with_traceback(None)
