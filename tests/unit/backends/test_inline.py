"""A request that brings its own job: read in the service's words, and made whole."""

from typing import Any

import pytest

from shared.errors import Fault, RejectedError
from shared.ports import Json
from shared.runs import JobType
from tests.jobs import (
    ID,
    OUR_PROPERTIES,
    OUR_TAGS,
    a_request,
    bodies,
    faults,
    inline_body,
    only_fault,
)


def a_job(**fields: Any) -> Json:
    """The least inline Command."""
    return {"command": "python train.py", "environmentId": "sklearn:1", **fields}


def made(job: Json, *, api_version: str = "2024-10-01", **fields: Any) -> Json:
    return inline_body(a_request(template=None, job=job, **fields), api_version=api_version)


def refused(job: Json, *, job_type: JobType = JobType.COMMAND, **fields: Any) -> RejectedError:
    request = a_request(jobType=job_type.value, template=None, job=job, **fields)
    with pytest.raises(RejectedError) as caught:
        bodies(job_type).check(request)
    assert caught.value.reason == "invalid"
    return caught.value


def test_a_command_is_brought_into_the_words_of_the_service() -> None:
    job = {
        "jobType": "COMMAND",
        "displayName": "Train",
        "description": "Trains\na classifier.",
        "experimentName": "models",
        "computeId": "cpu-cluster",
        "componentId": "train:4",
        "codeId": "azureml:train:2",
        "environmentId": "sklearn:1",
        "command": "python train.py \\\n --rate ${{inputs.rate}}",
        "environmentVariables": {"A": "1"},
        "distribution": {"distributionType": "mpi", "processCountPerInstance": 2},
        "identity": {"identityType": "managed"},
        "isArchived": False,
        "inputs": {
            "rate": {"jobInputType": "LITERAL", "value": 0.5, "description": "The rate"},
            "epochs": {"value": 3, "type": "literal"},
            "shuffle": {"jobInputType": "literal", "value": True},
            "data": {"jobInputType": "Uri_Folder", "uri": "azureml:iris:3", "mode": "download"},
            "start": {"jobInputType": "mlflow_model", "uri": "azureml:classifier:7"},
            "web": {"jobInputType": "uri_file", "uri": "https://x.net/y"},
        },
        "outputs": {"model": {"jobOutputType": "mlflow_MODEL", "mode": "upload"}},
        "limits": {"jobLimitsType": "command", "timeout": "PT1H"},
        "resources": {
            "instanceCount": 2,
            "shmSize": "2g",
            "dockerArgs": "--ipc=host",
            "properties": {"x": {"y": None}},
        },
        "queueSettings": {"jobTier": "standard"},
        "services": {"lab": {"jobServiceType": "JupyterLab", "nodes": {"nodesValueType": "all"}}},
        "notificationSetting": {
            "emailOn": ["jobFAILED"],
            "emails": ["a@contoso.com"],
            "webhooks": {"ci": {"webhookType": "azuredevops"}},
        },
        "tags": {"team": "vision"},
        "properties": {"cost": "low"},
    }

    assert made(job) == {
        "jobType": "Command",
        "displayName": "Train",
        "description": "Trains\na classifier.",
        "experimentName": "models",
        "computeId": f"{ID}/computes/cpu-cluster",
        "componentId": f"{ID}/components/train/versions/4",
        "codeId": f"{ID}/codes/train/versions/2",
        "environmentId": f"{ID}/environments/sklearn/versions/1",
        "command": "python train.py \\\n --rate ${{inputs.rate}}",
        "environmentVariables": {"A": "1"},
        "distribution": {"distributionType": "Mpi", "processCountPerInstance": 2},
        "identity": {"identityType": "Managed"},
        "isArchived": False,
        "inputs": {
            "rate": {"jobInputType": "literal", "value": "0.5", "description": "The rate"},
            "epochs": {"jobInputType": "literal", "value": "3"},
            "shuffle": {"jobInputType": "literal", "value": "true"},
            "data": {
                "jobInputType": "uri_folder",
                "uri": f"{ID}/data/iris/versions/3",
                "mode": "Download",
            },
            "start": {
                "jobInputType": "mlflow_model",
                "uri": f"{ID}/models/classifier/versions/7",
            },
            "web": {"jobInputType": "uri_file", "uri": "https://x.net/y"},
        },
        "outputs": {"model": {"jobOutputType": "mlflow_model", "mode": "Upload"}},
        "limits": {"jobLimitsType": "Command", "timeout": "PT1H"},
        "resources": {
            "instanceCount": 2,
            "shmSize": "2g",
            "dockerArgs": "--ipc=host",
            "properties": {"x": {"y": None}},
        },
        "queueSettings": {"jobTier": "Standard"},
        "services": {"lab": {"jobServiceType": "JupyterLab", "nodes": {"nodesValueType": "All"}}},
        "notificationSetting": {
            "emailOn": ["JobFailed"],
            "emails": ["a@contoso.com"],
            "webhooks": {"ci": {"webhookType": "AzureDevOps"}},
        },
        "tags": {"team": "vision", **OUR_TAGS},
        "properties": {"cost": "low", **OUR_PROPERTIES},
    }


def test_a_request_is_laid_over_its_own_job() -> None:
    job = a_job(
        displayName="Train",
        description="Trains",
        computeId="cpu",
        inputs={"rate": {"jobInputType": "literal", "value": 1, "description": "The rate"}},
        outputs={"model": {"jobOutputType": "uri_folder", "mode": "Upload"}},
        environmentVariables={"A": "1"},
        tags={"team": "vision", "a": "b"},
        properties={"cost": "low"},
    )

    sent = made(
        job,
        displayName="Run 7",
        experimentName="orders",
        tags={"team": "sound"},
        inputs={"rate": 2},
        outputs={"model": {"type": "mlflow_model"}, "log": {}},
        attributes={
            "compute": "gpu",
            "environment": "pytorch:2",
            "command": "python other.py",
            "environmentVariables": {"B": "2"},
            "timeout": "PT1M",
            "instanceCount": 2,
        },
    )

    assert sent == {
        "jobType": "Command",
        "displayName": "Run 7",
        "description": "Trains",
        "experimentName": "orders",
        "computeId": f"{ID}/computes/gpu",
        "command": "python other.py",
        "environmentId": f"{ID}/environments/pytorch/versions/2",
        "environmentVariables": {"A": "1", "B": "2"},
        "inputs": {"rate": {"jobInputType": "literal", "value": "2", "description": "The rate"}},
        "outputs": {
            "model": {"jobOutputType": "mlflow_model", "mode": "Upload"},
            "log": {"jobOutputType": "uri_folder"},
        },
        "limits": {"jobLimitsType": "Command", "timeout": "PT60S"},
        "resources": {"instanceCount": 2},
        "tags": {"team": "sound", "a": "b", **OUR_TAGS},
        "properties": {"cost": "low", **OUR_PROPERTIES},
    }


def test_nulls_say_nothing() -> None:
    job = a_job(jobType=None, codeId=None, inputs=None, identity=None, limits={"timeout": None})

    assert made(job) == {**made(a_job()), "limits": {"jobLimitsType": "Command"}}


@pytest.mark.parametrize(
    "job",
    [{"jobType": "Sweep"}, {"jobType": "Sweep", "timeout": "PT1H"}, {"jobType": "Labeling"}],
)
def test_a_job_of_another_kind_is_refused_as_such(job: Json) -> None:
    assert only_fault(refused(job)) == Fault(
        "/job/jobType", "another kind of job", "Command, as in /jobType"
    )


@pytest.mark.parametrize("kind", [7, ["Command"], {}])
def test_a_kind_is_a_word(kind: object) -> None:
    assert only_fault(refused(a_job(jobType=kind))).expected == "a string"


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"compute": "cpu"}, "/job/compute"),
        ({"name": "x"}, "/job/name"),
        ({"status": "Running"}, "/job/status"),
        ({"trial": {}}, "/job/trial"),
        ({"limits": {"maxTotalTrials": 1}}, "/job/limits/maxTotalTrials"),
        ({"resources": {"instances": 1}}, "/job/resources/instances"),
        ({"identity": {"type": "Managed", "name": "x"}}, "/job/identity/name"),
        (
            {"inputs": {"x": {"type": "literal", "value": 1, "mode": "Direct"}}},
            "/job/inputs/x/mode",
        ),
        ({"outputs": {"x": {"type": "uri_file", "path": "y"}}}, "/job/outputs/x/path"),
        ({"services": {"x": {"status": "y"}}}, "/job/services/x/status"),
        ({"notificationSetting": {"sms": []}}, "/job/notificationSetting/sms"),
        (
            {"distribution": {"distributionType": "Mpi", "workerCount": 1}},
            "/job/distribution/workerCount",
        ),
    ],
)
def test_an_unknown_field_is_refused_at_each_level(fields: Json, path: str) -> None:
    assert only_fault(refused(a_job(**fields))) == Fault(
        path, "an unknown field", "no such field here"
    )


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"environmentId": "sklearn"}, "/job/environmentId"),
        ({"environmentId": "sklearn@latest"}, "/job/environmentId"),
        ({"environmentId": ".."}, "/job/environmentId"),
        ({"computeId": "%2e%2e"}, "/job/computeId"),
        ({"computeId": "${{inputs.x}}"}, "/job/computeId"),
        ({"codeId": "train"}, "/job/codeId"),
        ({"codeId": f"{ID}/codes/../versions/1"}, "/job/codeId"),
        ({"componentId": "a/b:1"}, "/job/componentId"),
        ({"command": " - "}, "/job/command"),
        ({"inputs": {"x": {"type": "literal", "value": "-"}}}, "/job/inputs/x/value"),
        ({"inputs": {"x": {"type": "literal", "value": None}}}, "/job/inputs/x/value"),
        ({"inputs": {"x": {"type": "uri_file", "uri": "azureml:a"}}}, "/job/inputs/x/uri"),
        ({"inputs": {"x": {"type": "uri_file"}}}, "/job/inputs/x/uri"),
        ({"inputs": {"x": {"type": "text", "uri": "azureml:a:1"}}}, "/job/inputs/x/type"),
        ({"inputs": {"x-y": {"type": "literal", "value": 1}}}, "/job/inputs/x-y"),
        ({"outputs": {"x": {"uri": "https://x.net/y"}}}, "/job/outputs/x/jobOutputType"),
        (
            {"outputs": {"x": {"type": "uri_file", "uri": "azureml:a:1"}}},
            "/job/outputs/x/uri",
        ),
        ({"limits": {"timeout": "PT0.5S"}}, "/job/limits/timeout"),
        ({"limits": {"jobLimitsType": "Sweep"}}, "/job/limits/jobLimitsType"),
        ({"tags": {"jobrelay": "x"}}, "/job/tags/jobrelay"),
        ({"properties": {"jobrelay.x": "x"}}, "/job/properties/jobrelay.x"),
        ({"tags": {f"t{number}": "x" for number in range(50)}}, "/job/tags"),
    ],
)
def test_a_wrong_value_is_refused_where_it_is(fields: Json, path: str) -> None:
    assert faults(refused(a_job(**fields))) == [path]


def test_all_that_is_wrong_is_told_at_once() -> None:
    refusal = refused(
        {"codeId": "x", "size": 1},
        inputs={"rate": ""},
        attributes={"priority": 1},
        sweep={},
    )

    assert faults(refusal) == [
        "/sweep",
        "/attributes/priority",
        "/job/command",
        "/job/environmentId",
        "/job/codeId",
        "/job/size",
        "/inputs/rate",
    ]


@pytest.mark.parametrize(
    ("job", "fields", "path"),
    [
        ({"command": "x ${{inputs.rate}}"}, {}, "/inputs/rate"),
        ({}, {"outputs": ["lost"]}, "/outputs/0"),
        (
            {"inputs": {"x": {"type": "uri_file", "uri": "https://x.net"}}},
            {"inputs": {"x": 1}},
            "/inputs/x",
        ),
        ({"tags": {f"t{number}": "x" for number in range(49)}}, {"tags": {"one": "more"}}, "/tags"),
    ],
)
def test_a_job_that_no_body_can_be_made_of_is_refused_at_once(
    job: Json, fields: Json, path: str
) -> None:
    assert faults(refused(a_job(**job), **fields)) == [path]


def test_an_input_of_the_request_may_be_what_the_command_uses() -> None:
    sent = made(a_job(command="x ${{inputs.rate}}"), inputs={"rate": 1})

    assert sent["inputs"] == {"rate": {"jobInputType": "literal", "value": "1"}}


NEWER = [
    ({"outputs": {"m": {"type": "uri_file", "assetName": "x"}}}, "2025-12-01"),
    ({"resources": {"dockerArgsList": ["--ipc=host"]}}, "2025-12-01"),
    ({"distribution": {"distributionType": "Ray", "port": 1}}, "2026-03-15-preview"),
]


@pytest.mark.parametrize(("fields", "version"), NEWER)
def test_a_field_of_a_newer_api_version_is_refused_with_the_version(
    fields: Json, version: str
) -> None:
    expected = only_fault(refused(a_job(**fields))).expected

    assert "api-version 2024-10-01 has no" in expected
    assert expected.endswith(f"An operator may set ARM_API_VERSION to {version}")


@pytest.mark.parametrize(("fields", "version"), NEWER)
def test_it_is_taken_where_the_setting_has_that_version(fields: Json, version: str) -> None:
    (name,) = fields

    assert name in made(a_job(**fields), api_version=version)


def test_a_job_in_the_older_form_is_sent_in_todays_and_its_losses_are_told() -> None:
    job = {
        "jobType": "Command",
        "command": "python train.py --data ${{inputs.points}}",
        "environmentId": "sklearn:1",
        "compute": {"target": "cpu-cluster", "instanceCount": 2, "isLocal": False},
        "inputDataBindings": {"points": {"dataId": "azureml:points:1", "mode": "Mount"}},
        "timeout": "PT1H",
        "priority": 3,
    }
    request = a_request(
        template=None,
        job=job,
        inputs={"points": {"type": "uri_file", "uri": "azureml:points:2"}},
        attributes={"compute": "gpu-cluster"},
    )

    warnings = bodies().check(request)

    assert [warning.path for warning in warnings] == ["/job/compute/isLocal", "/job/priority"]
    assert inline_body(request) == {
        "jobType": "Command",
        "command": "python train.py --data ${{inputs.points}}",
        "environmentId": f"{ID}/environments/sklearn/versions/1",
        "computeId": f"{ID}/computes/gpu-cluster",
        "resources": {"instanceCount": 2},
        "inputs": {
            "points": {
                "jobInputType": "uri_file",
                "uri": f"{ID}/data/points/versions/2",
                "mode": "ReadOnlyMount",
            }
        },
        "limits": {"jobLimitsType": "Command", "timeout": "PT1H"},
        "tags": OUR_TAGS,
        "properties": OUR_PROPERTIES,
    }


def test_a_job_in_todays_form_has_no_warnings() -> None:
    assert bodies().check(a_request(template=None, job=a_job())) == ()


def test_the_job_of_a_request_stays_as_it_was() -> None:
    job = a_job(inputs={"x": {"type": "literal", "value": 1}}, computeId="cpu")
    request = a_request(template=None, job=job, inputs={"x": 2})

    inline_body(request)

    assert request.job == a_job(inputs={"x": {"type": "literal", "value": 1}}, computeId="cpu")
