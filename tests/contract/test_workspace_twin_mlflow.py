"""The scripts of jobs log with mlflow, unchanged, and what they log is kept with their run."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.contract.workspace_twin import Twin, workspace

ARTIFACTS = "azureml://datastores/workspaceartifactstore/ExperimentRun/dcid.{name}"
LOG = ARTIFACTS + "/user_logs/std_log.txt"
STORY = """
import json, mlflow
mlflow.set_experiment("stories")
with mlflow.start_run() as run:
    mlflow.log_metric("loss", 0.5, step=1)
    mlflow.log_metric("loss", 0.25, step=2)
    mlflow.log_metric("late", 1, step=9)
    mlflow.log_metric("late", 2, step=3)
    mlflow.log_metrics({"nan": float("nan"), "inf": float("inf")})
    mlflow.log_param("lr", 0.1)
    mlflow.log_params({"epochs": 3})
    mlflow.set_tag("colour", "blue")
    mlflow.log_text("kept", "notes.txt")
client = mlflow.MlflowClient()
seen = client.get_run(run.info.run_id)
print(json.dumps({
    "metrics": {name: str(value) for name, value in seen.data.metrics.items()},
    "params": seen.data.params,
    "colour": seen.data.tags["colour"],
    "root": seen.data.tags["mlflow.rootRunId"],
    "name": seen.info.run_name,
    "history": [[point.step, point.value] for point in client.get_metric_history("told", "loss")],
    "experiment": client.get_experiment(seen.info.experiment_id).name,
    "nowhere": client.get_experiment_by_name("nowhere"),
}))
"""


@pytest.fixture(scope="module")
def twin() -> Iterator[Twin]:
    with workspace("--pace", "0.05") as running:
        yield running


@pytest.fixture(scope="module")
def told(twin: Twin) -> dict[str, Any]:
    """Let the client of mlflow do its work in a job, and give what it saw."""
    twin.put("told", command=f"python -c '{STORY}'", experimentName="stories")
    statuses = twin.statuses("told")

    log = twin.file(LOG.format(name="told")).text
    assert statuses[-1] == "Completed", log
    seen: dict[str, Any] = json.loads(next(line for line in log.splitlines() if line[:1] == "{"))
    return seen


@pytest.fixture(scope="module")
def token(twin: Twin) -> str:
    """Give the token that a job was given."""
    twin.put("holder", command='echo "$MLFLOW_TRACKING_TOKEN"')
    twin.statuses("holder")
    return twin.file(LOG.format(name="holder")).text.strip()


def ask(
    twin: Twin, path: str, *, method: str = "GET", token: str | None = None, **arguments: Any
) -> httpx.Response:
    """Ask the tracking service, with the token of the test unless another is given."""
    url = httpx.URL(twin.workspace.info["workspace"])
    token = twin.token if token is None else token
    return twin.http.request(
        method,
        url.copy_with(path=f"/mlflow/v1.0{url.path}/api/2.0/mlflow/{path}"),
        headers={"Authorization": f"Bearer {token}"},
        **arguments,
    )


def test_the_last_value_of_each_metric_is_shown(told: dict[str, Any]) -> None:
    assert told["metrics"] == {"loss": "0.25", "late": "1.0", "nan": "nan", "inf": "inf"}


def test_all_values_of_a_metric_are_kept(told: dict[str, Any]) -> None:
    assert told["history"] == [[1, 0.5], [2, 0.25]]


def test_parameters_and_tags_are_kept(told: dict[str, Any]) -> None:
    assert told["params"] == {"lr": "0.1", "epochs": "3"}
    assert told["colour"] == "blue"
    assert told["root"] == "told"


@pytest.mark.usefixtures("told")
def test_a_tag_is_one_of_the_job(twin: Twin) -> None:
    assert twin.get("told")["tags"] == {"colour": "blue"}


@pytest.mark.usefixtures("told")
def test_an_artifact_goes_to_those_of_the_job(twin: Twin) -> None:
    assert twin.file(f"{ARTIFACTS.format(name='told')}/notes.txt").text == "kept"


def test_the_experiment_is_that_of_the_job(told: dict[str, Any]) -> None:
    assert told["experiment"] == "stories"
    assert told["nowhere"] is None


def test_a_run_may_be_named(twin: Twin, token: str) -> None:
    body = {"run_id": "holder", "run_name": "renamed", "status": "FAILED"}

    answer = ask(twin, "runs/update", method="POST", token=token, json=body)

    assert answer.json()["run_info"]["run_name"] == "renamed"
    assert answer.json()["run_info"]["status"] == "FINISHED"
    assert twin.get("holder")["displayName"] == "renamed"


def test_the_token_of_a_job_is_good_for_its_own_run_alone(twin: Twin, token: str) -> None:
    own = ask(twin, "runs/get", token=token, params={"run_id": "holder"})
    other = ask(twin, "runs/get", token=token, params={"run_id": "echo"})
    body = {"run_id": "echo", "key": "loss", "value": 1, "timestamp": 1}
    write = ask(twin, "runs/log-metric", method="POST", token=token, json=body)

    assert (own.status_code, other.status_code, write.status_code) == (200, 403, 403)
    assert other.json()["error"]["message"] == (
        "The token of the run 'holder' is not good for 'echo'."
    )


def test_the_token_of_a_job_opens_nothing_else(twin: Twin, token: str) -> None:
    answer = twin.send("GET", "/jobs", headers={"Authorization": f"Bearer {token}"})

    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "InvalidAuthenticationTokenAudience"


def test_without_a_good_token_nothing_is_shown(twin: Twin) -> None:
    assert ask(twin, "runs/get", token="none", params={"run_id": "echo"}).status_code == 401


def test_whoever_may_see_jobs_may_see_runs(twin: Twin) -> None:
    run = ask(twin, "runs/get", params={"run_id": "echo"}).json()["run"]

    assert run["info"]["run_name"] == "Echo"
    assert run["info"]["status"] == "FINISHED"
    assert run["data"]["metrics"] == []


def test_a_run_that_is_not_there_is_not_found(twin: Twin) -> None:
    assert ask(twin, "runs/get", params={"run_id": "nobody"}).status_code == 404


@pytest.mark.parametrize(
    ("path", "body", "place"),
    [
        ("runs/log-metric", {"run_id": "echo", "key": "loss"}, "metric.value"),
        ("runs/log-metric", {"run_id": "echo", "key": "", "value": 1}, "metric.key"),
        ("runs/log-metric", {"key": "loss", "value": 1}, "metric.run_id"),
        ("runs/log-batch", {"run_id": "echo", "metrics": [{}]}, "batch.metrics.0.key"),
        ("runs/log-parameter", {"run_id": "echo"}, "param.key"),
        ("runs/set-tag", {"run_id": "echo", "key": "k" * 101, "value": "v"}, "tag.key"),
        ("runs/update", {}, "run.run_id"),
    ],
)
def test_a_body_that_makes_no_sense_is_refused_with_the_place_of_its_fault(
    twin: Twin, path: str, body: dict[str, Any], place: str
) -> None:
    answer = ask(twin, path, method="POST", json=body)

    assert answer.status_code == 400
    assert answer.json()["error"]["message"].startswith(f"{place}: ")


def test_mlflow_speaks_to_nobody_else(twin: Twin) -> None:
    twin.put("quiet", command="env | grep -E '^MLFLOW_(DISABLE|TRACKING_URI|RUN)' | sort")
    twin.statuses("quiet")

    url = httpx.URL(twin.workspace.info["workspace"])
    assert twin.file(LOG.format(name="quiet")).text.splitlines() == [
        "MLFLOW_DISABLE_TELEMETRY=true",
        "MLFLOW_RUN_ID=quiet",
        f"MLFLOW_TRACKING_URI={url.copy_with(path=f'/mlflow/v1.0{url.path}')}",
    ]
