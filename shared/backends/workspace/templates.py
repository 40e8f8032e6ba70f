"""A job that has run as the template of others: what it says of any job, not of its own run."""

from collections.abc import Collection

from pydantic.alias_generators import to_camel

from shared.backends import labels
from shared.backends.sections import pruned
from shared.backends.workspace.inline import InlineJob
from shared.backends.workspace.values import SYSTEM_OUTPUT
from shared.ports import Json

SYSTEM_PLACE = "/ExperimentRun/dcid."
# The service shows every job in these two.
OF_SYSTEM = frozenset({"studio", "tracking"})
OF_ONE_RUN = frozenset({"endpoint", "status", "errorMessage"})


def cleaned(job: Json, name: str, model: type[InlineJob]) -> Json:
    """What the job of this name leaves to others: what could be sent, as far as it is its own."""
    fields = {to_camel(field) for field in model.model_fields}
    known = {key: value for key, value in job.items() if key in fields and value is not None}
    kept = {**pruned(known), **{key: known[key] for key in model.VERBATIM if key in known}}
    sections = {
        "inputs": _kept(job, "inputs"),
        "outputs": _kept_outputs(job, name),
        "tags": labels.kept(job.get("tags")),
        "properties": labels.kept(job.get("properties")),
        "services": _services(job.get("services")),
    }
    own = {key: value for key, value in sections.items() if value and key in fields}
    return {**_without(kept, {*sections, "isArchived"}), **own}


def _services(services: object) -> Json:
    """What the job offered by its author's wish, without where that was."""
    found = services if isinstance(services, dict) else {}
    return {
        name: _without(pruned(service), OF_ONE_RUN)
        for name, service in found.items()
        if isinstance(service, dict) and name.casefold() not in OF_SYSTEM
    }


def _without(section: Json, names: Collection[str]) -> Json:
    return {key: value for key, value in section.items() if key not in names}


def _kept(template: Json, section: str) -> dict[str, Json]:
    """The `inputs` or `outputs` of a job, without what the service added."""
    values = template.get(section)
    return {
        name: pruned(value)
        for name, value in (values if isinstance(values, dict) else {}).items()
        if isinstance(value, dict) and not (section == "outputs" and _is_of_system(name, value))
    }


def _kept_outputs(template: Json, job: str) -> dict[str, Json]:
    """The same of the outputs of the template `job`, without the places of its own results."""
    return {name: _unplaced(value, job) for name, value in _kept(template, "outputs").items()}


def _is_of_system(name: str, value: Json) -> bool:
    """Is it the output that the service gives every job? It has no type, or a place of its own."""
    return name == SYSTEM_OUTPUT and (
        not value.get("jobOutputType") or SYSTEM_PLACE in str(value.get("uri"))
    )


def _unplaced(output: Json, job: str) -> Json:
    """An output without its place, when the service chose that for this job of its own."""
    steps = str(output.get("uri")).split("/")
    if {job, f"dcid.{job}"}.isdisjoint(steps):
        return output
    return {key: value for key, value in output.items() if key != "uri"}
