"""How a training job ended, by either contract."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import stamina

from shared.backends import foundry
from shared.backends.foundry.asking import MAX_ASKED
from shared.errors import Problem
from shared.ports import Json
from shared.runs import Card, JobType, Result, Training
from tests.arm import Clock, a_connection, an_error
from tests.project import NAME, Project, a_job, a_target, a_training_job, trainings
from tests.rows import a_run

RUN = a_run(NAME, job_type=JobType.TRAINING)
AT = f"training_jobs/{NAME}"
RUNS = f"jobs/{NAME}/history/runs/{NAME}"
SIGNED = "https://store.example/log.txt?sv=1&sig=c4nary"
LOG = "The log of the job says why: `training.logs` names it among the job's artifacts."
OF_PROJECT = "The project itself shows what is missing."

MACHINES = {
    "vm_size": "Standard_NC24ads_A100_v4",
    "instance_type": "gpu",
    "instance_count": 2,
    "gpu_count": 4,
    "region": "westeurope",
}
FIRST: Json = {
    "id": "1",
    "status": "failed",
    "started_at": 1_795_000_000,
    "ended_at": 1_795_000_060,
    "warnings": [{"code": "Preempted", "message": f"The machine was taken, see {SIGNED}."}],
    "is_latest": False,
}
LATEST: Json = {
    "id": "2",
    "status": "completed",
    "status_reason": "The recipe is done.",
    "started_at": 1_795_000_100,
    "ended_at": 1_795_000_700,
    "compute_duration": "PT20M0.5S",
    "compute_details": {**MACHINES, "properties": {"secret": "c4nary"}},
    "is_latest": True,
}
ATTEMPTS = {
    AT: None,
    f"{AT}/attempts": {"data": [LATEST, FIRST], "has_more": False},
    f"{AT}/attempts/latest": LATEST,
    f"{AT}/attempts/latest/metrics/last_values": {
        "data": [
            {"name": "loss", "value": {"step": 40, "created_at": 1, "data": {"loss": 0.6}}},
            {"name": "eval/score", "value": {"step": 40, "data": {"value": 0.8}}},
            {"name": "table", "value": {"data": {"a": 1, "b": [2]}}},
            {"name": "silent"},
            {"value": {"data": {"x": 1}}},
        ]
    },
    f"{AT}/attempts/latest/artifacts": {
        "data": [
            {"path": "user_logs/std_log.txt", "type": "file", "size": 7},
            {"path": "checkpoints/model.safetensors", "type": "file"},
            {"path": "train.log"},
            {"path": 7},
        ]
    },
    f"{AT}/outputs": {
        "data": [
            {"name": "model", "asset_name": "chat", "asset_version": "3", "uri": "azureai://m"}
        ]
    },
}
DETAILS: Json = {
    "runId": NAME,
    "experimentId": "e-1",
    "startTimeUtc": "2026-11-21T09:00:00Z",
    "endTimeUtc": "2026-11-21T09:10:00Z",
    "computeDuration": "00:10:00.5000000",
    "warnings": [{"source": "Preempted", "message": "The machine was taken."}],
    "logFiles": {"user_logs/std_log.txt": SIGNED},
    "error": {"error": {"code": "UserError", "message": "The script failed."}},
}
HISTORY = {
    f"{RUNS}/details": DETAILS,
    RUNS: DETAILS,
    f"jobs/{NAME}/metrics/{NAME}/list": {"value": [{"metricKey": {"metricName": "loss"}}, {}]},
    f"jobs/{NAME}/metrics/{NAME}/full": {
        "value": [{"step": 1, "data": {"loss": 2.4}}, {"step": 2, "data": {"loss": 0.6}}]
    },
    f"jobs/{NAME}/history/experimentids/e-1/runs/{NAME}/artifacts": {
        "value": [{"path": "user_logs/std_log.txt", "contentUri": SIGNED}]
    },
}
RECIPE = {"algorithm": "sft", "resolved_framework": "trl", "framework_version": "0.24.0"}


@pytest.fixture(autouse=True)
def _no_waiting() -> Iterator[None]:
    with stamina.set_testing(True, attempts=1):
        yield


def told(
    project: Project, job: Json, profile: str = "training_jobs", *, card: Card = RUN.card
) -> Result:
    """What is told at the end of the job with this document."""
    look = trainings(lambda _: httpx.Response(200, json=job), profile).find(NAME)
    assert look is not None
    run = a_run(NAME, job_type=JobType.TRAINING, card=card)
    return trainings(project, profile).result(run, look)


def test_a_training_tells_what_it_came_to() -> None:
    job = a_training_job(
        status="succeeded",
        training=RECIPE,
        outputs={"model": {"job_output_type": "safetensors_model", "mode": "upload"}},
    )

    result = told(Project(ATTEMPTS), job)

    assert result == Result(
        outputs={
            "model": {
                "type": "safetensors_model",
                "uri": "azureai://m",
                "asset_id": None,
                "asset_name": "chat",
                "asset_version": "3",
            }
        },
        training=Training(
            attempt={"id": "2", "status_reason": "The recipe is done."},
            attempts=2,
            compute_seconds=1200.5,
            compute=MACHINES,
            framework="trl",
            framework_version="0.24.0",
            metrics={"loss": 0.6, "eval/score": 0.8, "table": {"a": 1, "b": [2]}, "silent": None},
            logs=("user_logs/std_log.txt", "train.log"),
            warnings=(
                {
                    "code": "Preempted",
                    "message": "The machine was taken, see https://store.example/log.txt?…",
                },
            ),
        ),
        started_at=datetime.fromtimestamp(1_795_000_000, UTC),
        ended_at=datetime.fromtimestamp(1_795_000_700, UTC),
    )


def test_a_failed_training_has_the_error_of_its_latest_attempt() -> None:
    error = {"code": "UserError", "message": "CUDA out of memory", "details": {"exit_code": 1}}
    failed = {**LATEST, "status": "failed", "error": error}
    project = Project({**ATTEMPTS, f"{AT}/attempts/latest": failed})

    result = told(project, a_training_job(status="failed"))

    assert result.error is not None
    assert (result.error.code, result.error.message) == ("UserError", "CUDA out of memory")
    assert "attributes.compute" in (result.error.hint or "")


@pytest.mark.parametrize("status", ["succeeded", "cancelled"])
def test_only_a_failure_has_an_error(status: str) -> None:
    failed = {**LATEST, "error": {"code": "UserError", "message": "No."}}

    assert (
        told(Project({f"{AT}/attempts/latest": failed}), a_training_job(status=status)).error
        is None
    )


def test_a_failure_of_which_nothing_is_said_names_the_log() -> None:
    result = told(Project({}), a_training_job(status="failed"))

    text = "the job failed; the service does not say why"
    assert result.error == Problem("JobFailed", text, LOG)
    assert result.unread is None


def test_what_nobody_says_is_missing_for_a_reason() -> None:
    result = told(Project({}), a_training_job(status="succeeded"))

    unsaid = "the service does not say it"
    assert result.training == Training(
        missing={
            "attempt": unsaid,
            "attempts": unsaid,
            "compute_seconds": unsaid,
            "compute": unsaid,
            "framework": "the job has no recipe",
            "framework_version": "the job has no recipe",
            "metrics": unsaid,
            "logs": unsaid,
            "warnings": unsaid,
        }
    )


def test_a_job_tells_what_its_run_came_to() -> None:
    job = a_job(
        status="Failed",
        outputs={
            "model": {
                "jobOutputType": "uri_folder",
                "uri": "azureml://m",
                "assetName": "chat",
                "assetVersion": "3",
            }
        },
    )

    result = told(Project({**HISTORY, f"jobs/{NAME}": job}), job, "jobs")

    unsaid = "the service does not say it"
    assert result == Result(
        outputs={
            "model": {
                "type": "uri_folder",
                "uri": "azureml://m",
                "asset_id": None,
                "asset_name": "chat",
                "asset_version": "3",
            }
        },
        error=Problem("UserError", "The script failed.", SCRIPT),
        training=Training(
            compute_seconds=600.5,
            metrics={"loss": 0.6},
            logs=("user_logs/std_log.txt",),
            warnings=({"code": "Preempted", "message": "The machine was taken."},),
            missing={
                "attempt": unsaid,
                "attempts": unsaid,
                "compute": unsaid,
                "framework": "the job has no recipe",
                "framework_version": "the job has no recipe",
            },
        ),
        started_at=datetime(2026, 11, 21, 9, 0, tzinfo=UTC),
        ended_at=datetime(2026, 11, 21, 9, 10, tzinfo=UTC),
    )


SCRIPT = "The command of the job failed: its log, user_logs/std_log.txt, says why."


def test_an_input_is_told_only_when_it_is_wanted_as_output() -> None:
    given = {
        "rate": {"job_input_type": "literal", "value": "0.5"},
        "data": {"job_input_type": "uri_folder", "uri": "azureai://d"},
        "other": {"job_input_type": "literal", "value": "1"},
    }
    card = Card(wanted_outputs=("data", "rate"))

    result = told(Project({}), a_training_job(status="succeeded", inputs=given), card=card)

    assert result.outputs["rate"] == "0.5"
    assert result.outputs["data"]["uri"] == "azureai://d"
    assert "other" not in result.outputs


def test_an_output_outranks_an_input_of_its_name() -> None:
    job = a_training_job(
        status="succeeded",
        inputs={"model": {"job_input_type": "literal", "value": "old"}},
        outputs={"model": {"job_output_type": "uri_folder", "uri": "azureai://new"}},
    )

    result = told(Project({}), job, card=Card(wanted_outputs=("model",)))

    assert result.outputs["model"]["uri"] == "azureai://new"


@pytest.mark.parametrize("profile", ["training_jobs", "jobs"])
@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_service_in_trouble_is_asked_no_more(profile: str, status: int) -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        return an_error(status)

    job = {"training_jobs": a_training_job, "jobs": a_job}[profile](status="Failed")
    look = trainings(lambda _: httpx.Response(200, json=job), profile).find(NAME)
    assert look is not None

    result = trainings(answer, profile).result(RUN, look)

    assert len(asked) == 1
    assert result.error is not None
    assert result.unread is not None
    assert result.unread.hint == OF_PROJECT
    assert result.training is not None
    assert result.training.missing["metrics"] == "it could not be read"


def test_what_is_refused_leaves_the_rest_to_be_read() -> None:
    path = f"{AT}/attempts/latest/metrics/last_values"
    project = Project({**ATTEMPTS, path: an_error(403, "forbidden")})

    result = told(project, a_training_job(status="succeeded"))

    assert result.unread is not None
    assert result.unread.code == "forbidden"
    assert result.training is not None
    assert result.training.missing["metrics"] == "it could not be read"
    assert result.training.logs == ("user_logs/std_log.txt", "train.log")


def test_lists_without_end_are_left() -> None:
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        number = str(len(asked))
        attempt = {**FIRST, "id": number}
        return httpx.Response(200, json={"data": [attempt], "has_more": True, "last_id": number})

    look = trainings(lambda _: httpx.Response(200, json=a_training_job(status="succeeded"))).find(
        NAME
    )
    assert look is not None

    result = trainings(answer).result(RUN, look)

    assert len(asked) < MAX_ASKED
    assert result.training is not None
    assert result.training.attempts is None


def test_metrics_without_number_are_asked_for_as_far_as_is_bearable() -> None:
    named = [{"metricKey": {"metricName": f"m{number}"}} for number in range(500)]
    project = Project({**HISTORY, f"jobs/{NAME}/metrics/{NAME}/list": {"value": named}})

    result = told(project, a_job(status="Completed"), "jobs")

    assert result.training is not None
    assert len(result.training.metrics or {}) == 20


def test_who_is_slow_is_not_waited_for() -> None:
    clock = Clock(step=timedelta(seconds=3))
    connection = a_connection(Project(ATTEMPTS), clock=clock, api_version="")
    backend = foundry.backends(a_target(), connection, app_name="relay")[JobType.TRAINING]
    look = trainings(lambda _: httpx.Response(200, json=a_training_job(status="failed"))).find(NAME)
    assert look is not None

    result = backend.result(RUN, look)

    assert result.unread is not None
    assert result.unread.code == "TooSlow"


def test_no_secret_of_a_service_is_told() -> None:
    canary: dict[str, Any] = {**LATEST, "status_reason": f"see {SIGNED}", "error": {"code": SIGNED}}
    odd = {"data": [{"name": SIGNED, "value": {"data": {SIGNED: SIGNED}}}]}
    paths = {"data": [{"path": f"logs/{SIGNED}"}]}
    project = Project(
        {
            **ATTEMPTS,
            f"{AT}/attempts/latest": canary,
            f"{AT}/attempts/latest/metrics/last_values": odd,
            f"{AT}/attempts/latest/artifacts": paths,
            f"{AT}/outputs": {"data": [{"name": SIGNED, "uri": SIGNED}]},
        }
    )

    result = told(project, a_training_job(status="failed"))

    assert "c4nary" not in repr(result)
