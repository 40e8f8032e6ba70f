"""The final event says how a job ended, in full."""

import pytest

from shared.errors import UnavailableError
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


def test_a_result_that_cannot_be_read_delays_the_end_by_two_polls(running: World) -> None:
    running.jobs.becomes(RUN_ID, "Completed")
    running.jobs.breaks("result", an_outage())
    running.later(MINUTE)

    running.poll()
    running.poll()
    before = running.told()[-1]
    running.poll()

    assert before == "run.status"
    assert running.told()[-1] == "run.completed"


def test_an_end_without_its_result_says_so(running: World) -> None:
    running.jobs.becomes(RUN_ID, "Failed")
    running.jobs.breaks("result", UnavailableError("GET children: 503", code="Http503"))

    running.poll_for(MINUTE)

    data = running.data("run.failed")
    assert data["outputs"] == {}
    assert data["error"]["code"] == "ResultUnavailable"
    assert "monitorUrl" in data["error"]["hint"]
    assert data["error"]["details"] == [{"code": "Http503", "message": "GET children: 503"}]


def test_a_result_that_can_be_read_a_little_later_is_told_whole(running: World) -> None:
    running.jobs.becomes(RUN_ID, "Completed")
    running.jobs.breaks("result", an_outage())
    running.later(MINUTE)
    running.poll()
    running.poll()
    running.jobs.heals()

    running.poll()

    assert running.data("run.completed")["error"] is None
    assert "default" in running.data("run.completed")["outputs"]
