"""A training job that has run as a template."""

from shared.backends.foundry import templates
from shared.backends.foundry.profiles import JOBS, TRAINING_JOBS
from shared.ports import Json
from tests.unit.backends.foundry.given import COMPUTE, a_command, a_recipe

NULLS = dict.fromkeys(["training", "code_id", "limits", "gpu_count", "resources"])


def test_what_the_service_wrote_is_left_out() -> None:
    properties = {
        **a_command(),
        **NULLS,
        "status": "Completed",
        "created_at": 1785585600,
        "display_name": "Train",
        "environment_variables": {"A": "1"},
        "resources": {"instance_count": 1, "shm_size": None, "properties": {"aB": None}},
        "inputs": {"rate": {"job_input_type": "literal", "value": "1", "uri": None}},
        "outputs": {
            "default": {"job_output_type": "uri_folder", "uri": "azureai://x/train"},
            "model": {
                "job_output_type": "safetensors_model",
                "uri": "azureai://datastores/x/paths/train/model",
                "asset_name": "phi",
                "asset_version": "7",
            },
            "logs": {"job_output_type": "uri_folder", "uri": "azureai://logs", "mode": None},
        },
        "services": {"Studio": {"endpoint": "https://x"}},
        "experiment_name": "models",
        "tags": {"team": "vision", "jobrelay": "another"},
        "properties": {"cost": "low", "jobrelay.fingerprint": "of another run"},
    }

    assert templates.cleaned(properties, "train", TRAINING_JOBS) == {
        **a_command(),
        "display_name": "Train",
        "environment_variables": {"A": "1"},
        "resources": {"instance_count": 1, "properties": {"aB": None}},
        "inputs": {"rate": {"job_input_type": "literal", "value": "1"}},
        "outputs": {
            "model": {"job_output_type": "safetensors_model", "asset_name": "phi"},
            "logs": {"job_output_type": "uri_folder", "uri": "azureai://logs"},
        },
        "tags": {"team": "vision"},
        "properties": {"cost": "low"},
    }


def test_a_recipe_is_left_without_what_the_service_made_of_it() -> None:
    properties = a_recipe(
        resolved_framework="trl",
        framework_version="1.2",
        framework=None,
        hyperparameters={"rate": None},
        lora={"rank": 8, "alpha": None},
    )
    properties |= {"command": "python -m trl", "environment_image_reference": "trl:1"}

    assert templates.cleaned(properties, "train", TRAINING_JOBS) == {
        **a_recipe(hyperparameters={"rate": None}, lora={"rank": 8}),
        "environment_image_reference": "trl:1",
    }


def test_a_job_of_the_other_contract_is_read_in_our_form() -> None:
    properties = {
        "jobType": "Command",
        "command": "python train.py",
        "environmentId": "old:1",
        "environmentImageReference": None,
        "computeId": COMPUTE,
        "experimentName": "models",
        "isArchived": True,
        "status": "Completed",
        "createdDateTime": "2026-08-01T12:00:00Z",
        "distribution": {"distributionType": "Mpi", "processCountPerInstance": 4},
        "inputs": {"aB": {"jobInputType": "uri_file", "uri": "x", "mode": "ro_mount"}},
        "outputs": {"default": {"uri": "x"}},
        "services": {
            "Tracking": {"jobServiceType": "Tracking", "endpoint": "https://x"},
            "shell": {
                "jobServiceType": "SSH",
                "port": 22,
                "endpoint": "ssh://x",
                "status": "Running",
                "errorMessage": None,
                "properties": {"sshKey": "x"},
            },
        },
    }

    assert templates.cleaned(properties, "train", JOBS) == {
        "job_type": "command",
        "command": "python train.py",
        "environment_image_reference": "old:1",
        "compute_id": COMPUTE,
        "experiment_name": "models",
        "distribution": {"distribution_type": "mpi", "process_count_per_node": 4},
        "inputs": {"aB": {"job_input_type": "uri_file", "uri": "x", "mode": "read_only_mount"}},
        "services": {
            "shell": {"job_service_type": "SSH", "port": 22, "properties": {"sshKey": "x"}}
        },
    }


def test_a_document_that_is_odd_leaves_what_can_be_left() -> None:
    odd: Json = {"outputs": [], "services": 1, "tags": None, "training": "x", "inputs": {"a": 1}}

    assert templates.cleaned(odd, "train", TRAINING_JOBS) == {"inputs": {"a": 1}}
