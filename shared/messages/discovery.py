"""What HTTP tells of the jobs that could be templates."""

from collections.abc import Iterable
from typing import Any

from pydantic import Field

from shared.messages.data import Told, absent
from shared.runs import JobType

Json = dict[str, Any]


class TemplateData(Told):
    """A job that could be a template."""

    name: str = Field(description="What a request names in `template`.")
    job_type: JobType = Field(description="The kind of job.")
    display_name: str | None = Field(None, description="Its name for people.")
    description: str | None = Field(None, description="What it does.")
    inputs: dict[str, dict[str, Any]] = Field(description="Its inputs, as a request gives them.")
    outputs: dict[str, dict[str, Any]] = Field(description="Its outputs, as a request sets them.")
    search_space: dict[str, Any] | None = Field(
        None, description="What a sweep tries.", exclude_if=absent
    )


class TemplatesData(Told):
    """The jobs of a target that could be templates."""

    target: str = Field(description="Alias of the target.")
    jobs: list[TemplateData] = Field(description="The newest of each kind first.")
    truncated: bool = Field(description="Whether there are more than are told.")


def templates(target: str, jobs: Iterable[Json], *, truncated: bool) -> Json:
    """The jobs as they are told."""
    told = [TemplateData.model_validate(job) for job in jobs]
    return TemplatesData(target=target, jobs=told, truncated=truncated).model_dump(mode="json")
