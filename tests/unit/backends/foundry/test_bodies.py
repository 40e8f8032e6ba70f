"""The bodies that create training jobs, whole, as each contract takes them."""

import pytest

from shared.backends.foundry.profiles import JOBS
from shared.errors import Fault, RejectedError
from shared.ports import Json
from tests.jobs import OUR_PROPERTIES, OUR_TAGS, RUN, only_fault
from tests.unit.backends.foundry.given import (
    ACCOUNT,
    COMPUTE,
    a_command,
    a_recipe,
    a_training,
    bodies,
    from_template,
)

OVER: Json = {
    "displayName": "Run 7",
    "description": "Again",
    "experimentName": "orders",
    "tags": {"order": "7"},
    "properties": {"cost": "high"},
    "inputs": {"rate": 0.25, "data": {"type": "uri_folder", "uri": "azureai://iris"}},
    "outputs": {"model": {"type": "safetensors_model", "mode": "Upload"}},
    "attributes": {
        "compute": "big",
        "environment": "demo.azurecr.io/train:2",
        "command": "python other.py ${{inputs.rate}}",
        "instanceCount": 4,
        "instanceType": "Standard_ND96",
        "environmentVariables": {"B": "3"},
        "timeout": "PT1H30M",
        "queueSettings": {"jobTier": "Spot"},
    },
}
TEMPLATE = a_command(
    display_name="Train",
    code_id="azureai://codes/train",
    tags={"team": "vision", "order": "6"},
    properties={"cost": "low", "team": "7"},
    environment_variables={"A": "1", "B": "2"},
    resources={"instance_count": 1, "shm_size": "2g"},
    limits={"job_limits_type": "command", "timeout": "P1D"},
    distribution={"distribution_type": "pytorch", "process_count_per_instance": 8},
)


def test_the_least_job_makes_the_least_body() -> None:
    assert bodies().body(a_training(), a_command(), run=RUN) == {
        "name": RUN.id,
        "properties": {
            "job_type": "command",
            "command": "python train.py",
            "environment_image_reference": "demo.azurecr.io/train:1",
            "compute_id": COMPUTE,
            "tags": OUR_TAGS,
            "properties": OUR_PROPERTIES,
        },
    }


def test_the_least_job_makes_the_least_body_of_jobs() -> None:
    assert bodies(JOBS).body(a_training(), a_command(), run=RUN) == {
        "properties": {
            "jobType": "Command",
            "command": "python train.py",
            "environmentImageReference": "demo.azurecr.io/train:1",
            "computeId": COMPUTE,
            "tags": OUR_TAGS,
            "properties": OUR_PROPERTIES,
        }
    }


@pytest.mark.parametrize("brought", [{"template": None, "job": TEMPLATE}, {"template": "train"}])
def test_a_request_is_laid_over_its_job(brought: Json) -> None:
    request = from_template(**brought, **OVER)

    assert bodies().body(request, TEMPLATE, run=RUN) == {
        "name": RUN.id,
        "properties": {
            "job_type": "command",
            "command": "python other.py ${{inputs.rate}}",
            "environment_image_reference": "demo.azurecr.io/train:2",
            "compute_id": f"{ACCOUNT}/computes/big",
            "display_name": "Run 7",
            "description": "Again",
            "code_id": "azureai://codes/train",
            "environment_variables": {"A": "1", "B": "3"},
            "resources": {
                "instance_count": 4,
                "instance_type": "Standard_ND96",
                "shm_size": "2g",
            },
            "limits": {"job_limits_type": "command", "timeout": "PT5400S"},
            "queue_settings": {"job_tier": "Spot"},
            "distribution": {"distribution_type": "pytorch", "process_count_per_instance": 8},
            "inputs": {
                "rate": {"job_input_type": "literal", "value": "0.25"},
                "data": {"job_input_type": "uri_folder", "uri": "azureai://iris"},
            },
            "outputs": {"model": {"job_output_type": "safetensors_model", "mode": "upload"}},
            "tags": {"team": "vision", "order": "7", **OUR_TAGS},
            "properties": {"cost": "high", "team": "7", **OUR_PROPERTIES},
        },
    }


def test_a_request_is_laid_over_its_job_for_jobs() -> None:
    assert bodies(JOBS).body(from_template(**OVER), TEMPLATE, run=RUN) == {
        "properties": {
            "jobType": "Command",
            "command": "python other.py ${{inputs.rate}}",
            "environmentImageReference": "demo.azurecr.io/train:2",
            "computeId": f"{ACCOUNT}/computes/big",
            "displayName": "Run 7",
            "description": "Again",
            "experimentName": "orders",
            "codeId": "azureai://codes/train",
            "environmentVariables": {"A": "1", "B": "3"},
            "resources": {"instanceCount": 4, "instanceType": "Standard_ND96", "shmSize": "2g"},
            "limits": {"jobLimitsType": "Command", "timeout": "PT5400S"},
            "queueSettings": {"jobTier": "Spot"},
            "distribution": {"distributionType": "PyTorch", "processCountPerInstance": 8},
            "inputs": {
                "rate": {"jobInputType": "literal", "value": "0.25"},
                "data": {"jobInputType": "uri_folder", "uri": "azureai://iris"},
            },
            "outputs": {"model": {"jobOutputType": "safetensors_model", "mode": "Upload"}},
            "tags": {"team": "vision", "order": "7", **OUR_TAGS},
            "properties": {"cost": "high", "team": "7", **OUR_PROPERTIES},
        }
    }


def test_hyperparameters_are_laid_over_those_of_the_recipe() -> None:
    job = a_recipe(hyperparameters={"learning_rate": 1e-5, "epochs": 3})
    over = {"epochs": 4, "warmUp": {"a": None}}
    request = a_training(job, attributes={"hyperparameters": over})

    assert bodies().body(request, job, run=RUN) == {
        "name": RUN.id,
        "properties": {
            "job_type": "command",
            "training": {
                "algorithm": "sft",
                "model": "azureai://models/phi-4",
                "dataset": {"train": "azureai://data/chats"},
                "hyperparameters": {
                    "learning_rate": 1e-5,
                    "epochs": 4,
                    "warmUp": {"a": None},
                },
            },
            "compute_id": COMPUTE,
            "tags": OUR_TAGS,
            "properties": OUR_PROPERTIES,
        },
    }


def test_a_name_belongs_to_the_account_of_the_target() -> None:
    definition = bodies().inline(a_training(a_command(compute_id="gpu-cluster")))

    assert definition == a_command()


def test_making_a_body_leaves_the_definition_as_it_was() -> None:
    definition = {**TEMPLATE, "resources": {"instance_count": 1}}

    bodies(JOBS).body(from_template(**OVER), definition, run=RUN)

    assert definition == {**TEMPLATE, "resources": {"instance_count": 1}}


def test_a_template_that_lacks_something_is_told_by_attribute() -> None:
    with pytest.raises(RejectedError) as caught:
        bodies().body(from_template(), {"job_type": "command", "command": 7}, run=RUN)

    expected = "required, as the template has none"
    assert list(caught.value.faults) == [
        Fault("/attributes/compute", "nothing", expected),
        Fault("/attributes/environment", "nothing", expected),
    ]


def test_a_template_asks_for_what_its_command_uses() -> None:
    with pytest.raises(RejectedError) as caught:
        bodies().body(from_template(), a_command(command="x ${{inputs.rate}}"), run=RUN)

    expected = Fault("/inputs/rate", "nothing", "required, as the command uses it")
    assert only_fault(caught.value) == expected


def test_a_template_with_a_recipe_takes_no_command() -> None:
    with pytest.raises(RejectedError) as caught:
        bodies().body(from_template(attributes={"command": "x"}), a_recipe(), run=RUN)

    expected = "nothing beside training, which becomes a command"
    assert only_fault(caught.value) == Fault("/attributes/command", "a string", expected)


def test_too_many_tags_in_all_are_refused() -> None:
    definition = a_command(tags={f"tag {number}": "x" for number in range(49)})

    with pytest.raises(RejectedError) as caught:
        bodies().body(from_template(tags={"one": "more"}), definition, run=RUN)

    expected = Fault("/tags", "51 with those of the job and ours", "at most 50 in all")
    assert only_fault(caught.value) == expected
