"""Every shape that a job can have can be sent inline, and is sent as it came.

Microsoft's own description says that it can be, and that no field is forgotten here.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from shared.errors import RejectedError
from shared.flows.validate import validate
from shared.ports import Json
from tests.edge import Edge
from tests.jobs import OUR_PROPERTIES, OUR_TAGS, a_request, body, inline_body
from tests.shapes import NAMES, as_it_has_run, shape
from tests.shapes.description import JOB, description

# What an AutoML is made of goes to the service as it is.
NOT_OURS = "AutoMLVertical"
KINDS = ["AutoML", "Command", "Pipeline", "Spark", "Sweep"]
INLINE_ONLY = ("automl-", "spark-")
# What the service takes whatever is in it.
ANYTHING = ("jobs", "searchSpace", "settings", "taskDetails")
# Where we want more than the description does, and where a sweep without limits gets some.
WANTED = (
    "/inputs/",
    "/outputs/",
    "/job/earlyTermination/truncationPercentage",
    "/job/jobs",
    "/job/limits",
    "/job/queueSettings/jobTier",
)


def marked(job: Json, our_properties: Json) -> Json:
    """The job with what marks it as ours."""
    tags = {**job.get("tags", {}), **OUR_TAGS}
    return {**job, "tags": tags, "properties": {**job.get("properties", {}), **our_properties}}


def text(job: Json) -> str:
    """The job as text, in which 1, 1.0 and true are not the same."""
    return json.dumps(job, indent=1, sort_keys=True, ensure_ascii=False)


def sent(job: Json) -> Json:
    return inline_body(a_request(jobType=job["jobType"], template=None, job=job))


def lacking_one(value: Any) -> Iterator[Any]:
    """The value without any one of its parts, at any depth."""
    for name, inside in value.items() if isinstance(value, dict) else ():
        yield {other: its for other, its in value.items() if other != name}
        for part in lacking_one(inside) if name not in ANYTHING else ():
            yield {**value, name: part}


def filled(value: Any) -> Any:
    """The value without nulls and empty objects, which say nothing."""
    if not isinstance(value, dict):
        return value
    parts = {name: filled(inside) for name, inside in value.items()}
    return {name: inside for name, inside in parts.items() if inside not in ({}, None)}


def left_to_others(job: Json) -> Json:
    """What a template keeps of a job: not that it is out of sight, nor where its services were."""
    services = {
        name: {key: value for key, value in service.items() if key != "endpoint"}
        for name, service in job.get("services", {}).items()
    }
    return {**job, "isArchived": None, "services": services}


def complaints(job: Json) -> list[str]:
    """The places where a job is refused, or sent as another."""
    try:
        made, wanted = filled(sent(job)), filled(marked(job, OUR_PROPERTIES))
    except RejectedError as exc:
        return [fault.path for fault in exc.faults]
    return [f"/job/{name}" for name in made.keys() | wanted if made.get(name) != wanted.get(name)]


@pytest.mark.parametrize("name", NAMES)
def test_a_shape_is_sent_as_it_came_but_for_what_marks_it_as_ours(name: str) -> None:
    job = shape(name)

    assert text(sent(job)) == text(marked(job, OUR_PROPERTIES))


@pytest.mark.parametrize("name", NAMES)
def test_so_is_a_shape_without_any_part_that_microsoft_can_do_without(name: str) -> None:
    lacking = [job for job in lacking_one(shape(name)) if "jobType" in job]

    wrong = [
        (place, job)
        for job in lacking
        for place in complaints(job)
        if not place.startswith(WANTED) and description().faults(job) == []
    ]

    assert wrong == []


@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith(INLINE_ONLY)])
def test_a_shape_that_has_run_is_a_template_of_the_same(name: str) -> None:
    job = shape(name)

    made = body(a_request(jobType=job["jobType"], template=name), as_it_has_run(name))

    assert text(filled(made)) == text(filled(marked(left_to_others(job), OUR_PROPERTIES)))


@pytest.mark.parametrize("name", NAMES)
def test_a_shape_fits_what_microsoft_says_can_be_sent(name: str) -> None:
    assert description().faults(shape(name)) == []


@pytest.mark.parametrize("name", NAMES)
def test_who_asks_for_validation_is_shown_the_shape(name: str) -> None:
    job = shape(name)
    request = {"id": "order-7", "jobType": job["jobType"], "job": job}

    told = validate(Edge().services, json.dumps(request).encode())

    ours = {
        key: value
        for key, value in told["body"]["properties"]["properties"].items()
        if key.startswith("jobrelay.")
    }
    assert sorted(ours) == sorted(OUR_PROPERTIES)
    assert text(told["body"]["properties"]) == text(marked(job, ours))
    assert told["warnings"] == []


def test_there_is_a_shape_with_every_field_that_a_job_may_have() -> None:
    fields = {(field.owner, field.name) for field in description().fields(but=[NOT_OURS])}

    said = {
        (field.owner, field.name) for name in NAMES for field in description().said(shape(name))
    }

    assert sorted(fields - said) == []


def test_there_is_a_shape_with_every_word_that_a_job_may_use() -> None:
    words = {(field.name, field.word or "") for field in description().fields(but=[NOT_OURS])}

    said = {(it.name, it.word or "") for name in NAMES for it in description().said(shape(name))}

    assert sorted(words - said) == []


@pytest.mark.parametrize("kind", KINDS)
def test_there_is_a_shape_of_each_kind_with_every_field_that_all_have(kind: str) -> None:
    fields = {field.name for field in description().fields() if field.owner == JOB}

    said = {name for shaped in NAMES if shape(shaped)["jobType"] == kind for name in shape(shaped)}

    assert sorted(fields - said) == []
