"""Stories of the kinds of jobs: sweeps, pipelines, and jobs that requests bring themselves."""

import json

import pytest

from tests.e2e.stage import Json, Stage, types

ENVIRONMENT = "azureml:sklearn:1"
DISTANCE = (
    "python -c \"import mlflow; mlflow.log_metric('distance', abs(${{search_space.x}} - 3))\""
)
# What the older form has: no word of it is in today's.
OLD_COMMAND: Json = {
    "jobType": "Command",
    "command": "sh -c 'cat ${{inputs.words}} > ${{outputs.copy}}/words.txt'",
    "environmentId": ENVIRONMENT,
    "compute": {"target": "cpu-cluster", "instanceCount": 1, "isLocal": False},
    "inputDataBindings": {
        "words": {
            "dataId": "azureml://datastores/workspaceblobstore/paths/old/words.txt",
            "jobInputType": "uri_file",
            "mode": "Mount",
        }
    },
    "outputDataBindings": {
        "copy": {
            "datastoreId": "azureml:workspaceblobstore",
            "pathOnDatastore": "old/copy/",
            "jobOutputType": "uri_folder",
            "mode": "ReadWriteMount",
        }
    },
    "timeout": "PT5M",
    "priority": 3,
}
OLD_SWEEP: Json = {
    "jobType": "Sweep",
    "algorithm": "Grid",
    "compute": {"target": "cpu-cluster"},
    "objective": {"goal": "Minimize", "primaryMetric": "distance"},
    "searchSpace": {"x": {"type": "choice", "values": [1, 3]}},
    "trial": {"command": DISTANCE, "environmentId": ENVIRONMENT, "timeout": "PT1M"},
    "maxTotalTrials": 2,
    "maxConcurrentTrials": 1,
    "timeout": "PT5M",
}

INLINE: dict[str, Json] = {
    "AutoML": {
        "computeId": "cpu-cluster",
        "taskDetails": {
            "taskType": "Classification",
            "targetColumnName": "label",
            "trainingData": {
                "jobInputType": "mltable",
                "uri": "azureml://datastores/workspaceblobstore/paths/points/",
            },
        },
    },
    "Spark": {
        "codeId": "train-classifier:1",
        "entry": {"sparkJobEntryType": "SparkJobPythonEntry", "file": "train.py"},
        "resources": {"instanceType": "standard_e4s_v3", "runtimeVersion": "3.4"},
    },
}


def test_a_sweep_ends_with_its_best_trial(stage: Stage) -> None:
    request = stage.a_request("tune-quadratic", jobType="Sweep")

    stage.twin.send(request)
    events = stage.events(request, within=120)

    stage.assert_whole(events)
    assert types(events)[-1] == "completed"
    sweep, point = events[-1].data["sweep"], events[-1].data["outputs"]["point"]
    assert sweep["bestTrial"] == f"{stage.run_id(request)}_3"
    assert sweep["trials"] == {"completed": 6, "failed": 0, "cancelled": 0, "other": 0}
    assert (sweep["metric"], sweep["goal"], sweep["missing"]) == ("loss", "Minimize", {})
    made = json.loads(stage.twin.file(point["uri"]))
    assert {"x": made["x"], "y": made["y"]} == pytest.approx(sweep["parameters"])
    assert made["loss"] == pytest.approx(sweep["score"])


def test_a_sweep_is_told_what_to_try(stage: Stage) -> None:
    request = stage.a_request(
        "tune-quadratic",
        jobType="Sweep",
        inputs={"y": 0, "lowest": 2},
        sweep={
            "searchSpace": {"x": {"type": "choice", "values": [-1, 2, 3]}},
            "samplingAlgorithm": "Grid",
            "limits": {"maxTotalTrials": 3, "maxConcurrentTrials": 3},
        },
    )

    stage.twin.send(request)
    events = stage.events(request, within=120)

    assert types(events)[-1] == "completed"
    sweep = events[-1].data["sweep"]
    assert (sweep["parameters"], sweep["score"]) == ({"x": 2, "y": 0}, 0)
    assert sweep["trials"]["completed"] == 3


def test_a_sweep_of_which_no_trial_completes_says_so(stage: Stage) -> None:
    request = stage.a_request(
        "tune-quadratic",
        jobType="Sweep",
        attributes={"command": "sh -c 'echo no ${{search_space.x}} >&2; exit 3'"},
        sweep={"limits": {"maxTotalTrials": 2, "maxConcurrentTrials": 2}},
    )

    stage.twin.send(request)
    events = stage.events(request, within=120)

    last = events[-1].data
    assert types(events)[-1] == "failed"
    assert last["sweep"]["bestTrial"] is None
    assert last["sweep"]["missing"]["bestTrial"] == "no trial completed"
    assert last["sweep"]["trials"]["failed"] == 2
    assert last["error"]["childRun"].startswith(f"{stage.run_id(request)}_")
    assert "exit code 3" in last["error"]["message"]


def test_a_pipeline_hands_data_from_step_to_step(stage: Stage) -> None:
    request = stage.a_request(
        "two-steps", jobType="Pipeline", inputs={"count": 10}, outputs=["summary"]
    )

    stage.twin.send(request)
    events = stage.events(request, within=120)

    stage.assert_whole(events)
    assert types(events)[-1] == "completed"
    assert list(events[-1].data["outputs"]) == ["summary"]
    summary = json.loads(stage.twin.file(events[-1].data["outputs"]["summary"]["uri"]))
    assert summary["count"] == 10


def test_a_pipeline_whose_second_step_fails_tells_of_that_step(stage: Stage) -> None:
    request = stage.a_request("two-steps", jobType="Pipeline", inputs={"count": 0})

    stage.twin.send(request)
    events = stage.events(request, within=120)

    stage.assert_whole(events)
    assert types(events)[-1] == "failed"
    error = events[-1].data["error"]
    assert "sum_up.py" in error["message"]
    assert error["childRun"] != stage.run_id(request)
    assert stage.walk(error["childRun"])[-1] == "Failed"


def test_a_command_in_the_older_form_runs(stage: Stage) -> None:
    words = OLD_COMMAND["inputDataBindings"]["words"]["dataId"]
    stage.write(words, b"old words")
    request = stage.a_request(job=OLD_COMMAND)

    stage.twin.send(request)
    events = stage.events(request)

    stage.assert_whole(events)
    assert types(events)[-1] == "completed"
    assert [each["path"] for each in events[0].data["warnings"]] == [
        "/job/compute/isLocal",
        "/job/priority",
    ]
    copied = events[-1].data["outputs"]["copy"]["uri"]
    assert stage.twin.file(f"{copied}words.txt") == b"old words"


def test_a_sweep_in_the_older_form_runs(stage: Stage) -> None:
    request = stage.a_request(jobType="Sweep", job=OLD_SWEEP)

    stage.twin.send(request)
    events = stage.events(request, within=120)

    assert types(events)[-1] == "completed"
    assert events[-1].data["sweep"]["parameters"] == {"x": 3}


@pytest.mark.parametrize("kind", ["AutoML", "Spark"])
def test_what_only_the_service_understands_is_passed_on(stage: Stage, kind: str) -> None:
    request = stage.a_request(jobType=kind, job=INLINE[kind])

    stage.twin.send(request)
    events = stage.events(request)

    stage.assert_whole(events)
    assert types(events)[-1] == "completed"


def test_a_request_is_validated_without_a_job(stage: Stage) -> None:
    request = stage.a_request("tune-quadratic", jobType="Sweep", inputs={"x": 0.5})

    answer = stage.twin.http.post("/api/validate", json=request)

    assert answer.status_code == 200
    assert answer.json()["runId"] == stage.run_id(request)
    properties = answer.json()["body"]["properties"]
    assert properties["searchSpace"]["x"] == ["choice", [[0.5]]]
    stage.assert_no_job(request)


def test_what_a_validated_request_has_wrong_is_told_at_once(stage: Stage) -> None:
    request = stage.a_request("../train", inputs={"a b": 1}, attributes={"timeout": "soon"})

    answer = stage.twin.http.post("/api/validate", json=request)

    assert answer.status_code == 400
    paths = {fault["path"] for fault in answer.json()["faults"]}
    assert paths == {"/template", "/inputs/?", "/attributes/timeout"}


def test_templates_can_be_looked_up(stage: Stage) -> None:
    answer = stage.twin.http.get("/api/targets/demo/jobs", params={"jobType": "Sweep"})

    assert answer.status_code == 200
    (card,) = [job for job in answer.json()["jobs"] if job["name"] == "tune-quadratic"]
    assert card["searchSpace"]["y"] == ["choice", [[-2, 0, 2]]]
    assert card["inputs"] == {"lowest": {"type": "literal", "value": "1.0"}}
