"""The final event says how a job ended, in full."""

from datetime import UTC, datetime

import pytest

from shared.errors import Problem, UnavailableError
from shared.flows.submit import submit
from tests.unit.flows.given import MINUTE, RUN_ID, World, a_job, a_message, an_outage


@pytest.fixture
def running() -> World:
    """A world in which one job runs."""
    world = a_job()
    world.jobs.becomes(RUN_ID, "Running")
    world.poll()
    return world


def test_a_job_that_fails_says_why(running: World) -> None:
    error = {"code": "UserError", "message": "exit code 1"}
    running.jobs.becomes(RUN_ID, "Failed", error=error)

    running.poll_for(MINUTE)

    told = running.data("run.failed")["error"]
    assert (told["code"], told["message"]) == ("UserError", "exit code 1")
    assert told["hint"]
    assert running.copies() == []


def test_a_job_that_somebody_cancels_at_the_service_says_so(running: World) -> None:
    running.jobs.becomes(RUN_ID, "Canceled", properties={"EndTimeUtc": "2030-01-01 09:00:10"})

    running.poll_for(MINUTE)

    assert running.data("run.cancelled")["cancel"] == {
        "by": "service",
        "reason": None,
        "at": "2030-01-01T09:00:10Z",
    }


def test_the_final_event_has_the_outputs_that_were_asked_for() -> None:
    world = World()
    world.jobs.templates_by_name["train"]["outputs"] = {
        "model": {"jobOutputType": "custom_model"},
        "metrics": {"jobOutputType": "uri_file"},
    }
    submit(world.services, *a_message(outputs=["model"]))
    world.jobs.jobs[RUN_ID].script = ("Completed",)

    world.poll()

    uri = f"azureml://datastores/workspaceblobstore/paths/azureml/{RUN_ID}/model"
    assert world.data("run.completed")["outputs"] == {"model": {"type": "custom_model", "uri": uri}}


UNREAD = Problem("Http403", "run history could not be read", "grant it")


def test_a_result_that_cannot_be_read_in_full_delays_the_end_by_two_polls(running: World) -> None:
    running.jobs.becomes(RUN_ID, "Completed")
    running.jobs.result_has = {"unread": UNREAD}
    running.later(MINUTE)

    running.poll()
    running.poll()
    before = running.told()[-1]
    running.poll()

    assert before == "run.status"
    assert running.told()[-1] == "run.completed"
    assert running.jobs.count("result") == 3


def test_an_end_tells_what_is_known_and_what_could_not_be_read(running: World) -> None:
    error = {"code": "UserError", "message": "exit code 1"}
    running.jobs.becomes(RUN_ID, "Failed", error=error)
    running.jobs.result_has = {"unread": UNREAD}

    running.poll_for(MINUTE)

    data = running.data("run.failed")
    assert data["unread"] == {
        "code": "Http403",
        "message": "run history could not be read",
        "hint": "grant it",
        "details": [],
    }
    assert data["error"]["message"] == "exit code 1"
    assert "default" in data["outputs"]


def test_an_end_of_which_nothing_could_be_read_says_so(running: World) -> None:
    running.jobs.becomes(RUN_ID, "Failed")
    running.jobs.breaks("result", UnavailableError("GET x: 503", code="Http503", said="canary"))

    running.poll_for(MINUTE)

    data = running.data("run.failed")
    assert running.jobs.count("result") == 3
    assert data["outputs"] == {}
    assert data["error"] == data["unread"]
    assert data["unread"] == {
        "code": "ResultUnavailable",
        "message": "the job has ended, but how it did could not be read",
        "hint": "See monitorUrl for its outputs and errors.",
        "details": [{"code": "Http503", "message": "GET x: 503"}],
    }


def test_a_completed_run_of_which_nothing_could_be_read_has_no_error(running: World) -> None:
    running.jobs.becomes(RUN_ID, "Completed")
    running.jobs.breaks("result", an_outage())

    running.poll_for(MINUTE)

    data = running.data("run.completed")
    assert (data["error"], data["unread"]["code"]) == (None, "ResultUnavailable")


def test_a_result_that_can_be_read_a_little_later_is_told_whole(running: World) -> None:
    running.jobs.becomes(RUN_ID, "Completed")
    running.jobs.result_has = {"unread": UNREAD}
    running.later(MINUTE)
    running.poll()
    running.poll()
    running.jobs.result_has = {}

    running.poll()

    assert running.data("run.completed")["unread"] is None
    assert "default" in running.data("run.completed")["outputs"]


def test_a_status_that_changes_after_all_is_told(running: World) -> None:
    """The service may take an end back: a look that failed to read it has decided nothing."""
    running.jobs.becomes(RUN_ID, "Completed")
    running.jobs.result_has = {"unread": UNREAD}
    running.later(MINUTE)
    running.poll()
    running.jobs.becomes(RUN_ID, "Canceled")

    running.poll_for(MINUTE)

    assert running.told()[-1] == "run.cancelled"


def test_times_that_no_look_has_brought_are_those_of_the_result(running: World) -> None:
    begin, end = (
        datetime(2030, 1, 1, 9, 0, 5, tzinfo=UTC),
        datetime(2030, 1, 1, 9, 0, 9, tzinfo=UTC),
    )
    running.jobs.becomes(RUN_ID, "Completed")
    running.jobs.result_has = {"started_at": begin, "ended_at": end}

    running.poll_for(MINUTE)

    times = running.data("run.completed")["times"]
    assert times["started"] == "2030-01-01T09:00:05Z"
    assert times["ended"] == "2030-01-01T09:00:09Z"
    assert times["runningSeconds"] == 4.0


def test_times_that_a_look_has_brought_stay(running: World) -> None:
    own = {"StartTimeUtc": "2030-01-01 09:00:01", "EndTimeUtc": "2030-01-01 09:00:02"}
    running.jobs.becomes(RUN_ID, "Completed", properties=own)
    other = datetime(2029, 1, 1, tzinfo=UTC)
    running.jobs.result_has = {"started_at": other, "ended_at": other}

    running.poll_for(MINUTE)

    assert running.data("run.completed")["times"]["started"] == "2030-01-01T09:00:01Z"
    assert running.data("run.completed")["times"]["ended"] == "2030-01-01T09:00:02Z"


def test_nothing_else_of_the_document_gets_into_the_final_event(running: World) -> None:
    canary = {"a": {"jobInputType": "literal", "value": "canary"}}
    running.jobs.becomes(
        RUN_ID,
        "Failed",
        command="canary",
        environmentVariables={"KEY": "canary"},
        inputs=canary,
        services={"Tracking": {"endpoint": "canary"}},
        properties={"own": "canary"},
        logFiles={"std_log.txt": "canary"},
    )

    running.poll_for(MINUTE)

    assert "canary" not in repr(running.event("run.failed"))
