"""What HTTP tells of a job beside how far it is."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from pydantic import Field

from shared.messages.data import ErrorData, MachinesData, OutputData, Told, WarningData
from shared.runs import Section

Json = dict[str, Any]


class AttemptData(Told):
    """One try of the service at a job."""

    id: str | None = Field(description="Its id.")
    status: str | None = Field(None, description="How far it is, in the service's own word.")
    status_reason: str | None = Field(None, description="Why, if that is said.")
    is_latest: bool | None = Field(None, description="Whether it is the one that counts.")
    started_at: datetime | None = Field(None, description="When it began.")
    ended_at: datetime | None = Field(None, description="When it ended.")
    compute_seconds: float | None = Field(None, description="How long machines worked on it.")
    compute: MachinesData | None = Field(None, description="What it ran on.")
    error: ErrorData | None = Field(None, description="Why it failed.")
    warnings: list[WarningData] | None = Field(None, description="What the service warned of.")


class PointData(Told):
    """A value of a metric."""

    name: str = Field(description="Name of the metric.")
    step: int | None = Field(None, description="The step that it belongs to.")
    at: datetime | None = Field(None, description="When it was logged.")
    value: Any = Field(None, description="The value; an object when it is no plain one.")


class ArtifactData(Told):
    """A file that a job left behind."""

    path: str = Field(description="Its path among the artifacts.")
    type: str | None = Field(None, description="`file` or `directory`.")
    size: int | None = Field(None, description="Its bytes.")
    created_at: datetime | None = Field(None, description="When it was made.")
    updated_at: datetime | None = Field(None, description="When it was changed last.")


class ServiceData(Told):
    """Something that can be reached while a job runs, or that shows it."""

    name: str = Field(description="Its name.")
    type: str | None = Field(None, description="Its kind.")
    status: str | None = Field(None, description="How it is.")
    port: int | None = Field(None, description="Its port.")
    endpoint: str | None = Field(None, description="Its address.")
    error: str | None = Field(None, description="What is wrong with it.")


class ChildData(Told):
    """A job that another started: a step of a pipeline, a trial of a sweep."""

    name: str = Field(description="Its name.")
    display_name: str | None = Field(None, description="Its name for people.")
    status: str | None = Field(None, description="How far it is, in the service's own word.")
    started_at: datetime | None = Field(None, description="When it began to run.")
    ended_at: datetime | None = Field(None, description="When it ended.")


class NamedOutputData(OutputData):
    """An output with its name."""

    name: str = Field(description="Its name.")
    value: str | None = Field(None, description="Of a literal: its value.")


ITEMS: Mapping[Section, type[Told]] = {
    Section.ATTEMPTS: AttemptData,
    Section.METRICS: PointData,
    Section.ARTIFACTS: ArtifactData,
    Section.SERVICES: ServiceData,
    Section.CHILDREN: ChildData,
    Section.OUTPUTS: NamedOutputData,
}


class SectionView(Told):
    """A part of what the service tells of a job, as it is now."""

    run_id: str = Field(description="Id of the run, and name of its job.")
    section: Section = Field(description="Which part it is.")
    items: list[dict[str, Any]] = Field(description="Each thing that is told.")
    truncated: bool = Field(description="Whether there are more than are told.")


def section_view(run_id: str, section: Section, items: Iterable[Json], *, truncated: bool) -> Json:
    """A section as it is told."""
    model = ITEMS[section]
    told = [model.model_validate(item).model_dump(mode="json") for item in items]
    view = SectionView(run_id=run_id, section=section, items=told, truncated=truncated)
    return view.model_dump(mode="json")
