"""What a user of azure-ai-ml does with Command jobs; prints what was seen as one line of JSON.

Runs in a process of its own: the client settles its cloud in the environment, and warns about
itself.
"""

import json
import sys
import time

from azure.ai.ml import MLClient, Output, command
from azure.ai.ml.entities import Command
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.identity import ManagedIdentityCredential

ENDED = {"Completed", "Failed", "Canceled"}


def tell() -> dict[str, object]:
    """Create, watch, find, change, cancel and delete jobs."""
    client = MLClient(
        ManagedIdentityCredential(), "00000000-0000-0000-0000-000000000001", "twin", "demo"
    )
    created = client.jobs.create_or_update(
        a_job("first", "echo ${{inputs.word}} > ${{outputs.said}}/word.txt")
    )
    ended = until(client, "first", ENDED)
    client.jobs.create_or_update(a_job("second", "sleep 1000"))
    until(client, "second", {"Running"})
    client.jobs.begin_cancel("second").result()
    cancelled = client.jobs.get("second").status
    refused = refusal(client)
    client.jobs.archive("first")
    active = [job.name for job in client.jobs.list()]
    client.jobs.restore("first")
    updated = client.jobs.update("first", display_name="renamed", tags={"more": "yes"})
    client.jobs.begin_delete("second").result()
    return {
        "created": [
            created.name,
            created.status,
            created.display_name,
            created.compute,
            created.environment,
        ],
        "studio": created.studio_url,
        "ended": [ended.status, ended.outputs["said"].path],
        "cancelled": cancelled,
        "refused": refused,
        "active": active,
        "listed": [job.name for job in client.jobs.list()],
        "updated": [updated.display_name, updated.tags],
        "deleted": is_gone(client, "second"),
    }


def a_job(name: str, text: str) -> Command:
    """Build a job as the documentation of the client does."""
    return command(
        name=name,
        command=text,
        inputs={"word": "hello"},
        outputs={"said": Output(type="uri_folder")},
        environment="azureml:sklearn:1",
        compute="cpu-cluster",
        display_name=f"the {name}",
        experiment_name="stories",
        tags={"told": "yes"},
        timeout=600,
    )


def until(client: MLClient, name: str, statuses: set[str]) -> Command:
    """Wait for a job to be in one of these statuses."""
    deadline = time.monotonic() + 20
    while (job := client.jobs.get(name)).status not in statuses:
        if time.monotonic() > deadline:
            raise TimeoutError(f"{name} is {job.status}, not {statuses}")
        time.sleep(0.05)
    assert isinstance(job, Command)
    return job


def refusal(client: MLClient) -> str:
    """Give what the client says about a name that is taken."""
    try:
        client.jobs.create_or_update(a_job("first", "true"))
    except HttpResponseError as exc:
        return str(exc)
    return "it was not refused"


def is_gone(client: MLClient, name: str) -> bool:
    """Tell whether the client does not find a job."""
    try:
        client.jobs.get(name)
    except ResourceNotFoundError:
        return True
    return False


if __name__ == "__main__":
    sys.stdout.write(json.dumps(tell()))
