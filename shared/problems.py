"""What HTTP says of an error: application/problem+json (RFC 9457)."""

from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from pydantic import Field

from shared.errors import DeniedError, EndedError, JobrelayError, NotFoundError, RejectedError
from shared.messages.data import FaultData, Told, absent
from shared.runs import Status

CONTENT_TYPE = "application/problem+json"
TITLES = {
    HTTPStatus.BAD_REQUEST: "The request is not valid",
    HTTPStatus.UNAUTHORIZED: "Not signed in",
    HTTPStatus.FORBIDDEN: "Not allowed",
    HTTPStatus.NOT_FOUND: "Not found",
    HTTPStatus.CONFLICT: "The run has ended",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body is too large",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "The body is not JSON",
    HTTPStatus.SERVICE_UNAVAILABLE: "Try again later",
}
OF_REASONS = {
    "too_large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "unsupported_media_type": HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
}


class ProblemData(Told):
    """Why a call failed."""

    type: str = Field("about:blank", description="Always `about:blank`: the status tells the kind.")
    title: str = Field(description="The kind in words.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="What happened, in words for people.")
    faults: list[FaultData] | None = Field(
        None, description="Each thing wrong with the call.", exclude_if=absent
    )
    run_status: Status | None = Field(None, description="How the run ended.", exclude_if=absent)


def problem(error: JobrelayError) -> tuple[int, dict[str, Any]]:
    """The status and the body for an error of ours."""
    status, faults, run_status = _status(error), None, None
    if isinstance(error, RejectedError) and error.faults:
        faults = [FaultData(**asdict(fault)) for fault in error.faults]
    if isinstance(error, EndedError):
        run_status = Status(error.status)
    body = ProblemData(
        title=TITLES[status], status=status, detail=str(error), faults=faults, run_status=run_status
    )
    return status, body.model_dump(mode="json")


def _status(error: JobrelayError) -> HTTPStatus:
    if isinstance(error, RejectedError):
        return OF_REASONS.get(error.reason, HTTPStatus.BAD_REQUEST)
    if isinstance(error, NotFoundError):
        return HTTPStatus.NOT_FOUND
    if isinstance(error, DeniedError):
        return HTTPStatus.FORBIDDEN if error.is_known else HTTPStatus.UNAUTHORIZED
    ended = isinstance(error, EndedError)
    return HTTPStatus.CONFLICT if ended else HTTPStatus.SERVICE_UNAVAILABLE
