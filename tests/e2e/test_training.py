"""Stories of training jobs: a project of Foundry, by either of its contracts."""

from typing import Any

import pytest

from tests.e2e.stage import Json, Stage, types

TARGETS = ["project", "project-jobs"]
RECIPE: Json = {
    "algorithm": "sft",
    "model": "azureml://registries/azureml/models/Phi-4-mini-instruct/versions/1",
    "dataset": {"train": "azureai://accounts/demo/projects/demo/data/chats/versions/1"},
    "hyperparameters": {"max_steps": 40},
}


def a_training(stage: Stage, target: str, template: str = "echo", **fields: Any) -> Json:
    """A request for a training job."""
    return stage.a_request(template, jobType="Training", target=target, **fields)


def a_recipe(stage: Stage, **recipe: Any) -> Json:
    """A request that brings a recipe."""
    job = {
        "compute_id": "gpu-cluster",
        "training": {**RECIPE, **recipe},
        "outputs": {"model": {"job_output_type": "safetensors_model", "asset_name": "chat"}},
    }
    return a_training(stage, "project", job=job)


def asked(stage: Stage, request: Json, operation: str) -> list[Json]:
    """What the project was asked about the job of a request."""
    name = {"name": stage.run_id(request)}
    found = stage.twin.control.get("/foundry/requests", params=name).json()
    return [each for each in found if each["operation"] == operation]


def section(stage: Stage, request: Json, path: str) -> Json:
    """What the app tells of the job of a request."""
    answer = stage.twin.http.get(f"/api/runs/{stage.run_id(request)}/{path}")
    answer.raise_for_status()
    found: Json = answer.json()
    return found


def test_a_recipe_completes_with_metrics_and_a_model(stage: Stage) -> None:
    request = a_recipe(stage)

    stage.twin.send(request)
    events = stage.events(request)

    stage.assert_whole(events)
    assert [*types(events)[:2], types(events)[-1]] == ["accepted", "submitted", "completed"]
    last = events[-1]
    assert last.body["source"] == stage.twin.info["foundry"]
    training = last.data["training"]
    assert training["metrics"]["loss"] == 0.6
    assert (training["framework"], training["attempts"]) == ("trl", 1)
    assert training["logs"] == ["user_logs/std_log.txt"]
    assert last.data["outputs"]["model"]["assetName"] == "chat"
    assert last.data["outputs"]["model"]["assetVersion"]


def test_the_record_of_a_training_can_be_read_on(stage: Stage) -> None:
    request = a_recipe(stage)
    stage.twin.send(request)
    stage.events(request)

    (attempt,) = section(stage, request, "attempts")["items"]
    metrics = section(stage, request, "metrics")["items"]
    points = section(stage, request, "metrics/loss")["items"]
    artifacts = section(stage, request, "artifacts")["items"]

    assert (attempt["status"], attempt["isLatest"]) == ("completed", True)
    assert {each["name"] for each in metrics} == {"accuracy", "learning_rate", "loss"}
    assert [each["step"] for each in points] == list(range(4, 41, 4))
    assert "user_logs/std_log.txt" in {each["path"] for each in artifacts}
    children = stage.twin.http.get(f"/api/runs/{stage.run_id(request)}/children")
    assert children.status_code == 404


def test_a_recipe_that_must_have_a_reward_is_refused_without_one(stage: Stage) -> None:
    request = a_recipe(stage, algorithm="grpo")

    stage.twin.send(request)
    events = stage.twin.events(request["id"])

    assert types(events) == ["rejected"]
    assert [fault["path"] for fault in events[0].data["faults"]] == ["/job/training/reward"]
    assert asked(stage, request, "create") == []


@pytest.mark.parametrize("target", TARGETS)
def test_a_command_runs_in_a_project(stage: Stage, target: str) -> None:
    request = a_training(stage, target, inputs={"message": "good morning"})

    stage.twin.send(request)
    events = stage.events(request)

    stage.assert_whole(events)
    assert types(events)[-1] == "completed"
    assert list(events[-1].data["outputs"]) == ["said"]
    assert len(asked(stage, request, "create")) == 1


@pytest.mark.parametrize("target", TARGETS)
def test_a_command_that_fails_says_why(stage: Stage, target: str) -> None:
    request = a_training(stage, target, "fail")

    stage.twin.send(request)
    events = stage.events(request)

    assert types(events)[-1] == "failed"
    assert "exit code 3" in events[-1].data["error"]["message"]


@pytest.mark.parametrize("target", TARGETS)
def test_a_running_job_is_cancelled_by_one_operation(stage: Stage, target: str) -> None:
    request = a_training(stage, target, "sleep")
    stage.twin.send(request)
    stage.is_running(request)

    answer = stage.twin.http.post(
        f"/api/runs/{stage.run_id(request)}/cancel", json={"reason": "too dear"}
    )
    events = stage.events(request)

    assert answer.status_code == 202
    stage.assert_whole(events)
    assert types(events)[-1] == "cancelled"
    assert events[-1].data["cancel"]["reason"] == "too dear"
    assert [each["status"] for each in asked(stage, request, "cancel")] == [202]


@pytest.mark.parametrize("target", TARGETS)
def test_throttling_and_failures_of_a_project_delay_a_run_and_lose_nothing(
    stage: Stage, target: str
) -> None:
    request = a_training(stage, target)
    name = stage.run_id(request)
    stage.twin.fault(
        "foundry",
        "status",
        operation="create",
        name=name,
        status=429,
        headers={"Retry-After": "1"},
    )
    stage.twin.fault("foundry", "status", operation="create", name=name, status=503)
    stage.twin.fault("foundry", "status", operation="get", name=name, status=503, times=2)

    stage.twin.send(request)
    events = stage.events(request, within=120.0)

    stage.assert_whole(events)
    assert types(events)[-1] == "completed"


@pytest.mark.parametrize("target", TARGETS)
def test_a_job_whose_creation_lost_its_answer_is_adopted(stage: Stage, target: str) -> None:
    request = a_training(stage, target)
    stage.twin.fault(
        "foundry", "reset", operation="create", name=stage.run_id(request), when="after"
    )

    stage.twin.send(request)
    events = stage.events(request)

    stage.assert_whole(events)
    assert types(events)[-1] == "completed"
    assert len(asked(stage, request, "create")) == 1
