"""What a run of `jobs` leaves behind, as Microsoft's command line asks for it."""

from collections.abc import Iterator

import pytest

from tests.contract.foundry_twin import Foundry, foundry

LOG = "user_logs/std_log.txt"
SHELL = {"jobServiceType": "SSH", "port": 22, "nodes": {"nodesValueType": "All"}}


@pytest.fixture(scope="module")
def twin() -> Iterator[Foundry]:
    """Run a project in which a command and a recipe have ended."""
    with foundry("--pace", "0.05") as running:
        running.put("command", command="echo said", services={"shell": SHELL})
        running.recipe("recipe", hyperparameters={"max_steps": 2})
        running.statuses("command")
        running.statuses("recipe")
        yield running


def artifacts(twin: Foundry, name: str) -> str:
    """Give the path of the artifacts of a run."""
    experiment = twin.get(f"/jobs/{name}/history/runs/{name}")["experimentId"]
    return f"/jobs/{name}/history/experimentids/{experiment}/runs/{name}/artifacts"


def test_a_run_names_its_metrics(twin: Foundry) -> None:
    answer = twin.send("POST", "/jobs/recipe/metrics/recipe/list", json={"metricNamespace": None})

    assert answer.json()["value"] == [
        {"metricKey": {"metricName": name}, "columns": {name: "Double"}}
        for name in ("accuracy", "learning_rate", "loss")
    ]


def test_a_run_shows_all_points_of_a_metric(twin: Foundry) -> None:
    body = {"metricName": "loss"}

    metric = twin.send("POST", "/jobs/recipe/metrics/recipe/full", json=body).json()

    first, last = metric["value"]
    assert (metric["name"], metric["columns"]) == ("loss", {"loss": "Double"})
    assert (first["step"], last["step"], last["data"]) == (1, 2, {"loss": 0.6})
    assert first["createdUtc"] <= last["createdUtc"]


@pytest.mark.parametrize(("name", "status"), [("none", 404), (None, 400), (7, 400)])
def test_a_metric_that_is_not_there_is_refused(twin: Foundry, name: object, status: int) -> None:
    answer = twin.send("POST", "/jobs/recipe/metrics/recipe/full", json={"metricName": name})

    assert answer.status_code == status


def test_a_run_has_artifacts(twin: Foundry) -> None:
    found = twin.get(artifacts(twin, "recipe"), path="checkpoints/")["value"]

    assert found == [
        {"origin": "ExperimentRun", "container": "dcid.recipe", "path": path}
        for path in ("checkpoints/step-2/config.json", "checkpoints/step-2/model.safetensors")
    ]


def test_artifacts_can_be_downloaded(twin: Foundry) -> None:
    (info,) = twin.get(f"{artifacts(twin, 'command')}/prefix/contentinfo")["value"]

    assert info["path"] == LOG
    assert twin.http.get(info["contentUri"]).text == "said\n"


def test_a_run_is_in_its_own_experiment_alone(twin: Foundry) -> None:
    path = "/jobs/command/history/experimentids/none/runs/command/artifacts"

    assert twin.send("GET", path).status_code == 404


def test_a_node_has_services(twin: Foundry) -> None:
    found = twin.get("/jobs/command/history/runs/command/serviceinstances/0")["instances"]

    assert found["shell"] == {"type": "SSH", "status": "Stopped", "port": 22}
    assert (found["Studio"]["type"], found["Studio"]["status"]) == ("Studio", "Running")


@pytest.mark.parametrize(("node", "status"), [("1", 404), ("x", 400)])
def test_a_node_that_is_not_there_is_refused(twin: Foundry, node: str, status: int) -> None:
    path = f"/jobs/command/history/runs/command/serviceinstances/{node}"

    assert twin.send("GET", path).status_code == status
