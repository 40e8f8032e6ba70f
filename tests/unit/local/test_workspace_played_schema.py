"""Which bodies of AutoML and Spark jobs are taken, which are refused, and what is said of them."""

from typing import Any

import pytest

from tests.local.workspace.automl import AutoMLJob
from tests.local.workspace.parts import JobBase
from tests.local.workspace.refusals import RefusedError
from tests.local.workspace.schema import read
from tests.local.workspace.spark import SparkJob

Json = dict[str, Any]
TABLE = {"jobInputType": "mltable", "uri": "azureml://datastores/workspaceblobstore/paths/t/"}
LATER = {"jobOutputType": "mlflow_model", "assetName": "best"}


def an_automl(**task: Any) -> Json:
    details = {"taskType": "Classification", "trainingData": TABLE, **task}
    return {"jobType": "AutoML", "taskDetails": details}


def a_spark(**properties: Any) -> Json:
    return {
        "jobType": "Spark",
        "codeId": "code",
        "entry": {"sparkJobEntryType": "SparkJobPythonEntry", "file": "main.py"},
        **properties,
    }


def kept(model: type[JobBase], sent: Json, api_version: str = "2024-10-01") -> Json:
    return read(model, sent, api_version=api_version)


@pytest.mark.parametrize(
    ("sent", "spelt"),
    [
        ("classification", "Classification"),
        ("FORECASTING", "Forecasting"),
        ("textNer", "TextNER"),
    ],
)
def test_a_task_is_taken_in_any_case(sent: str, spelt: str) -> None:
    assert kept(AutoMLJob, an_automl(taskType=sent))["taskDetails"]["taskType"] == spelt


def test_settings_of_a_task_are_kept_as_they_came() -> None:
    task = {
        "taskType": "ImageObjectDetection",
        "trainingData": TABLE,
        "targetColumnName": "label",
        "limitSettings": {"maxTrials": 4},
        "searchSpace": [{"modelName": "choice('yolov5')"}],
        "validationDataSize": 0.2,
    }

    assert kept(AutoMLJob, an_automl(**task))["taskDetails"] == task


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"jobType": "AutoML"}, "properties.taskDetails: Field required"),
        (an_automl(taskType="Guessing"), "properties.taskDetails: needs a taskType that exists"),
        (an_automl(taskType=None), "properties.taskDetails: needs a taskType that exists"),
        (an_automl(trainingData=None), "properties.taskDetails.trainingData"),
        (
            an_automl(trainingData={**TABLE, "jobInputType": "uri_file"}),
            "properties.taskDetails.trainingData.jobInputType",
        ),
        (
            an_automl(taskType="ImageClassification"),
            "properties.taskDetails.limitSettings: Field required",
        ),
        (an_automl(taskType="TextNER", modelSettings={}), "properties.taskDetails.modelSettings"),
        ({**an_automl(), "outputs": {"best": LATER}}, "properties.outputs.best.assetName"),
        (
            {**an_automl(), "resources": {"dockerArgsList": ["-it"]}},
            "properties.resources.dockerArgsList",
        ),
    ],
)
def test_an_automl_job_is_refused_with_the_place_of_its_fault(sent: Json, told: str) -> None:
    with pytest.raises(RefusedError) as caught:
        kept(AutoMLJob, sent)

    assert told in str(caught.value)


def test_what_a_later_version_brought_is_taken_by_it() -> None:
    job = kept(AutoMLJob, {**an_automl(), "outputs": {"best": LATER}}, "2026-05-01")

    assert job["outputs"]["best"] == LATER


def test_a_spark_job_may_start_in_a_class() -> None:
    entry = {"sparkJobEntryType": "SparkJobScalaEntry", "className": "org.example.Main"}

    assert kept(SparkJob, a_spark(entry=entry, jars=["a.jar"]))["entry"] == entry


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (a_spark(codeId=None), "properties.codeId"),
        (a_spark(entry=None), "properties.entry"),
        (a_spark(entry={"file": "main.py"}), "properties.entry: needs a sparkJobEntryType"),
        (
            a_spark(entry={"sparkJobEntryType": "SparkJobScalaEntry", "file": "main.py"}),
            "properties.entry.className",
        ),
        (a_spark(resources={"instanceCount": 2}), "properties.resources.instanceCount"),
        (a_spark(conf={"spark.executor.cores": 2}), "properties.conf.spark.executor.cores"),
    ],
)
def test_a_spark_job_is_refused_with_the_place_of_its_fault(sent: Json, told: str) -> None:
    with pytest.raises(RefusedError) as caught:
        kept(SparkJob, sent)

    assert told in str(caught.value)
