"""What a single field of a message may hold."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    WithJsonSchema,
)
from pydantic.alias_generators import to_camel

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
JOB_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_-]{0,254}")
PARAMETER_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,254}")
NUMBER = "[0-9]+([.,][0-9]+)?"
DURATION = re.compile(
    f"P(?=[0-9T])({NUMBER}Y)?({NUMBER}M)?({NUMBER}W)?({NUMBER}D)?"
    f"(T(?=[0-9])({NUMBER}H)?({NUMBER}M)?({NUMBER}S)?)?"
)
# RFC 3339, and so never without an offset.
TIME = re.compile(
    "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})"
)
A_DURATION, A_TIME = TypeAdapter(timedelta), TypeAdapter(AwareDatetime)
LONGEST = timedelta(days=365)
# With any offset, and the longest deadline added, it must still be a time.
FIRST_YEAR, LAST_YEAR = 2000, 8999
RESERVED_TAG, RESERVED_PROPERTY = "jobrelay", "jobrelay."
MAX_ID, MAX_CONTEXT = 128, 8 * 1024
# What Azure ML keeps of a run: learn.microsoft.com/azure/machine-learning/resource-limits-capacity
MAX_PAIRS = 50
MAX_TAGS, MAX_PROPERTIES = MAX_PAIRS - 1, MAX_PAIRS - 2  # the rest are ours


class Sent(BaseModel):
    """A part of a message: camelCase names, nothing unknown, numbers that are finite."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        allow_inf_nan=False,
        alias_generator=to_camel,
        validate_by_name=False,
        validate_by_alias=True,
        hide_input_in_errors=True,
        ser_json_timedelta="iso8601",
    )


def is_request_id(value: object) -> bool:
    """Is it fit to be the id of a request?"""
    return isinstance(value, str) and 0 < len(value) <= MAX_ID and value.isprintable()


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("printable characters")
    return text


def _one_line(text: str) -> str:
    """The text without control characters, which only longer texts may hold."""
    if CONTROL.search(text):
        raise ValueError("printable characters")
    return text


def _job_name(text: str) -> str:
    if not JOB_NAME.fullmatch(text):
        raise ValueError(
            "the name of a job: letters, digits, - and _, at most 255, a letter or digit first"
        )
    return text


def _parameter_name(text: str) -> str:
    if not PARAMETER_NAME.fullmatch(text):
        raise ValueError("a name of letters, digits and _, at most 255, no digit first")
    return text


def _own_tag(name: str) -> str:
    if name == RESERVED_TAG:
        raise ValueError(f"another tag than {RESERVED_TAG!r}, which is ours")
    return name


def _own_property(name: str) -> str:
    if name.startswith(RESERVED_PROPERTY):
        raise ValueError(f"a name that does not begin with {RESERVED_PROPERTY!r}, which is ours")
    return name


def _duration(value: object) -> timedelta:
    try:
        duration = A_DURATION.validate_python(_of_form(DURATION, value))
    except ValidationError:
        raise ValueError("an ISO 8601 duration like PT30M") from None
    if not timedelta(0) < duration <= LONGEST:
        raise ValueError(f"more than nothing and at most {LONGEST.days} days")
    return duration


def _time(value: object) -> datetime:
    try:
        time = A_TIME.validate_python(_of_form(TIME, value))
    except ValidationError:
        raise ValueError("a time with its offset from UTC, like 2030-01-31T12:00:00Z") from None
    if not FIRST_YEAR <= time.year <= LAST_YEAR:
        raise ValueError(f"a year from {FIRST_YEAR} to {LAST_YEAR}")
    return time.astimezone(UTC)


def _of_form(form: re.Pattern[str], value: object) -> str | None:
    """The text if it has the form; pydantic reads more than that, like a time from seconds."""
    return value if isinstance(value, str) and form.fullmatch(value) else None


def _small(value: Any) -> Any:
    if len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()) > MAX_CONTEXT:
        raise ValueError(f"at most {MAX_CONTEXT} bytes of JSON")
    return value


def shown(form: re.Pattern[str] | None = None, **schema: Any) -> WithJsonSchema:
    """How the schemas show a string that is checked here."""
    pattern = {} if form is None else {"pattern": f"^({form.pattern})$"}
    return WithJsonSchema({"type": "string", **pattern, **schema})


RequestId = Annotated[
    str,
    Field(
        min_length=1,
        max_length=MAX_ID,
        json_schema_extra={"not": {"pattern": "[\\u0000-\\u001f\\u007f-\\u009f]"}},
    ),
    AfterValidator(_printable),
]
JobName = Annotated[str, AfterValidator(_job_name), shown(JOB_NAME)]
ParameterName = Annotated[str, AfterValidator(_parameter_name), shown(PARAMETER_NAME)]
Duration = Annotated[timedelta, BeforeValidator(_duration), shown(DURATION)]
Time = Annotated[AwareDatetime, BeforeValidator(_time), shown(TIME, format="date-time")]
Context = Annotated[Any, AfterValidator(_small)]
ONE_LINE = AfterValidator(_one_line)
PairName = Annotated[str, Field(min_length=1, max_length=100), ONE_LINE]
PairValue = Annotated[str, Field(max_length=1000), ONE_LINE]
TagName = Annotated[
    PairName,
    AfterValidator(_own_tag),
    Field(json_schema_extra={"not": {"const": RESERVED_TAG}}),
]
PropertyName = Annotated[
    PairName,
    AfterValidator(_own_property),
    Field(json_schema_extra={"not": {"pattern": f"^{re.escape(RESERVED_PROPERTY)}"}}),
]
Tags = Annotated[dict[TagName, PairValue], Field(max_length=MAX_TAGS)]
Properties = Annotated[dict[PropertyName, PairValue], Field(max_length=MAX_PROPERTIES)]
DisplayName = Annotated[str, Field(min_length=1, max_length=256), ONE_LINE]
Uri = Annotated[str, Field(min_length=1, max_length=4096)]
