"""Where files, assets, computes and outputs of the project are, and what is refused as none."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.local.foundry.files import Files
from tests.local.foundry.ids import Place
from tests.local.foundry.lives import Life
from tests.local.foundry.outputs import outputs_of
from tests.local.foundry.refusals import RefusedError
from tests.local.foundry.state import Job
from tests.unit.local.test_foundry_command_job import a_training_job, created

PLACE = Place()
FILES = Files(Path("/files"), PLACE)
ACCOUNT = (
    "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/twin"
    "/providers/Microsoft.CognitiveServices/accounts/demo"
)


def a_job(**properties: Any) -> Job:
    wanted = created(a_training_job(**properties))
    return Job("j", 7, wanted, Life(), datetime.now(UTC), "somebody")


def a_recipe(**properties: Any) -> Job:
    recipe = {"algorithm": "sft", "model": "base", "dataset": {"train": "d"}}
    sent = {"job_type": "command", "compute_id": "c", "training": recipe, **properties}
    return Job("j", 7, created(sent), Life(), datetime.now(UTC), "somebody")


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        (
            "azureai://accounts/demo/projects/demo/data/points/versions/3",
            "/files/assets/data/points/3",
        ),
        (
            "azureai://accounts/demo/projects/demo/models/m/versions/1/config.json",
            "/files/assets/models/m/1/config.json",
        ),
        ("azureml://datastores/lake/paths/a//./b/", "/files/datastores/lake/a/b"),
    ],
)
def test_an_address_has_a_place(uri: str, path: str) -> None:
    assert FILES.path(uri) == Path(path)


@pytest.mark.parametrize(
    "uri",
    [
        "https://example.com/points.csv",
        "azureai://accounts/demo/projects/demo/data/points",
        "azureai://accounts/demo/projects/demo/indexes/i/versions/1",
        "azureai://accounts/other/projects/demo/data/points/versions/1",
        "azureai://accounts/demo/projects/other/data/points/versions/1",
        "azureml://datastores/lake/paths/../../secret",
        "azureai://accounts/demo/projects/demo/data/../versions/1",
        "azureml://datastores/lake/paths/a\0b",
        "azureml://datastores/lake/paths/" + "x" * 256,
    ],
)
def test_what_is_no_address_of_the_project_is_refused(uri: str) -> None:
    with pytest.raises(RefusedError):
        FILES.path(uri)


@pytest.mark.parametrize(
    ("compute_id", "name"),
    [
        (f"{ACCOUNT}/computes/gpu-cluster", "gpu-cluster"),
        (f"{ACCOUNT.upper()}/COMPUTES/GPU-Cluster", "gpu-cluster"),
        (f"{ACCOUNT}x/computes/gpu-cluster", None),
        (f"{ACCOUNT}/computes/gpu-cluster/more", None),
        (f"{ACCOUNT}/projects/demo", None),
        ("gpu-cluster", None),
    ],
)
def test_a_compute_belongs_to_the_account(compute_id: str, name: str | None) -> None:
    assert PLACE.compute(compute_id) == name


@pytest.mark.parametrize(
    ("output", "uri"),
    [
        (
            {"job_output_type": "uri_file"},
            "azureml://datastores/workspaceblobstore/paths/azureml/j/x",
        ),
        (
            {"job_output_type": "uri_folder"},
            "azureml://datastores/workspaceblobstore/paths/azureml/j/x/",
        ),
        ({"job_output_type": "uri_folder", "uri": "u", "asset_name": "n"}, "u"),
        (
            {"job_output_type": "uri_folder", "asset_name": "n", "asset_version": "2"},
            "azureai://accounts/demo/projects/demo/data/n/versions/2",
        ),
        (
            {"job_output_type": "uri_file", "asset_name": "n"},
            "azureai://accounts/demo/projects/demo/data/n/versions/7/x",
        ),
        (
            {"job_output_type": "safetensors_model", "asset_name": "n"},
            "azureai://accounts/demo/projects/demo/models/n/versions/7",
        ),
    ],
)
def test_an_output_has_an_address(output: dict[str, str], uri: str) -> None:
    assert outputs_of(a_job(outputs={"x": output}), PLACE)["x"].uri == uri


def test_an_output_that_only_the_command_names_is_a_folder() -> None:
    outputs = outputs_of(a_job(command="touch ${{outputs.there}}/x"), PLACE)

    assert outputs["there"].job_output_type == "uri_folder"


def test_a_recipe_makes_a_model() -> None:
    (model,) = outputs_of(a_recipe(), PLACE).values()

    assert (model.job_output_type, model.asset_name, model.asset_version, model.base_model_id) == (
        "safetensors_model",
        "j",
        "7",
        "base",
    )


def test_a_recipe_that_names_its_outputs_makes_those() -> None:
    job = a_recipe(outputs={"tuned": {"job_output_type": "safetensors_model", "asset_name": "n"}})

    assert list(outputs_of(job, PLACE)) == ["tuned"]
