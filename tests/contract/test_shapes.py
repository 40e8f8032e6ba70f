"""Every shape of job goes through our backend into the workspace of the twin, and stays as it was.

Nothing is run: the workspace is so slow that no job begins while these tests last.
"""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from shared.backends.remote import Connection, Remote, http_client
from shared.backends.workspace.arm import Workspace
from shared.backends.workspace.jobs import WorkspaceJobs
from shared.errors import RefusedError
from shared.ports import Json
from shared.runs import JobType
from tests.contract.workspace_twin import VERSION, Twin, workspace
from tests.jobs import a_request, bodies
from tests.rows import a_run
from tests.shapes import NAMES, shape

SLOW = "600"  # seconds between one status of a job and the next
# What a pipeline of the shapes is made of, and the samples have not.
COMPONENTS = {
    "0a6d7c8e-1f02-4b93-8c54-2d6e7f809102": {
        "command": "python prepare.py --raw ${{inputs.raw}} --rows ${{outputs.rows}}",
        "inputs": {"raw": {"type": "uri_folder"}},
        "outputs": {"rows": {"type": "uri_folder"}},
    },
    "1b7e8d9f-2a13-4ca4-9d65-3e7f8091a213": {
        "command": "python train.py --rows ${{inputs.rows}} --model ${{outputs.model}}",
        "inputs": {"rows": {"type": "uri_folder"}, "rate": {"type": "number"}},
        "outputs": {"model": {"type": "mlflow_model"}},
    },
    "2c8f9ea0-3b24-4db5-8e76-4f8091a2b324": {
        "command": "python score.py --model ${{inputs.model}} --on ${{inputs.on}}",
        "inputs": {
            "model": {"type": "mlflow_model"},
            "on": {"type": "uri_file"},
            "note": {"type": "string"},
        },
    },
}

# What the service adds to a job that is new.
OF_ANY = {
    "displayName",
    "experimentName",
    "isArchived",
    "outputs",
    "outputs.default",
    "services",
    "services.Studio",
    "services.Tracking",
    "status",
}
OF_A_MACHINE = {"properties._azureml.ClusterName", "properties._azureml.ComputeTargetType"}
ADDED = {
    "AutoML": {
        *OF_ANY,
        *OF_A_MACHINE,
        "environmentVariables",
        "queueSettings",
        "resources",
        "resources.shmSize",
    },
    "Command": {
        *OF_ANY,
        *OF_A_MACHINE,
        "environmentVariables",
        "inputs",
        "limits",
        "queueSettings",
        "resources",
        "resources.shmSize",
    },
    "Pipeline": {*OF_ANY, "properties.azureml.pipelineComponent", "properties.azureml.runsource"},
    "Spark": {*OF_ANY, *OF_A_MACHINE, "environmentVariables", "inputs", "queueSettings"},
    "Sweep": {
        *OF_ANY,
        *OF_A_MACHINE,
        "earlyTermination.delayEvaluation",
        "earlyTermination.evaluationInterval",
        "earlyTermination.slackAmount",
        "earlyTermination.slackFactor",
        "inputs",
        "queueSettings",
        "samplingAlgorithm.rule",
        "trial.environmentVariables",
        "trial.resources",
        "trial.resources.shmSize",
    },
}

# What the twin has not: other registries, data of other services, and pipelines of such nodes.
BEYOND_THE_TWIN = {
    "command-all-from-a-registry": "is none of the environments of this workspace",
    "command-from-open-addresses": "only azureml://datastores/NAME/paths/PATH can be read here",
    "command-with-data-assets": "only azureml://datastores/NAME/paths/PATH can be read here",
    "pipeline-from-a-registry": "There is no component 'azureml://registries/",
    "pipeline-from-another-job": "properties.jobs: Field required",
    "pipeline-of-a-component": "properties.jobs: Field required",
    "pipeline-with-a-condition": "'if_else' is none of command",
    "pipeline-with-a-parallel-step": "'parallel' is none of command",
    "pipeline-with-a-sweep": "'sweep' is none of command",
    "pipeline-with-automl": "'automl' is none of command",
    "pipeline-with-spark": "'spark' is none of command",
}

Create = Callable[[str], tuple[str, Json]]


@pytest.fixture(scope="module")
def twin() -> Iterator[Twin]:
    with workspace("--strict", "--pace", SLOW) as running:
        for version, spec in COMPONENTS.items():
            put_component(running, version, spec)
        yield running


@pytest.fixture(scope="module")
def create(twin: Twin) -> Iterator[Create]:
    """Creates the job of a shape through the backend of its kind; gives its name and its body."""
    url, _, id_ = twin.workspace.info["workspace"].partition("/subscriptions/")
    subscription, _, group, *_, name = id_.split("/")
    place = Workspace(subscription, group, name)

    with http_client() as client:
        connection = Connection(
            client=client,
            token=lambda _: twin.token,
            clock=lambda: datetime.now(UTC),
            endpoint=url,
            scope="https://management.azure.com/.default",
            api_version=VERSION,
        )

        def created(name: str) -> tuple[str, Json]:
            job, run = (
                shape(name, place),
                a_run(f"jr-{secrets.token_hex(12)}", fingerprint="f" * 64),
            )
            kind = JobType(job["jobType"])
            made = replace(bodies(kind), workspace=place)
            backend = WorkspaceJobs(Remote(connection, place.id), made, clock=connection.clock)
            request = a_request(jobType=kind.value, template=None, job=job)
            body = backend.body(request, backend.definition(request), run=run)
            backend.create(run.id, body)
            return run.id, body["properties"]

        yield created


def put_component(twin: Twin, version: str, spec: Json) -> None:
    whole = {"type": "command", "environment": "azureml:sklearn:1", **spec}
    path = f"/components/azureml_anonymous/versions/{version}"
    body = {"properties": {"componentSpec": whole, "isAnonymous": True}}
    twin.send("PUT", path, json=body).raise_for_status()


def kept(read: Any, sent: Any) -> Any:
    """What is read, as far as it was sent."""
    if not isinstance(read, dict) or not isinstance(sent, dict):
        return read
    return {name: kept(read[name], sent[name]) for name in sent if name in read}


def added(read: Json, sent: Json, at: str = "") -> Iterator[str]:
    """The places of what is read and was not sent."""
    for name, value in read.items():
        if name not in sent:
            yield f"{at}{name}"
        elif isinstance(value, dict) and isinstance(sent[name], dict):
            yield from added(value, sent[name], f"{at}{name}.")


@pytest.mark.parametrize("name", [name for name in NAMES if name not in BEYOND_THE_TWIN])
def test_a_shape_is_read_back_as_it_was_sent(name: str, create: Create, twin: Twin) -> None:
    run_id, sent = create(name)

    read = twin.get(run_id)

    assert kept(read, sent) == sent
    assert set(added(read, sent)) <= ADDED[sent["jobType"]]


@pytest.mark.parametrize("name", BEYOND_THE_TWIN)
def test_what_the_twin_has_not_it_refuses(name: str, create: Create) -> None:
    with pytest.raises(RefusedError) as caught:
        create(name)

    assert BEYOND_THE_TWIN[name] in caught.value.problem.message
