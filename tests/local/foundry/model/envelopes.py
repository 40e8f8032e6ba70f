"""The objects around the properties of a job: what is sent to create one, on either contract."""

from typing import Any

from pydantic import Field

from tests.local.foundry.model.command_job import CommandJob
from tests.local.foundry.model.schema import Body, Json, Name, Surface, read

READ_ONLY = frozenset({"status", "createdDateTime"})


class JobCreate(Body):
    """The body that creates a training job."""

    name: str
    properties: dict[str, Any]


class JobPut(Body):
    """The body of a PUT on `jobs`; what a client has read of an envelope may come back."""

    properties: dict[str, Any]
    tags: dict[str, str] = Field(default_factory=dict)
    id: str | None = None
    name: Name | None = None
    type: str | None = None
    system_data: dict[str, Any] | None = None


def created(body: Json) -> tuple[str, CommandJob]:
    """Read the body that creates a training job: its name and its properties."""
    surface = Surface.TRAINING_JOBS
    sent = read(JobCreate, body, surface)
    return sent.name, read(CommandJob, sent.properties, surface, at="properties")


def put(body: Json) -> CommandJob:
    """Read the body of a PUT; azd's extension for training sends tags beside the properties.

    What the service itself adds is passed over, since clients send back what they have read.
    """
    sent = read(JobPut, body, Surface.JOBS)
    properties = {key: value for key, value in sent.properties.items() if key not in READ_ONLY}
    job = read(CommandJob, properties, Surface.JOBS, at="properties")
    return job.model_copy(update={"tags": {**job.tags, **sent.tags}})
