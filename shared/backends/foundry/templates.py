"""A training job that has run as the template of others: what it says of any, not of itself."""

from collections.abc import Collection

from shared.backends import labels
from shared.backends.foundry.data import RESERVED
from shared.backends.foundry.job import TrainingJob
from shared.backends.foundry.profiles import Profile
from shared.backends.foundry.recipes import OtherRecipe
from shared.backends.foundry.words import SERVICES
from shared.backends.sections import filled, section
from shared.ports import Json

OF_ONE_JOB = frozenset({"is_archived", "status"})
OF_ONE_RECIPE = frozenset({"framework_version", "resolved_framework"})
OF_ONE_OUTPUT = frozenset({"asset_version"})  # the next one is a version of its own
OF_ONE_ENDPOINT = frozenset({"endpoint", "error_message", "status"})
FREE = frozenset(
    {"configuration", "environment_variables", "hyperparameters", "input_mapping", "properties"}
)


def cleaned(properties: Json, name: str, profile: Profile) -> Json:
    """What the job of this name leaves to others, of what the wire says of it."""
    fields = TrainingJob.model_fields.keys() - OF_ONE_JOB - profile.lacks
    job = _only(fields, _pruned(profile.read(properties)))
    own = {
        "training": _recipe(section(job, "training")),
        "outputs": _outputs(section(job, "outputs"), name),
        "services": _endpoints(section(job, "services")),
        "tags": labels.kept(job.get("tags")),
        "properties": labels.kept(job.get("properties")),
    }
    return filled({**_uncompiled(job), **own})


def _uncompiled(job: Json) -> Json:
    """The job without the command that the service made of its recipe."""
    return _without(job, {"command"} if job.get("training") else ())


def _recipe(recipe: Json) -> Json:
    return _only(OtherRecipe.model_fields.keys() - OF_ONE_RECIPE, recipe)


def _outputs(outputs: Json, job: str) -> Json:
    """The outputs, but that of the service, without the places that it chose for this job."""
    return {
        name: _without(value, OF_ONE_OUTPUT | ({"uri"} if _is_of(job, value) else set()))
        for name, value in outputs.items()
        if isinstance(value, dict) and name.casefold() != RESERVED
    }


def _is_of(job: str, output: Json) -> bool:
    """Is the output's place one for this job alone?"""
    return not {job, f"dcid.{job}"}.isdisjoint(str(output.get("uri")).split("/"))


def _endpoints(services: Json) -> Json:
    """What the job offered by its author's wish, without where that was."""
    return {
        name: _without(service, OF_ONE_ENDPOINT)
        for name, service in services.items()
        if isinstance(service, dict) and name.casefold() not in SERVICES.known
    }


def _only(names: Collection[str], part: Json) -> Json:
    return {key: value for key, value in part.items() if key in names}


def _without(part: Json, names: Collection[str]) -> Json:
    return {key: value for key, value in part.items() if key not in names}


def _pruned(part: Json) -> Json:
    """A part without what is not set, for which services write `null`."""
    return {
        name: _pruned(value) if isinstance(value, dict) and name not in FREE else value
        for name, value in part.items()
        if value is not None
    }
