"""Which bodies of a training job are taken, on either contract, and what is said of the others."""

from typing import Any

import pytest

from tests.local.foundry.model import envelopes
from tests.local.foundry.model.command_job import CommandJob, written
from tests.local.foundry.model.schema import Surface
from tests.local.foundry.refusals import RefusedError

Json = dict[str, Any]
RECIPE = {"algorithm": "sft", "model": "m", "dataset": {"train": "d"}}


def a_training_job(**properties: Any) -> Json:
    return {
        "job_type": "command",
        "command": "true",
        "environment_image_reference": "image",
        "compute_id": "compute",
        **properties,
    }


def a_job(**properties: Any) -> Json:
    return {
        "jobType": "Command",
        "command": "true",
        "environmentImageReference": "image",
        "computeId": "compute",
        **properties,
    }


def created(properties: Json) -> CommandJob:
    return envelopes.created({"name": "j", "properties": properties})[1]


def put(properties: Json, **envelope: Any) -> CommandJob:
    return envelopes.put({"properties": properties, **envelope})


TRAINING_JOB = {
    "job_type": "command",
    "command": "train ${{inputs.data}}",
    "environment_image_reference": "image",
    "display_name": "d",
    "description": "what it is for",
    "tags": {"snake_tag": "a"},
    "properties": {"snake_property": "b"},
    "code_id": "code",
    "compute_id": "compute",
    "inputs": {
        "my_data": {"job_input_type": "uri_folder", "uri": "u", "mode": "read_only_mount"},
        "rate": {"job_input_type": "literal", "value": "0.1"},
    },
    "outputs": {
        "my_model": {
            "job_output_type": "safetensors_model",
            "mode": "upload",
            "asset_name": "n",
            "asset_version": "1",
            "uri": "u",
            "base_model_id": "b",
            "description": "e",
        }
    },
    "environment_variables": {"MY_VARIABLE": "1"},
    "resources": {
        "instance_count": 2,
        "instance_type": "t",
        "properties": {"snake_key": [1]},
        "shm_size": "8g",
        "docker_args": "-v",
    },
    "gpu_count": 4,
    "distribution": {"distribution_type": "pytorch", "process_count_per_instance": 2},
    "limits": {"job_limits_type": "command", "timeout": "P1DT2H3M4S"},
    "queue_settings": {"job_tier": "Standard"},
    "user_assigned_identity_id": "i",
}
JOB = {
    "jobType": "Command",
    "command": "train ${{inputs.data}}",
    "environmentImageReference": "image",
    "displayName": "d",
    "description": "what it is for",
    "tags": {"snake_tag": "a"},
    "properties": {"snake_property": "b"},
    "codeId": "code",
    "computeId": "compute",
    "inputs": {
        "my_data": {"jobInputType": "uri_folder", "uri": "u", "mode": "ReadOnlyMount"},
        "rate": {"jobInputType": "literal", "value": "0.1"},
    },
    "outputs": {
        "my_model": {
            "jobOutputType": "safetensors_model",
            "mode": "Upload",
            "assetName": "n",
            "assetVersion": "1",
            "uri": "u",
            "baseModelId": "b",
            "description": "e",
        }
    },
    "environmentVariables": {"MY_VARIABLE": "1"},
    "resources": {
        "instanceCount": 2,
        "instanceType": "t",
        "properties": {"snake_key": [1]},
        "shmSize": "8g",
        "dockerArgs": "-v",
    },
    "gpuCount": 4,
    "distribution": {"distributionType": "PyTorch", "processCountPerInstance": 2},
    "limits": {"jobLimitsType": "Command", "timeout": "P1DT2H3M4S"},
    "queueSettings": {"jobTier": "Standard"},
    "userAssignedIdentityId": "i",
    "isArchived": False,
}
ONLY_ON_JOBS = {
    "experimentName": "e",
    "services": {
        "shell": {
            "jobServiceType": "SSH",
            "port": 22,
            "properties": {"sshPublicKeys": "k"},
            "nodes": {"nodesValueType": "All"},
        }
    },
    "isArchived": True,
    "priority": "High",
    "capacityUnitCount": 3,
    "queueSettings": {"jobTier": "Spot", "priority": "Low"},
}


def test_a_full_training_job_is_kept_whole() -> None:
    assert written(created(TRAINING_JOB), Surface.TRAINING_JOBS) == TRAINING_JOB


def test_a_full_job_is_kept_whole() -> None:
    assert written(put(JOB | ONLY_ON_JOBS), Surface.JOBS) == JOB | ONLY_ON_JOBS


def test_a_training_job_is_shown_on_jobs_in_their_spelling() -> None:
    assert written(created(TRAINING_JOB), Surface.JOBS) == JOB


def test_a_job_is_shown_on_training_jobs_without_what_they_do_not_have() -> None:
    shown = written(put(JOB | ONLY_ON_JOBS), Surface.TRAINING_JOBS)

    assert shown == TRAINING_JOB | {"queue_settings": {"job_tier": "Spot"}}


def test_a_recipe_is_not_shown_on_jobs() -> None:
    recipe = {"job_type": "command", "compute_id": "compute", "training": RECIPE}

    assert written(created(recipe), Surface.JOBS) == {
        "jobType": "Command",
        "computeId": "compute",
        "tags": {},
        "properties": {},
        "inputs": {},
        "outputs": {},
        "environmentVariables": {},
        "isArchived": False,
    }


@pytest.mark.parametrize("word", ["Command", "command", "COMMAND"])
def test_jobs_take_enumerated_words_in_any_case(word: str) -> None:
    assert put(a_job(jobType=word)).job_type == "command"


@pytest.mark.parametrize("mode", ["ReadOnlyMount", "readonlymount", "ro_mount"])
def test_jobs_take_the_modes_that_clients_write(mode: str) -> None:
    given = {"data": {"jobInputType": "uri_file", "uri": "u", "mode": mode}}

    assert put(a_job(inputs=given)).inputs["data"].mode == "read_only_mount"


def test_jobs_take_limits_without_their_type() -> None:
    limits = put(a_job(limits={"timeout": "PT1H"})).limits

    assert limits is not None
    assert (limits.job_limits_type, limits.timeout) == ("command", "PT1H")


def test_jobs_take_tags_beside_the_properties() -> None:
    assert put(a_job(tags={"a": "1"}), tags={"b": "2"}).tags == {"a": "1", "b": "2"}


def test_jobs_pass_over_what_the_service_itself_had_added() -> None:
    sent = a_job(status="Completed", createdDateTime="2030-01-01T00:00:00Z")

    assert put(sent, id="/x", name="j", type="t", systemData={}) == put(a_job())


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"job_type": "Command"}, "properties.job_type: Value error, 'Command' is none of command"),
        ({"job_type": "sweep"}, "properties.job_type"),
        ({"job_type": None}, "properties.job_type"),
        ({"command": None}, "command is required without training"),
        ({"command": " "}, "properties.command"),
        ({"command": 7}, "properties.command"),
        ({"environment_image_reference": None}, "environment_image_reference is required"),
        ({"training": RECIPE}, "command must be left out"),
        ({"compute_id": None}, "properties.compute_id"),
        ({"status": "queued"}, "properties.status: Extra inputs"),
        ({"computeId": "compute"}, "properties.computeId: Extra inputs"),
        ({"experiment_name": "e"}, "properties.experiment_name: Value error, is no part of"),
        ({"services": {}}, "properties.services: Value error, is no part of training_jobs"),
        ({"is_archived": True}, "properties.is_archived: Value error, is no part of"),
        ({"tags": {"a": 1}}, "properties.tags.a"),
        ({"gpu_count": -1}, "properties.gpu_count"),
        ({"gpu_count": 2**31}, "properties.gpu_count"),
        ({"gpu_count": "1"}, "properties.gpu_count"),
        ({"queue_settings": {"priority": "High"}}, "properties.queue_settings.priority"),
        ({"limits": {"timeout": "PT1H"}}, "properties.limits.job_limits_type"),
        ({"limits": {"job_limits_type": "sweep"}}, "properties.limits.job_limits_type"),
        ({"limits": {"job_limits_type": "command", "timeout": "1h"}}, "properties.limits.timeout"),
        ({"resources": {"shm_size": "0g"}}, "properties.resources.shm_size"),
        ({"resources": {"shm_size": "8t"}}, "properties.resources.shm_size"),
        ({"resources": {"instance_count": 0}}, "properties.resources.instance_count"),
        ({"environment_variables": {"A": 1}}, "properties.environment_variables.A"),
    ],
)
def test_a_training_job_that_breaks_a_rule_is_refused(change: Json, complaint: str) -> None:
    with pytest.raises(RefusedError) as refused:
        created(a_training_job(**change))

    assert complaint in str(refused.value)
    assert refused.value.status == 400


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"jobType": "Sweep"}, "properties.jobType: Value error, 'Sweep' is none of Command"),
        ({"command": None}, "command is required"),
        ({"environmentImageReference": None}, "environmentImageReference is required"),
        ({"training": RECIPE}, "properties.training: Value error, is no part of jobs"),
        ({"compute_id": "compute"}, "properties.compute_id: Extra inputs"),
        ({"services": {"a": {"nodes": {"nodesValueType": "One"}}}}, "nodes.nodesValueType"),
        ({"services": {"a": {"status": "Running"}}}, "properties.services.a.status: Extra inputs"),
        ({"services": {"a": {"port": 70000}}}, "properties.services.a.port"),
    ],
)
def test_a_job_that_breaks_a_rule_is_refused(change: Json, complaint: str) -> None:
    with pytest.raises(RefusedError) as refused:
        put(a_job(**change))

    assert complaint in str(refused.value)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": "j"},
        {"properties": {}},
        {"name": 7, "properties": {}},
        {"name": "j", "properties": []},
        {"name": "j", "properties": {}, "id": "x"},
        {"name": "j", "properties": {}, "system_data": {}},
    ],
)
def test_an_envelope_of_another_shape_is_refused(body: Json) -> None:
    with pytest.raises(RefusedError):
        envelopes.created(body)


def test_every_fault_of_a_body_is_told() -> None:
    with pytest.raises(RefusedError) as refused:
        created(a_training_job(compute_id=7, gpu_count="1"))

    assert refused.value.details == (
        "properties.compute_id: Input should be a valid string",
        "properties.gpu_count: Input should be a valid integer",
    )
