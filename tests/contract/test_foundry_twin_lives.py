"""Strange lives of jobs, and the operations that cancel and delete them, on both contracts."""

from collections.abc import Iterator

import pytest

from tests.contract.foundry_twin import Foundry, foundry
from tests.local.waiting import until

FOREVER = "while :; do sleep 0.1; done"
# It takes a second to end, since it does not listen to the polite signal.
STUBBORN = "trap '' TERM; echo ready; while :; do sleep 0.2; done"
LOG = "user_logs/std_log.txt"


@pytest.fixture(scope="module")
def twin() -> Iterator[Foundry]:
    with foundry("--pace", "0.05", "--retry-after", "7") as running:
        yield running


def born(twin: Foundry, life: str, command: str = "true") -> None:
    """Create a job of that name and life."""
    answer = twin.create(life, command=command, tags={"twin.life": life})
    assert answer.status_code == 201


def status(twin: Foundry, name: str) -> str:
    """Give the status of a job on `training_jobs`."""
    return str(twin.get(f"/training_jobs/{name}")["properties"]["status"])


def said(twin: Foundry, name: str) -> str:
    """Give the log of the newest attempt, as far as it is."""
    path = f"/training_jobs/{name}/attempts/latest/artifacts/content"
    return twin.send("GET", path, params={"path": LOG}).text


def test_a_queued_job_waits_until_it_is_cancelled(twin: Foundry) -> None:
    born(twin, "queued")
    before = status(twin, "queued")

    answer = twin.send("POST", "/training_jobs/queued:cancel")

    assert before == "queued"
    assert answer.status_code == 200
    assert status(twin, "queued") == "cancelled"
    assert "started_at" not in twin.attempt("queued")


def test_a_failing_job_tells_why(twin: Foundry) -> None:
    born(twin, "failing")

    assert twin.statuses("failing")[-1] == "Failed"
    attempt = twin.attempt("failing")
    assert status(twin, "failing") == "failed"
    assert attempt["status"] == "failed"
    assert attempt["error"]["code"] == "UserError"
    assert "as its tag asks" in attempt["error"]["message"]
    run = twin.get("/jobs/failing/history/runs/failing")
    assert run["error"]["error"]["message"] == attempt["error"]["message"]


def test_a_preempted_job_is_tried_again(twin: Foundry) -> None:
    born(twin, "preempted", "echo done")

    assert twin.statuses("preempted")[-1] == "Completed"
    newest, first = twin.get("/training_jobs/preempted/attempts")["data"]
    assert (first["id"], first["status"], first["is_latest"]) == ("1", "failed", False)
    assert (first["status_reason"], first["error"]["code"]) == ("preempted", "Preempted")
    assert (newest["id"], newest["status"], newest["is_latest"]) == ("2", "completed", True)
    assert twin.attempt("preempted") == newest
    assert twin.get("/training_jobs/preempted/attempts/1") == first


def test_an_evicted_job_goes_on_within_its_attempt(twin: Foundry) -> None:
    born(twin, "evicted")

    assert twin.statuses("evicted")[4:] == [
        "Running",
        "Queued",
        "Running",
        "Finalizing",
        "Completed",
    ]
    (attempt,) = twin.get("/training_jobs/evicted/attempts")["data"]
    assert [warned["code"] for warned in attempt["warnings"]] == ["MachineLost"]


def test_a_vanishing_job_is_gone(twin: Foundry) -> None:
    born(twin, "vanishing", FOREVER)

    until(lambda: twin.send("GET", "/training_jobs/vanishing").status_code == 404, "its end")
    assert twin.send("GET", "/jobs/vanishing").status_code == 404
    assert twin.send("GET", "/training_jobs/vanishing/attempts/latest").status_code == 404
    assert twin.send("POST", "/jobs/vanishing/cancel").status_code == 404


def test_a_late_job_is_not_seen_at_once(twin: Foundry) -> None:
    born(twin, "late")

    assert twin.send("GET", "/training_jobs/late").status_code == 404
    assert twin.create("late").status_code == 409
    until(lambda: twin.send("GET", "/jobs/late").status_code == 200, "its appearance")


def test_a_job_may_fall_silent_for_a_while(twin: Foundry) -> None:
    born(twin, "not_responding")

    assert twin.statuses("not_responding")[4:8] == [
        "Running",
        "NotResponding",
        "Running",
        "Finalizing",
    ]


def test_a_job_may_ignore_two_cancels(twin: Foundry) -> None:
    born(twin, "cancel_ignored", FOREVER)
    twin.until("cancel_ignored", "Running")

    ignored = [twin.send("POST", "/jobs/cancel_ignored/cancel").status_code for _ in range(2)]
    walk = twin.walk("cancel_ignored")
    answer = twin.send("POST", "/jobs/cancel_ignored/cancel")

    assert (ignored, walk[-1]) == ([202, 202], "Running")
    assert answer.status_code == 202
    assert twin.statuses("cancel_ignored")[-3:] == ["Running", "CancelRequested", "Canceled"]


def test_a_cancel_changes_nothing_while_a_job_is_finalizing(twin: Foundry) -> None:
    born(twin, "finalizing")
    twin.until("finalizing", "Finalizing")

    answer = twin.send("POST", "/training_jobs/finalizing:cancel")

    assert answer.status_code == 202
    assert twin.result(answer.headers["Location"]).json()["status"] == "succeeded"
    assert status(twin, "finalizing") == "succeeded"


@pytest.mark.parametrize(
    ("surface", "path"), [("training_jobs", "{}:cancel"), ("jobs", "{}/cancel")]
)
def test_a_running_job_is_cancelled_in_its_own_time(twin: Foundry, surface: str, path: str) -> None:
    name = f"cancel-{surface}"
    twin.create(name, command=STUBBORN)
    until(lambda: said(twin, name) == "ready\n", f"{name} to begin")

    answer = twin.send("POST", f"/{surface}/{path.format(name)}")

    assert answer.status_code == 202
    assert answer.headers["Retry-After"] == "7"
    assert twin.follow(answer.headers["Operation-Location"]).json()["status"] == "in_progress"
    assert twin.follow(answer.headers["Location"]).status_code == 202
    assert twin.result(answer.headers["Location"]).json()["status"] == "succeeded"
    assert status(twin, name) == "cancelled"
    attempt = twin.attempt(name)
    assert (attempt["status"], attempt["status_reason"]) == ("canceled", "canceled by the user")


def test_cancelling_what_is_over_changes_nothing(twin: Foundry) -> None:
    twin.create("over")
    twin.statuses("over")

    assert twin.send("POST", "/training_jobs/over:cancel").status_code == 200
    assert twin.send("POST", "/jobs/over/cancel").status_code == 200
    assert status(twin, "over") == "succeeded"


def test_cancelling_what_is_not_there_is_refused(twin: Foundry) -> None:
    assert twin.send("POST", "/training_jobs/none:cancel").status_code == 404
    assert twin.send("POST", "/jobs/none/cancel").status_code == 404


@pytest.mark.parametrize("surface", ["training_jobs", "jobs"])
def test_a_job_that_is_over_is_deleted(twin: Foundry, surface: str) -> None:
    name = f"delete-{surface}"
    twin.create(name)
    twin.statuses(name)

    answer = twin.send("DELETE", f"/{surface}/{name}")

    assert answer.status_code == 202
    assert twin.result(answer.headers["Location"]).status_code == 200
    assert twin.follow(answer.headers["Operation-Location"]).json()["status"] == "succeeded"
    assert twin.send("GET", f"/{surface}/{name}").status_code == 404
    assert twin.send("DELETE", f"/{surface}/{name}").status_code == 204


@pytest.mark.parametrize("surface", ["training_jobs", "jobs"])
def test_a_job_is_there_until_its_delete_has_succeeded(surface: str) -> None:
    with foundry("--pace", "2") as slow:
        answer = slow.send("DELETE", f"/{surface}/echo")

        assert slow.follow(answer.headers["Location"]).status_code == 202
        operation = slow.follow(answer.headers["Operation-Location"]).json()
        assert operation["status"] == "deleting"
        assert slow.send("GET", f"/{surface}/echo").status_code == 200


def test_a_deleted_name_can_be_used_again(twin: Foundry) -> None:
    twin.create("reused")
    twin.statuses("reused")
    twin.result(twin.send("DELETE", "/jobs/reused").headers["Location"])

    assert twin.create("reused").status_code == 201


def test_deleting_a_job_that_runs_fails(twin: Foundry) -> None:
    twin.create("alive", command=FOREVER)
    twin.until("alive", "Running")

    answer = twin.send("DELETE", "/training_jobs/alive")

    operation = twin.follow(answer.headers["Operation-Location"]).json()
    assert answer.status_code == 202
    assert twin.follow(answer.headers["Location"]).status_code == 409
    assert operation["status"] == "failed"
    assert "only a job that is over" in operation["error"]["message"]
    assert status(twin, "alive") == "in_progress"


def test_an_operation_of_training_jobs_is_in_their_spelling(twin: Foundry) -> None:
    twin.create("spelt")
    twin.statuses("spelt")
    answer = twin.send("DELETE", "/training_jobs/spelt")
    twin.result(answer.headers["Location"])

    operation = twin.follow(answer.headers["Operation-Location"]).json()

    assert operation["percent_complete"] == 100.0
    assert operation["started_at"] <= operation["ended_at"] < 2**31


def test_an_operation_of_jobs_is_in_their_spelling(twin: Foundry) -> None:
    twin.create("Spelt")
    twin.statuses("Spelt")
    answer = twin.send("DELETE", "/jobs/Spelt")
    twin.result(answer.headers["Location"])

    operation = twin.follow(answer.headers["Operation-Location"]).json()

    assert operation["percentComplete"] == 100.0
    assert operation["startedAt"] <= operation["endedAt"]


@pytest.mark.parametrize("surface", ["training_jobs", "jobs"])
@pytest.mark.parametrize("end", ["result", "status"])
def test_an_operation_that_is_not_there_is_refused(twin: Foundry, surface: str, end: str) -> None:
    assert twin.send("GET", f"/{surface}/operations/none/{end}").status_code == 404
