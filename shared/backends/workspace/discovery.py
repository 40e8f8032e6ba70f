"""The jobs of a workspace as templates that somebody may choose from."""

from collections.abc import Iterator

from shared.backends.workspace import values
from shared.messages.fields import RESERVED_TAG
from shared.ports import Json
from shared.runs import JobType


def cards(page: Json, job_type: JobType) -> Iterator[Json]:
    """What a page of a list says of each job of this kind, but for the runs that we made."""
    listed = page.get("value")
    for document in listed if isinstance(listed, list) else ():
        properties = document.get("properties") if isinstance(document, dict) else None
        if isinstance(properties, dict) and _is_choice(properties, job_type):
            yield _card(str(document.get("name")), values.pruned(properties))


def _is_choice(properties: Json, job_type: JobType) -> bool:
    tags = properties.get("tags")
    ours = isinstance(tags, dict) and RESERVED_TAG in tags
    return not ours and str(properties.get("jobType")).casefold() == job_type.casefold()


def _card(name: str, properties: Json) -> Json:
    """The job, with its inputs and outputs as a request would give them."""
    inputs, outputs = values.kept(properties, "inputs"), values.kept_outputs(properties, name)
    return {
        "name": name,
        "displayName": properties.get("displayName"),
        "description": properties.get("description"),
        "inputs": {key: _plain(value, "jobInputType") for key, value in inputs.items()},
        "outputs": {key: _plain(value, "jobOutputType") for key, value in outputs.items()},
    }


def _plain(value: Json, kind: str) -> Json:
    return {"type": value.get(kind), **{key: each for key, each in value.items() if key != kind}}
