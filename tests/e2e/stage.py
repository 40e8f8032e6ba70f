"""What the stories are told with: requests, and what must be true of a run at its end."""

import secrets
from collections.abc import Callable, Sequence
from typing import Any

from shared.runs import run_id_of
from tests.local.collector import Event
from tests.local.twin import Twin, has_ended
from tests.local.waiting import until

Json = dict[str, Any]
ENDED = {"Completed", "Failed", "Canceled"}


class Stage:
    """A twin, and what a story needs of it."""

    def __init__(self, twin: Twin) -> None:
        """Play on this twin."""
        self.twin = twin

    def a_request(self, template: str = "echo", **fields: Any) -> Json:
        """A request that nobody else has sent, for a template or with a job of its own."""
        fresh = f"story-{secrets.token_hex(6)}"
        source = {} if "job" in fields else {"template": template}
        return {"id": fresh, "jobType": "Command", **source, **fields}

    def run_id(self, request: Json) -> str:
        """The run of a request."""
        return run_id_of(self.twin.info["settings"]["APP_NAME"], request["id"])

    def events(
        self,
        request: Json,
        wanted: Callable[[Sequence[Event]], bool] = has_ended,
        within: float = 60.0,
    ) -> list[Event]:
        """The events of a request's run, once they are as wanted."""
        return self.twin.events(self.run_id(request), until=wanted, within=within)

    def is_running(self, request: Json) -> None:
        """Wait until the job runs, and that has been told."""
        self.events(request, lambda events: "Running" in {event.data["status"] for event in events})

    def wake(self, request: Json) -> None:
        """Let the job of the template `sleep` end."""
        bed = (
            f"azureml://datastores/workspaceblobstore/paths/azureml/{self.run_id(request)}/bed/wake"
        )
        self.write(bed, b"up")

    def write(self, uri: str, content: bytes) -> None:
        """Put a file where jobs can read it."""
        answer = self.twin.control.put("/workspace/files", params={"uri": uri}, content=content)
        answer.raise_for_status()

    def requests(self, run_id: str, operation: str) -> list[Json]:
        """What the workspace was asked about a job."""
        found = self.twin.control.get("/workspace/requests", params={"name": run_id}).json()
        return [each for each in found if each["operation"] == operation]

    def view(self, request: Json) -> Json:
        """What the app says of a run."""
        answer = self.twin.http.get(f"/api/runs/{self.run_id(request)}")
        answer.raise_for_status()
        found: Json = answer.json()
        return found

    def assert_whole(self, events: Sequence[Event]) -> None:
        """Assert that nothing is missing, nothing said twice, and the end is the end."""
        first = {event.body["seq"]: event for event in reversed(events)}
        assert sorted(first) == list(range(1, len(first) + 1))
        assert [event.body["seq"] for event in events] == sorted(first)
        assert [event.is_final for event in events] == [False] * (len(events) - 1) + [True]

    def assert_one_job(self, request: Json) -> None:
        """Assert that the workspace ran the job of a request once."""
        statuses = self.walk(self.run_id(request))
        assert statuses.count("Running") <= 1
        assert len(ENDED.intersection(statuses)) == 1

    def walk(self, job: str) -> list[str]:
        """The statuses that a job has had."""
        steps = self.twin.control.get("/workspace/walk", params={"name": job}).json()
        return [step["status"] for step in steps]

    def assert_no_job(self, request: Json) -> None:
        """Assert that the workspace has never been asked for a job of a request."""
        assert self.requests(self.run_id(request), "create") == []

    def until_recorded(self, request: Json) -> Json:
        """Wait until the record says how the run ended, and give what the app says of it."""
        view = until(lambda: found if (found := self.view(request))["final"] else None, "the end")
        return dict(view)


def types(events: Sequence[Event]) -> list[str]:
    """The events by the last words of their types."""
    return [event.type for event in events]
