"""The body of an AutoML job, which a request brings whole."""

from typing import Any

import pytest

from shared.errors import Fault, RejectedError
from shared.ports import Json
from shared.runs import JobType
from tests.jobs import ID, OUR_PROPERTIES, OUR_TAGS, a_request, bodies, faults, inline_body

TASK: Json = {
    "taskType": "Classification",
    "primaryMetric": "Accuracy",
    "targetColumnName": "kind",
    "trainingData": {"jobInputType": "mltable", "uri": "azureml://datastores/blobs/paths/iris"},
    "validationData": None,
    "limitSettings": {"maxTrials": 5, "timeout": "PT1H"},
}


def a_job(**fields: Any) -> Json:
    return {"taskDetails": TASK, **fields}


def refused(**fields: Any) -> RejectedError:
    with pytest.raises(RejectedError) as caught:
        bodies(JobType.AUTOML).check(a_request(jobType="AutoML", **fields))
    return caught.value


def test_a_task_is_sent_as_it_is() -> None:
    job = a_job(
        jobType="automl",
        displayName="Find a model",
        computeId="cpu-cluster",
        environmentId="sklearn:1",
        identity={"identityType": "amltoken"},
        resources={"instanceCount": 2, "properties": {"a": None}},
        outputs={"best": {"jobOutputType": "mlflow_model"}},
        tags={"team": "vision"},
    )
    request = a_request(
        jobType="AutoML",
        template=None,
        job=job,
        displayName="Find another",
        attributes={"compute": "gpu-cluster"},
    )

    assert inline_body(request) == {
        "jobType": "AutoML",
        "displayName": "Find another",
        "computeId": f"{ID}/computes/gpu-cluster",
        "environmentId": f"{ID}/environments/sklearn/versions/1",
        "identity": {"identityType": "AMLToken"},
        "taskDetails": TASK,
        "resources": {"instanceCount": 2, "properties": {"a": None}},
        "outputs": {"best": {"jobOutputType": "mlflow_model"}},
        "tags": {"team": "vision", **OUR_TAGS},
        "properties": OUR_PROPERTIES,
    }


def test_what_we_do_not_read_makes_no_crash() -> None:
    odd = {"inputs": {"x": 1}, "outputs": [7], "limits": "none"}

    sent = inline_body(a_request(jobType="AutoML", template=None, job=a_job(**odd)))

    assert {name: sent[name] for name in odd} == odd


def test_there_are_no_templates_of_it() -> None:
    assert refused(template="train").faults == (
        Fault("/template", "a template", "a job instead: AutoML has no templates"),
    )


def test_its_inputs_and_outputs_stand_in_its_task() -> None:
    fields = {"inputs": {"x": 1}, "outputs": {"y": {}}}

    assert refused(template=None, job=a_job(), **fields).faults == (
        Fault("/inputs", "inputs of the request", "none: they stand in job.taskDetails"),
        Fault("/outputs", "outputs of the request", "none: they stand in job.taskDetails"),
    )


def test_they_are_no_parameters_either() -> None:
    parameters = [{"name": "x", "value": 1}]

    refusal = refused(template=None, job=a_job(), parameters=parameters)

    assert faults(refusal) == ["/parameters"]


@pytest.mark.parametrize(
    ("job", "paths"),
    [
        ({}, ["/job/taskDetails"]),
        ({"taskDetails": {}}, ["/job/taskDetails"]),
        ({"taskDetails": "classify"}, ["/job/taskDetails"]),
        (
            {"jobType": "AutoML", "computeId": "../x", "tags": {"jobrelay": "x"}},
            ["/job/computeId", "/job/tags/jobrelay", "/job/taskDetails"],
        ),
    ],
)
def test_what_every_job_may_say_is_checked(job: Json, paths: list[str]) -> None:
    assert faults(refused(template=None, job=job)) == paths
