"""The workspace of the twin runs the trials of sweeps for real."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.contract.test_workspace_twin_runs import pids_of, until_gone
from tests.contract.workspace_twin import Twin, workspace

Json = dict[str, Any]
BLOBS = "azureml://datastores/workspaceblobstore/paths/azureml"
FILE = {"jobOutputType": "uri_file"}
# Logs as mlflow does, without the second that mlflow takes to start.
LOGGING = """
import json, os, sys, urllib.request
for value in sys.argv[1:]:
    urllib.request.urlopen(urllib.request.Request(
        os.environ["MLFLOW_TRACKING_URI"] + "/api/2.0/mlflow/runs/log-metric",
        json.dumps({"run_id": os.environ["MLFLOW_RUN_ID"], "key": "score", "value": value,
                    "timestamp": 1, "step": 0}).encode(),
        {"Authorization": "Bearer " + os.environ["MLFLOW_TRACKING_TOKEN"]}))
"""
LOG = f"python -c '{LOGGING}'"


@pytest.fixture(scope="module")
def twin() -> Iterator[Twin]:
    with workspace("--pace", "0.05") as running:
        yield running


def choices(*values: Any) -> list[Any]:
    return ["choice", [list(values)]]


def limits(**values: Any) -> Json:
    return {"jobLimitsType": "Sweep", **values}


def a_sweep(twin: Twin, command: str = "true", **properties: Any) -> Json:
    """Give the properties of a sweep whose trials run this command."""
    environment = twin.a_command()["environmentId"]
    return {
        "jobType": "Sweep",
        "objective": {"goal": "Maximize", "primaryMetric": "score"},
        "samplingAlgorithm": {"samplingAlgorithmType": "Grid"},
        "searchSpace": {"x": choices(0, 1, 2)},
        "trial": {"command": command, "environmentId": environment},
        **properties,
    }


def put(twin: Twin, name: str, command: str = "true", **properties: Any) -> httpx.Response:
    body = {"properties": a_sweep(twin, command, **properties)}
    return twin.send("PUT", f"/jobs/{name}", json=body)


def swept(twin: Twin, name: str, command: str = "true", **properties: Any) -> Json:
    """Run a sweep to its end, and give what it is then."""
    put(twin, name, command, **properties).raise_for_status()
    twin.statuses(name)
    return twin.get(name)


def ends(twin: Twin, name: str, count: int) -> list[str]:
    """Give how the trials have ended; there is none after them."""
    assert twin.send("GET", f"/jobs/{name}_{count}").status_code == 404
    return [twin.get(f"{name}_{number}")["status"] for number in range(count)]


def most_at_once(twin: Twin, name: str, count: int) -> int:
    """Give how many trials were alive at the same time."""
    walks = [
        twin.control("GET", "walk", params={"name": f"{name}_{number}"}).json()
        for number in range(count)
    ]
    # At the same moment an end comes before a start.
    changes = sorted(
        change for walk in walks for change in ((walk[0]["time"], 1), (walk[-1]["time"], -1))
    )
    alive = [sum(step for _, step in changes[: place + 1]) for place in range(len(changes))]
    return max(alive)


def test_the_sample_finds_the_best_of_its_trials(twin: Twin) -> None:
    sample = twin.get("tune-quadratic")
    sample["outputs"].pop("default")
    sample["outputs"]["point"].pop("uri")
    twin.send("PUT", "/jobs/tuned", json={"properties": sample}).raise_for_status()

    assert twin.statuses("tuned")[-2:] == ["Finalizing", "Completed"]

    told = twin.get("tuned")["properties"]
    best = twin.file(f"{BLOBS}/tuned_3/point").json()
    assert told["best_child_run_id"] == "tuned_3"
    assert told["best_metric_status"] == "Succeeded"
    assert float(told["score"]) == pytest.approx(0.0107, abs=0.0001)
    assert best["loss"] == float(told["score"])
    assert json.loads(twin.get("tuned_3")["tags"]["hyperparameters"]) == {
        "x": best["x"],
        "y": best["y"],
    }
    assert ends(twin, "tuned", 6) == ["Completed"] * 6


def test_a_grid_ends_with_its_last_combination(twin: Twin) -> None:
    sweep = swept(twin, "grid", f"{LOG} ${{{{search_space.x}}}}")

    assert sweep["status"] == "Completed"
    assert sweep["properties"]["best_child_run_id"] == "grid_2"
    assert sweep["properties"]["score"] == "2.0"
    assert ends(twin, "grid", 3) == ["Completed"] * 3


def test_the_goal_may_be_the_least(twin: Twin) -> None:
    objective = {"goal": "minimize", "primaryMetric": "score"}

    sweep = swept(twin, "least", f"{LOG} ${{{{search_space.x}}}}", objective=objective)

    assert sweep["properties"]["best_child_run_id"] == "least_0"


def test_the_best_value_of_a_trial_counts_and_not_its_last(twin: Twin) -> None:
    space = {"x": choices("5 1", "3 4")}

    sweep = swept(twin, "peaks", f"{LOG} ${{{{search_space.x}}}}", searchSpace=space)

    assert sweep["properties"]["best_child_run_id"] == "peaks_0"
    assert sweep["properties"]["score"] == "5.0"


def test_no_more_trials_run_at_once_than_allowed(twin: Twin) -> None:
    space = {"x": choices(*range(6))}

    swept(twin, "few", searchSpace=space, limits=limits(maxConcurrentTrials=2))

    assert most_at_once(twin, "few", 6) == 2


def test_no_more_trials_run_in_all_than_allowed(twin: Twin) -> None:
    swept(twin, "two", limits=limits(maxTotalTrials=2))

    assert ends(twin, "two", 2) == ["Completed"] * 2


def test_the_same_seed_gives_the_same_trials(twin: Twin) -> None:
    properties: Json = {
        "samplingAlgorithm": {"samplingAlgorithmType": "Random", "seed": 5},
        "searchSpace": {"x": ["uniform", [0, 1]]},
        "limits": limits(maxTotalTrials=2),
    }

    for name in ("seed-a", "seed-b"):
        swept(twin, name, **properties)

    tags = [
        [twin.get(f"{name}_{number}")["tags"] for number in range(2)]
        for name in ("seed-a", "seed-b")
    ]
    assert tags[0] == tags[1]
    assert tags[0][0] != tags[0][1]


def test_a_trial_has_its_hyperparameters_and_the_inputs_and_outputs_of_the_sweep(
    twin: Twin,
) -> None:
    space = {"x": choices(*(0.5, "text", True, {"kind": "sgd", "momentum": choices(0.9)}))}
    command = (
        "echo '${{search_space.x}}' ${{inputs.word}} > ${{outputs.said}};"
        'echo "$AZUREML_SWEEP_x" >> ${{outputs.said}}'
    )
    inputs = {"word": {"jobInputType": "literal", "value": "hello"}}

    swept(twin, "given", command, searchSpace=space, inputs=inputs, outputs={"said": FILE})

    assert [twin.file(f"{BLOBS}/given_{number}/said").text for number in range(4)] == [
        "0.5 hello\n0.5\n",
        "text hello\ntext\n",
        "true hello\ntrue\n",
        '{"kind": "sgd", "momentum": 0.9} hello\n{"kind": "sgd", "momentum": 0.9}\n',
    ]


def test_trials_do_not_share_a_place_that_the_sweep_names(twin: Twin) -> None:
    outputs = {"said": {**FILE, "uri": f"{BLOBS}/shared"}}

    swept(twin, "apart", "echo ${{search_space.x}} > ${{outputs.said}}", outputs=outputs)

    assert [twin.file(f"{BLOBS}/shared/apart_{number}").text for number in range(3)] == [
        "0\n",
        "1\n",
        "2\n",
    ]


def test_a_trial_that_is_hopeless_is_stopped(twin: Twin) -> None:
    command = f"{LOG} ${{{{search_space.x}}}}; [ ${{{{search_space.x}}}} = 9 ] || sleep 1000"
    policy = {"policyType": "Bandit", "slackAmount": 1}

    sweep = swept(
        twin,
        "halted",
        command,
        searchSpace={"x": choices(9, 1)},
        limits=limits(maxConcurrentTrials=1),
        earlyTermination=policy,
    )

    assert sweep["status"] == "Completed"
    assert sweep["properties"]["best_child_run_id"] == "halted_0"
    assert ends(twin, "halted", 2) == ["Completed", "Canceled"]


def test_a_cancel_of_a_sweep_ends_its_trials(twin: Twin) -> None:
    command = "echo $$ $$ > ${{outputs.pids}}; sleep 1000"
    put(
        twin,
        "given-up",
        command,
        outputs={"pids": FILE},
        limits=limits(maxConcurrentTrials=2),
    ).raise_for_status()
    pids = [*pids_of(twin, "given-up_0"), *pids_of(twin, "given-up_1")]

    twin.send("POST", "/jobs/given-up/cancel").raise_for_status()

    assert twin.statuses("given-up")[-2:] == ["CancelRequested", "Canceled"]
    assert ends(twin, "given-up", 2) == ["Canceled"] * 2
    until_gone(pids)


def test_a_trial_that_fails_does_not_fail_the_sweep(twin: Twin) -> None:
    command = f"{LOG} ${{{{search_space.x}}}}; [ ${{{{search_space.x}}}} != 2 ]"

    sweep = swept(twin, "mixed", command)

    assert sweep["status"] == "Completed"
    assert sweep["properties"]["best_child_run_id"] == "mixed_1"
    assert ends(twin, "mixed", 3) == ["Completed", "Completed", "Failed"]


def test_a_sweep_without_a_completed_trial_fails_and_says_why(twin: Twin) -> None:
    sweep = swept(twin, "hopeless", "echo no data >&2; exit 3")

    error = twin.history("hopeless").json()["error"]["error"]
    assert sweep["status"] == "Failed"
    assert "best_child_run_id" not in sweep["properties"]
    assert error["code"] == "UserError"
    assert error["message"].startswith(
        "No trial has completed. The first that failed is hopeless_0"
    )
    assert error["message"].endswith("no data")


def test_a_sweep_that_loses_its_machine_starts_its_trials_again(twin: Twin) -> None:
    swept(twin, "evicted", tags={"twin.life": "evicted"})

    assert twin.walk("evicted")[2:] == [
        "Queued",
        "Running",
        "Queued",
        "Running",
        "Finalizing",
        "Completed",
    ]
    assert ends(twin, "evicted", 3) == ["Completed"] * 3


def test_a_sweep_that_is_sent_again_is_the_same(twin: Twin) -> None:
    answers = [put(twin, "again").status_code for _ in range(2)]
    twin.statuses("again")

    other = put(twin, "again", "false")
    archived = twin.send(
        "PUT", "/jobs/again", json={"properties": {**twin.get("again"), "isArchived": True}}
    )

    assert answers == [201, 200]
    assert "these of its properties cannot be changed: trial" in other.json()["error"]["message"]
    assert archived.json()["properties"]["isArchived"] is True


def test_a_trial_that_was_read_can_be_sent_back_with_another_tag(twin: Twin) -> None:
    swept(twin, "tagged")
    trial = twin.get("tagged_0")
    tags = {"mine": "yes"}

    answer = twin.send("PUT", "/jobs/tagged_0", json={"properties": {**trial, "tags": tags}})

    changed = answer.json()["properties"]
    assert changed["tags"] == {"hyperparameters": '{"x": 0}', "mine": "yes"}
    assert changed["parameters"] == {"x": 0}


def test_a_sweep_whose_trials_log_no_metric_has_no_best(twin: Twin) -> None:
    sweep = swept(twin, "silent")

    assert sweep["status"] == "Completed"
    assert "best_child_run_id" not in sweep["properties"]


def test_a_trial_over_its_time_is_cancelled(twin: Twin) -> None:
    command = "[ ${{search_space.x}} = 1 ] || sleep 1000"

    sweep = swept(
        twin, "slow", command, searchSpace={"x": choices(0, 1)}, limits=limits(trialTimeout="PT1S")
    )

    assert sweep["status"] == "Completed"
    assert ends(twin, "slow", 2) == ["Canceled", "Completed"]


def test_a_sweep_over_its_time_is_cancelled_with_its_trials(twin: Twin) -> None:
    sweep = swept(twin, "overdue", "sleep 1000", limits=limits(timeout="PT1S"))

    assert sweep["status"] == "Canceled"
    assert ends(twin, "overdue", 3) == ["Canceled"] * 3


def test_a_sweep_without_a_completed_trial_tells_when_all_were_cancelled(twin: Twin) -> None:
    swept(twin, "cut", "sleep 1000", limits=limits(trialTimeout="PT1S"))

    error = twin.history("cut").json()["error"]["error"]
    assert error["message"] == "No trial has completed: all were cancelled."


LOST: dict[str, tuple[Json, str]] = {
    "a hyperparameter": (
        {"trial": {"command": "echo ${{search_space.y}}"}},
        "The command uses search_space.y, which the sweep has not.",
    ),
    "an environment": (
        {"trial": {"environmentId": "azureml:nothing:1"}},
        "There is no environment 'nothing'.",
    ),
    "a code": (
        {"trial": {"codeId": "{workspace}/codes/nothing/versions/1"}},
        "There is no code 'nothing' of version '1'.",
    ),
    "a compute": (
        {"computeId": "{workspace}/computes/nothing"},
        "There is no compute 'nothing' in the workspace.",
    ),
    "a datastore": (
        {"outputs": {"o": {**FILE, "uri": "azureml://datastores/nothing/paths/o"}}},
        "there is no datastore 'nothing'",
    ),
}


@pytest.mark.parametrize(("properties", "message"), LOST.values(), ids=LOST)
def test_a_sweep_that_names_what_is_not_there_is_refused(
    twin: Twin, properties: Json, message: str
) -> None:
    address = httpx.URL(twin.workspace.info["workspace"]).path
    sweep = a_sweep(twin)
    trial = {**sweep["trial"], **properties.get("trial", {})}
    text = json.dumps({"properties": {**sweep, **properties, "trial": trial}})

    answer = twin.send(
        "PUT",
        "/jobs/refused",
        content=text.replace("{workspace}", address),
        headers={"Content-Type": "application/json"},
    )

    assert answer.status_code == 400
    assert answer.json()["error"]["message"] == message
