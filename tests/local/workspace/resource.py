"""A job as Azure Resource Manager shows it: the definition, and what the service adds to it.

What is added, and under which names, is that of the published answers to
https://learn.microsoft.com/powershell/module/az.machinelearningservices/new-azmlworkspacejob.
"""

import json
from datetime import datetime

from tests.local.workspace.bindings import outputs_of
from tests.local.workspace.datastores import artifacts
from tests.local.workspace.ids import JOB_TYPE, Scope
from tests.local.workspace.refusals import REGION
from tests.local.workspace.schema import Json
from tests.local.workspace.state import Job

# Clients send back what they have read; the service takes none of it.
READ_ONLY = ("status", "parameters")
STAGE_ENDS = {"Completed": "Finished", "Failed": "Failed", "Canceled": "Canceled"}


def resource(job: Job, scope: Scope) -> Json:
    """Show a job."""
    return {
        "id": f"{scope.id}/jobs/{job.name}",
        "name": job.name,
        "type": JOB_TYPE,
        "systemData": _system_data(job),
        "properties": {
            "displayName": job.name,
            **job.definition,
            "status": job.status,
            "services": {**job.definition.get("services", {}), **_services(job, scope)},
            "outputs": _outputs(job),
            "properties": {**job.definition["properties"], **added(job)},
        },
    }


def without_read_only(name: str, properties: Json) -> Json:
    """Leave out of a body what the service put into the answer that it was made from."""
    taken = {key: value for key, value in properties.items() if key not in READ_ONLY}
    outputs = taken.get("outputs")
    if isinstance(outputs, dict) and outputs.get("default") == _default_output(name):
        taken["outputs"] = {key: output for key, output in outputs.items() if key != "default"}
    return taken


def added(job: Job) -> dict[str, str]:
    """Give the entries that the service puts into a job's `properties`."""
    entries = OWN_ENTRIES.get(job.definition["jobType"], _with_a_machine)
    return {**entries(job), **job.added}


def _of_a_pipeline(job: Job) -> dict[str, str]:
    """A pipeline has no machine of its own, and tells its times in stages."""
    entries = {
        "azureml.runsource": "azureml.PipelineRun",
        "azureml.pipelineComponent": "pipelinerun",
    }
    if job.started is None:
        return entries
    execution = {
        "StartTime": job.started.isoformat(),
        "EndTime": job.ended.isoformat() if job.ended else None,
        "Status": STAGE_ENDS.get(job.status, "Running"),
    }
    stages = {"Initialization": None, "Execution": execution}
    return {**entries, "azureml.pipelines.stages": json.dumps(stages)}


def _with_a_machine(job: Job) -> dict[str, str]:
    compute = job.definition.get("computeId", "serverless").rpartition("/")[2]
    entries = {"_azureml.ComputeTargetType": "amlctrain", "_azureml.ClusterName": compute}
    times = {"StartTimeUtc": job.started, "EndTimeUtc": job.ended}
    told = {name: _plain(time) for name, time in times.items() if time}
    return {**entries, **told}


OWN_ENTRIES = {"Pipeline": _of_a_pipeline}


def _default_output(name: str) -> Json:
    """Give the output that every job has; azure-ai-ml 1.35 takes no output without a type."""
    return {"jobOutputType": "uri_folder", "mode": "ReadWriteMount", "uri": artifacts(name)}


def _system_data(job: Job) -> Json:
    return {
        "createdAt": job.created.isoformat(),
        "createdBy": job.created_by,
        "createdByType": "Application",
        "lastModifiedAt": job.modified.isoformat(),
        "lastModifiedBy": job.created_by,
        "lastModifiedByType": "Application",
    }


def _services(job: Job, scope: Scope) -> Json:
    tracking = f"azureml://{REGION}.api.azureml.ms/mlflow/v1.0{scope.id}?"
    studio = f"https://ml.azure.com/runs/{job.name}?wsid={scope.id}"
    return {
        "Tracking": {"jobServiceType": "Tracking", "endpoint": tracking},
        "Studio": {"jobServiceType": "Studio", "endpoint": studio},
    }


def _outputs(job: Job) -> Json:
    """Show where the results are: the named ones once the job is over."""
    named = outputs_of(job) if job.is_over else job.definition.get("outputs", {})
    return {"default": _default_output(job.name), **named}


def _plain(time: datetime) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S")
