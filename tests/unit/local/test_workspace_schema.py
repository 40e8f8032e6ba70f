"""Which bodies of a Command job are taken, which are refused, and what is said about them."""

from typing import Any

import pytest

from tests.local.workspace.command import CommandJob
from tests.local.workspace.refusals import RefusedError
from tests.local.workspace.schema import read, seconds


def a_command(**properties: Any) -> dict[str, Any]:
    return {
        "jobType": "Command",
        "command": "true",
        "environmentId": "azureml:AzureML-sklearn-1.5",
        **properties,
    }


def kept(properties: dict[str, Any], api_version: str = "2024-10-01") -> dict[str, Any]:
    return read(CommandJob, properties, api_version=api_version)


FULL = {
    "jobType": "Command",
    "displayName": "d",
    "description": "what it is for",
    "experimentName": "e",
    "computeId": "c",
    "componentId": "k",
    "codeId": "code",
    "command": "train ${{inputs.lr}}",
    "environmentId": "environment",
    "environmentVariables": {"A": "1"},
    "identity": {"identityType": "Managed", "clientId": "12345678-1234-1234-1234-1234567890ab"},
    "isArchived": False,
    "tags": {"a": "b"},
    "properties": {"c": "d"},
    "services": {"shell": {"jobServiceType": "SSH"}},
    "notificationSetting": {"emailOn": ["JobFailed"], "emails": ["a@example.com"]},
    "inputs": {
        "lr": {"jobInputType": "literal", "value": "0.1", "description": "how fast"},
        "data": {
            "jobInputType": "uri_folder",
            "uri": "azureml://datastores/x/paths/p",
            "mode": "ReadOnlyMount",
        },
    },
    "outputs": {
        "model": {
            "jobOutputType": "mlflow_model",
            "uri": "azureml://datastores/x/paths/m",
            "mode": "Upload",
        }
    },
    "distribution": {"distributionType": "PyTorch", "processCountPerInstance": 2},
    "limits": {"jobLimitsType": "Command", "timeout": "P1DT2H3M4S"},
    "resources": {
        "instanceCount": 2,
        "instanceType": "t",
        "shmSize": "8g",
        "dockerArgs": "-v",
        "properties": {"k": [1]},
    },
    "queueSettings": {"jobTier": "Spot"},
}


def test_a_full_body_is_kept_whole() -> None:
    assert kept(FULL) == FULL


def test_a_small_body_gets_the_defaults_of_the_service() -> None:
    expected = {
        **a_command(),
        "experimentName": "Default",
        "isArchived": False,
        "tags": {},
        "properties": {},
        "environmentVariables": {},
        "inputs": {},
        "outputs": {},
        "limits": {"jobLimitsType": "Command"},
        "resources": {"instanceCount": 1, "shmSize": "2g"},
        "queueSettings": {"jobTier": "Null"},
    }

    assert kept(a_command()) == expected


def test_enumerated_words_are_taken_in_any_case_and_kept_as_the_service_spells_them() -> None:
    body = a_command(
        jobType="command",
        identity={"identityType": "userIdentity"},
        distribution={"distributionType": "MPI"},
        inputs={"x": {"jobInputType": "Literal", "value": "1"}},
    )

    read_back = kept(body)

    assert read_back["jobType"] == "Command"
    assert read_back["identity"] == {"identityType": "UserIdentity"}
    assert read_back["distribution"] == {"distributionType": "Mpi"}
    assert read_back["inputs"]["x"]["jobInputType"] == "literal"


def test_null_counts_as_left_out() -> None:
    assert "codeId" not in kept(a_command(codeId=None, distribution=None))


LONG = "x" * 1001
REFUSED = {
    "no command": ({"command": None}, "properties.command"),
    "an empty command": ({"command": ""}, "properties.command"),
    "a command without a word": ({"command": "&& -- !"}, "properties.command"),
    "an unknown property": ({"comand": "x"}, "properties.comand"),
    "a number for a text": ({"displayName": 7}, "properties.displayName"),
    "a text for a flag": ({"isArchived": "yes"}, "properties.isArchived"),
    "a literal that is no text": (
        {"inputs": {"x": {"jobInputType": "literal", "value": 1}}},
        "properties.inputs.x.value",
    ),
    "a literal in the form of the YAML": (
        {"inputs": {"x": {"type": "literal", "value": "1"}}},
        "properties.inputs.x",
    ),
    "a literal with an address": (
        {"inputs": {"x": {"jobInputType": "literal", "value": "1", "uri": "u"}}},
        "properties.inputs.x.uri",
    ),
    "an input of no kind": (
        {"inputs": {"x": {"jobInputType": "folder", "uri": "u"}}},
        "properties.inputs.x.jobInputType",
    ),
    "a folder without an address": (
        {"inputs": {"x": {"jobInputType": "uri_folder"}}},
        "properties.inputs.x.uri",
    ),
    "an input that is uploaded": (
        {"inputs": {"x": {"jobInputType": "uri_file", "uri": "u", "mode": "Upload"}}},
        "properties.inputs.x.mode",
    ),
    "an output that is a literal": (
        {"outputs": {"x": {"jobOutputType": "literal"}}},
        "properties.outputs.x.jobOutputType",
    ),
    "limits without their type": (
        {"limits": {"timeout": "PT1H"}},
        "properties.limits.jobLimitsType",
    ),
    "limits of a sweep": (
        {"limits": {"jobLimitsType": "Sweep"}},
        "properties.limits.jobLimitsType",
    ),
    "a timeout in seconds": (
        {"limits": {"jobLimitsType": "Command", "timeout": "60"}},
        "properties.limits.timeout",
    ),
    "a timeout of nothing": (
        {"limits": {"jobLimitsType": "Command", "timeout": "PT"}},
        "properties.limits.timeout",
    ),
    "a timeout without its time": (
        {"limits": {"jobLimitsType": "Command", "timeout": "P1DT"}},
        "properties.limits.timeout",
    ),
    "a timeout beyond all time": (
        {"limits": {"jobLimitsType": "Command", "timeout": "P9999999999D"}},
        "properties.limits.timeout",
    ),
    "an output that leaves its folder": (
        {"outputs": {"../x": {"jobOutputType": "uri_file"}}},
        "properties.outputs.../x",
    ),
    "an input without a name": (
        {"inputs": {"": {"jobInputType": "literal", "value": "1"}}},
        "properties.inputs.",
    ),
    "a distribution of no kind": (
        {"distribution": {"distributionType": "Ray"}},
        "properties.distribution",
    ),
    "an identity of no kind": ({"identity": {"type": "Managed"}}, "properties.identity"),
    "a client id that is no GUID": (
        {"identity": {"identityType": "Managed", "clientId": "me"}},
        "properties.identity.clientId",
    ),
    "shared memory without a unit": (
        {"resources": {"shmSize": "2"}},
        "properties.resources.shmSize",
    ),
    "no machine": ({"resources": {"instanceCount": 0}}, "properties.resources.instanceCount"),
    "a tier that is none": (
        {"queueSettings": {"jobTier": "Gold"}},
        "properties.queueSettings.jobTier",
    ),
    "too many tags": ({"tags": {str(number): "x" for number in range(51)}}, "properties.tags"),
    "a tag that is too long": ({"tags": {"a": LONG}}, "properties.tags.a"),
    "a key that is too long": ({"properties": {"k" * 101: "x"}}, "properties.properties"),
    "a name that is too long": ({"displayName": "x" * 257}, "properties.displayName"),
    "a description that is too long": ({"description": "x" * 5001}, "properties.description"),
    "too many addresses for mail": (
        {"notificationSetting": {"emails": ["x" * 500]}},
        "properties.notificationSetting",
    ),
}


@pytest.mark.parametrize(("properties", "path"), REFUSED.values(), ids=REFUSED)
def test_a_body_is_refused_with_the_place_of_its_fault(
    properties: dict[str, Any], path: str
) -> None:
    with pytest.raises(RefusedError) as refused:
        kept(a_command(**properties))

    assert str(refused.value).startswith(f"{path}")
    assert refused.value.status == 400


def test_all_faults_are_told_together() -> None:
    with pytest.raises(RefusedError, match=r"properties\.command: .*; properties\.environmentId: "):
        kept({"jobType": "Command"})


LATER: dict[str, dict[str, Any]] = {
    "outputs": {"o": {"jobOutputType": "uri_file", "assetName": "a"}},
    "resources": {"dockerArgsList": ["-v"]},
}


@pytest.mark.parametrize("name", LATER)
def test_what_a_later_version_brought_is_refused_by_ours(name: str) -> None:
    body = a_command(**{name: LATER[name]})

    with pytest.raises(RefusedError, match="is no part of api-version 2024-10-01"):
        kept(body)


@pytest.mark.parametrize("name", LATER)
def test_what_a_later_version_brought_is_taken_by_it(name: str) -> None:
    body = a_command(**{name: LATER[name]})

    assert kept(body, api_version="2026-05-01")[name].items() >= LATER[name].items()


def test_a_duration_is_read_in_seconds() -> None:
    assert seconds("P1DT2H3M4S") == 93784
