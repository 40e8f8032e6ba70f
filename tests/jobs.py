"""Requests, templates and documents of jobs for tests: builders with defaults."""

from typing import Any

from shared.backends import FAMILIES
from shared.backends.workspace import templates
from shared.backends.workspace.arm import Workspace
from shared.backends.workspace.bodies import Bodies
from shared.errors import Fault, RejectedError
from shared.messages import Request, read
from shared.ports import Json
from shared.runs import JobType, Run
from tests.rows import a_run

WORKSPACE = Workspace("00000000-0000-0000-0000-000000000001", "group", "demo")
ID = (
    "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/group"
    "/providers/Microsoft.MachineLearningServices/workspaces/demo"
)
APP_NAME = "relay"
API_VERSION = "2024-10-01"
RUN = a_run(request_id="order-7", fingerprint="f" * 64)
OUR_TAGS = {"jobrelay": "relay"}
OUR_PROPERTIES = {"jobrelay.requestId": "order-7", "jobrelay.fingerprint": "f" * 64}

# A job that has run, as the service shows it.
COMPLETED: Json = {
    "jobType": "Command",
    "displayName": "Train",
    "description": "Trains a classifier.",
    "experimentName": "models",
    "status": "Completed",
    "computeId": f"{ID}/computes/cpu-cluster",
    "environmentId": f"{ID}/environments/sklearn/versions/1",
    "codeId": f"{ID}/codes/train/versions/1",
    "componentId": None,
    "command": "train --rate ${{inputs.rate}} --data ${{inputs.data}} --to ${{outputs.model}}",
    "environmentVariables": {"A": "1", "B": "2"},
    "distribution": {"distributionType": "PyTorch", "processCountPerInstance": 2},
    "identity": None,
    "inputs": {
        "rate": {"jobInputType": "literal", "value": "0.5", "description": None},
        "data": {
            "jobInputType": "uri_folder",
            "uri": "azureml://datastores/blobs/paths/iris",
            "mode": "ReadOnlyMount",
            "description": "The flowers",
        },
    },
    "outputs": {
        "default": {
            "uri": "azureml://datastores/workspaceartifactstore/ExperimentRun/dcid.train",
            "jobOutputType": None,
        },
        "model": {
            "jobOutputType": "uri_folder",
            "mode": "ReadWriteMount",
            "uri": "azureml://datastores/workspaceblobstore/paths/azureml/train/model/",
        },
    },
    "limits": {"jobLimitsType": "Command", "timeout": "PT1H"},
    "resources": {
        "instanceCount": 1,
        "shmSize": "2g",
        "instanceType": None,
        "properties": {"x": 1},
    },
    "queueSettings": {"jobTier": "Null"},
    "notificationSetting": {"emails": ["a@contoso.com"], "emailOn": ["JobFailed"]},
    "services": {"Studio": {"jobServiceType": "Studio", "endpoint": "https://ml.azure.com/x"}},
    "parameters": {},
    "isArchived": True,
    "tags": {"team": "vision", "jobrelay": "another", "mlflow.rootRunId": "train"},
    "properties": {
        "cost": "low",
        "_azureml.ComputeTargetType": "amlctrain",
        "azureml.git.dirty": "True",
        "ContentSnapshotId": "7",
        "ProcessInfoFile": "azureml-logs/process_info.json",
        "StartTimeUtc": "2026-01-01 00:00:00",
        "jobrelay.fingerprint": "of another run",
    },
}


def a_request(**fields: Any) -> Request:
    return read(Request, {"id": "order-7", "jobType": "Command", "template": "train", **fields})


def a_template(**properties: Any) -> Json:
    """The least that a Command can be made of."""
    return {
        "jobType": "Command",
        "command": "python train.py",
        "environmentId": f"{ID}/environments/sklearn/versions/1",
        **properties,
    }


def a_document(name: str, **properties: Any) -> Json:
    """A job as the service shows it."""
    return {
        "id": f"{ID}/jobs/{name}",
        "name": name,
        "type": "Microsoft.MachineLearningServices/workspaces/jobs",
        "properties": {"jobType": "Command", "status": "Running", **properties},
    }


def bodies(job_type: JobType = JobType.COMMAND, *, api_version: str = API_VERSION) -> Bodies[Any]:
    return Bodies(
        job_type=job_type,
        family=FAMILIES[job_type],
        workspace=WORKSPACE,
        app_name=APP_NAME,
        api_version=api_version,
    )


def body(request: Request, template: Json, *, run: Run = RUN) -> Json:
    """The properties of the body that comes of a request and a template."""
    made = bodies(request.job_type)
    definition = templates.cleaned(template, str(request.template), made.family.job)
    properties: Json = made.body(request, definition, run=run)["properties"]
    return properties


def inline_body(request: Request, *, api_version: str = API_VERSION, run: Run = RUN) -> Json:
    """The properties of the body that comes of a request with a job of its own."""
    made = bodies(request.job_type, api_version=api_version)
    properties: Json = made.body(request, made.inline(request) or {}, run=run)["properties"]
    return properties


def faults(rejection: RejectedError) -> list[str]:
    """The paths of what is wrong."""
    return [fault.path for fault in rejection.faults]


def only_fault(rejection: RejectedError) -> Fault:
    (fault,) = rejection.faults
    return fault
