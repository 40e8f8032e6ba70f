"""The bodies of Commands fit Microsoft's description of what can be sent.

It is Microsoft.MachineLearningServices.json, 2024-10-01, of Azure/azure-resource-manager-schemas on
GitHub, read from `../shared/specs` beside the checkout. Two relaxations make a REST body fit what
describes a template: the alternative that is a template expression is dropped, and so is
`additionalProperties: false`, under which no polymorphic type is ever valid there.
"""

import json
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # it comes without types
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from shared.errors import RejectedError
from shared.ports import Json
from tests.jobs import COMPLETED, a_request, a_template, body

FILE = "Microsoft.MachineLearningServices.2024-10-01.json"
PLACE = Path(__file__).parents[4] / "shared" / "specs" / FILE
EXPRESSION = "common/definitions.json#/definitions/expression"
TYPES = ["uri_file", "uri_folder", "mltable", "custom_model", "mlflow_model", "triton_model"]
GUID = "00000000-0000-0000-0000-00000000000a"


@pytest.fixture(scope="module")
def description() -> Json:
    if not PLACE.exists():
        pytest.skip(
            f"BODIES ARE NOT COMPARED WITH MICROSOFT'S SCHEMA: ../shared/specs has no {FILE}"
        )
    relaxed: Json = _relaxed(json.loads(PLACE.read_text()))
    return relaxed


def _relaxed(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_relaxed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {
        key: _relaxed(value)
        for key, value in schema.items()
        if not (key == "additionalProperties" and value is False)
    }
    if isinstance(kept.get("oneOf"), list):
        kept["oneOf"] = [
            each for each in kept["oneOf"] if not str(each.get("$ref")).endswith(EXPRESSION)
        ]
    return kept


def faults(description: Json, properties: Json) -> list[str]:
    """What is wrong with the properties of a Command, unknown names included."""
    root = {"$ref": "#/definitions/JobBaseProperties", "definitions": description["definitions"]}
    found = jsonschema.Draft4Validator(root).iter_errors(properties)
    base = description["definitions"]["JobBaseProperties"]["allOf"][0]["properties"]
    known = {*base, *description["definitions"]["CommandJob"]["properties"]}
    return [*(error.message for error in found), *sorted(properties.keys() - known)]


def test_the_relaxed_description_still_refuses(description: Json) -> None:
    literal = a_template(inputs={"x": {"value": 1, "type": "literal"}})
    limits = a_template(limits={"timeout": "PT1H"})
    unknown = a_template(status="Running")

    assert [len(faults(description, wrong)) for wrong in (literal, limits, unknown)] == [1, 1, 1]


def test_the_body_from_a_job_that_has_run_fits(description: Json) -> None:
    assert faults(description, body(a_request(), COMPLETED)) == []


def test_the_least_body_fits(description: Json) -> None:
    assert faults(description, body(a_request(), a_template())) == []


NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,8}", fullmatch=True)
WORDS = st.text(min_size=1, max_size=20)
URIS = st.sampled_from(
    ["azureml://datastores/b/paths/x", "azureml:iris:1", "https://x.net/y", "abfss://c@a.net/z"]
)
MODES = st.sampled_from(
    ["ReadOnlyMount", "ReadWriteMount", "Download", "Direct", "EvalMount", "EvalDownload"]
)
PLAIN = st.one_of(st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False))
INPUTS = st.one_of(
    PLAIN,
    WORDS,
    st.fixed_dictionaries({"type": st.just("literal"), "value": PLAIN | WORDS}),
    st.fixed_dictionaries({"type": st.sampled_from(TYPES), "uri": URIS}, optional={"mode": MODES}),
)
OUTPUTS = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(TYPES),
        "uri": st.just("azureml://datastores/b/paths/x"),
        "mode": st.sampled_from(["ReadWriteMount", "Upload", "Direct"]),
    },
)
ATTRIBUTES = st.fixed_dictionaries(
    {},
    optional={
        "compute": st.sampled_from(["cpu-cluster", "azureml:cpu"]),
        "environment": st.sampled_from(["sklearn:1", "AzureML-sklearn-1.5"]),
        "command": st.sampled_from(["python x.py", "a"]),
        "instanceCount": st.integers(1, 100),
        "instanceType": st.just("Standard_DS3_v2"),
        "environmentVariables": st.dictionaries(NAMES, WORDS, max_size=3),
        "timeout": st.sampled_from(["PT30M", "P1DT2H", "PT90S"]),
        "identity": st.sampled_from(
            [{"type": "AMLToken"}, {"type": "UserIdentity"}, {"type": "Managed", "objectId": GUID}]
        ),
        "queueSettings": st.sampled_from([{"jobTier": "Null"}, {"jobTier": "Premium"}]),
    },
)
REQUESTS = st.fixed_dictionaries(
    {},
    optional={
        "displayName": WORDS,
        "description": WORDS,
        "experimentName": WORDS,
        "tags": st.dictionaries(NAMES, WORDS, max_size=3),
        "properties": st.dictionaries(NAMES, WORDS, max_size=3),
        "inputs": st.dictionaries(NAMES, INPUTS, max_size=4),
        "outputs": st.dictionaries(NAMES, OUTPUTS, max_size=4),
        "attributes": ATTRIBUTES,
    },
)


@settings(deadline=None)
@given(fields=REQUESTS, template=st.sampled_from([COMPLETED, a_template()]))
def test_whatever_is_not_rejected_makes_a_body_that_fits(
    description: Json, fields: Json, template: Json
) -> None:
    try:
        made = body(a_request(**fields), template)
    except RejectedError:
        event("rejected")
        return

    assert faults(description, made) == []
