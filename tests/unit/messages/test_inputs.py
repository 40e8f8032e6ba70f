"""The inputs, outputs, tags and properties of a request."""

from typing import Any

import pytest

from shared.errors import Fault
from shared.messages.fields import MAX_PAIRS
from shared.messages.inputs import DataInput, LiteralInput, Output
from tests.unit.messages.given import faults_of, only_fault, the_request


def test_tags_and_properties_may_be_as_many_and_as_long_as_the_service_keeps_with_ours() -> None:
    pairs = {f"{number:0100}": "x" * 1000 for number in range(MAX_PAIRS - 2)}

    request = the_request(tags={**pairs, "one more": ""}, properties=pairs)

    assert (len(request.tags), len(request.properties)) == (MAX_PAIRS - 1, MAX_PAIRS - 2)


@pytest.mark.parametrize(("section", "limit"), [("tags", 49), ("properties", 48)])
def test_one_more_is_refused(section: str, limit: int) -> None:
    pairs = {f"tag {number}": "x" for number in range(limit + 1)}

    fault = only_fault(**{section: pairs})

    assert fault.path == f"/{section}"
    assert fault.expected.startswith(f"at most {limit} items")


@pytest.mark.parametrize(
    ("pairs", "step"),
    [
        ({"": "x"}, "?"),
        ({"x" * 101: "y"}, "?"),
        ({"a": "x" * 1001}, "a"),
        ({"a": 1}, "a"),
        ({"a": None}, "a"),
        ({"a": {"b": "c"}}, "a"),
    ],
)
@pytest.mark.parametrize("section", ["tags", "properties"])
def test_a_pair_that_the_service_does_not_keep_is_named(
    section: str, pairs: dict[str, Any], step: str
) -> None:
    assert only_fault(**{section: pairs}).path == f"/{section}/{step}"


def test_what_is_ours_is_refused_by_name() -> None:
    tags = {"jobrelay": "x", "jobrelay.x": "fine", "x": "fine"}
    properties = {"jobrelay.fingerprint": "x", "jobrelay.": "x", "jobrelay": "fine"}

    paths = [fault.path for fault in faults_of(tags=tags, properties=properties)]

    assert paths == [
        "/tags/jobrelay",
        "/properties/jobrelay.fingerprint",
        "/properties/jobrelay.",
    ]


@pytest.mark.parametrize("value", ["x", "", 1, 2**70, -1.5, True, False])
def test_an_input_may_be_plain(value: object) -> None:
    given = the_request(inputs={"a": value}).given_inputs["a"]

    assert (given, type(given)) == (value, type(value))


def test_an_input_may_be_said_at_length() -> None:
    place = {"type": "uri_folder", "uri": "azureml:iris:1", "mode": "Download"}

    given = the_request(inputs={"a": {"type": "literal", "value": 1}, "b": place}).given_inputs

    assert given == {
        "a": LiteralInput(type="literal", value=1),
        "b": DataInput(type="uri_folder", uri="azureml:iris:1", mode="Download"),
    }


@pytest.mark.parametrize(
    ("value", "faults"),
    [
        (None, [Fault("/inputs/a", "null", "a string, a number, true or false")]),
        ([], [Fault("/inputs/a", "a list", "a string, a number, true or false")]),
        (
            {"type": "literal", "value": {"str": []}},
            [Fault("/inputs/a/value", "an object", "a string, a number, true or false")],
        ),
        ({"type": "literal"}, [Fault("/inputs/a/value", "nothing", "required")]),
        (
            {"uri": "", "data": {"uri": 1}},
            [
                Fault("/inputs/a/type", "nothing", "required"),
                Fault("/inputs/a/uri", "a string", "at least 1 character"),
                Fault("/inputs/a/data", "an unknown field", "no such field here"),
            ],
        ),
    ],
)
def test_an_input_of_another_form_is_named(value: object, faults: list[Fault]) -> None:
    assert faults_of(inputs={"a": value}) == faults


@pytest.mark.parametrize("section", ["inputs", "outputs"])
@pytest.mark.parametrize("name", ["", "1a", "a-b", "a.b", "a b", "é", "x" * 256])
def test_inputs_and_outputs_have_names_of_variables(section: str, name: str) -> None:
    value: Any = {"type": "uri_file", "uri": "azureml:a:1"}

    fault = only_fault(**{section: {name: value}})

    assert fault.path.startswith(f"/{section}/")
    assert (fault.found, fault.expected) == (
        "a name",
        "a name of letters, digits and _, at most 255, no digit first",
    )


def test_outputs_may_be_set() -> None:
    request = the_request(outputs={"a": {}, "b": {"type": "mlflow_model", "mode": "Upload"}})

    assert request.given_outputs == {"a": Output(), "b": Output(type="mlflow_model", mode="Upload")}
    assert request.wanted_outputs is None


@pytest.mark.parametrize(
    "type_of_data",
    [
        "uri_file",
        "uri_folder",
        "mltable",
        "custom_model",
        "mlflow_model",
        "triton_model",
        "safetensors_model",
    ],
)
def test_data_has_the_types_of_all_services(type_of_data: str) -> None:
    request = the_request(
        inputs={"a": {"type": type_of_data, "uri": "x"}}, outputs={"b": {"type": type_of_data}}
    )

    assert request.given_inputs == {
        "a": DataInput.model_validate({"type": type_of_data, "uri": "x"})
    }
    assert request.given_outputs == {"b": Output.model_validate({"type": type_of_data})}


def test_outputs_may_be_named() -> None:
    request = the_request(outputs=["b", "a"])

    assert request.given_outputs == {}
    assert request.wanted_outputs == frozenset({"a", "b"})


def test_an_output_with_an_odd_name_in_the_list_is_named() -> None:
    assert [fault.path for fault in faults_of(outputs=["a", "a b", 1])] == [
        "/outputs/1",
        "/outputs/2",
    ]


def test_parameters_are_inputs_and_outputs_in_one_list() -> None:
    request = the_request(
        parameters=[
            {"name": "a", "value": 1},
            {"name": "b", "direction": "Output"},
            {"name": "c", "direction": "Input&Output", "value": {"type": "literal", "value": "x"}},
        ]
    )

    assert request.given_inputs == {"a": 1, "c": LiteralInput(type="literal", value="x")}
    assert request.wanted_outputs == frozenset({"b", "c"})


@pytest.mark.parametrize("section", [{"inputs": {}}, {"outputs": []}, {"outputs": {}}])
def test_parameters_stand_alone(section: dict[str, Any]) -> None:
    fault = only_fault(parameters=[], **section)

    assert fault.path == "/parameters"


def test_parameters_stand_beside_what_is_null() -> None:
    assert the_request(parameters=[], inputs=None, outputs=None).parameters == []


def test_parameters_that_make_no_sense_are_named() -> None:
    faults = faults_of(
        parameters=[
            {"name": "a", "value": 1},
            {"name": "a", "value": 2},
            {"name": "b"},
            {"name": "c", "direction": "Output", "value": 1},
            {"name": "d", "direction": "Input&Output", "value": None},
        ]
    )

    assert [fault.path for fault in faults] == [
        "/parameters/1/name",
        "/parameters/2/value",
        "/parameters/3/value",
        "/parameters/4/value",
    ]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("inputs", {f"a{number}": 1 for number in range(201)}),
        ("outputs", [f"a{number}" for number in range(101)]),
        ("outputs", {f"a{number}": {} for number in range(101)}),
        ("parameters", [{"name": f"a{number}", "value": 1} for number in range(301)]),
    ],
)
def test_too_many_of_them_are_refused(field: str, value: object) -> None:
    assert only_fault(**{field: value}).path == f"/{field}"
