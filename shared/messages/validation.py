"""What HTTP tells of a request that is only checked."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from pydantic import Field

from shared.errors import Fault
from shared.messages.data import FaultData, Told
from shared.runs import JobType, Run

Json = dict[str, Any]

# Stands for the id that only a message has, where a request brings none.
OF_MESSAGE = "the MessageId of its message"


class Validation(Told):
    """What would be made of a request."""

    request_id: str | None = Field(description="Id of the request; null: that of its message.")
    run_id: str | None = Field(description="Id that its run would have; null: not yet known.")
    target: str = Field(description="Alias of the target.")
    job_type: JobType = Field(description="The kind of job.")
    body: dict[str, Any] = Field(description="What would be sent to the service.")
    warnings: list[FaultData] = Field(description="What is odd, and no reason to refuse it.")


def validation(run: Run, body: Json) -> Json:
    """A request that is good, and the body that would be sent for it."""
    known = run.request_id != OF_MESSAGE
    return Validation(
        request_id=run.request_id if known else None,
        run_id=run.id if known else None,
        target=run.target,
        job_type=run.job_type,
        body=body,
        warnings=told(run.card.warnings),
    ).model_dump(mode="json")


def told(faults: Iterable[Fault]) -> list[FaultData]:
    """Faults as they are told."""
    return [FaultData(**asdict(fault)) for fault in faults]
