"""The job type AutoML: checked as the service does it, and only played.

No model is trained: the job walks through its statuses, and what it would have made is a file that
says so. The tasks are those of
https://learn.microsoft.com/azure/templates/microsoft.machinelearningservices/2024-10-01/workspaces/jobs;
their settings, which would steer the training, are taken as they come.
"""

from typing import Annotated

from pydantic import Discriminator, Field, Tag

from tests.local.workspace import scripted
from tests.local.workspace.assets import Assets
from tests.local.workspace.children import Children
from tests.local.workspace.parts import (
    INPUT_MODES,
    JobBase,
    Outputs,
    QueueSettings,
    Resources,
)
from tests.local.workspace.schema import HAS_A_WORD, Body, Json, word, word_in
from tests.local.workspace.site import Site
from tests.local.workspace.state import Failure, Job


class MLTable(Body):
    """A table, named by its address."""

    job_input_type: Annotated[str, word("mltable")]
    uri: Annotated[str, HAS_A_WORD]
    mode: Annotated[str, word(*INPUT_MODES)] | None = None
    description: str | None = None


class Task(Body):
    """What every task has."""

    training_data: MLTable
    target_column_name: str | None = None
    log_verbosity: (
        Annotated[str, word("NotSet", "Debug", "Info", "Warning", "Error", "Critical")] | None
    ) = None
    validation_data: MLTable | None = None


class TableTask(Task):
    """A task about a table."""

    task_type: Annotated[str, word("Classification", "Regression", "Forecasting")]
    primary_metric: str | None = None
    cv_split_column_names: list[str] | None = None
    featurization_settings: Json | None = None
    forecasting_settings: Json | None = None
    limit_settings: Json | None = None
    n_cross_validations: Json | None = None
    positive_label: str | None = None
    test_data: MLTable | None = None
    test_data_size: float | None = None
    training_settings: Json | None = None
    validation_data_size: float | None = None
    weight_column_name: str | None = None


IMAGE_TASKS = (
    "ImageClassification",
    "ImageClassificationMultilabel",
    "ImageObjectDetection",
    "ImageInstanceSegmentation",
)


class ImageTask(Task):
    """A task about images."""

    task_type: Annotated[str, word(*IMAGE_TASKS)]
    limit_settings: Json
    primary_metric: str | None = None
    model_settings: Json | None = None
    search_space: list[Json] | None = None
    sweep_settings: Json | None = None
    validation_data_size: float | None = None


class TextTask(Task):
    """A task about texts."""

    task_type: Annotated[str, word("TextClassification", "TextClassificationMultilabel", "TextNER")]
    primary_metric: str | None = None
    featurization_settings: Json | None = None
    limit_settings: Json | None = None


TASKS = {
    **dict.fromkeys(("classification", "regression", "forecasting"), "<table>"),
    **dict.fromkeys((name.lower() for name in IMAGE_TASKS), "<image>"),
    **dict.fromkeys(
        ("textclassification", "textclassificationmultilabel", "textner"),
        "<text>",
    ),
}


def _task_kind(value: object) -> str | None:
    found = word_in(value, "taskType")
    return TASKS.get(found.lower()) if found else None


TaskDetails = Annotated[
    Annotated[TableTask, Tag("<table>")]
    | Annotated[ImageTask, Tag("<image>")]
    | Annotated[TextTask, Tag("<text>")],
    Discriminator(
        _task_kind, custom_error_type="kind", custom_error_message="needs a taskType that exists"
    ),
]


class AutoMLJob(JobBase):
    """The properties of an AutoML job."""

    job_type: Annotated[str, word("AutoML")]
    task_details: TaskDetails
    environment_id: str | None = None
    environment_variables: dict[str, str] = Field(default_factory=dict)
    outputs: Outputs = Field(default_factory=dict)
    resources: Resources = Field(default_factory=Resources)
    queue_settings: QueueSettings = Field(default_factory=QueueSettings)


class AutoMLJobs:
    """How AutoML jobs are checked and played."""

    model = AutoMLJob

    def check(self, definition: Json, assets: Assets) -> None:
        """Refuse a definition that names what is not there."""
        scripted.check(definition, assets)
        for data in ("trainingData", "validationData", "testData"):
            if data in definition["taskDetails"]:
                assets.datastores.path(definition["taskDetails"][data]["uri"])

    async def work(self, job: Job, site: Site, _children: Children) -> Failure | None:
        """Leave what a real one would have made."""
        return scripted.play(job, site)
