"""What a user of azure-ai-ml does with a pipeline; prints what was seen as one line of JSON.

Runs in a process of its own, as its sister does.
"""

import json
import sys
import time
from typing import Any

from azure.ai.ml import Input, MLClient, Output, command, dsl
from azure.ai.ml.entities import PipelineJob, PipelineJobSettings
from azure.core.exceptions import HttpResponseError
from azure.identity import ManagedIdentityCredential

ENDED = {"Completed", "Failed", "Canceled"}
make = command(
    name="make",
    command="echo ${{inputs.word}} > ${{outputs.made}}/word.txt",
    inputs={"word": Input(type="string")},
    outputs={"made": Output(type="uri_folder")},
    environment="azureml:sklearn:1",
)
repeat = command(
    name="repeat",
    command="for i in $(seq ${{inputs.times}}); do cat ${{inputs.data}}/word.txt; done"
    " > ${{outputs.said}}/said.txt",
    inputs={
        "data": Input(type="uri_folder"),
        "times": Input(type="integer", default=3, optional=True),
    },
    outputs={"said": Output(type="uri_folder")},
    environment="azureml:sklearn:1",
    environment_variables={"MOOD": "good"},
)


@dsl.pipeline(None, default_compute="cpu-cluster", experiment_name="stories")
def two_steps(word: str) -> dict[str, Any]:
    """Say a word, and say it again."""
    first = make(word=word)
    second = repeat(data=first.outputs["made"])
    second.compute = "gpu-cluster"
    return {"said": second.outputs["said"]}


def tell() -> dict[str, object]:
    """Create a pipeline, watch it, and look at its parts."""
    client = MLClient(
        ManagedIdentityCredential(), "00000000-0000-0000-0000-000000000001", "twin", "demo"
    )
    pipeline = two_steps("hello")
    pipeline.name = "said-twice"
    created = client.jobs.create_or_update(pipeline)
    ended = until_ended(client, "said-twice")
    updated = client.jobs.update("said-twice", tags={"read": "yes"})
    seen = ended._to_dict()
    second = seen["jobs"]["second"]
    children = list(client.jobs.list(parent_job_name="said-twice"))
    return {
        "created": [created.name, created.status, sorted(created.jobs)],
        "ended": [ended.status, seen["outputs"]["said"]["path"]],
        "second": {part: second[part] for part in ("inputs", "outputs", "compute")},
        "compute": seen["settings"]["default_compute"],
        "updated": updated.tags,
        "children": sorted([child.display_name, child.status] for child in children),
        "listed": next(iter(client.jobs.list())).name,
        "refused": refusal(client),
    }


def until_ended(client: MLClient, name: str) -> PipelineJob:
    """Wait for a pipeline to end."""
    deadline = time.monotonic() + 30
    while (job := client.jobs.get(name)).status not in ENDED:
        if time.monotonic() > deadline:
            raise TimeoutError(f"{name} is {job.status}")
        time.sleep(0.05)
    assert isinstance(job, PipelineJob)
    return job


def refusal(client: MLClient) -> str:
    """Give what the client says about a pipeline without a compute."""
    pipeline = two_steps("hello")
    pipeline.name, pipeline.settings = "homeless", PipelineJobSettings()
    try:
        client.jobs.create_or_update(pipeline, skip_validation=True)
    except HttpResponseError as exc:
        return str(exc)
    return "it was not refused"


if __name__ == "__main__":
    sys.stdout.write(json.dumps(tell()))
