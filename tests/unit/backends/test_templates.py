"""What a job that has run leaves to others."""

import pytest

from shared.backends.workspace.command import CommandJob
from shared.backends.workspace.pipeline import PipelineJob
from shared.backends.workspace.sweep import SweepJob
from shared.backends.workspace.templates import cleaned
from shared.ports import Json
from tests.jobs import ID


def command(**fields: object) -> Json:
    return cleaned({"jobType": "Command", "command": "x", **fields}, "train", CommandJob)


def test_what_is_not_said_of_such_a_job_is_left_out() -> None:
    assert command(status="Completed", parameters={"a": 1}, trial={}, isArchived=True) == {
        "jobType": "Command",
        "command": "x",
    }


def test_nulls_are_left_out_at_every_level() -> None:
    job = command(codeId=None, resources={"instanceType": None, "properties": {"a": None, "b": 1}})

    assert job["resources"] == {"properties": {"b": 1}}
    assert "codeId" not in job


def test_the_steps_of_a_pipeline_are_kept_verbatim() -> None:
    steps: Json = {
        "a": {"computeId": None, "limits": {"timeout": None}, "outputs": {"default": {}}}
    }
    settings = {"default_compute": None}
    job = {"jobType": "Pipeline", "jobs": steps, "settings": settings, "inputs": {"a": None}}

    assert cleaned(job, "train", PipelineJob) == {
        "jobType": "Pipeline",
        "jobs": steps,
        "settings": settings,
    }


def test_a_list_of_a_search_space_is_kept() -> None:
    job = {"jobType": "Sweep", "searchSpace": {"x": ["choice", [[1, {"y": 2}]]]}}

    assert cleaned(job, "train", SweepJob) == job


@pytest.mark.parametrize(
    "output",
    [
        {"jobOutputType": None, "uri": "azureml://x"},
        {"uri": "azureml://x"},
        {
            "jobOutputType": "uri_folder",
            "uri": "azureml://datastores/workspaceartifactstore/ExperimentRun/dcid.train",
        },
    ],
)
def test_the_output_of_every_job_is_not_the_authors(output: Json) -> None:
    assert "outputs" not in command(outputs={"default": output})


def test_an_authors_own_output_may_have_that_name() -> None:
    own = {"default": {"jobOutputType": "uri_folder", "uri": "azureml://datastores/x/paths/y"}}

    assert command(outputs=own)["outputs"] == own


@pytest.mark.parametrize(
    ("uri", "is_kept"),
    [
        ("azureml://datastores/workspaceblobstore/paths/azureml/train/model/", False),
        ("azureml://datastores/x/paths/ExperimentRun/dcid.train/model", False),
        ("azureml://datastores/lake/paths/models/", True),
        ("azureml://datastores/lake/paths/trained/", True),
    ],
)
def test_an_output_loses_the_place_that_the_service_chose_for_this_job(
    uri: str, *, is_kept: bool
) -> None:
    outputs = {"model": {"jobOutputType": "uri_folder", "uri": uri}}

    assert ("uri" in command(outputs=outputs)["outputs"]["model"]) is is_kept


def test_a_service_is_offered_again_but_not_where_it_was() -> None:
    services = {
        "lab": {
            "jobServiceType": "JupyterLab",
            "endpoint": "https://x.net/y",
            "status": "Running",
            "errorMessage": None,
            "properties": {"a": "b"},
        },
        "Studio": {"endpoint": "https://ml.azure.com/x"},
        "tracking": {"endpoint": "azureml://x"},
        "odd": 7,
    }

    assert command(services=services)["services"] == {
        "lab": {"jobServiceType": "JupyterLab", "properties": {"a": "b"}}
    }


def test_labels_of_its_own_run_are_left_out() -> None:
    job = command(
        tags={"a": "b", "mlflow.user": "x", "odd": 7, "jobrelay": "another"},
        properties={"c": "d", "_azureml.x": "y", "StartTimeUtc": "z"},
    )

    assert (job["tags"], job["properties"]) == ({"a": "b"}, {"c": "d"})


def test_the_component_of_a_job_is_kept() -> None:
    place = f"{ID}/components/train/versions/1"

    assert command(componentId=place)["componentId"] == place


@pytest.mark.parametrize("odd", [7, "x", [1], True, {"x": 7}, {"x": ["y"]}])
def test_odd_sections_are_left_out(odd: object) -> None:
    sections = ("inputs", "outputs", "services", "tags", "properties")

    assert command(**dict.fromkeys(sections, odd)) == ({"jobType": "Command", "command": "x"})


def test_the_job_itself_is_not_changed() -> None:
    job: Json = {"jobType": "Command", "tags": {"score": "1"}, "resources": {"a": None}}

    cleaned(job, "train", CommandJob)

    assert job == {"jobType": "Command", "tags": {"score": "1"}, "resources": {"a": None}}
