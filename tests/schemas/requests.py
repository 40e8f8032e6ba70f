"""The schema of a request."""

from typing import Any

from shared.backends import FAMILIES
from shared.backends.foundry.attributes import TrainingAttributes
from shared.backends.foundry.job import TrainingJob
from shared.backends.workspace.bodies import Family
from shared.backends.workspace.legacy.form import MODELS as OLDER_KINDS
from shared.messages import Request
from shared.messages.fields import Sent
from shared.ports import Json
from shared.runs import JobType
from tests.schemas.definitions import definitions, document

NAME = "request.schema.json"
OLDER = {
    "type": "object",
    "required": ["compute"],
    "description": "In the form of api-version 2021-03-01-preview, which is not described here.",
}
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


def request_schema() -> Json:
    """What a producer may send."""
    models = {model for family in FAMILIES.values() for model in _models(family)}
    models |= {TrainingAttributes, TrainingJob}
    parts = definitions([Request, *sorted(models, key=lambda model: model.__name__)], "validation")
    request = parts.pop("Request")
    parts["Parameter"] |= OUTPUTS_HAVE_NO_VALUE
    rules = {
        "not": {**LISTED, "anyOf": NOT_BESIDE_PARAMETERS},
        "allOf": [
            {
                "if": {"properties": {"jobType": {"const": job_type.value}}},
                "then": {"properties": fields},
            }
            for job_type, fields in _kinds().items()
        ],
        "oneOf": [_given("template"), _given("job")],
    }
    return document(NAME, "Jobrelay request", {**request, **rules}, parts)


def _models(family: Family[Any]) -> list[type[Sent]]:
    """What a family reads."""
    return [model for model in (family.attributes, family.job, family.sweep) if model]


def _kinds() -> dict[JobType, Json]:
    """The fields that each kind of job reads in its own way."""
    of_workspaces = {job_type: _of_kind(job_type, family) for job_type, family in FAMILIES.items()}
    return {**of_workspaces, JobType.TRAINING: _of_training()}


def _of_training() -> Json:
    """Those of a training job, which may come in the envelope of the service."""
    job = _ref(TrainingJob)
    envelope = {"type": "object", "required": ["properties"], "properties": {"properties": job}}
    nothing = {"type": "null"}
    return {
        "attributes": _ref(TrainingAttributes),
        "job": {"anyOf": [job, {**envelope, "additionalProperties": False}, nothing]},
        "sweep": nothing,
    }


def _of_kind(job_type: JobType, family: Family[Any]) -> Json:
    """Those of a job of a workspace."""
    nothing = {"type": "null"}
    older = [OLDER] if job_type.casefold() in OLDER_KINDS else []
    return {
        "attributes": _ref(family.attributes),
        "job": {"anyOf": [_ref(family.job), *older, nothing]},
        "sweep": {"anyOf": [_ref(family.sweep), nothing]} if family.sweep else nothing,
        **({} if family.takes_templates else {"template": nothing}),
    }


def _ref(model: type[Sent]) -> Json:
    return {"$ref": f"#/$defs/{model.__name__}"}


def _given(name: str) -> Json:
    return {"required": [name], "properties": {name: {"not": {"type": "null"}}}}
