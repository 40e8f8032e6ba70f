"""Jobs as templates that somebody may choose from."""

import pytest

from shared.backends.workspace.discovery import cards
from shared.runs import JobType
from tests.jobs import a_document


def test_a_job_is_shown_as_a_request_would_use_it() -> None:
    job = a_document(
        "train",
        displayName="Train",
        description="Trains a classifier.",
        inputs={
            "rate": {"jobInputType": "literal", "value": "0.5", "description": None},
            "data": {"jobInputType": "uri_file", "uri": "https://x.net/y", "mode": "Download"},
        },
        outputs={
            "default": {"uri": "azureml://x"},
            "model": {
                "jobOutputType": "uri_folder",
                "mode": "Upload",
                "uri": "azureml://datastores/workspaceblobstore/paths/azureml/train/model/",
            },
        },
    )

    shown = list(cards({"value": [job]}, JobType.COMMAND))

    assert shown == [
        {
            "name": "train",
            "displayName": "Train",
            "description": "Trains a classifier.",
            "inputs": {
                "rate": {"type": "literal", "value": "0.5"},
                "data": {"type": "uri_file", "uri": "https://x.net/y", "mode": "Download"},
            },
            "outputs": {"model": {"type": "uri_folder", "mode": "Upload"}},
        }
    ]


def test_our_own_runs_and_other_kinds_are_left_out() -> None:
    page = {
        "value": [
            a_document("sweep", jobType="Sweep"),
            a_document("jr-1", tags={"jobrelay": "relay"}),
            a_document("train", jobType="command"),
        ]
    }

    assert [card["name"] for card in cards(page, JobType.COMMAND)] == ["train"]


@pytest.mark.parametrize(
    "page",
    [{}, {"value": None}, {"value": {"a": 1}}, {"value": [None, 7, {}, {"properties": []}]}],
)
def test_a_page_of_another_shape_shows_nothing(page: dict[str, object]) -> None:
    assert list(cards(page, JobType.COMMAND)) == []
