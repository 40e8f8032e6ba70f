"""Inputs, outputs and distributions of a training job: what they must say, and what they may."""

from typing import Any

import pytest

from tests.local.foundry.model.command_job import written
from tests.local.foundry.model.schema import Surface
from tests.local.foundry.refusals import RefusedError
from tests.unit.local.test_foundry_command_job import a_job, a_training_job, created, put

Json = dict[str, Any]


@pytest.mark.parametrize(
    "given",
    [
        {"job_input_type": "literal", "value": ""},
        {"job_input_type": "uri_file", "uri": "u"},
        {"job_input_type": "uri_folder", "uri": "u", "mode": "download"},
        {"job_input_type": "safetensors_model", "uri": "u", "mode": "a mode of tomorrow"},
        {"job_input_type": "a type of tomorrow", "uri": "u"},
        {"job_input_type": "a type of tomorrow", "value": "v"},
    ],
)
def test_an_input_has_what_its_type_asks_for(given: Json) -> None:
    shown = written(created(a_training_job(inputs={"x": given})), Surface.TRAINING_JOBS)

    assert shown["inputs"] == {"x": given}


@pytest.mark.parametrize(
    "given",
    [
        {"uri": "u"},
        {"job_input_type": "literal"},
        {"job_input_type": "literal", "value": "v", "uri": "u"},
        {"job_input_type": "literal", "value": 7},
        {"job_input_type": "uri_file"},
        {"job_input_type": "uri_file", "uri": ""},
        {"job_input_type": "uri_folder", "value": "v"},
        {"job_input_type": "safetensors_model", "uri": "u", "value": "v"},
        {"job_input_type": "a type of tomorrow"},
        {"job_input_type": "literal", "value": "v", "name": "n"},
    ],
)
def test_an_input_that_breaks_a_rule_is_refused(given: Json) -> None:
    with pytest.raises(RefusedError, match=r"properties\.inputs\.x"):
        created(a_training_job(inputs={"x": given}))


@pytest.mark.parametrize("name", ["a b", "", "-a", "a/b"])
def test_a_name_that_no_placeholder_could_have_is_refused(name: str) -> None:
    with pytest.raises(RefusedError, match="inputs"):
        created(a_training_job(inputs={name: {"job_input_type": "literal", "value": "v"}}))


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"job_output_type": "literal"},
        {"job_output_type": "uri_file", "value": "v"},
        {"job_output_type": "uri_file", "asset_name": "a/b"},
    ],
)
def test_an_output_that_breaks_a_rule_is_refused(given: Json) -> None:
    with pytest.raises(RefusedError, match=r"properties\.outputs\.x"):
        created(a_training_job(outputs={"x": given}))


@pytest.mark.parametrize("name", ["default", "Default"])
def test_the_name_default_is_kept_for_the_system(name: str) -> None:
    with pytest.raises(RefusedError, match="reserved by the system"):
        created(a_training_job(outputs={name: {"job_output_type": "uri_file"}}))


DISTRIBUTIONS = [
    (
        {"distribution_type": "pytorch", "process_count_per_instance": 2},
        {"distributionType": "PyTorch", "processCountPerInstance": 2},
    ),
    (
        {"distribution_type": "mpi", "process_count_per_node": 2},
        {"distributionType": "Mpi", "processCountPerInstance": 2},
    ),
    (
        {"distribution_type": "tensorflow", "worker_count": 2, "parameter_server_count": 0},
        {"distributionType": "TensorFlow", "workerCount": 2, "parameterServerCount": 0},
    ),
    (
        {
            "distribution_type": "ray",
            "port": 6379,
            "address": "head",
            "include_dashboard": False,
            "dashboard_port": 8265,
            "head_node_additional_args": "-a",
            "worker_node_additional_args": "-b",
            "enable_remote_access_client_server": True,
            "client_server_port": 10001,
        },
        {
            "distributionType": "Ray",
            "port": 6379,
            "address": "head",
            "includeDashboard": False,
            "dashboardPort": 8265,
            "headNodeAdditionalArgs": "-a",
            "workerNodeAdditionalArgs": "-b",
            "enableRemoteAccessClientServer": True,
            "clientServerPort": 10001,
        },
    ),
]


@pytest.mark.parametrize(("plain", "camel"), DISTRIBUTIONS)
def test_a_distribution_is_the_same_in_both_spellings(plain: Json, camel: Json) -> None:
    job, other = created(a_training_job(distribution=plain)), put(a_job(distribution=camel))

    assert job.distribution == other.distribution
    assert written(job, Surface.TRAINING_JOBS)["distribution"] == plain
    assert written(job, Surface.JOBS)["distribution"] == camel


@pytest.mark.parametrize(
    "distribution",
    [
        {},
        {"distribution_type": 7},
        {"distribution_type": "horovod"},
        {"distribution_type": "PyTorch"},
        {"distribution_type": "pytorch", "process_count_per_node": 2},
        {"distribution_type": "mpi", "process_count_per_instance": 2},
        {"distribution_type": "mpi", "process_count_per_node": 0},
        {"distribution_type": "ray", "port": 0},
        {"distribution_type": "tensorflow", "worker_count": "2"},
    ],
)
def test_a_distribution_that_breaks_a_rule_is_refused(distribution: Json) -> None:
    with pytest.raises(RefusedError, match=r"properties\.distribution"):
        created(a_training_job(distribution=distribution))
