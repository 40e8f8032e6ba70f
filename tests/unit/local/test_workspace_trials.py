"""What a trial of a sweep is, and how what it logs is kept."""

import math
from typing import Any

from tests.local import bearer
from tests.local.workspace.bindings import names
from tests.local.workspace.metrics import Logged, Point
from tests.local.workspace.schema import read
from tests.local.workspace.sweep import SweepJob
from tests.local.workspace.tracking import AUDIENCE, Tracking
from tests.local.workspace.trials import trial_of

SWEEP: dict[str, Any] = {
    "jobType": "Sweep",
    "displayName": "the sweep",
    "experimentName": "e",
    "computeId": "c",
    "identity": {"identityType": "UserIdentity"},
    "tags": {"of": "the sweep"},
    "properties": {"of": "the sweep"},
    "objective": {"goal": "Minimize", "primaryMetric": "loss"},
    "samplingAlgorithm": {"samplingAlgorithmType": "Random"},
    "searchSpace": {"lr": ["uniform", [0, 1]], "kind": ["choice", [["a", "b"]]]},
    "trial": {
        "command": "train ${{search_space.lr}} ${{inputs.epochs}} ${{outputs.model}}",
        "environmentId": "environment",
        "codeId": "code",
        "environmentVariables": {"A": "1", "AZUREML_SWEEP_kind": "mine"},
        "distribution": {"distributionType": "PyTorch", "processCountPerInstance": 2},
        "resources": {"instanceCount": 2, "shmSize": "8g", "dockerArgsList": ["-v"]},
    },
    "limits": {"jobLimitsType": "Sweep", "timeout": "PT2H", "trialTimeout": "PT1M"},
    "inputs": {"epochs": {"jobInputType": "literal", "value": "3"}},
    "outputs": {
        "model": {"jobOutputType": "uri_folder"},
        "log": {"jobOutputType": "uri_folder", "uri": "azureml://datastores/x/paths/logs/"},
    },
    "queueSettings": {"jobTier": "Spot"},
}


def test_a_trial_is_a_whole_command_job() -> None:
    sweep = read(SweepJob, SWEEP, api_version="2025-12-01")

    assert trial_of(sweep, "s_0", {"lr": 0.5, "kind": "a"}) == {
        "jobType": "Command",
        "experimentName": "e",
        "computeId": "c",
        "identity": {"identityType": "UserIdentity"},
        "isArchived": False,
        "tags": {"hyperparameters": '{"lr": 0.5, "kind": "a"}'},
        "properties": {},
        "command": "train ${{search_space.lr}} ${{inputs.epochs}} ${{outputs.model}}",
        "environmentId": "environment",
        "codeId": "code",
        "environmentVariables": {
            "AZUREML_SWEEP_lr": "0.5",
            "AZUREML_SWEEP_kind": "mine",
            "A": "1",
        },
        "distribution": {"distributionType": "PyTorch", "processCountPerInstance": 2},
        "resources": {"instanceCount": 2, "shmSize": "8g", "dockerArgsList": ["-v"]},
        "limits": {"jobLimitsType": "Command", "timeout": "PT1M"},
        "inputs": {"epochs": {"jobInputType": "literal", "value": "3"}},
        "outputs": {
            "model": {"jobOutputType": "uri_folder"},
            "log": {"jobOutputType": "uri_folder", "uri": "azureml://datastores/x/paths/logs/s_0"},
        },
        "queueSettings": {"jobTier": "Spot"},
        "parameters": {"lr": 0.5, "kind": "a"},
    }


def test_a_command_of_a_sweep_may_name_its_inputs_outputs_and_hyperparameters() -> None:
    assert names(SWEEP) == {
        "inputs.epochs",
        "outputs.model",
        "outputs.log",
        "search_space.lr",
        "search_space.kind",
    }


def test_the_values_of_a_metric_stay_in_the_order_in_which_they_came() -> None:
    logged = Logged()

    for step, value in ((2, 0.5), (1, 0.7), (1, math.nan), (2, 0.6)):
        logged.add("loss", Point(value, step, timestamp=step))

    assert logged.values("loss") == [0.5, 0.7, 0.6]
    assert logged.values("accuracy") == []


def test_the_last_value_of_a_metric_is_the_newest_of_the_highest_step() -> None:
    logged = Logged()

    for value, step, timestamp in ((1.0, 2, 5), (2.0, 3, 1), (3.0, 3, 2), (4.0, 1, 9)):
        logged.add("loss", Point(value, step, timestamp))

    assert logged.latest() == {"loss": Point(3.0, 3, 2)}


def test_a_watcher_hears_of_each_metric() -> None:
    logged, heard = Logged(), list[str]()
    logged.watchers.append(heard.append)

    logged.add("loss", Point(1.0, 0, 0))
    logged.add("accuracy", Point(0.5, 0, 0))

    assert heard == ["loss", "accuracy"]


def test_a_run_is_led_to_the_tracking_service_with_a_token_of_its_own() -> None:
    tracking = Tracking("key", "/mlflow/v1.0/w", url="http://127.0.0.1:1")

    variables = tracking.environment("r")

    token = variables.pop("MLFLOW_TRACKING_TOKEN")
    claims = bearer.check("key", f"Bearer {token}", audiences={AUDIENCE}, now=0)
    assert claims["appid"] == "r"
    assert variables == {
        "MLFLOW_TRACKING_URI": "http://127.0.0.1:1/mlflow/v1.0/w",
        "MLFLOW_RUN_ID": "r",
        "MLFLOW_TRACKING_INSECURE_TLS": "false",
        "MLFLOW_DISABLE_TELEMETRY": "true",
    }


def test_the_certificate_of_the_twin_is_trusted_where_it_has_one() -> None:
    tracking = Tracking("key", "/", url="https://127.0.0.1:1")

    assert tracking.environment("r")["MLFLOW_TRACKING_INSECURE_TLS"] == "true"
