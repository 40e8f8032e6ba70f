"""An inline job: the definition that a request brings itself, in today's form or the older one."""

from typing import ClassVar

from pydantic import Field

from shared.backends.fields import Description, Text
from shared.backends.workspace import legacy
from shared.backends.workspace.parts import Identity, JobService, NotificationSetting
from shared.backends.workspace.wire import ComponentId, ComputeId, Scope
from shared.errors import Fault
from shared.messages import Request, invalid, read
from shared.messages.fields import DisplayName, Properties, Sent, Tags
from shared.messages.inputs import DataInput
from shared.ports import Json

AT = "/job"
# What a resource has beside its properties.
AROUND = {"apiVersion", "id", "location", "name", "properties", "systemData", "type"}


class InlineJob(Sent):
    """What every inline job may say. Its kind is that of the request."""

    VERBATIM: ClassVar[frozenset[str]] = frozenset()

    job_type: str | None = Field(None, description="The kind of job, as in the request.")
    display_name: DisplayName | None = Field(None, description="The job's name for people.")
    description: Description | None = Field(None, description="What it does.")
    experiment_name: DisplayName | None = Field(None, description="What it belongs to.")
    compute_id: ComputeId | None = Field(None, description="Name or id of a compute.")
    component_id: ComponentId | None = Field(None, description="Name and version, or id.")
    identity: Identity | None = Field(None, description="As whom it runs.")
    is_archived: bool | None = Field(None, description="Whether lists leave it out.")
    tags: Tags | None = Field(None, description="Tags; `jobrelay` is ours.")
    properties: Properties | None = Field(None, description="Properties; `jobrelay.*` are ours.")
    services: dict[Text, JobService] | None = Field(None, description="What it offers.")
    notification_setting: NotificationSetting | None = Field(
        None, description="Whom the service tells."
    )


def definition(
    job: Json, request: Request, model: type[InlineJob], scope: Scope
) -> tuple[Json, tuple[Fault, ...]]:
    """The definition in the service's words, and what is odd about it.

    RejectedError (`invalid`) with all that is wrong with it.
    """
    if _is_wrapped(job):
        raise invalid(Fault(f"{AT}/properties", "a whole body", "what is in it, one level up"))
    job = job if job.get("jobType") is not None else {**job, "jobType": request.job_type.value}
    if not _is_of_kind(job, request):  # what else is wrong depends on the kind
        expected = f"{request.job_type}, as in /jobType"
        raise invalid(Fault(f"{AT}/jobType", "another kind of job", expected))
    job, warnings = _upgraded(job, request)
    read_job = read(model, job, at=AT, context=scope)
    said = read_job.model_dump(mode="json", by_alias=True, exclude_none=True)
    return {**said, "jobType": request.job_type.value}, warnings


def _upgraded(job: Json, request: Request) -> tuple[Json, tuple[Fault, ...]]:
    """The job in today's form, and what was lost on the way there."""
    if not legacy.is_legacy(job):
        return job, ()
    given = request.given_inputs.items()
    typed = {name: value.type for name, value in given if isinstance(value, DataInput)}
    upgraded, faults, warnings = legacy.upgraded(job, typed=typed)
    if faults:
        raise invalid(*faults)
    return upgraded, tuple(warnings)


def _is_wrapped(job: Json) -> bool:
    """Is it the body of a PUT, or a resource, instead of the properties in it?"""
    inside = job.get("properties")
    return isinstance(inside, dict) and "jobType" in inside and job.keys() <= AROUND


def _is_of_kind(job: Json, request: Request) -> bool:
    """Is it of the kind that is asked for? What is no word at all is told of elsewhere."""
    said = job["jobType"]
    return not isinstance(said, str) or said.casefold() == request.job_type.casefold()
