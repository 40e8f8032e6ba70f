"""What a producer sends: one JSON object in one message."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from shared.errors import Fault, RejectedError
from shared.messages.fields import (
    MAX_ID,
    Context,
    DisplayName,
    Duration,
    JobName,
    ParameterName,
    Properties,
    RequestId,
    Sent,
    Tags,
    Time,
    is_request_id,
)
from shared.messages.inputs import (
    DataInput,
    Input,
    LiteralInput,
    Output,
    Outputs,
    Parameter,
    Plain,
)
from shared.messages.reading import invalid, parse, pointer, read
from shared.runs import Card, Deadlines, Envelope, JobType


class GivenDeadlines(Sent):
    """How long a run may take: ISO 8601 durations of at most 365 days."""

    start: Duration | None = Field(
        None, description="Until the job exists, from acceptance or `notBefore` on."
    )
    run: Duration | None = Field(None, description="From the moment on that the job exists.")
    total: Duration | None = Field(None, description="In all, from acceptance on.")


class Request(Sent):
    """A request for one run of a job."""

    id: RequestId | None = Field(
        None,
        description="Idempotency key of printable characters; absent: the message's MessageId. "
        "One of the two is required.",
    )
    job_type: JobType = Field(description="The kind of job.")
    target: Annotated[str, Field(min_length=1, max_length=64)] | None = Field(
        None, description="Alias of a workspace or project; absent: the default target."
    )
    template: JobName | None = Field(
        None, description="Name of the existing job whose definition this request reuses."
    )
    job: dict[str, Any] | None = Field(
        None,
        description="Definition of the job, in the words of the service. "
        "One of `template` and `job` is required, and not both.",
    )
    display_name: DisplayName | None = Field(None, description="Laid over the template's.")
    description: Annotated[str, Field(max_length=5000)] | None = Field(
        None, description="Laid over the template's."
    )
    experiment_name: DisplayName | None = Field(None, description="Laid over the template's.")
    tags: Tags = Field(
        default_factory=dict, description="Laid over the template's; `jobrelay` is ours."
    )
    properties: Properties = Field(
        default_factory=dict, description="Laid over the template's; `jobrelay.*` are ours."
    )
    inputs: Annotated[dict[ParameterName, Input], Field(max_length=200)] | None = Field(
        None, description="Name to plain value, or to {type, uri, mode}."
    )
    outputs: Outputs | None = Field(
        None,
        description="Names that the final event must carry (absent: all), "
        "or name to {type, uri, mode} to set.",
    )
    parameters: Annotated[list[Parameter], Field(max_length=300)] | None = Field(
        None, description="Alternative to inputs and outputs."
    )
    attributes: dict[str, Any] = Field(
        default_factory=dict, description="Overrides that the kind of job knows."
    )
    sweep: dict[str, Any] | None = Field(
        None, description="Of a sweep: what is tried, laid over the template's."
    )
    deadlines: GivenDeadlines = Field(
        GivenDeadlines(), description="How long the run may take before it is ended."
    )
    not_before: Time | None = Field(None, description="Time before which it must not start.")
    context: Context = Field(
        None, description="Any JSON up to 8 KiB, echoed in every event, never read."
    )
    redrive_of: RequestId | None = Field(
        None, description="Id of a request that this one repeats, echoed."
    )

    @property
    def given_inputs(self) -> dict[str, Plain | LiteralInput | DataInput]:
        """The inputs by name, however they were given."""
        listed = {p.name: p.value for p in self.parameters or () if p.value is not None}
        return {**(self.inputs or {}), **listed}

    @property
    def given_outputs(self) -> dict[str, Output]:
        """The outputs to set, by name."""
        return self.outputs if isinstance(self.outputs, dict) else {}

    @property
    def wanted_outputs(self) -> frozenset[str] | None:
        """The outputs that the final event must carry; None: all."""
        if isinstance(self.outputs, list):
            return frozenset(self.outputs)
        return frozenset(p.name for p in self.parameters or () if "Output" in p.direction) or None

    @property
    def card(self) -> Card:
        """What its events repeat."""
        wanted = self.wanted_outputs
        return Card(
            template=self.template,
            display_name=self.display_name,
            experiment_name=self.experiment_name,
            tags=self.tags,
            context=self.context,
            redrive_of=self.redrive_of,
            wanted_outputs=None if wanted is None else tuple(sorted(wanted)),
        )

    def deadlines_from(self, accepted_at: datetime) -> Deadlines:
        """The moments that the deadlines mean: `start` counts from `notBefore` if that is later."""
        given = self.deadlines
        begin = max(accepted_at, self.not_before or accepted_at)
        return Deadlines(
            start=None if given.start is None else begin + given.start,
            run=given.run,
            total=None if given.total is None else accepted_at + given.total,
        )


def received(body: bytes, envelope: Envelope) -> tuple[Request, str]:
    """The request in a message, and its id; RejectedError (`invalid`) with every fault of form."""
    document = parse(body)
    request_id = _id(document, envelope)
    nameless = () if request_id is not None else (_no_id(),)
    aimless = tuple(_no_definition(document))
    try:
        request = read(Request, document)
    except RejectedError as exc:
        raise invalid(*nameless, *exc.faults, *aimless) from None
    faults = [*nameless, *aimless, *_faults_together(request)]
    if faults:
        raise invalid(*faults)
    return request, str(request_id)


def readable(body: bytes, faults: Iterable[Fault]) -> Request | None:
    """The request without the fields in which these faults are; None when that is still none."""
    wrong = {fault.path.partition("/")[2].partition("/")[0] for fault in faults}
    try:
        document = parse(body)
        return read(Request, {name: each for name, each in document.items() if name not in wrong})
    except RejectedError:
        return None


def readable_id(body: bytes, envelope: Envelope) -> str | None:
    """The request id as far as a refused message tells it."""
    try:
        given = _id(parse(body), envelope)
    except RejectedError:
        given = envelope.message_id
    return given if is_request_id(given) else None


def fingerprint(body: bytes, request_id: str) -> str:
    """What makes two messages the same request.

    SHA-256 of the content, whatever its spacing and order of names.
    """
    document = {**parse(body), "id": request_id}
    text = json.dumps(document, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _id(document: dict[str, Any], envelope: Envelope) -> Any:
    """The id that the message gives, not yet checked; None when it has none that could be one."""
    given = document.get("id")
    if given is not None:
        return given
    return envelope.message_id if is_request_id(envelope.message_id) else None


def _no_id() -> Fault:
    expected = f"an id of 1 to {MAX_ID} printable characters, here or as the message's MessageId"
    return Fault("/id", "nothing", expected)


def _no_definition(document: dict[str, Any]) -> Iterator[Fault]:
    """The fault of a request that does not say what is to run, or says it twice."""
    template, job = document.get("template"), document.get("job")
    if (template is None) == (job is None):
        found = "nothing" if job is None else "job beside it"
        yield Fault("/template", found, "the name of a template, or a job, and not both")


def _faults_together(request: Request) -> Iterator[Fault]:
    """Faults that no field has alone."""
    others = (request.inputs, request.outputs)
    if request.parameters is not None and any(other is not None for other in others):
        expected = "either parameters, or inputs and outputs"
        yield Fault("/parameters", "inputs or outputs beside it", expected)
    seen = set()
    for index, parameter in enumerate(request.parameters or ()):
        at = pointer("/parameters", index)
        if parameter.name in seen:
            yield Fault(f"{at}/name", "the same name twice", "each name once")
        seen.add(parameter.name)
        if parameter.direction == "Output" and parameter.value is not None:
            yield Fault(f"{at}/value", "a value", "none: the direction is Output")
        if parameter.direction != "Output" and parameter.value is None:
            yield Fault(f"{at}/value", "nothing", "a value: the direction is an input's")
