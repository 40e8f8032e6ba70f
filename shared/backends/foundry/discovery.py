"""The jobs of a project as templates that somebody may choose from."""

from collections.abc import Iterable, Iterator

from shared.backends.foundry import templates
from shared.backends.foundry.profiles import Profile
from shared.backends.reading import entries, mapping, text
from shared.messages.fields import RESERVED_TAG
from shared.ports import Json

OF_KIND = "command"


def cards(documents: Iterable[Json], profile: Profile) -> Iterator[Json]:
    """What each document says of a job, but for the runs that we made."""
    for document in documents:
        name, job = document.get("name"), mapping(document.get("properties"))
        if isinstance(name, str) and _is_choice(profile.read(job)):
            yield _card(name, templates.cleaned(job, name, profile))


def is_of_kind(job: Json) -> bool:
    """Is it a job that can be a template at all?"""
    return str(job.get("job_type")).casefold() == OF_KIND


def _is_choice(job: Json) -> bool:
    return RESERVED_TAG not in mapping(job.get("tags")) and is_of_kind(job)


def _card(name: str, job: Json) -> Json:
    """The job, with its inputs and outputs as a request would give them."""
    return {
        "name": name,
        "displayName": text(job.get("display_name")),
        "description": text(job.get("description")),
        "inputs": _plain(job, "inputs", "job_input_type"),
        "outputs": _plain(job, "outputs", "job_output_type"),
    }


def _plain(job: Json, section: str, kind: str) -> Json:
    return {
        name: {"type": value.get(kind), **{key: each for key, each in value.items() if key != kind}}
        for name, value in entries(job.get(section))
    }
