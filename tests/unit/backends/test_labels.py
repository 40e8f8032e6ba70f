"""Names, tags and properties: the request's over the template's, ours over both."""

from dataclasses import replace

import pytest

from shared.errors import RejectedError
from tests.jobs import OUR_PROPERTIES, OUR_TAGS, RUN, a_request, a_template, body, only_fault
from tests.telemetry import TRACEPARENT


@pytest.mark.parametrize(
    "name",
    [
        "_azureml.ComputeTargetType",
        "azureml.git.dirty",
        "AzureML.git.dirty",
        "_aml_system_x",
        "mlflow.user",
        "ContentSnapshotId",
        "ProcessInfoFile",
        "ProcessStatusFile",
        "StartTimeUtc",
        "EndTimeUtc",
        "best_child_run_id",
        "score",
        "jobrelay.fingerprint",
        "jobrelay.later",
        "jobrelay",
    ],
)
def test_what_is_said_of_one_run_is_not_said_of_another(name: str) -> None:
    template = a_template(properties={name: "x"}, tags={name: "x"})

    made = body(a_request(), template)

    assert made["tags"] == OUR_TAGS
    assert made["properties"] == OUR_PROPERTIES


@pytest.mark.parametrize("name", ["azureml", "score_board", "my.jobrelay", "jobrelayed"])
def test_what_only_looks_like_it_is_kept(name: str) -> None:
    made = body(a_request(), a_template(tags={name: "x"}))

    assert made["tags"] == {name: "x", **OUR_TAGS}


def test_an_empty_description_is_one() -> None:
    made = body(a_request(description=""), a_template(description="Trains"))

    assert made["description"] == ""


def test_the_trace_of_the_request_is_a_property() -> None:
    run = replace(RUN, envelope=replace(RUN.envelope, traceparent=TRACEPARENT))

    made = body(a_request(), a_template(), run=run)

    assert made["properties"] == {**OUR_PROPERTIES, "jobrelay.traceparent": TRACEPARENT}


def test_a_trace_that_finds_no_room_among_fifty_properties_is_left_out() -> None:
    run = replace(RUN, envelope=replace(RUN.envelope, traceparent=TRACEPARENT))
    most = {f"p{number}": "x" for number in range(48)}

    made = body(a_request(properties=most), a_template(), run=run)

    assert made["properties"] == {**most, **OUR_PROPERTIES}


def test_fifty_tags_and_properties_are_all_the_service_keeps() -> None:
    tags = {f"t{number}": "x" for number in range(49)}
    properties = {f"p{number}": "x" for number in range(49)}

    with pytest.raises(RejectedError) as caught:
        body(a_request(tags=tags, properties=properties), a_template())

    assert only_fault(caught.value).path == "/properties"
