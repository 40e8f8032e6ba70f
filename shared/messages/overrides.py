"""What a message may override, in the words of a target's `allow`."""

from enum import StrEnum

from pydantic.alias_generators import to_camel

from shared.messages.request import Request


class Override(StrEnum):
    """A word of `allow`."""

    INPUTS = "inputs"
    OUTPUTS = "outputs"
    NAMES = "names"
    TAGS = "tags"
    COMPUTE = "compute"
    ENVIRONMENT = "environment"
    DEADLINES = "deadlines"
    SWEEP = "sweep"
    RESOURCES = "resources"
    COMMAND = "command"
    JOB = "job"
    IDENTITY = "identity"
    ENVIRONMENT_VARIABLES = "environmentVariables"


OF_FIELDS = {
    "inputs": Override.INPUTS,
    "outputs": Override.OUTPUTS,
    "parameters": Override.INPUTS,
    "display_name": Override.NAMES,
    "description": Override.NAMES,
    "experiment_name": Override.NAMES,
    "tags": Override.TAGS,
    "properties": Override.TAGS,
    "sweep": Override.SWEEP,
    "deadlines": Override.DEADLINES,
    "not_before": Override.DEADLINES,
}
OF_ATTRIBUTES = {
    "compute": Override.COMPUTE,
    "environment": Override.ENVIRONMENT,
    "command": Override.COMMAND,
    "hyperparameters": Override.INPUTS,
    "objectiveMetric": Override.SWEEP,
    "objectiveGoal": Override.SWEEP,
    "instanceCount": Override.RESOURCES,
    "instanceType": Override.RESOURCES,
    "queueSettings": Override.RESOURCES,
    "environmentVariables": Override.ENVIRONMENT_VARIABLES,
    "timeout": Override.DEADLINES,
    "identity": Override.IDENTITY,
}


def overrides(request: Request) -> dict[str, Override]:
    """What a request brings or overrides: path to the word that must be allowed.

    Who may bring a whole job may also say the rest.
    """
    if request.job is not None:
        return {"/job": Override.JOB}
    given = request.model_fields_set - _asking(request)
    fields = {f"/{to_camel(name)}": OF_FIELDS[name] for name in sorted(given & OF_FIELDS.keys())}
    attributes = {
        f"/attributes/{name}": OF_ATTRIBUTES[name]
        for name in request.attributes
        if name in OF_ATTRIBUTES
    }
    return {**fields, **attributes}


def _asking(request: Request) -> set[str]:
    """The fields that set nothing: they only name outputs to be told of."""
    names = set()
    if not request.given_outputs:
        names.add("outputs")
    if not request.given_inputs:
        names.add("parameters")
    return names
