"""Inputs and outputs, as a request gives them and as the service takes them."""

from typing import Any

import pytest

from shared.backends.workspace import values
from shared.errors import Fault, RejectedError
from tests.jobs import ID, WORKSPACE, a_request, a_template, bodies, body, only_fault


def an_input(given: object) -> Any:
    return values.inputs(a_template(), a_request(inputs={"x": given}), WORKSPACE)["x"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (1, "1"),
        (-7, "-7"),
        (12345678901234567890, "12345678901234567890"),
        (0.1, "0.1"),
        (1.0, "1.0"),
        (1e-5, "1e-05"),
        (1e22, "1e+22"),
        (True, "true"),
        (False, "false"),
        ("adam", "adam"),
        (" spaces stay ", " spaces stay "),
        ("True", "True"),
        ("ä_ö", "ä_ö"),
    ],
)
def test_a_plain_value_becomes_a_literal(given: object, expected: str) -> None:
    literal = {"jobInputType": "literal", "value": expected}

    assert an_input(given) == literal
    assert an_input({"type": "literal", "value": given}) == literal


@pytest.mark.parametrize("given", ["", " ", "-", "äöü", "東京"])
def test_a_literal_that_the_service_refuses_is_refused_here(given: str) -> None:
    with pytest.raises(RejectedError) as caught:
        bodies().check(a_request(inputs={"x": given}))

    assert only_fault(caught.value) == Fault(
        "/inputs/x",
        "a string",
        "at least one letter, digit or _: the service takes no other value",
    )


@pytest.mark.parametrize(
    "kind", ["uri_file", "uri_folder", "mltable", "custom_model", "mlflow_model", "triton_model"]
)
def test_data_of_each_type_has_an_address_and_no_mode_unless_given(kind: str) -> None:
    uri = "azureml://datastores/blobs/paths/x"

    assert an_input({"type": kind, "uri": uri}) == {"jobInputType": kind, "uri": uri}


@pytest.mark.parametrize(
    "mode",
    ["ReadOnlyMount", "ReadWriteMount", "Download", "Direct", "EvalMount", "EvalDownload"],
)
def test_data_may_have_each_mode(mode: str) -> None:
    given = an_input({"type": "uri_file", "uri": "https://x.net/y", "mode": mode})

    assert given == {"jobInputType": "uri_file", "uri": "https://x.net/y", "mode": mode}


def test_a_type_that_only_a_project_has_is_refused() -> None:
    model = {"type": "safetensors_model", "uri": "azureml:phi:1"}
    request = a_request(inputs={"x": model}, outputs={"y": {"type": "safetensors_model"}})

    with pytest.raises(RejectedError) as caught:
        bodies().check(request)

    expected = (
        "one of: uri_file, uri_folder, mltable, custom_model, mlflow_model, triton_model. "
        "A workspace has no safetensors_model"
    )
    assert list(caught.value.faults) == [
        Fault("/inputs/x/type", "a string", expected),
        Fault("/outputs/y/type", "a string", expected),
    ]


def test_data_that_cannot_be_found_is_refused_by_the_path_of_its_uri() -> None:
    request = a_request(inputs={"x": {"type": "uri_file", "uri": "azureml:iris@latest"}})

    with pytest.raises(RejectedError) as caught:
        bodies().check(request)

    assert only_fault(caught.value) == Fault(
        "/inputs/x/uri",
        "a string",
        "a version like name:1, because a label like name@latest does not stay the same",
    )


def test_an_output_that_cannot_be_written_is_refused_by_the_path_of_its_uri() -> None:
    request = a_request(outputs={"x": {"uri": "azureml:iris:1"}})

    with pytest.raises(RejectedError) as caught:
        bodies().check(request)

    assert only_fault(caught.value).path == "/outputs/x/uri"


def test_parameters_are_refused_by_their_place_in_the_list() -> None:
    request = a_request(parameters=[{"name": "good", "value": 1}, {"name": "bad", "value": "-"}])

    with pytest.raises(RejectedError) as caught:
        bodies().check(request)

    assert only_fault(caught.value).path == "/parameters/1/value"


def test_data_of_another_type_keeps_nothing_of_the_templates() -> None:
    old = {"x": {"jobInputType": "uri_folder", "uri": "https://x.net/y", "mode": "Download"}}
    request = a_request(inputs={"x": {"type": "uri_file", "uri": "https://x.net/z"}})

    made = body(request, a_template(inputs=old))

    assert made["inputs"] == {"x": {"jobInputType": "uri_file", "uri": "https://x.net/z"}}


def test_a_plain_value_for_data_is_refused_with_the_type_that_is_wanted() -> None:
    old = {"x": {"jobInputType": "uri_folder", "uri": "https://x.net/y"}}

    with pytest.raises(RejectedError) as caught:
        body(a_request(inputs={"x": "https://x.net/z"}), a_template(inputs=old))

    assert only_fault(caught.value) == Fault(
        "/inputs/x",
        "a string",
        "type and uri, as it is a uri_folder, or type literal",
    )


def test_an_input_of_the_template_without_a_type_may_be_any() -> None:
    made = body(a_request(inputs={"x": "z"}), a_template(inputs={"x": {"value": "y"}}))

    assert made["inputs"] == {"x": {"jobInputType": "literal", "value": "z"}}


def test_a_literal_said_at_length_may_stand_for_data() -> None:
    old = {"x": {"jobInputType": "uri_folder", "uri": "https://x.net/y"}}
    request = a_request(inputs={"x": {"type": "literal", "value": "z"}})

    made = body(request, a_template(inputs=old))

    assert made["inputs"] == {"x": {"jobInputType": "literal", "value": "z"}}


def test_an_output_keeps_what_the_request_does_not_say() -> None:
    old = {"x": {"jobOutputType": "uri_file", "mode": "Upload", "description": "The net"}}
    uri = "azureml://datastores/blobs/paths/x"

    made = body(a_request(outputs={"x": {"uri": uri}}), a_template(outputs=old))

    assert made["outputs"] == {
        "x": {
            "jobOutputType": "uri_file",
            "mode": "Upload",
            "description": "The net",
            "uri": uri,
        }
    }


def test_a_new_output_is_a_folder_unless_said() -> None:
    made = body(a_request(outputs={"x": {}}), a_template())

    assert made["outputs"] == {"x": {"jobOutputType": "uri_folder"}}


@pytest.mark.parametrize(
    "uri",
    [
        "azureml://datastores/workspaceblobstore/paths/azureml/train/x/",
        "azureml://datastores/workspaceartifactstore/ExperimentRun/dcid.train/x",
        f"azureml:/{ID}/datastores/b/paths/azureml/train/x",
    ],
)
def test_a_run_never_writes_where_the_results_of_its_template_are(uri: str) -> None:
    old = {"x": {"jobOutputType": "uri_folder", "uri": uri}}

    made = body(a_request(), a_template(outputs=old))

    assert made["outputs"] == {"x": {"jobOutputType": "uri_folder"}}


def test_a_place_that_the_template_chose_is_kept() -> None:
    uri = "azureml://datastores/blobs/paths/results/${{name}}/trained"
    old = {"x": {"jobOutputType": "uri_folder", "uri": uri}}

    made = body(a_request(), a_template(outputs=old))

    assert made["outputs"] == old


@pytest.mark.parametrize("kind", [None, "uri_folder"])
def test_the_output_that_the_service_gives_every_job_is_not_asked_for(kind: str | None) -> None:
    uri = "azureml://datastores/workspaceartifactstore/ExperimentRun/dcid.x"
    old = {"default": {"jobOutputType": kind, "mode": "ReadWriteMount", "uri": uri}}

    made = body(a_request(), a_template(outputs=old))

    assert "outputs" not in made


def test_an_output_of_ones_own_may_be_named_default() -> None:
    old = {"default": {"jobOutputType": "uri_folder", "mode": "Upload"}}

    made = body(a_request(), a_template(outputs=old))

    assert made["outputs"] == old


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"outputs": ["model", "lost"]}, "/outputs/1"),
        (
            {
                "parameters": [
                    {"name": "rate", "value": 1},
                    {"name": "lost", "direction": "Output"},
                ]
            },
            "/parameters/1/name",
        ),
    ],
)
def test_an_output_that_the_template_does_not_have_cannot_be_wanted(
    fields: dict[str, object], path: str
) -> None:
    template = a_template(outputs={"model": {"jobOutputType": "uri_folder"}})

    with pytest.raises(RejectedError) as caught:
        body(a_request(**fields), template)

    assert only_fault(caught.value) == Fault(
        path, "a name that is no output of the job", "one of: default, model"
    )


def test_what_is_both_input_and_output_needs_no_output_of_the_template() -> None:
    parameter = {"name": "rate", "direction": "Input&Output", "value": 0.5}

    made = body(a_request(parameters=[parameter]), a_template())

    assert made["inputs"] == {"rate": {"jobInputType": "literal", "value": "0.5"}}
