"""Short names become ids of the workspace, and nothing else."""

from collections.abc import Callable

import pytest

from shared.backends.workspace import arm
from tests.jobs import ID, WORKSPACE

OTHER = ID.replace("/workspaces/demo", "/workspaces/other")


def test_a_workspace_has_the_id_that_azure_gives_it() -> None:
    assert WORKSPACE.id == ID


def test_the_page_of_a_job_names_the_workspace_without_its_provider() -> None:
    assert WORKSPACE.studio("jr-1") == (
        "https://ml.azure.com/runs/jr-1?wsid=/subscriptions/00000000-0000-0000-0000-000000000001"
        "/resourcegroups/group/workspaces/demo"
    )


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("cpu-cluster", f"{ID}/computes/cpu-cluster"),
        ("azureml:cpu-cluster", f"{ID}/computes/cpu-cluster"),
        (f"{OTHER}/computes/cpu", f"{OTHER}/computes/cpu"),
        (f"azureml:{OTHER}/computes/cpu", f"{OTHER}/computes/cpu"),
        (OTHER.lower() + "/computes/cpu", OTHER.lower() + "/computes/cpu"),
    ],
)
def test_a_compute_is_named_in_short_or_by_its_id(given: str, expected: str) -> None:
    assert WORKSPACE.whole(arm.compute(given)) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("sklearn:1", f"{ID}/environments/sklearn/versions/1"),
        ("azureml:sklearn:1.0-x", f"{ID}/environments/sklearn/versions/1.0-x"),
        (f"{OTHER}/environments/e/versions/1", f"{OTHER}/environments/e/versions/1"),
        ("AzureML-sklearn-1.5", "azureml:AzureML-sklearn-1.5"),
        ("azureml:AzureML-sklearn-1.5:12", "azureml:AzureML-sklearn-1.5:12"),
        ("azureml:AzureML-sklearn-1.5@latest", "azureml:AzureML-sklearn-1.5@latest"),
        (
            "azureml://registries/azureml/environments/sklearn-1.5/versions/7",
            "azureml://registries/azureml/environments/sklearn-1.5/versions/7",
        ),
        (
            "azureml://registries/azureml/environments/sklearn-1.5/labels/latest",
            "azureml://registries/azureml/environments/sklearn-1.5/labels/latest",
        ),
    ],
)
def test_an_environment_is_named_by_version_or_id_or_is_curated(given: str, expected: str) -> None:
    assert WORKSPACE.whole(arm.environment(given)) == expected


@pytest.mark.parametrize(
    ("given", "kind", "expected"),
    [
        ("azureml:iris:1", "uri_file", f"{ID}/data/iris/versions/1"),
        ("azureml:iris:1", "mltable", f"{ID}/data/iris/versions/1"),
        ("azureml:net:1", "custom_model", f"{ID}/models/net/versions/1"),
        ("azureml:net:1", "mlflow_model", f"{ID}/models/net/versions/1"),
        ("azureml:net:1", "triton_model", f"{ID}/models/net/versions/1"),
        (f"{OTHER}/data/iris/versions/1", "uri_file", f"{OTHER}/data/iris/versions/1"),
        ("azureml://datastores/b/paths/a b/", "uri_folder", "azureml://datastores/b/paths/a b/"),
        ("https://x.net/a.csv?sig=1", "uri_file", "https://x.net/a.csv?sig=1"),
        ("wasbs://c@a.net/x", "uri_folder", "wasbs://c@a.net/x"),
        ("abfss://c@a.net/x", "uri_folder", "abfss://c@a.net/x"),
    ],
)
def test_data_is_named_by_address_or_version_or_id(given: str, kind: str, expected: str) -> None:
    assert WORKSPACE.whole(arm.data(given, kind)) == expected


TRICKS = [
    "",
    ".",
    "..",
    "../computes/x",
    "a/b",
    "a%2fb",
    "a?api-version=1",
    "a#b",
    "a\n",
    "a\r\nHost: b",
    "a b",
    "-a",
    "ä",
    "azureml:",
    "x" * 256,
    f"{ID}/computes/../jobs/x",
    f"{ID}/computes/x/",
    f"{ID}/computes/x\n",
    f"{ID}/environments/e/versions/..",
    f"{ID}/environments/e/versions/1?x=1",
    ID.replace("/group/", "/../") + "/computes/x",
    ID.replace("/demo", "/..") + "/environments/e/versions/1",
    "https://evil.example/computes/x",
    "azureml://registries/../environments/e/versions/1",
]


@pytest.mark.parametrize("trick", TRICKS)
@pytest.mark.parametrize("read", [arm.compute, arm.environment])
def test_no_name_leads_to_another_place(read: Callable[[str], str], trick: str) -> None:
    with pytest.raises(ValueError, match=r"workspace|version"):
        read(trick)


@pytest.mark.parametrize(
    "trick",
    [
        "iris:1",
        "azureml:iris",
        "azureml:../x:1",
        "azureml:iris:1\n",
        "https://",
        "https:///x",
        "https://x\n/y",
        "http://x.net/a",
        "file:///etc/passwd",
        "./local",
        f"{ID}/data/../versions/1",
    ],
)
def test_no_data_is_read_from_another_place(trick: str) -> None:
    with pytest.raises(ValueError, match="address"):
        arm.data(trick, "uri_file")


def test_a_prefix_is_no_name() -> None:
    with pytest.raises(ValueError, match="version"):
        arm.environment("azureml:sklearn")


@pytest.mark.parametrize("given", ["sklearn@latest", "azureml:sklearn@latest"])
def test_a_label_is_refused_with_the_way_out(given: str) -> None:
    with pytest.raises(ValueError, match="a version like name:1"):
        arm.environment(given)


def test_a_label_of_data_is_refused_with_the_way_out() -> None:
    with pytest.raises(ValueError, match="a version like name:1"):
        arm.data("azureml:iris@latest", "uri_file")


def test_outputs_go_to_addresses_only() -> None:
    with pytest.raises(ValueError, match="address"):
        arm.address("azureml:iris:1")


@pytest.mark.parametrize(
    "trick", ["me", "/subscriptions/x", f"{ID}/userAssignedIdentities/a", ID + "\n"]
)
def test_an_identity_is_named_by_its_id_alone(trick: str) -> None:
    with pytest.raises(ValueError, match="managed identity"):
        arm.identity(trick)
