"""What a training job may say, field by field."""

from typing import Any

import pytest

from shared.backends.foundry.job import TrainingJob
from shared.backends.foundry.profiles import JOBS, TRAINING_JOBS, Profile
from shared.errors import Fault
from shared.messages.reading import pointer
from shared.ports import Json
from tests.unit.backends.foundry.given import (
    COMPUTE,
    a_command,
    a_training,
    bodies,
    faults,
    inline,
    only_fault,
)

FULL = a_command(
    command="python train.py --data ${{inputs.data}} --rate ${{inputs.rate}}\n",
    display_name="Train",
    description="Trains.\nTwice.",
    tags={"team": "vision"},
    properties={"Cost Center": "7"},
    code_id="azureai://accounts/demo/projects/demo/codes/train/versions/1",
    inputs={
        "data": {
            "job_input_type": "uri_folder",
            "uri": "azureai://accounts/demo/projects/demo/data/iris/versions/1",
            "mode": "read_only_mount",
        },
        "file": {"job_input_type": "uri_file", "uri": "https://x/y", "mode": "download"},
        "base": {"job_input_type": "safetensors_model", "uri": "https://x/y", "mode": "direct"},
        "rate": {"job_input_type": "literal", "value": "0.5"},
    },
    outputs={
        "model": {
            "job_output_type": "safetensors_model",
            "mode": "upload",
            "asset_name": "phi",
            "asset_version": "1",
            "uri": "https://x/z",
            "base_model_id": "azureai://models/phi-4",
            "description": "The model.",
        },
        "logs": {"job_output_type": "uri_folder", "mode": "read_write_mount"},
    },
    environment_variables={"A_B": "1"},
    resources={
        "instance_count": 2,
        "instance_type": "Standard_ND96",
        "properties": {"someThing": {"a_b": None}},
        "shm_size": "2g",
        "docker_args": "--ipc=host",
    },
    gpu_count=8,
    distribution={"distribution_type": "pytorch", "process_count_per_instance": 8},
    limits={"job_limits_type": "command", "timeout": "PT1H30M"},
    queue_settings={"job_tier": "Premium"},
    user_assigned_identity_id="/subscriptions/x",
)
OF_JOBS = {
    "experiment_name": "models",
    "is_archived": False,
    "services": {
        "shell": {
            "job_service_type": "tracking",
            "port": 22,
            "endpoint": "https://x",
            "properties": {"sshKey": {"a_b": 1}},
            "nodes": {"nodes_value_type": "all"},
        }
    },
}


def test_a_job_with_everything_is_read_unchanged() -> None:
    assert inline(FULL) == FULL


def test_profile_jobs_has_some_fields_more() -> None:
    assert inline({**FULL, **OF_JOBS}, JOBS) == {**FULL, **OF_JOBS}


def test_the_least_job_is_read_unchanged() -> None:
    assert inline(a_command()) == a_command()


@pytest.mark.parametrize("profile", [TRAINING_JOBS, JOBS])
def test_there_is_nothing_odd_about_them(profile: Profile) -> None:
    assert bodies(profile).check(a_training(FULL)) == ()


def test_a_job_need_not_say_that_it_is_a_command() -> None:
    job = a_command()
    del job["job_type"]

    assert inline(job) == a_command()


@pytest.mark.parametrize(
    "distribution",
    [
        {"distribution_type": "pytorch"},
        {"distribution_type": "mpi", "process_count_per_node": 4},
        {"distribution_type": "tensorflow", "worker_count": 2, "parameter_server_count": 0},
        {
            "distribution_type": "ray",
            "port": 6379,
            "address": "head",
            "include_dashboard": True,
            "dashboard_port": 8265,
            "head_node_additional_args": "--x",
            "worker_node_additional_args": "",
            "enable_remote_access_client_server": True,
            "client_server_port": 10001,
        },
    ],
)
def test_each_distribution_is_read_unchanged(distribution: Json) -> None:
    assert inline(a_command(distribution=distribution))["distribution"] == distribution


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ({"job_type": "Command"}, {"job_type": "command"}),
        (
            {"distribution": {"distribution_type": "PyTorch"}},
            {"distribution": {"distribution_type": "pytorch"}},
        ),
        ({"limits": {}}, {"limits": {"job_limits_type": "command"}}),
        (
            {"inputs": {"a": {"job_input_type": "URI_FILE", "uri": "x", "mode": "ReadOnlyMount"}}},
            {
                "inputs": {
                    "a": {"job_input_type": "uri_file", "uri": "x", "mode": "read_only_mount"}
                }
            },
        ),
        (
            {"outputs": {"a": {"job_output_type": "uri_file", "mode": "rw_mount"}}},
            {"outputs": {"a": {"job_output_type": "uri_file", "mode": "read_write_mount"}}},
        ),
    ],
)
def test_words_are_taken_in_any_spelling(given: Json, read: Json) -> None:
    assert inline(a_command(**given)) == a_command(**read)


@pytest.mark.parametrize(
    ("field", "value", "at", "found", "expected"),
    [
        ("job_type", "sweep", "/job_type", "a string", "'command'"),
        ("command", "", "/command", "a string", "at least 1 character"),
        ("colour", "red", "/colour", "an unknown field", "no such field here"),
        ("computeId", COMPUTE, "/computeId", "an unknown field", "no such field here"),
        (
            "status",
            "Completed",
            "/status",
            "a string",
            "nothing: the service itself says this",
        ),
        (
            "code_id",
            "git+https://contoso.com/train",
            "/code_id",
            "a string",
            "the id of code that is uploaded: the service fetches none from git",
        ),
        ("gpu_count", -1, "/gpu_count", "a number", "greater than or equal to 0"),
        ("gpu_count", 2**31, "/gpu_count", "a number", "less than or equal to 2147483647"),
        ("gpu_count", True, "/gpu_count", "a boolean", "an integer"),
        (
            "tags",
            {"jobrelay": "x"},
            "/tags/jobrelay",
            "a name",
            "another tag than 'jobrelay', which is ours",
        ),
        (
            "properties",
            {"jobrelay.x": "y"},
            "/properties/jobrelay.x",
            "a name",
            "a name that does not begin with 'jobrelay.', which is ours",
        ),
        (
            "resources",
            {"shm_size": "0g"},
            "/resources/shm_size",
            "a string",
            "a whole number above 0 with its unit b, k, m or g, like 2g",
        ),
        (
            "resources",
            {"instance_count": 0},
            "/resources/instance_count",
            "a number",
            "greater than or equal to 1",
        ),
        (
            "limits",
            {"job_limits_type": "sweep"},
            "/limits/job_limits_type",
            "a string",
            "'command'",
        ),
        ("limits", {"timeout": "PT1.5S"}, "/limits/timeout", "a string", "whole seconds"),
        (
            "limits",
            {"timeout": "1 hour"},
            "/limits/timeout",
            "a string",
            "an ISO 8601 duration like PT30M",
        ),
        (
            "distribution",
            {"distribution_type": "horovod"},
            "/distribution",
            "an object",
            "an object whose distribution_type is pytorch, mpi, tensorflow or ray",
        ),
        (
            "distribution",
            {"distribution_type": "mpi", "process_count_per_instance": 1},
            "/distribution/process_count_per_instance",
            "an unknown field",
            "no such field here",
        ),
        (
            "distribution",
            {"distribution_type": "pytorch", "process_count_per_instance": 0},
            "/distribution/process_count_per_instance",
            "a number",
            "greater than or equal to 1",
        ),
        (
            "distribution",
            {"distribution_type": "tensorflow", "parameter_server_count": -1},
            "/distribution/parameter_server_count",
            "a number",
            "greater than or equal to 0",
        ),
        (
            "distribution",
            {"distribution_type": "ray", "port": 65536},
            "/distribution/port",
            "a number",
            "less than or equal to 65535",
        ),
        (
            "queue_settings",
            {"priority": 1},
            "/queue_settings/priority",
            "an unknown field",
            "no such field here",
        ),
        (
            "environment_variables",
            {"a=b": "c"},
            "/environment_variables/a=b",
            "a name",
            "a name without = and white space, at most 255 characters",
        ),
        ("user_assigned_identity_id", 1, "/user_assigned_identity_id", "a number", "a string"),
    ],
)
def test_what_does_not_fit_is_named(
    field: str, value: Any, at: str, found: str, expected: str
) -> None:
    fault = only_fault(a_command(**{field: value}))

    assert fault == Fault(f"/job{at}", found, expected)


@pytest.mark.parametrize(
    ("input_", "wrong"),
    [
        (
            {"job_input_type": "uri_file"},
            [Fault("/job/inputs/a/uri", "nothing", "required")],
        ),
        (
            {"job_input_type": "uri_folder", "uri": "x", "value": "y"},
            [Fault("/job/inputs/a/value", "an unknown field", "no such field here")],
        ),
        (
            {"job_input_type": "safetensors_model", "value": "y"},
            [
                Fault("/job/inputs/a/uri", "nothing", "required"),
                Fault("/job/inputs/a/value", "an unknown field", "no such field here"),
            ],
        ),
        ({"job_input_type": "literal"}, [Fault("/job/inputs/a/value", "nothing", "required")]),
        (
            {"job_input_type": "literal", "value": 1},
            [Fault("/job/inputs/a/value", "a number", "a string")],
        ),
        (
            {"job_input_type": "literal", "value": "x", "mode": "download"},
            [Fault("/job/inputs/a/mode", "an unknown field", "no such field here")],
        ),
        (
            {"uri": "x"},
            [
                Fault(
                    "/job/inputs/a",
                    "an object",
                    "an object whose job_input_type is literal or a type of data",
                )
            ],
        ),
    ],
)
def test_an_input_has_a_place_or_a_value_as_its_type_asks(input_: Json, wrong: list[Fault]) -> None:
    assert faults(a_training(a_command(inputs={"a": input_}))) == wrong


def test_an_output_is_no_literal() -> None:
    fault = only_fault(a_command(outputs={"a": {"job_output_type": "literal"}}))

    expected = "a type of data: only an input is a literal"
    assert fault == Fault("/job/outputs/a/job_output_type", "a string", expected)


@pytest.mark.parametrize("name", ["default", "Default"])
def test_no_output_has_the_name_that_the_service_keeps(name: str) -> None:
    fault = only_fault(a_command(outputs={name: {"job_output_type": "uri_file"}}))

    expected = "another name than 'default', which the service keeps for itself"
    assert fault == Fault(pointer("/job/outputs", name), "a name", expected)


def test_what_only_the_service_says_may_be_null() -> None:
    assert inline(a_command(status=None)) == a_command()


@pytest.mark.parametrize("name", ["status", "error_message"])
def test_a_service_does_not_say_how_it_is(name: str) -> None:
    fault = only_fault(a_command(services={"shell": {name: "Running"}}), JOBS)

    expected = "nothing: the service itself says this"
    assert fault == Fault(f"/job/services/shell/{name}", "a string", expected)


@pytest.mark.parametrize(
    "code",
    [
        "git@contoso.com:team/train",
        "git://contoso.com/train",
        "GIT+ssh://contoso.com/train",
        "ssh://git@contoso.com/train",
        "https://contoso.com/train.git",
        "https://contoso.com/train.git@main#x",
        "https://github.com/contoso/train",
        "https://user@www.gitlab.com/contoso/train",
    ],
)
def test_code_is_not_fetched_from_git(code: str) -> None:
    assert only_fault(a_command(code_id=code)).path == "/job/code_id"


@pytest.mark.parametrize(
    "code",
    ["azureai://codes/github.com/versions/1", "https://contoso.blob.core.windows.net/x.gitignore"],
)
def test_code_elsewhere_is_taken(code: str) -> None:
    assert inline(a_command(code_id=code))["code_id"] == code


def test_all_that_is_wrong_is_told_at_once() -> None:
    request = a_training(
        {"gpu_count": -1, "training": {"algorithm": "sft"}, "command": "x", "status": "x"},
        attributes={"compute": "a b", "colour": "red"},
        inputs={"a": {"type": "mltable", "uri": "azureml:a:1"}},
        sweep={},
    )

    assert [fault.path for fault in faults(request)] == [
        "/sweep",
        "/attributes/compute",
        "/attributes/colour",
        "/job/training/model",
        "/job/training/dataset",
        "/job/gpu_count",
        "/job/status",
        "/inputs/a/type",
        "/job/command",
    ]


def test_every_field_of_every_part_is_described() -> None:
    schema = TrainingJob.model_json_schema()

    parts = {"TrainingJob": schema, **schema["$defs"]}
    assert [
        (part, name)
        for part, said in parts.items()
        for name, field in said.get("properties", {}).items()
        if not field.get("description")
    ] == []
