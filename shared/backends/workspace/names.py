"""The names of a job: its definition's, under the request's."""

from shared.messages import Request
from shared.ports import Json


def names(definition: Json, request: Request) -> Json:
    """The display name, description and experiment."""
    given = {
        "displayName": request.display_name,
        "description": request.description,
        "experimentName": request.experiment_name,
    }
    values = {key: definition.get(key) if value is None else value for key, value in given.items()}
    return {key: value for key, value in values.items() if isinstance(value, str)}
