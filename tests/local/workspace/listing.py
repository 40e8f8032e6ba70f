"""Lists of jobs: which ones, and in which pages.

The parameters are those of https://learn.microsoft.com/rest/api/azureml/jobs/list; how long a page
is, the contract does not say.
"""

import base64
import binascii
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from tests.local.workspace.refusals import bad_request
from tests.local.workspace.state import Job

VIEWS = {"activeonly": {False}, "archivedonly": {True}, "all": {False, True}}


@dataclass(frozen=True)
class Wanted:
    """What a list is asked for."""

    job_type: str | None
    tag: str | None
    properties: tuple[str, ...]
    archived: frozenset[bool]
    older_than: float

    def fits(self, job: Job) -> bool:
        """Tell whether a job belongs into the list."""
        definition = job.definition
        return (
            job.number < self.older_than
            and self.job_type in {None, definition["jobType"].lower()}
            and (self.tag is None or self.tag in definition["tags"])
            and definition["isArchived"] in self.archived
            and all(_has(definition["properties"], wanted) for wanted in self.properties)
        )


def wanted(query: Mapping[str, str]) -> Wanted:
    """Read the parameters of a list; refuse what they cannot be."""
    view = query.get("listViewType", "ActiveOnly")
    if view.lower() not in VIEWS:
        raise bad_request(
            f"listViewType is ActiveOnly, ArchivedOnly or All, not {view!r}", "ArgumentInvalid"
        )
    job_type = query.get("jobType")
    return Wanted(
        job_type=job_type.lower() if job_type else None,
        tag=query.get("tag") or None,
        properties=tuple(
            part.strip() for part in query.get("properties", "").split(",") if part.strip()
        ),
        archived=frozenset(VIEWS[view.lower()]),
        older_than=older_than(query.get("$skip")),
    )


def page(jobs: Iterator[Job], *, size: int) -> tuple[list[Job], str | None]:
    """Take one page, and the token that leads to the next when there is more."""
    found = list(islice(jobs, size + 1))
    return found[:size], _token(found[size - 1]) if len(found) > size else None


def _token(last: Job) -> str:
    return base64.urlsafe_b64encode(f"older than {last.number}".encode()).decode()


def older_than(token: str | None) -> float:
    """Read the token of a page: the number of a job, below which the page begins."""
    if not token:
        return math.inf
    try:
        return int(base64.urlsafe_b64decode(token).decode().removeprefix("older than "))
    except (binascii.Error, ValueError) as exc:
        raise bad_request(
            f"{token!r} is no continuation token of this list", "ArgumentInvalid"
        ) from exc


def _has(properties: Mapping[str, str], wanted_property: str) -> bool:
    name, equals, value = wanted_property.partition("=")
    return name in properties and (not equals or properties[name] == value)
