"""The inputs and outputs that a request gives to a training job."""

from typing import Any

import pytest

from shared.errors import Fault
from shared.ports import Json
from tests.jobs import RUN
from tests.unit.backends.foundry.given import (
    a_command,
    a_training,
    bodies,
    faults,
    from_template,
    only_fault,
)

ASSETS = "uri_file, uri_folder, safetensors_model"
MODES = "ReadOnlyMount, ReadWriteMount, Download, Direct, Upload"
OLD = {
    "data": {"job_input_type": "uri_folder", "uri": "azureai://a", "mode": "download"},
    "rate": {"job_input_type": "literal", "value": "0.5"},
}


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ("x", {"job_input_type": "literal", "value": "x"}),
        ("", {"job_input_type": "literal", "value": ""}),
        (0.25, {"job_input_type": "literal", "value": "0.25"}),
        (True, {"job_input_type": "literal", "value": "true"}),
        ({"type": "literal", "value": 7}, {"job_input_type": "literal", "value": "7"}),
        (
            {"type": "uri_file", "uri": "https://x/y"},
            {"job_input_type": "uri_file", "uri": "https://x/y"},
        ),
        (
            {"type": "safetensors_model", "uri": "azureai://m", "mode": "ReadOnlyMount"},
            {
                "job_input_type": "safetensors_model",
                "uri": "azureai://m",
                "mode": "read_only_mount",
            },
        ),
        (
            {"type": "uri_folder", "uri": "x", "mode": "Direct"},
            {"job_input_type": "uri_folder", "uri": "x", "mode": "direct"},
        ),
    ],
)
def test_an_input_is_said_in_the_words_of_the_service(given: Any, made: Json) -> None:
    assert _body(inputs={"a": given})["inputs"] == {"a": made}


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ({}, {"job_output_type": "uri_folder"}),
        (
            {"type": "safetensors_model", "uri": "https://x", "mode": "ReadWriteMount"},
            {
                "job_output_type": "safetensors_model",
                "uri": "https://x",
                "mode": "read_write_mount",
            },
        ),
        ({"mode": "Upload"}, {"job_output_type": "uri_folder", "mode": "upload"}),
    ],
)
def test_an_output_is_said_in_the_words_of_the_service(given: Json, made: Json) -> None:
    assert _body(outputs={"a": given})["outputs"] == {"a": made}


def test_what_is_given_is_laid_over_what_the_job_has() -> None:
    job = a_command(
        inputs=OLD, outputs={"model": {"job_output_type": "uri_file", "asset_name": "m"}}
    )
    inputs = {"data": {"type": "uri_folder", "uri": "azureai://b"}, "rate": 1}

    made = _body(job, inputs=inputs, outputs={"model": {"mode": "Upload"}})

    assert made["inputs"] == {
        "data": {"job_input_type": "uri_folder", "uri": "azureai://b", "mode": "download"},
        "rate": {"job_input_type": "literal", "value": "1"},
    }
    assert made["outputs"] == {
        "model": {"job_output_type": "uri_file", "asset_name": "m", "mode": "upload"}
    }


def test_an_input_of_another_type_replaces_the_old_one() -> None:
    given = {"type": "uri_file", "uri": "azureai://b"}

    made = _body(a_command(inputs=OLD), inputs={"data": given})

    assert made["inputs"]["data"] == {"job_input_type": "uri_file", "uri": "azureai://b"}


def test_a_plain_value_does_not_take_the_place_of_data() -> None:
    fault = only_fault(a_command(inputs=OLD), inputs={"data": 7})

    expected = "type and uri, as it is a uri_folder, or type literal"
    assert fault == Fault("/inputs/data", "a number", expected)


def test_a_value_that_says_that_it_is_plain_does() -> None:
    made = _body(a_command(inputs=OLD), inputs={"data": {"type": "literal", "value": "x"}})

    assert made["inputs"]["data"] == {"job_input_type": "literal", "value": "x"}


@pytest.mark.parametrize(
    "type_of_data", ["mltable", "custom_model", "mlflow_model", "triton_model"]
)
def test_a_type_that_only_a_workspace_has_is_refused(type_of_data: str) -> None:
    request = a_training(
        inputs={"a": {"type": type_of_data, "uri": "x"}}, outputs={"b": {"type": type_of_data}}
    )

    expected = f"one of: {ASSETS}. A training job has no {type_of_data}"
    assert faults(request) == [
        Fault("/inputs/a/type", "a string", expected),
        Fault("/outputs/b/type", "a string", expected),
    ]


@pytest.mark.parametrize("mode", ["EvalMount", "EvalDownload"])
def test_a_mode_that_only_a_workspace_has_is_refused(mode: str) -> None:
    request = a_training(parameters=[_parameter("a", mode)])

    expected = f"one of: {MODES}. There is no {mode}"
    assert faults(request) == [Fault("/parameters/0/value/mode", "a string", expected)]


def test_the_output_of_the_service_cannot_be_set() -> None:
    fault = only_fault(a_command(), outputs={"default": {}})

    expected = "another name than 'default', which the service keeps for itself"
    assert fault == Fault("/outputs/default", "a name", expected)


def test_the_output_of_the_service_can_be_asked_for() -> None:
    assert bodies().check(a_training(outputs=["default"])) == ()


def test_an_output_that_the_job_has_not_cannot() -> None:
    job = a_command(outputs={"model": {"job_output_type": "uri_file"}})

    found = "a name that is no output of the job"
    assert only_fault(job, outputs=["modle"]) == Fault(
        "/outputs/0", found, "one of: default, model"
    )


def test_types_are_looked_at_without_a_job() -> None:
    request = from_template(inputs={"a": {"type": "mltable", "uri": "x"}})

    assert [fault.path for fault in faults(request)] == ["/inputs/a/type"]


def _body(job: Json | None = None, **fields: Any) -> Json:
    made = a_training(job, **fields)
    properties: Json = bodies().body(made, bodies().inline(made) or {}, run=RUN)["properties"]
    return properties


def _parameter(name: str, mode: str) -> Json:
    return {"name": name, "value": {"type": "uri_file", "uri": "x", "mode": mode}}
