"""Every shape that a job can have can be sent inline, and is sent as it came.

Microsoft's own description says that it can be, and that no field is forgotten here.
"""

import json

import pytest

from shared.flows.validate import validate
from shared.ports import Json
from tests.edge import Edge
from tests.jobs import OUR_PROPERTIES, OUR_TAGS, a_request, inline_body
from tests.shapes import NAMES, shape
from tests.shapes.description import JOB, MISSING, Description, description

# What an AutoML is made of goes to the service as it is.
NOT_OURS = "AutoMLVertical"
KINDS = ["AutoML", "Command", "Pipeline", "Spark", "Sweep"]


@pytest.fixture(scope="module")
def microsofts() -> Description:
    found = description()
    if found is None:
        pytest.skip(MISSING)
    return found


def marked(job: Json, our_properties: Json) -> Json:
    """The job with what marks it as ours."""
    tags = {**job.get("tags", {}), **OUR_TAGS}
    return {**job, "tags": tags, "properties": {**job.get("properties", {}), **our_properties}}


def text(job: Json) -> str:
    """The job as text, in which 1, 1.0 and true are not the same."""
    return json.dumps(job, indent=1, sort_keys=True, ensure_ascii=False)


@pytest.mark.parametrize("name", NAMES)
def test_a_shape_is_sent_as_it_came_but_for_what_marks_it_as_ours(name: str) -> None:
    job = shape(name)

    made = inline_body(a_request(jobType=job["jobType"], template=None, job=job))

    assert text(made) == text(marked(job, OUR_PROPERTIES))


@pytest.mark.parametrize("name", NAMES)
def test_a_shape_fits_what_microsoft_says_can_be_sent(name: str, microsofts: Description) -> None:
    assert microsofts.faults(shape(name)) == []


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


def test_there_is_a_shape_with_every_field_that_a_job_may_have(microsofts: Description) -> None:
    fields = {(field.owner, field.name) for field in microsofts.fields(but=[NOT_OURS])}

    said = {(field.owner, field.name) for name in NAMES for field in microsofts.said(shape(name))}

    assert sorted(fields - said) == []


def test_there_is_a_shape_with_every_word_that_a_job_may_use(microsofts: Description) -> None:
    words = {(field.name, field.word or "") for field in microsofts.fields(but=[NOT_OURS])}

    said = {(it.name, it.word or "") for name in NAMES for it in microsofts.said(shape(name))}

    assert sorted(words - said) == []


@pytest.mark.parametrize("kind", KINDS)
def test_there_is_a_shape_of_each_kind_with_every_field_that_all_have(
    kind: str, microsofts: Description
) -> None:
    fields = {field.name for field in microsofts.fields() if field.owner == JOB}

    said = {name for shaped in NAMES if shape(shaped)["jobType"] == kind for name in shape(shaped)}

    assert sorted(fields - said) == []
