"""Which computes, environments and code a job may name."""

from pathlib import Path

import pytest

from tests.local.workspace.assets import Assets
from tests.local.workspace.datastores import Datastores
from tests.local.workspace.ids import Scope
from tests.local.workspace.refusals import RefusedError

SCOPE = Scope()
ASSETS = Assets(SCOPE, Datastores(Path("/root"), SCOPE), codes={("train", "1"): Path("/code")})
ELSEWHERE = SCOPE.id.replace("demo", "other")


@pytest.mark.parametrize(
    "compute",
    [f"{SCOPE.id}/computes/cpu-cluster", f"{SCOPE.id.upper()}/COMPUTES/CPU-Cluster"],
    ids=["plain", "upper"],
)
def test_a_compute_of_the_workspace_is_taken(compute: str) -> None:
    ASSETS.check_compute(compute)


@pytest.mark.parametrize(
    "environment",
    [
        f"{SCOPE.id}/environments/sklearn/versions/1",
        f"{SCOPE.id}/environments/AzureML-sklearn-1.5/labels/latest",
        "azureml:AzureML-sklearn-1.5:12",
        "azureml:AzureML-sklearn-1.5@latest",
        "azureml://registries/azureml/environments/AzureML-sklearn-1.5/versions/12",
    ],
)
def test_an_environment_that_exists_is_taken(environment: str) -> None:
    ASSETS.check_environment(environment)


def test_code_that_exists_is_found() -> None:
    assert ASSETS.code(f"{SCOPE.id}/codes/train/versions/1") == Path("/code")


@pytest.mark.parametrize(
    ("compute", "code"),
    [
        (f"{SCOPE.id}/computes/nowhere", "ComputeNotFound"),
        ("cpu-cluster", "ArgumentInvalid"),
        (f"{ELSEWHERE}/computes/cpu-cluster", "ArgumentInvalid"),
        (f"{SCOPE.id}/environments/cpu-cluster", "ArgumentInvalid"),
    ],
)
def test_a_compute_that_is_not_there_is_refused(compute: str, code: str) -> None:
    with pytest.raises(RefusedError) as refused:
        ASSETS.check_compute(compute)

    assert refused.value.inner == ("BadArgument", code)


@pytest.mark.parametrize(
    ("environment", "code"),
    [
        (f"{SCOPE.id}/environments/nothing/versions/1", "EnvironmentNotFound"),
        (f"{SCOPE.id}/environments/sklearn/versions/99", "EnvironmentNotFound"),
        ("azureml:sklearn:1", "EnvironmentNotFound"),
        ("azureml://registries/azureml/environments/nothing/versions/1", "EnvironmentNotFound"),
        ("sklearn", "ArgumentInvalid"),
    ],
)
def test_an_environment_that_is_not_there_is_refused(environment: str, code: str) -> None:
    with pytest.raises(RefusedError) as refused:
        ASSETS.check_environment(environment)

    assert refused.value.inner == ("BadArgument", code)


def test_code_of_another_version_is_refused() -> None:
    with pytest.raises(RefusedError) as refused:
        ASSETS.code(f"{SCOPE.id}/codes/train/versions/2")

    assert refused.value.inner == ("BadArgument", "CodeNotFound")
