"""The body of a Pipeline: its steps are taken as they are."""

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
    body,
    faults,
    inline_body,
    only_fault,
)

STEPS: Json = {
    "prepare": {
        "name": "prepare",
        "type": "command",
        "componentId": f"{ID}/components/prepare/versions/1",
        "computeId": None,
        "inputs": {"data": {"job_input_type": "literal", "value": "${{parent.inputs.data}}"}},
        "outputs": {"clean": {"value": "${{parent.outputs.clean}}", "type": "literal"}},
        "Odd-Name": {"snake_case": [None, {}], "": ""},
        "_source": "REMOTE.WORKSPACE.COMPONENT",
    },
    "train": {"type": "command", "limits": None, "resources": {}},
}
SETTINGS: Json = {
    "default_compute": f"{ID}/computes/cpu-cluster",
    "continue_on_step_failure": False,
    "default_datastore": None,
    "_source": "YAML.JOB",
}
# A pipeline that has run, as the service shows it.
COMPLETED: Json = {
    "jobType": "Pipeline",
    "displayName": "Prepare and train",
    "description": None,
    "experimentName": "models",
    "status": "Completed",
    "computeId": f"{ID}/computes/cpu-cluster",
    "componentId": None,
    "sourceJobId": None,
    "isArchived": False,
    "jobs": STEPS,
    "settings": SETTINGS,
    "inputs": {
        "data": {"jobInputType": "uri_folder", "uri": "azureml://datastores/blobs/paths/iris"},
        "rate": {"jobInputType": "literal", "value": "0.5", "description": None},
    },
    "outputs": {
        "clean": {
            "jobOutputType": "uri_folder",
            "mode": "ReadWriteMount",
            "uri": "azureml://datastores/workspaceblobstore/paths/azureml/train/clean/",
        }
    },
    "services": {"Studio": {"endpoint": "https://ml.azure.com/x"}},
    "tags": {"azureml.parameters": "x", "team": "vision"},
    "properties": {"azureml.pipelineid": "7", "runSource": "MFE"},
}
SENT: Json = {
    "jobType": "Pipeline",
    "displayName": "Prepare and train",
    "experimentName": "models",
    "computeId": f"{ID}/computes/cpu-cluster",
    "jobs": STEPS,
    "settings": SETTINGS,
    "inputs": {
        "data": {"jobInputType": "uri_folder", "uri": "azureml://datastores/blobs/paths/iris"},
        "rate": {"jobInputType": "literal", "value": "0.5"},
    },
    "outputs": {"clean": {"jobOutputType": "uri_folder", "mode": "ReadWriteMount"}},
    "tags": {"team": "vision", **OUR_TAGS},
    "properties": {"runSource": "MFE", **OUR_PROPERTIES},
}


def made(template: Json = COMPLETED, **fields: Any) -> Json:
    """The body that comes of a request for a pipeline."""
    return body(a_request(jobType="Pipeline", **fields), template)


def inline(job: Json, **fields: Any) -> Json:
    """The body that comes of a request with a pipeline of its own."""
    return inline_body(a_request(jobType="Pipeline", template=None, job=job, **fields))


def refused(job: Json, **fields: Any) -> RejectedError:
    with pytest.raises(RejectedError) as caught:
        bodies(JobType.PIPELINE).check(
            a_request(jobType="Pipeline", template=None, job=job, **fields)
        )
    return caught.value


def test_a_template_that_has_run_becomes_a_body_with_its_steps_verbatim() -> None:
    assert made() == SENT


def test_a_request_is_laid_over_its_template() -> None:
    sent = made(
        displayName="Again",
        inputs={"rate": 1, "data": {"type": "uri_folder", "uri": "azureml:iris:2"}, "more": True},
        outputs={"clean": {"mode": "Upload"}},
        attributes={"compute": "gpu-cluster", "identity": {"type": "UserIdentity"}},
    )

    assert sent == {
        **SENT,
        "displayName": "Again",
        "computeId": f"{ID}/computes/gpu-cluster",
        "identity": {"identityType": "UserIdentity"},
        "settings": {**SETTINGS, "default_compute": f"{ID}/computes/gpu-cluster"},
        "inputs": {
            "data": {"jobInputType": "uri_folder", "uri": f"{ID}/data/iris/versions/2"},
            "rate": {"jobInputType": "literal", "value": "1"},
            "more": {"jobInputType": "literal", "value": "true"},
        },
        "outputs": {"clean": {"jobOutputType": "uri_folder", "mode": "Upload"}},
    }


def test_a_compute_is_a_default_where_there_are_no_settings() -> None:
    sent = made({"jobType": "Pipeline", "jobs": STEPS}, attributes={"compute": "cpu"})

    assert sent["settings"] == {"default_compute": f"{ID}/computes/cpu"}


def test_an_inline_pipeline_is_sent_with_its_steps_verbatim() -> None:
    job = {
        "jobType": "PIPELINE",
        "computeId": "cpu-cluster",
        "jobs": STEPS,
        "settings": SETTINGS,
        "inputs": {"rate": {"type": "literal", "value": 0.5}},
        "outputs": {"clean": {"jobOutputType": "URI_folder", "mode": "upload"}},
    }

    assert inline(job) == {
        "jobType": "Pipeline",
        "computeId": f"{ID}/computes/cpu-cluster",
        "jobs": STEPS,
        "settings": SETTINGS,
        "inputs": {"rate": {"jobInputType": "literal", "value": "0.5"}},
        "outputs": {"clean": {"jobOutputType": "uri_folder", "mode": "Upload"}},
        "tags": OUR_TAGS,
        "properties": OUR_PROPERTIES,
    }


@pytest.mark.parametrize(
    ("component", "sent"),
    [
        ("steps:3", f"{ID}/components/steps/versions/3"),
        (f"{ID}/components/steps/labels/default", f"{ID}/components/steps/labels/default"),
        (
            "azureml://registries/shared/components/steps/versions/1",
            "azureml://registries/shared/components/steps/versions/1",
        ),
    ],
)
def test_a_component_may_have_the_steps(component: str, sent: str) -> None:
    assert inline({"componentId": component})["componentId"] == sent


def test_another_job_may_have_the_steps() -> None:
    assert inline({"sourceJobId": f"{ID}/jobs/old"})["sourceJobId"] == f"{ID}/jobs/old"


@pytest.mark.parametrize("job", [{}, {"jobs": {}}, {"settings": SETTINGS}, {"jobs": None}])
def test_a_pipeline_without_steps_is_refused(job: Json) -> None:
    assert only_fault(refused(job)) == Fault(
        "/job/jobs", "no steps", "steps in jobs, or a componentId that has them"
    )


def test_a_template_without_steps_is_refused() -> None:
    with pytest.raises(RejectedError) as caught:
        made({"jobType": "Pipeline"})

    assert faults(caught.value) == ["/template"]


def test_a_pipeline_has_no_command_and_no_sweep() -> None:
    refusal = refused(
        {"jobs": STEPS},
        sweep={},
        attributes={"command": "x", "environment": "a:1", "timeout": "PT1H"},
    )

    assert refusal.faults == (
        Fault("/sweep", "an unknown field", "no such field for Pipeline"),
        Fault("/attributes/command", "an unknown field", "no such field here"),
        Fault("/attributes/environment", "an unknown field", "no such field here"),
        Fault("/attributes/timeout", "an unknown field", "no such field here"),
    )


def test_a_pipeline_is_never_in_the_older_form() -> None:
    assert only_fault(refused({"jobs": STEPS, "timeout": "PT1H"})) == Fault(
        "/job/timeout", "an unknown field", "no such field here"
    )
