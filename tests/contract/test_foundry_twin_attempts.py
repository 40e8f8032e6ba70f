"""What an attempt of a training job leaves behind: metrics, artifacts, outputs, services."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract.foundry_twin import Foundry, foundry
from tests.local.waiting import until

LOG = "user_logs/std_log.txt"
REWARD = {"kind": "builtin", "type": "math_equivalence"}


@pytest.fixture(scope="module")
def twin() -> Iterator[Foundry]:
    """Run a project in which a command and a recipe have ended."""
    with foundry("--pace", "0.1") as running:
        running.create(
            "command",
            command="echo said; mkdir -p outputs/deep; echo 1 > outputs/deep/x.json",
            outputs={"out": {"job_output_type": "uri_folder", "asset_name": "made"}},
            resources={"instance_count": 2, "instance_type": "Standard_ND96"},
            gpu_count=8,
        )
        running.recipe(
            "recipe",
            algorithm="grpo",
            reward=REWARD,
            eval={"benchmark": "gsm8k"},
            hyperparameters={"max_steps": 40},
        )
        running.statuses("command")
        running.statuses("recipe")
        yield running


def steps(points: list[dict[str, Any]]) -> list[int]:
    return [point["step"] for point in points]


def test_an_attempt_tells_how_it_went(twin: Foundry) -> None:
    attempt = twin.attempt("command")

    assert (attempt["id"], attempt["job_name"], attempt["status"]) == ("1", "command", "completed")
    assert attempt["started_at"] <= attempt["last_started_at"] <= attempt["ended_at"] < 2**31
    assert attempt["compute_duration"].startswith("PT")
    assert attempt["is_latest"]
    assert "error" not in attempt


def test_an_attempt_tells_on_what_it_ran(twin: Foundry) -> None:
    details = twin.attempt("command")["compute_details"]

    assert details.pop("properties")["compute_id"].endswith("/computes/cpu-cluster")
    assert details == {
        "vm_size": "Standard_ND96",
        "instance_type": "Standard_ND96",
        "instance_count": 2,
        "gpu_count": 8,
        "region": "westeurope",
    }


def test_an_attempt_that_is_not_there_is_refused(twin: Foundry) -> None:
    assert twin.send("GET", "/training_jobs/command/attempts/2").status_code == 404


def test_a_recipe_warns_that_it_is_played(twin: Foundry) -> None:
    assert [warned["code"] for warned in twin.attempt("recipe")["warnings"]] == ["RecipePlayed"]


def test_a_recipe_logs_its_metrics(twin: Foundry) -> None:
    page = twin.attempt("recipe", "/metrics", order="asc", limit=2)

    names = [metric["name"] for metric in page["data"]]
    assert (names, page["has_more"]) == (["accuracy", "eval_accuracy"], True)
    assert page["data"][0] == {
        "name": "accuracy",
        "metric_type": "scalar",
        "columns": {"accuracy": "double"},
    }


def test_a_loss_falls_step_by_step(twin: Foundry) -> None:
    points = twin.attempt("recipe", "/metrics/loss")["data"]

    values = [point["data"]["loss"] for point in points]
    assert steps(points) == [4, 8, 12, 16, 20, 24, 28, 32, 36, 40]
    assert values == sorted(values, reverse=True)
    assert points[0]["created_at"] <= points[-1]["created_at"]


def test_metrics_move_while_a_recipe_runs(twin: Foundry) -> None:
    twin.recipe("moving", hyperparameters={"max_steps": 1000})
    twin.until("moving", "Running")

    until(lambda: twin.attempt("moving", "/metrics/last_values")["data"], "a first point")
    first = twin.attempt("moving", "/metrics/last_values")["data"][0]["value"]["step"]
    twin.statuses("moving")

    last = twin.attempt("moving", "/metrics/last_values")["data"][0]["value"]["step"]
    assert first < last == 1000


def test_points_can_be_chosen_by_step(twin: Foundry) -> None:
    page = twin.attempt("recipe", "/metrics/loss", min_step=8, max_step=20, limit=3)

    assert (steps(page["data"]), page["has_more"]) == ([8, 12, 16], True)


def test_points_can_be_chosen_by_time(twin: Foundry) -> None:
    attempt = twin.attempt("recipe")

    all_of_it = twin.attempt("recipe", "/metrics/loss", started_at=attempt["started_at"])
    none_of_it = twin.attempt("recipe", "/metrics/loss", ended_at=attempt["started_at"] - 1)

    assert (len(all_of_it["data"]), none_of_it["data"]) == (10, [])


def test_last_values_are_those_of_the_last_step(twin: Foundry) -> None:
    values = twin.attempt("recipe", "/metrics/last_values")["data"]

    assert {value["name"]: value["value"]["data"][value["name"]] for value in values} == {
        "accuracy": 0.86,
        "eval_accuracy": 0.8,
        "kl": 0.12,
        "learning_rate": 0.00001,
        "loss": 0.6,
        "reward_mean": 0.8,
    }


def test_aggregates_are_those_of_the_chosen_points(twin: Foundry) -> None:
    points = twin.attempt("recipe", "/metrics/loss", min_step=36)["data"]
    first, last = (point["data"]["loss"] for point in points)

    (aggregate,) = twin.attempt("recipe", "/metrics/loss/aggregates", min_step=36)["data"]

    assert aggregate["values"] == {
        "min": last,
        "max": first,
        "mean": pytest.approx((first + last) / 2),
        "count": 2,
        "last": last,
    }


def test_samples_are_evenly_spread(twin: Foundry) -> None:
    sampled = twin.attempt("recipe", "/metrics/loss/samples", limit=4)

    assert (sampled["name"], steps(sampled["points"])) == ("loss", [4, 16, 28, 40])


def test_a_sample_is_the_newest_point(twin: Foundry) -> None:
    assert steps(twin.attempt("recipe", "/metrics/loss/sample")["points"]) == [40]
    assert steps(twin.attempt("recipe", "/metrics/loss/sample", max_step=10)["points"]) == [8]


@pytest.mark.parametrize("end", ["", "/aggregates", "/samples", "/sample"])
def test_a_metric_that_is_not_there_is_refused(twin: Foundry, end: str) -> None:
    path = f"/training_jobs/recipe/attempts/latest/metrics/none{end}"

    assert twin.send("GET", path).status_code == 404


@pytest.mark.parametrize("query", [{"min_step": "x"}, {"limit": "0"}, {"started_at": "now"}])
def test_a_choice_of_points_that_cannot_be_is_refused(twin: Foundry, query: dict[str, str]) -> None:
    path = "/training_jobs/recipe/attempts/latest/metrics/loss"

    assert twin.send("GET", path, params=query).status_code == 400


def test_a_command_leaves_its_log_and_its_outputs_folder(twin: Foundry) -> None:
    page = twin.attempt("command", "/artifacts", order="asc")

    assert [artifact["path"] for artifact in page["data"]] == ["outputs/deep/x.json", LOG]


def test_artifacts_can_be_chosen_by_the_beginning_of_their_path(twin: Foundry) -> None:
    page = twin.attempt("recipe", "/artifacts", path_prefix="checkpoints/", order="asc")

    assert [artifact["path"] for artifact in page["data"]] == [
        "checkpoints/step-40/config.json",
        "checkpoints/step-40/model.safetensors",
    ]


def test_an_artifact_has_metadata(twin: Foundry) -> None:
    shown = twin.attempt("command", "/artifacts/metadata", path=LOG)

    assert (shown["path"], shown["type"], shown["size"]) == (LOG, "file", 5)
    assert shown["created_at"] <= shown["updated_at"] + 1


def test_an_artifact_has_content(twin: Foundry) -> None:
    path = "/training_jobs/command/attempts/1/artifacts/content"

    answer = twin.send("GET", path, params={"path": LOG})

    assert (answer.content, answer.headers["Content-Type"]) == (b"said\n", "text/plain")


def test_an_artifact_can_be_downloaded_at_a_signed_address(twin: Foundry) -> None:
    info = twin.attempt("command", "/artifacts/content_info", path=LOG)

    assert (info["path"], info["content_type"]) == (LOG, "text/plain")
    assert info["expires_at"] > twin.attempt("command")["ended_at"]
    assert twin.http.get(info["content_uri"]).content == b"said\n"


def test_artifacts_can_be_downloaded_by_the_beginning_of_their_path(twin: Foundry) -> None:
    page = twin.attempt("command", "/artifacts/content_info_by_prefix", path_prefix="outputs")

    (info,) = page["data"]
    assert twin.http.get(info["content_uri"]).json() == 1


@pytest.mark.parametrize("path", ["none", "../1/user_logs/std_log.txt", "outputs", ""])
@pytest.mark.parametrize("end", ["metadata", "content_info", "content"])
def test_an_artifact_that_is_not_there_is_refused(twin: Foundry, path: str, end: str) -> None:
    url = f"/training_jobs/command/attempts/latest/artifacts/{end}"

    answer = twin.send("GET", url, params={"path": path})

    assert answer.status_code == (404 if path else 400)


def test_an_output_that_becomes_an_asset_has_a_name_and_a_version(twin: Foundry) -> None:
    (output,) = twin.get("/training_jobs/command/outputs")["data"]

    assert (output["name"], output["type"], output["asset_name"]) == ("out", "uri_folder", "made")
    version = output["asset_version"]
    uri = f"azureai://accounts/demo/projects/demo/data/made/versions/{version}"
    assert output["uri"] == uri


def test_a_recipe_makes_a_model(twin: Foundry) -> None:
    model = twin.get("/training_jobs/recipe/outputs/model")

    assert (model["type"], model["asset_name"], model["base_model_id"]) == (
        "safetensors_model",
        "recipe",
        "m",
    )
    made = twin.control("GET", "files", params={"uri": f"{model['uri']}/config.json"})
    assert made.json() == {"base_model": "m", "algorithm": "grpo"}
    assert twin.attempt("recipe", "/outputs/model") == model


def test_there_is_no_asset_before_a_job_has_ended(twin: Foundry) -> None:
    twin.recipe("unborn", tags={"twin.life": "queued"})

    (model,) = twin.attempt("unborn", "/outputs")["data"]

    assert "uri" in model
    assert "asset_name" not in model


def test_an_output_that_is_not_there_is_refused(twin: Foundry) -> None:
    assert twin.send("GET", "/training_jobs/command/outputs/none").status_code == 404


def test_a_job_has_the_services_of_its_leader(twin: Foundry) -> None:
    shell = {"jobServiceType": "SSH", "port": 22, "nodes": {"nodesValueType": "All"}}
    alone = {"jobServiceType": "SSH", "port": 23}
    resources = {"instanceCount": 2}
    twin.put("served", services={"shell": shell, "alone": alone}, resources=resources)
    twin.statuses("served")

    leader = twin.get("/training_jobs/served/services")["services"]
    other = twin.get("/training_jobs/served/services", node_id=1)["services"]

    assert sorted(leader) == ["Studio", "Tracking", "alone", "shell"]
    assert other == {"shell": {"type": "SSH", "port": 22, "status": "stopped"}}


@pytest.mark.parametrize(("node", "status"), [("2", 404), ("-1", 400), ("x", 400)])
def test_a_node_that_is_not_there_is_refused(twin: Foundry, node: str, status: int) -> None:
    path = "/training_jobs/command/services"

    assert twin.send("GET", path, params={"node_id": node}).status_code == status
