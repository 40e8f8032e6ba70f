"""What was answered with 202: cancels and deletes that take a while, and how they go.

A job that is not over is not deleted: the operation fails, as azd's extension for training
(`pkg/client/jobs.go`) expects of it.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tests.local.foundry.attempts import Failure
from tests.local.foundry.refusals import not_found
from tests.local.foundry.state import Job

NOT_OVER = "only a job that is over can be deleted."
ENDED = frozenset({"succeeded", "failed"})


@dataclass
class Operation:
    """A cancel or a delete."""

    id: str
    verb: str
    job: Job
    progress: Callable[[], str]
    failure: Failure | None = None
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    ended: datetime | None = None

    @property
    def status(self) -> str:
        """How it goes at this moment; once it has ended it stays as it is."""
        status = "failed" if self.failure else self.progress()
        if status in ENDED:
            self.ended = self.ended or datetime.now(UTC)
        return "succeeded" if self.ended and not self.failure else status


class Operations:
    """All operations by id."""

    def __init__(self) -> None:
        self._operations: dict[str, Operation] = {}

    def cancel(self, job: Job) -> Operation:
        """Follow a cancel: it has succeeded once the job is over, however it ended."""
        return self._add("cancel", job, lambda: "succeeded" if job.is_over else "in_progress")

    def delete(self, job: Job, is_deleted: Callable[[], bool]) -> Operation:
        """Follow a delete of a job that is over."""
        return self._add("delete", job, lambda: "succeeded" if is_deleted() else "deleting")

    def refused_delete(self, job: Job) -> Operation:
        """Keep a delete that has failed, because the job is not over."""
        text = f"The job {job.name!r} is {job.status}: {NOT_OVER}"
        return self._add("delete", job, lambda: "failed", Failure("conflict", text))

    def get(self, operation_id: str) -> Operation:
        """Give an operation; refuse when there is none."""
        operation = self._operations.get(operation_id)
        if operation is None:
            raise not_found(f"There is no operation {operation_id!r}.")
        return operation

    def _add(
        self, verb: str, job: Job, progress: Callable[[], str], failure: Failure | None = None
    ) -> Operation:
        operation = Operation(secrets.token_hex(16), verb, job, progress, failure)
        self._operations[operation.id] = operation
        return operation
