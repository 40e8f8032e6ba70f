"""The two contracts by which a project runs training jobs, each a row of one table.

`training_jobs` is the proposal in github.com/Azure/azure-rest-api-specs (specification/ai-foundry/
data-plane/Foundry); `jobs` is what github.com/Azure/azure-dev calls
(cli/azd/extensions/azure.ai.training). Our own form of a job is that of `training_jobs`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from shared.backends import reading
from shared.backends.foundry import spelling
from shared.ports import Json

FEATURES = "Foundry-Features"
PAGE = "100"  # the most that `training_jobs` gives at once


class Paging(StrEnum):
    """How a list goes on.

    AFTER: the query `after` with `last_id` of a page that says `has_more`; LINK: by `nextLink`.
    """

    AFTER = "after"
    LINK = "nextLink"


@dataclass(frozen=True)
class Creation:
    """How a job is made: which request, beside its body."""

    method: str
    path: str
    headers: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Profile:
    """One contract.

    `collection`: where its jobs are; `feature`: the preview that it must be asked for by name;
    `listed`: what a page calls its jobs; `lacks`: the fields of a job that only others have;
    `idempotency`: the header that makes a repeated creation the same one.
    """

    name: str
    collection: str
    api_version: str
    feature: str | None = None
    is_named_in_body: bool
    idempotency: str | None = None
    cancel_suffix: str
    paging: Paging
    listed: str
    is_camel: bool
    lacks: frozenset[str]

    @property
    def headers(self) -> dict[str, str]:
        """The headers of every request."""
        return {} if self.feature is None else {FEATURES: self.feature}

    def job(self, name: str) -> str:
        """The path of a job."""
        return f"{self.collection}/{name}"

    def cancel(self, name: str) -> str:
        """The path that a POST cancels a job by."""
        return f"{self.job(name)}{self.cancel_suffix}"

    def creation(self, name: str) -> Creation:
        """The request that makes a job of this name."""
        again = {} if self.idempotency is None else {self.idempotency: name}
        if self.is_named_in_body:
            return Creation("POST", self.collection, {**self.headers, **again})
        return Creation("PUT", self.job(name), {**self.headers, **again})

    def body(self, name: str, job: Json) -> Json:
        """The body that makes a job of this name."""
        named = {"name": name} if self.is_named_in_body else {}
        return {**named, "properties": self.rendered(job)}

    def query(self) -> dict[str, str]:
        """What asks for a list of the jobs that are in use."""
        if self.is_camel:
            return {"listViewType": "ActiveOnly"}
        return {"job_type": "command", "list_view_type": "active_only", "limit": PAGE}

    def rendered(self, job: Json) -> Json:
        """A job of ours on the wire."""
        return spelling.camel(job) if self.is_camel else job

    def read(self, properties: Json) -> Json:
        """What the wire says of a job, in our form; what is unknown stays as it is."""
        return spelling.snake(properties) if self.is_camel else properties


TRAINING_JOBS = Profile(
    name="training_jobs",
    collection="training_jobs",
    api_version="v1",
    # By the pattern of the project's other previews; its own value is not published.
    feature="TrainingJobs=V1Preview",
    is_named_in_body=True,
    idempotency="Operation-Id",
    cancel_suffix=":cancel",
    paging=Paging.AFTER,
    listed="data",
    is_camel=False,
    lacks=frozenset({"experiment_name", "is_archived", "services"}),
)
JOBS = Profile(
    name="jobs",
    collection="jobs",
    api_version="2026-01-15-preview",
    is_named_in_body=False,
    cancel_suffix="/cancel",
    paging=Paging.LINK,
    listed="value",
    is_camel=True,
    lacks=frozenset({"training"}),
)
PROFILES: Mapping[str, Profile] = {profile.name: profile for profile in (TRAINING_JOBS, JOBS)}


def time(value: object) -> datetime | None:
    """A time as either contract says it, in seconds since 1970 or as text; None if it is none."""
    if not isinstance(value, int | float):
        return reading.time(value)
    try:
        return reading.time(datetime.fromtimestamp(value, UTC).isoformat())
    except (ValueError, OverflowError, OSError):  # beyond what the system can tell
        return None
