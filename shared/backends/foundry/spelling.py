"""A job in the names and words of `jobs`, and back.

Only what is known to belong to the contract is spelt anew. The names that users choose, and
whatever is free in form, stay as they are.
"""

from collections.abc import Callable, Mapping

from pydantic.alias_generators import to_camel, to_snake

from shared.backends.foundry.words import (
    DISTRIBUTIONS,
    JOBS,
    LIMITS,
    MODES,
    NODES,
    SERVICES,
    Words,
)
from shared.ports import Json

OBJECTS = frozenset({"distribution", "limits", "nodes", "queue_settings", "resources"})
MAPS = frozenset({"inputs", "outputs", "services"})  # of objects, by names that users choose
WORDS: Mapping[str, Words] = {
    "distribution_type": DISTRIBUTIONS,
    "job_limits_type": LIMITS,
    "job_service_type": SERVICES,
    "job_type": JOBS,
    "mode": MODES,
    "nodes_value_type": NODES,
}
# What MPI counts has another name on the other side.
OF_MPI, ON_THE_WIRE = "process_count_per_node", "process_count_per_instance"
OLD, NEW = "environment_id", "environment_image_reference"  # of a job made before the new name

Respelt = Callable[[Json], Json]


def camel(job: Json) -> Json:
    """Our job as `jobs` takes it."""
    distribution = job.get("distribution")
    if isinstance(distribution, dict) and OF_MPI in distribution:
        job = {**job, "distribution": _renamed(distribution, OF_MPI, ON_THE_WIRE)}
    return _camel(job)


def snake(properties: Json) -> Json:
    """A job of `jobs` in our form."""
    job = _snake(properties)
    distribution = job.get("distribution")
    if isinstance(distribution, dict) and distribution.get("distribution_type") == "mpi":
        job["distribution"] = _renamed(distribution, ON_THE_WIRE, OF_MPI)
    if job.get(NEW) is None and OLD in job:
        job[NEW] = job.pop(OLD)
    return job


def _camel(part: Json) -> Json:
    return {
        to_camel(name): _spelt(name, value, _camel, Words.camel) for name, value in part.items()
    }


def _snake(part: Json) -> Json:
    return {
        to_snake(name): _spelt(to_snake(name), value, _snake, Words.read)
        for name, value in part.items()
    }


def _spelt(name: str, value: object, part: Respelt, word: Callable[[Words, str], str]) -> object:
    """A value, spelt as its name asks."""
    if isinstance(value, str):
        return word(WORDS[name], value) if name in WORDS else value
    if isinstance(value, dict) and name in OBJECTS:
        return part(value)
    if isinstance(value, dict) and name in MAPS:
        return {key: part(each) if isinstance(each, dict) else each for key, each in value.items()}
    return value


def _renamed(part: Json, old: str, new: str) -> Json:
    return {new if name == old else name: value for name, value in part.items()}
