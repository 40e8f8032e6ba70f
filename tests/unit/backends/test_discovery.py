"""Jobs as templates that somebody may choose from."""

from typing import Any

import pytest

from shared.backends.workspace.command import CommandJob
from shared.backends.workspace.discovery import cards
from shared.backends.workspace.inline import InlineJob
from shared.backends.workspace.pipeline import PipelineJob
from shared.backends.workspace.sweep import SweepJob
from shared.ports import Json
from shared.runs import JobType
from tests.jobs import a_document

MODELS: dict[JobType, type[InlineJob]] = {
    JobType.COMMAND: CommandJob,
    JobType.SWEEP: SweepJob,
    JobType.PIPELINE: PipelineJob,
}
INPUTS = {
    "rate": {"jobInputType": "literal", "value": "0.5", "description": None},
    "data": {"jobInputType": "uri_file", "uri": "https://x.net/y", "mode": "Download"},
}
OUTPUTS = {
    "default": {"uri": "azureml://x"},
    "model": {
        "jobOutputType": "uri_folder",
        "mode": "Upload",
        "uri": "azureml://datastores/workspaceblobstore/paths/azureml/train/model/",
    },
}
SHOWN = {
    "name": "train",
    "displayName": "Train",
    "description": "Trains a classifier.",
    "inputs": {
        "rate": {"type": "literal", "value": "0.5"},
        "data": {"type": "uri_file", "uri": "https://x.net/y", "mode": "Download"},
    },
    "outputs": {"model": {"type": "uri_folder", "mode": "Upload"}},
}


def a_job(**properties: Any) -> Json:
    """A job that has run."""
    said = {"displayName": "Train", "description": "Trains a classifier."}
    return a_document("train", **said, inputs=INPUTS, outputs=OUTPUTS, **properties)


def shown(page: Json, job_type: JobType = JobType.COMMAND) -> list[Json]:
    return list(cards(page, job_type, MODELS[job_type]))


@pytest.mark.parametrize("job_type", [JobType.COMMAND, JobType.PIPELINE])
def test_a_job_is_shown_as_a_request_would_use_it(job_type: JobType) -> None:
    assert shown({"value": [a_job(jobType=job_type.value)]}, job_type) == [SHOWN]


def test_a_sweep_shows_what_it_tries() -> None:
    space = {"lr": ["uniform", [0.1, 0.9]]}

    job = a_job(jobType="Sweep", searchSpace=space)

    assert shown({"value": [job]}, JobType.SWEEP) == [{**SHOWN, "searchSpace": space}]


def test_our_own_runs_and_other_kinds_are_left_out() -> None:
    page = {
        "value": [
            a_document("sweep", jobType="Sweep"),
            a_document("jr-1", tags={"jobrelay": "relay"}),
            a_document("jr-2", tags={"jobrelay": "another app"}),
            a_document("train", jobType="command"),
        ]
    }

    assert [card["name"] for card in shown(page)] == ["train"]


@pytest.mark.parametrize(
    "page",
    [
        {},
        {"value": None},
        {"value": {"a": 1}},
        {"value": [None, 7, {}, {"properties": []}, {"properties": {"jobType": "Command"}}]},
    ],
)
def test_a_page_of_another_shape_shows_nothing(page: Json) -> None:
    assert shown(page) == []


def test_a_job_of_odd_shapes_is_shown_without_them() -> None:
    odd = a_document(
        "odd",
        jobType="Sweep",
        displayName=7,
        description=["x"],
        inputs=[1],
        outputs={"a": 1},
        searchSpace=["lr"],
        tags=["jobrelay"],
    )

    assert shown({"value": [odd]}, JobType.SWEEP) == [
        {"name": "odd", "displayName": None, "description": None, "inputs": {}, "outputs": {}}
    ]
