"""What comes over HTTP: bodies, ids in a path, words in a query."""

import re
from typing import Annotated
from urllib.parse import unquote

from pydantic import Field

from shared.errors import Fault, NotFoundError, RejectedError
from shared.messages.fields import Sent
from shared.messages.reading import invalid, parse, read
from shared.runs import JobType, Section, is_run_id

MAX_BODY = 16 * 1024
ID_IN_PATH = re.compile(r"[A-Za-z0-9._:@~+=-]{1,128}")
METRIC = re.compile(r"(?!/)(?!.*//)(?!(.*/)?\.{1,2}(/|$))[A-Za-z0-9_./ -]{1,256}")


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
    return read(Cancel, parse(json_body(body, content_type))).reason


def json_body(body: bytes, content_type: str | None) -> bytes:
    """The body of a call; RejectedError when it is not said to be JSON."""
    if (content_type or "").partition(";")[0].strip().lower() != "application/json":
        raise RejectedError("unsupported_media_type", "send Content-Type: application/json")
    return body


def job_type_in_query(text: str | None) -> JobType | None:
    """The kind of job that is asked for; None: all kinds."""
    if text is None:
        return None
    kinds = {kind.casefold(): kind for kind in JobType}
    if text.casefold() not in kinds:
        raise invalid(Fault("/jobType", "an unknown kind of job", f"one of: {', '.join(JobType)}"))
    return kinds[text.casefold()]


def run_id_in_path(text: str) -> str:
    """A run id; what is none of a run's form is a run that does not exist."""
    if not is_run_id(text):
        raise NotFoundError("no such run")
    return text


def section_in_path(text: str) -> Section:
    """What more of a run is wanted; what no kind of run has is not there."""
    sections = {section.value: section for section in Section}
    if text not in sections:
        raise NotFoundError(f"a run has only: {', '.join(sections)}")
    return sections[text]


def metric_in_path(text: str) -> str:
    """The name of a metric, in which the host leaves an encoded slash as it is."""
    name = unquote(text)
    if not METRIC.fullmatch(name):
        expected = "letters, digits, spaces and _./-, at most 256, and no step of dots alone"
        raise invalid(Fault("/name", "a name of other characters", expected))
    return name


def request_id_in_path(text: str) -> str:
    """A request id; RejectedError for one that cannot stand in a path."""
    if not ID_IN_PATH.fullmatch(text):
        expected = "letters, digits and ._:@~+=-; cancel any other by its run id"
        raise invalid(Fault("/requestId", "an id of other characters", expected))
    return text
