"""The schema of a request."""

from shared.backends import ATTRIBUTES
from shared.messages import Request
from shared.ports import Json
from tests.schemas.definitions import definitions, document

NAME = "request.schema.json"
LISTED = {"required": ["parameters"], "properties": {"parameters": {"type": "array"}}}
# What is said of several fields together.
NOT_BESIDE_PARAMETERS = [
    {"required": ["inputs"], "properties": {"inputs": {"type": "object"}}},
    {"required": ["outputs"], "properties": {"outputs": {"type": ["array", "object"]}}},
]
OUTPUTS_HAVE_NO_VALUE = {
    "if": {"required": ["direction"], "properties": {"direction": {"const": "Output"}}},
    "then": {"properties": {"value": {"type": "null"}}},
    "else": {"required": ["value"], "properties": {"value": {"not": {"type": "null"}}}},
}
# One of the two, in either spelling.
IDENTITY_TYPE = ("type", "identityType")


def request_schema() -> Json:
    """What a producer may send."""
    parts = definitions([Request, *ATTRIBUTES.values()], "validation")
    request = parts.pop("Request")
    parts["Parameter"] |= OUTPUTS_HAVE_NO_VALUE
    _spelt_in_two_ways(parts["Identity"])
    rules = {
        "not": {**LISTED, "anyOf": NOT_BESIDE_PARAMETERS},
        "allOf": [
            {
                "if": {"properties": {"jobType": {"const": job_type.value}}},
                "then": {"properties": {"attributes": {"$ref": f"#/$defs/{model.__name__}"}}},
            }
            for job_type, model in ATTRIBUTES.items()
        ],
    }
    return document(NAME, "Jobrelay request", {**request, **rules}, parts)


def _spelt_in_two_ways(identity: Json) -> None:
    first, second = IDENTITY_TYPE
    identity["properties"][second] = identity["properties"][first]
    identity["oneOf"] = [{"required": [name]} for name in IDENTITY_TYPE]
    del identity["required"]
