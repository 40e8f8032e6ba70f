"""Microsoft's own client reads every shape that a job can have, and would send the same again.

What it would send can be sent inline, too: it spells some words in another way than the service.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from shared.errors import RejectedError
from shared.ports import Json
from tests.jobs import a_request, faults, inline_body
from tests.local.process import ROOT
from tests.shapes import NAMES, shape
from tests.shapes.description import description

SECONDS = 120  # for the client to be imported and to work

# What azure-ai-ml 1.35 does not keep of a job that it reads, and what it says of its own accord.
# By how the names of the shapes begin; `*` is any step.
NOT_KEPT: dict[str, tuple[str, ...]] = {
    "": ("componentId", "isArchived", "notificationSetting", "inputs.*.description"),
    "automl-": (
        "environmentId",
        "environmentVariables",
        "identity.objectId",
        "outputs.*.jobOutputType",
        "taskDetails.limitSettings.maxNodes",
        "taskDetails.limitSettings.sweepConcurrentTrials",
        "taskDetails.limitSettings.sweepTrials",
        "taskDetails.modelSettings.checkpointModel",
        "taskDetails.trainingData.mode",
    ),
    "automl-text-classification-multilabel": ("taskDetails.primaryMetric",),
    "automl-text-ner": ("taskDetails.primaryMetric",),
    "command-": ("identity.objectId",),
    "pipeline-": ("sourceJobId",),
    "spark-": (
        "archives",
        "environmentVariables",
        "files",
        "jars",
        "properties",
        "pyFiles",
        "queueSettings",
        "services",
    ),
    # It repeats the resources of the trial beside them.
    "sweep-": ("identity.objectId", "resources", "services"),
}


def _name(of: str) -> str:
    return of.rpartition("/")[2]


# What it spells in another way: it makes ids of these names later, when it sends them.
SPELT: dict[str, dict[str, Callable[[str], str]]] = {
    "pipeline-": {"computeId": _name, "jobs.*.computeId": _name},
    "sweep-": {"objective.goal": str.casefold},
}
# What it reads, but does not write.
REFUSED = {
    "spark-in-scala": "Classpath is not supported, please use 'file' to define the entry file."
}
# What it writes of its own accord and the service's description has not, or does not write.
WRONG = {
    "pipeline-from-another-job": "/job/jobs",
    "sweep-of-distributed-trials": "/job/resources",
    "sweep-of-tensorflow-trials": "/job/resources",
    "sweep-with-everything": "/job/resources",
}
# AutoML and Spark are sent as they came, with what newer api-versions have.
CHECKED = [
    name
    for name in NAMES
    if name.startswith(("command-", "pipeline-", "sweep-")) and name not in WRONG
]


@pytest.fixture(scope="module")
def of_client() -> dict[str, Json]:
    ended = subprocess.run(
        [sys.executable, "-m", "tests.shapes.ml_client"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )

    assert ended.returncode == 0, ended.stderr
    told: dict[str, Json] = json.loads(ended.stdout)
    return told


def seen(value: Any, path: list[str], change: Callable[[Any], Any]) -> Any:
    """A part of a job with a change at a path, of which `*` is any step."""
    if not path:
        return change(value)
    if not isinstance(value, dict):
        return value
    return {
        name: seen(inside, path[1:], change) if path[0] in {"*", name} else inside
        for name, inside in value.items()
    }


def filled(value: Any) -> Any:
    """A part of a job without what says nothing."""
    if not isinstance(value, dict):
        return value
    parts = {name: filled(inside) for name, inside in value.items()}
    return {name: inside for name, inside in parts.items() if inside not in (None, {}, [])}


def as_the_client_says(job: Json, name: str) -> Any:
    """A job without what the client does not keep of this shape, and in its spelling."""
    for start, paths in NOT_KEPT.items():
        for path in paths if name.startswith(start) else ():
            job = seen(job, path.split("."), lambda _: None)
    for start, changes in SPELT.items():
        for path, change in changes.items() if name.startswith(start) else ():
            job = seen(job, path.split("."), change)
    return filled(job)


@pytest.mark.parametrize("name", [name for name in NAMES if name not in REFUSED])
def test_microsofts_client_reads_a_shape_and_writes_the_same(
    name: str, of_client: dict[str, Json]
) -> None:
    assert as_the_client_says(of_client[name], name) == as_the_client_says(shape(name), name)


@pytest.mark.parametrize("name", REFUSED)
def test_what_microsofts_client_reads_but_does_not_write(
    name: str, of_client: dict[str, Json]
) -> None:
    assert of_client[name] == {"refused": REFUSED[name]}


@pytest.mark.parametrize("name", CHECKED)
def test_what_microsofts_client_writes_can_be_sent_inline(
    name: str, of_client: dict[str, Json]
) -> None:
    job = of_client[name]

    made = inline_body(a_request(jobType=job["jobType"], template=None, job=job))

    assert description().faults(made) == []


@pytest.mark.parametrize("name", WRONG)
def test_what_microsofts_client_writes_wrongly_is_refused_with_its_place(
    name: str, of_client: dict[str, Json]
) -> None:
    job = of_client[name]

    with pytest.raises(RejectedError) as caught:
        inline_body(a_request(jobType=job["jobType"], template=None, job=job))

    assert faults(caught.value) == [WRONG[name]]
