"""What comes over HTTP: the body of a cancel, and ids in a path."""

import re
from typing import Annotated

from pydantic import Field

from shared.errors import Fault, NotFoundError, RejectedError
from shared.messages.fields import Sent
from shared.messages.reading import invalid, parse, read
from shared.runs import is_run_id

MAX_BODY = 16 * 1024
ID_IN_PATH = re.compile(r"[A-Za-z0-9._:@~+=-]{1,128}")


class Cancel(Sent):
    """The body of a cancel; it may also be absent."""

    reason: Annotated[str, Field(max_length=1000)] | None = Field(
        None, description="Why; the final event repeats it."
    )


def cancel_reason(body: bytes, content_type: str | None) -> str | None:
    """Why somebody cancels, if he says so; RejectedError when the body is none of ours."""
    if not body.strip():
        return None
    if len(body) > MAX_BODY:
        raise RejectedError(
            "too_large", f"the body has {len(body)} bytes, at most {MAX_BODY} are read"
        )
    if (content_type or "").partition(";")[0].strip().lower() != "application/json":
        raise RejectedError("unsupported_media_type", "send Content-Type: application/json")
    return read(Cancel, parse(body)).reason


def run_id_in_path(text: str) -> str:
    """A run id; what is none of a run's form is a run that does not exist."""
    if not is_run_id(text):
        raise NotFoundError("no such run")
    return text


def request_id_in_path(text: str) -> str:
    """A request id; RejectedError for one that cannot stand in a path."""
    if not ID_IN_PATH.fullmatch(text):
        expected = "letters, digits and ._:@~+=-; cancel any other by its run id"
        raise invalid(Fault("/requestId", "an id of other characters", expected))
    return text
