"""AutoML and Spark jobs of the twin: checked in earnest, and played."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract.workspace_twin import Json, Twin, workspace

BLOBS = "azureml://datastores/workspaceblobstore/paths"


@pytest.fixture(scope="module")
def twin() -> Iterator[Twin]:
    with workspace("--pace", "0.05") as running:
        yield running


def an_automl(twin: Twin, **properties: Any) -> Json:
    table = {"jobInputType": "mltable", "uri": f"{BLOBS}/points/"}
    return {
        "jobType": "AutoML",
        "computeId": twin.a_command()["computeId"],
        "taskDetails": {
            "taskType": "Classification",
            "trainingData": table,
            "targetColumnName": "label",
        },
        "outputs": {"best_model": {"jobOutputType": "mlflow_model"}},
        **properties,
    }


def a_spark(twin: Twin, **properties: Any) -> Json:
    workspace_id = str(twin.a_command()["computeId"]).rpartition("/computes/")[0]
    return {
        "jobType": "Spark",
        "codeId": f"{workspace_id}/codes/two-steps/versions/1",
        "entry": {"sparkJobEntryType": "SparkJobPythonEntry", "file": "draw.py"},
        "resources": {"instanceType": "Standard_E4s_v3", "runtimeVersion": "3.4"},
        "outputs": {"numbers": {"jobOutputType": "uri_file"}},
        **properties,
    }


def put(twin: Twin, name: str, properties: Json) -> int:
    return twin.send("PUT", f"/jobs/{name}", json={"properties": properties}).status_code


def test_an_automl_job_lives_and_leaves_an_output(twin: Twin) -> None:
    put(twin, "automl", an_automl(twin))

    assert twin.statuses("automl") == [
        "Starting",
        "Preparing",
        "Queued",
        "Running",
        "Finalizing",
        "Completed",
    ]
    uri = twin.get("automl")["outputs"]["best_model"]["uri"]
    assert "only plays" in twin.file(f"{uri}played.txt").text
    assert twin.history("automl", "").json()["runType"] == "automl"


def test_a_spark_job_lives_and_leaves_an_output(twin: Twin) -> None:
    put(twin, "spark", a_spark(twin))

    assert twin.statuses("spark")[-1] == "Completed"
    assert "only plays" in twin.file(twin.get("spark")["outputs"]["numbers"]["uri"]).text


@pytest.mark.parametrize("kind", [an_automl, a_spark])
def test_it_fails_when_its_tag_asks(twin: Twin, kind: Any) -> None:
    name = f"failing-{kind.__name__}"
    put(twin, name, kind(twin, tags={"twin.life": "failing"}))

    assert twin.statuses(name)[-2:] == ["Finalizing", "Failed"]
    assert twin.history(name).json()["error"]["error"]["code"] == "UserError"


@pytest.mark.parametrize("kind", [an_automl, a_spark])
def test_it_is_cancelled_as_others_are(twin: Twin, kind: Any) -> None:
    name = f"cancelled-{kind.__name__}"
    put(twin, name, kind(twin, tags={"twin.life": "queued"}))

    twin.send("POST", f"/jobs/{name}/cancel").raise_for_status()

    assert twin.statuses(name)[-1] == "Canceled"


def test_a_command_fails_too_when_its_tag_asks(twin: Twin) -> None:
    twin.put("failing-command", command="true", tags={"twin.life": "failing"})

    assert twin.statuses("failing-command")[-1] == "Failed"


def test_what_is_not_there_is_refused(twin: Twin) -> None:
    assert put(twin, "no-code", a_spark(twin, codeId="code")) == 400
    assert put(twin, "no-compute", an_automl(twin, computeId="compute")) == 400
    elsewhere = {"jobInputType": "mltable", "uri": "azureml://datastores/none/paths/x"}
    details = {"taskType": "Regression", "trainingData": elsewhere}
    assert put(twin, "no-data", an_automl(twin, taskDetails=details)) == 400
