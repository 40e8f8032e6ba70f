"""Where the files behind `azureml://` addresses are, and that none is elsewhere."""

from pathlib import Path

import pytest

from tests.local.workspace.datastores import Datastores
from tests.local.workspace.ids import Scope
from tests.local.workspace.refusals import RefusedError

SCOPE = Scope(subscription="s", resource_group="g", workspace="w")
STORES = Datastores(Path("/stores"), SCOPE)


@pytest.mark.parametrize(
    "uri",
    [
        "azureml://datastores/workspaceblobstore/paths/a/b.txt",
        "azureml://datastores/WorkspaceBlobStore/paths/a/b.txt",
        "azureml://subscriptions/s/resourcegroups/G/workspaces/w/datastores/workspaceblobstore/paths/a/b.txt",
        "azureml://subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w"
        "/datastores/workspaceblobstore/paths/a//./b.txt",
    ],
)
def test_an_address_is_a_place_below_the_root(uri: str) -> None:
    assert STORES.path(uri) == Path("/stores/workspaceblobstore/a/b.txt")


def test_an_address_of_an_artifact_has_no_paths_in_it() -> None:
    place = STORES.path("azureml://datastores/workspaceartifactstore/ExperimentRun/dcid.j")

    assert place == Path("/stores/workspaceartifactstore/ExperimentRun/dcid.j")


@pytest.mark.parametrize(
    ("uri", "code"),
    [
        ("https://example.com/data.csv", "InvalidUri"),
        ("file:///etc/passwd", "InvalidUri"),
        ("azureml:data:1", "InvalidUri"),
        ("", "InvalidUri"),
        ("azureml://datastores/mine/paths/a", "DatastoreNotFound"),
        (
            "azureml://subscriptions/s/resourcegroups/g/workspaces/other/datastores/x/paths/a",
            "DatastoreNotFound",
        ),
        ("azureml://datastores/workspaceblobstore/paths/../../etc/passwd", "InvalidUri"),
        ("azureml://datastores/workspaceblobstore/paths/a\0b", "InvalidUri"),
    ],
)
def test_an_address_of_something_else_is_refused(uri: str, code: str) -> None:
    with pytest.raises(RefusedError) as refused:
        STORES.path(uri)

    assert refused.value.inner[-1] == code


def test_a_name_too_long_for_a_file_has_a_place_of_its_own() -> None:
    first = STORES.path(f"azureml://datastores/workspaceblobstore/paths/{'x' * 300}1")
    second = STORES.path(f"azureml://datastores/workspaceblobstore/paths/{'x' * 300}2")

    assert first != second
    assert len(first.name) <= 255
