"""The jobs of a workspace as templates that somebody may choose from."""

from collections.abc import Iterator

from shared.backends.reading import mapping, text
from shared.backends.workspace import templates
from shared.backends.workspace.inline import InlineJob
from shared.messages.fields import RESERVED_TAG
from shared.ports import Json
from shared.runs import JobType


def cards(page: Json, job_type: JobType, model: type[InlineJob]) -> Iterator[Json]:
    """What a page of a list says of each job of this kind, but for the runs that we made."""
    listed = page.get("value")
    for document in listed if isinstance(listed, list) else ():
        job = mapping(document)
        name, properties = job.get("name"), mapping(job.get("properties"))
        if isinstance(name, str) and _is_choice(properties, job_type):
            yield _card(name, properties, model)


def _is_choice(properties: Json, job_type: JobType) -> bool:
    ours = RESERVED_TAG in mapping(properties.get("tags"))
    return not ours and str(properties.get("jobType")).casefold() == job_type.casefold()


def _card(name: str, job: Json, model: type[InlineJob]) -> Json:
    """The job, with its inputs, outputs and search space as a request would give them."""
    kept = templates.cleaned(job, name, model)
    inputs, outputs = kept.get("inputs", {}), kept.get("outputs", {})
    card = {
        "name": name,
        "displayName": text(kept.get("displayName")),
        "description": text(kept.get("description")),
        "inputs": {key: _plain(value, "jobInputType") for key, value in inputs.items()},
        "outputs": {key: _plain(value, "jobOutputType") for key, value in outputs.items()},
    }
    space = mapping(kept.get("searchSpace"))
    return {**card, "searchSpace": space} if space else card


def _plain(value: Json, kind: str) -> Json:
    return {"type": value.get(kind), **{key: each for key, each in value.items() if key != kind}}
