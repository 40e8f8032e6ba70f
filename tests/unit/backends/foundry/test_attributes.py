"""What a request may override of a training job."""

from typing import Any

import pytest

from shared.backends.foundry.attributes import TrainingAttributes
from shared.errors import Fault
from tests.unit.backends.foundry.given import a_command, a_recipe, only_fault


@pytest.mark.parametrize(
    ("name", "value", "at", "found", "expected"),
    [
        ("environment", "", "", "a string", "at least 1 character"),
        ("instanceCount", 0, "", "a number", "greater than or equal to 1"),
        ("instanceType", "", "", "a string", "at least 1 character"),
        (
            "environmentVariables",
            {"a b": "c"},
            "/?",
            "a name",
            "a name without = and white space, at most 255 characters",
        ),
        ("environmentVariables", {"a": 1}, "/a", "a number", "a string"),
        ("timeout", "PT0S", "", "a string", "more than nothing and at most 365 days"),
        ("timeout", "PT0.5S", "", "a string", "whole seconds"),
        ("queueSettings", {"job_tier": "x"}, "/job_tier", "an unknown field", "no such field here"),
        ("queueSettings", {"jobTier": 1}, "/jobTier", "a number", "a string"),
        ("hyperparameters", [1], "", "a list", "an object"),
        ("instance_count", 1, "", "an unknown field", "no such field here"),
        ("identity", {}, "", "an unknown field", "no such field here"),
        ("objectiveMetric", "x", "", "an unknown field", "no such field here"),
    ],
)
def test_what_does_not_fit_is_named(
    name: str, value: Any, at: str, found: str, expected: str
) -> None:
    fault = only_fault(a_recipe(), attributes={name: value})

    assert fault == Fault(f"/attributes/{name}{at}", found, expected)


def test_a_command_that_does_not_fit_is_named() -> None:
    fault = only_fault(a_command(), attributes={"command": ""})

    assert fault == Fault("/attributes/command", "a string", "at least 1 character")


def test_every_attribute_is_described() -> None:
    schema = TrainingAttributes.model_json_schema()

    assert list(schema["properties"]) == [
        "compute",
        "environment",
        "command",
        "instanceCount",
        "instanceType",
        "environmentVariables",
        "timeout",
        "queueSettings",
        "hyperparameters",
    ]
    assert all(field.get("description") for field in schema["properties"].values())
