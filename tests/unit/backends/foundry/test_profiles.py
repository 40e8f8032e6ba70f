"""The two contracts: what each asks, and how each spells a job."""

from datetime import UTC, datetime

import pytest

from shared.backends.foundry.profiles import (
    JOBS,
    PROFILES,
    TRAINING_JOBS,
    Creation,
    Paging,
    Profile,
    time,
)
from shared.ports import Json
from tests.unit.backends.foundry.given import a_command
from tests.unit.backends.foundry.test_job import FULL, OF_JOBS


def test_profiles_are_known_by_name() -> None:
    assert dict(PROFILES) == {"training_jobs": TRAINING_JOBS, "jobs": JOBS}


def test_training_jobs_are_made_by_a_post_that_names_them() -> None:
    profile = TRAINING_JOBS

    assert profile.api_version == "v1"
    assert profile.headers == {"Foundry-Features": "TrainingJobs=V1Preview"}
    assert profile.job("jr-1") == "training_jobs/jr-1"
    assert profile.cancel("jr-1") == "training_jobs/jr-1:cancel"
    assert profile.creation("jr-1") == Creation(
        "POST",
        "training_jobs",
        {"Foundry-Features": "TrainingJobs=V1Preview", "Operation-Id": "jr-1"},
    )
    assert profile.body("jr-1", a_command()) == {"name": "jr-1", "properties": a_command()}


def test_training_jobs_are_listed_as_far_as_they_are_in_use() -> None:
    assert (TRAINING_JOBS.paging, TRAINING_JOBS.listed) == (Paging.AFTER, "data")
    assert TRAINING_JOBS.query() == {
        "job_type": "command",
        "list_view_type": "active_only",
        "limit": "100",
    }


def test_jobs_are_made_by_a_put() -> None:
    profile = JOBS

    assert profile.api_version == "2026-01-15-preview"
    assert profile.headers == {}
    assert profile.job("jr-1") == "jobs/jr-1"
    assert profile.cancel("jr-1") == "jobs/jr-1/cancel"
    assert profile.creation("jr-1") == Creation("PUT", "jobs/jr-1", {})


def test_jobs_are_listed_as_far_as_they_are_in_use() -> None:
    assert (JOBS.paging, JOBS.listed) == (Paging.LINK, "value")
    assert JOBS.query() == {"listViewType": "ActiveOnly"}


def test_training_jobs_are_spelt_as_ours() -> None:
    assert TRAINING_JOBS.rendered(FULL) == FULL
    assert TRAINING_JOBS.read(FULL) == FULL


def test_jobs_are_spelt_in_their_own_way_but_for_what_users_name() -> None:
    job = {
        **FULL,
        **OF_JOBS,
        "distribution": {"distribution_type": "mpi", "process_count_per_node": 4},
    }

    assert JOBS.body("jr-1", job) == {
        "properties": {
            "jobType": "Command",
            "command": "python train.py --data ${{inputs.data}} --rate ${{inputs.rate}}\n",
            "environmentImageReference": "demo.azurecr.io/train:1",
            "computeId": FULL["compute_id"],
            "displayName": "Train",
            "description": "Trains.\nTwice.",
            "tags": {"team": "vision"},
            "properties": {"Cost Center": "7"},
            "codeId": "azureai://accounts/demo/projects/demo/codes/train/versions/1",
            "inputs": {
                "data": {
                    "jobInputType": "uri_folder",
                    "uri": "azureai://accounts/demo/projects/demo/data/iris/versions/1",
                    "mode": "ReadOnlyMount",
                },
                "file": {"jobInputType": "uri_file", "uri": "https://x/y", "mode": "Download"},
                "base": {
                    "jobInputType": "safetensors_model",
                    "uri": "https://x/y",
                    "mode": "Direct",
                },
                "rate": {"jobInputType": "literal", "value": "0.5"},
            },
            "outputs": {
                "model": {
                    "jobOutputType": "safetensors_model",
                    "mode": "Upload",
                    "assetName": "phi",
                    "assetVersion": "1",
                    "uri": "https://x/z",
                    "baseModelId": "azureai://models/phi-4",
                    "description": "The model.",
                },
                "logs": {"jobOutputType": "uri_folder", "mode": "ReadWriteMount"},
            },
            "environmentVariables": {"A_B": "1"},
            "resources": {
                "instanceCount": 2,
                "instanceType": "Standard_ND96",
                "properties": {"someThing": {"a_b": None}},
                "shmSize": "2g",
                "dockerArgs": "--ipc=host",
            },
            "gpuCount": 8,
            "distribution": {"distributionType": "Mpi", "processCountPerInstance": 4},
            "limits": {"jobLimitsType": "Command", "timeout": "PT1H30M"},
            "queueSettings": {"jobTier": "Premium"},
            "userAssignedIdentityId": "/subscriptions/x",
            "experimentName": "models",
            "isArchived": False,
            "services": {
                "shell": {
                    "jobServiceType": "Tracking",
                    "port": 22,
                    "endpoint": "https://x",
                    "properties": {"sshKey": {"a_b": 1}},
                    "nodes": {"nodesValueType": "All"},
                }
            },
        }
    }
    assert JOBS.read(JOBS.rendered(job)) == job


@pytest.mark.parametrize(
    ("distribution", "wire"),
    [
        (
            {"distribution_type": "pytorch", "process_count_per_instance": 2},
            {"distributionType": "PyTorch", "processCountPerInstance": 2},
        ),
        (
            {"distribution_type": "tensorflow", "worker_count": 2, "parameter_server_count": 1},
            {"distributionType": "TensorFlow", "workerCount": 2, "parameterServerCount": 1},
        ),
        (
            {"distribution_type": "ray", "enable_remote_access_client_server": True},
            {"distributionType": "Ray", "enableRemoteAccessClientServer": True},
        ),
    ],
)
def test_jobs_spells_distributions_in_its_own_way(distribution: Json, wire: Json) -> None:
    assert JOBS.rendered({"distribution": distribution}) == {"distribution": wire}
    assert JOBS.read({"distribution": wire}) == {"distribution": distribution}


@pytest.mark.parametrize(
    ("wire", "read"),
    [
        ({}, {}),
        (
            {"status": "Running", "createdDateTime": "x", "someThing": {"aB": [{"cD": 1}]}},
            {"status": "Running", "created_date_time": "x", "some_thing": {"aB": [{"cD": 1}]}},
        ),
        ({"jobType": "Pipeline"}, {"job_type": "Pipeline"}),
        ({"jobType": "COMMAND", "tags": {"aB": "c"}}, {"job_type": "command", "tags": {"aB": "c"}}),
        ({"environmentId": "x"}, {"environment_image_reference": "x"}),
        (
            {"environmentId": "x", "environmentImageReference": "y"},
            {"environment_id": "x", "environment_image_reference": "y"},
        ),
        (
            {"inputs": {"aB": {"jobInputType": "uri_file", "mode": "ro_mount"}, "b": None}},
            {
                "inputs": {
                    "aB": {"job_input_type": "uri_file", "mode": "read_only_mount"},
                    "b": None,
                }
            },
        ),
        (
            {
                "inputs": [],
                "distribution": 1,
                "limits": None,
                "resources": "x",
                "services": {"a": 1},
            },
            {
                "inputs": [],
                "distribution": 1,
                "limits": None,
                "resources": "x",
                "services": {"a": 1},
            },
        ),
        (
            {"distribution": {"distributionType": None, "processCountPerInstance": 2}},
            {"distribution": {"distribution_type": None, "process_count_per_instance": 2}},
        ),
        ({"outputs": {"a": {"mode": {"aB": 1}}}}, {"outputs": {"a": {"mode": {"aB": 1}}}}),
    ],
)
def test_what_jobs_says_is_read_whatever_it_is(wire: Json, read: Json) -> None:
    assert JOBS.read(wire) == read


@pytest.mark.parametrize("profile", [TRAINING_JOBS, JOBS])
def test_spelling_leaves_what_it_was_given_as_it_was(profile: Profile) -> None:
    job = {"distribution": {"distribution_type": "mpi", "process_count_per_node": 4}}

    profile.read(profile.rendered(job))

    assert job == {"distribution": {"distribution_type": "mpi", "process_count_per_node": 4}}


@pytest.mark.parametrize(
    ("said", "moment"),
    [
        (1785585600, datetime(2026, 8, 1, 12, tzinfo=UTC)),
        (1785585600.5, datetime(2026, 8, 1, 12, 0, 0, 500000, tzinfo=UTC)),
        ("2026-08-01T12:00:00Z", datetime(2026, 8, 1, 12, tzinfo=UTC)),
        ("2026-08-01T14:00:00+02:00", datetime(2026, 8, 1, 12, tzinfo=UTC)),
        (True, None),
        (0, None),
        (10**30, None),
        (float("nan"), None),
        ("soon", None),
        (None, None),
        ({}, None),
    ],
)
def test_a_time_is_read_as_either_contract_says_it(said: object, moment: datetime | None) -> None:
    assert time(said) == moment
