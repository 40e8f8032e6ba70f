"""What a message may override is named, each thing with the word that must be allowed."""

from typing import Any

import pytest

from shared.backends import ATTRIBUTES
from shared.messages import Request, overrides
from shared.messages.overrides import OF_ATTRIBUTES, OF_FIELDS
from tests.unit.messages.given import the_request

# These choose what runs and what is told. They change nothing of what the template defines.
HARMLESS = {"id", "job_type", "target", "template", "attributes", "context", "redrive_of"}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, {}),
        ({"target": "demo", "context": 1, "redriveOf": "order-6", "attributes": {}}, {}),
        ({"displayName": "x"}, {"/displayName": "names"}),
        ({"description": "x"}, {"/description": "names"}),
        ({"experimentName": "x"}, {"/experimentName": "names"}),
        ({"tags": {"a": "b"}}, {"/tags": "tags"}),
        ({"properties": {"a": "b"}}, {"/properties": "tags"}),
        ({"inputs": {"a": 1}}, {"/inputs": "inputs"}),
        ({"outputs": {"a": {}}}, {"/outputs": "outputs"}),
        ({"outputs": ["a"]}, {}),
        ({"parameters": [{"name": "a", "value": 1}]}, {"/parameters": "inputs"}),
        ({"parameters": [{"name": "a", "direction": "Output"}]}, {}),
        ({"deadlines": {"run": "PT1H"}}, {"/deadlines": "deadlines"}),
        ({"notBefore": "2030-01-31T12:00:00Z"}, {"/notBefore": "deadlines"}),
        ({"sweep": {}}, {"/sweep": "sweep"}),
        ({"attributes": {"objectiveMetric": "x"}}, {"/attributes/objectiveMetric": "sweep"}),
        ({"attributes": {"objectiveGoal": "x"}}, {"/attributes/objectiveGoal": "sweep"}),
        ({"attributes": {"command": "x"}}, {"/attributes/command": "command"}),
        ({"attributes": {"instanceType": "x"}}, {"/attributes/instanceType": "resources"}),
        (
            {"inputs": {"a": 1}, "attributes": {"timeout": "PT1H", "identity": {}}},
            {
                "/inputs": "inputs",
                "/attributes/timeout": "deadlines",
                "/attributes/identity": "identity",
            },
        ),
    ],
)
def test_what_a_request_overrides_is_named(fields: dict[str, Any], words: dict[str, str]) -> None:
    assert overrides(the_request(**fields)) == words


def test_who_may_bring_a_job_may_also_say_the_rest() -> None:
    fields = {"inputs": {"a": 1}, "attributes": {"identity": {}}, "sweep": {}, "displayName": "x"}

    assert overrides(the_request(template=None, job={}, **fields)) == {"/job": "job"}


def test_no_field_of_a_request_is_forgotten() -> None:
    assert Request.model_fields.keys() == OF_FIELDS.keys() | HARMLESS | {"job"}


def test_no_attribute_of_a_job_is_forgotten() -> None:
    attributes = {
        name
        for model in ATTRIBUTES.values()
        for name in model.model_json_schema(by_alias=True)["properties"]
    }

    assert attributes <= OF_ATTRIBUTES.keys()
