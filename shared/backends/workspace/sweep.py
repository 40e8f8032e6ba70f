"""Sweep: a command tried with many values, in search of the best."""

from collections.abc import Collection, Iterator
from typing import Annotated, Any, Literal

from pydantic import Field

from shared.backends.fields import ANY_CASE
from shared.backends.given import place
from shared.backends.sections import filled, present, section
from shared.backends.workspace import program, searchspace, values
from shared.backends.workspace.arm import Workspace
from shared.backends.workspace.attributes import ProgramAttributes
from shared.backends.workspace.data import Inputs, Outputs
from shared.backends.workspace.inline import InlineJob
from shared.backends.workspace.parts import QueueSettings, WithAWord
from shared.backends.workspace.program import Program
from shared.backends.workspace.sampling import (
    EarlyTermination,
    Objective,
    SamplingAlgorithm,
    SweepLimits,
)
from shared.errors import Fault
from shared.messages import Request, invalid, read
from shared.messages.fields import Sent
from shared.messages.inputs import DataInput, LiteralInput
from shared.ports import Json

# Without any limit the service tries a thousand times.
LIMITS: Json = {"maxTotalTrials": 10, "maxConcurrentTrials": 2}
OF_JOB, OF_REQUEST = "/job/searchSpace", "/sweep/searchSpace"
SAMPLING: Json = {"samplingAlgorithmType": "Random"}
SearchSpace = Annotated[dict[str, Any], Field(min_length=1, max_length=100)]


class SweepSettings(Sent):
    """What a request may say of a sweep."""

    search_space: SearchSpace | None = Field(
        None, description="Name to distribution, laid over the template's."
    )
    sampling_algorithm: SamplingAlgorithm | None = Field(
        None, description="How values are chosen; absent: the template's way."
    )
    limits: SweepLimits | None = Field(None, description="How much is tried, and how long.")
    early_termination: EarlyTermination | None = Field(
        None, description="When a trial is given up; null: never."
    )


class SweepAttributes(ProgramAttributes):
    """What a request may override of a Sweep: the command and what follows are those of trials."""

    objective_metric: Annotated[WithAWord, Field(max_length=255)] | None = Field(
        None, description="The metric, exactly as trials log it."
    )
    objective_goal: Annotated[Literal["Maximize", "Minimize"], ANY_CASE] | None = Field(
        None, description="Whether more of it is better, or less."
    )


class SweepJob(InlineJob):
    """A Sweep, in the words of the service."""

    search_space: SearchSpace = Field(description="Name to distribution.")
    sampling_algorithm: SamplingAlgorithm | None = Field(
        None, description="How values are chosen; absent: at random."
    )
    objective: Objective = Field(description="What is sought.")
    trial: Program = Field(description="What is tried.")
    limits: SweepLimits | None = Field(None, description="How much is tried, and how long.")
    early_termination: EarlyTermination | None = Field(
        None, description="When a trial is given up."
    )
    inputs: Inputs | None = Field(None, description="What each trial reads.")
    outputs: Outputs | None = Field(None, description="What each trial writes.")
    queue_settings: QueueSettings | None = Field(None, description="How urgent it is.")


def build(
    definition: Json, request: Request, attributes: SweepAttributes, workspace: Workspace
) -> Json:
    """The job; RejectedError (`invalid`) when something it needs is missing or does not fit."""
    settings = read(SweepSettings, request.sweep or {}, at="/sweep")
    given = settings.model_dump(mode="json", by_alias=True, exclude_none=True)
    space = _space(definition, request, given)
    fixed = {name for name in request.given_inputs if name in space}
    job = {
        **definition,
        **attributes.laid_over(workspace),
        "searchSpace": _with_fixed(space, request, fixed),
        "trial": filled(program.overlaid(section(definition, "trial"), attributes, workspace)),
        "objective": {**section(definition, "objective"), **_objective(attributes)},
        "limits": _limits(definition, given, attributes),
        "samplingAlgorithm": given.get("samplingAlgorithm")
        or section(definition, "samplingAlgorithm")
        or SAMPLING,
        "earlyTermination": _early_termination(definition, settings, given),
        "inputs": values.inputs(definition, request, workspace, but=fixed),
        "outputs": values.outputs(definition, request, workspace),
    }
    faults = [*_no_plain_values(request, fixed), *_missing(job)]
    faults = faults or [*_unfit(job, request), *_undefined(job)]
    if faults:
        raise invalid(*faults)
    return job


def faults(request: Request) -> Iterator[Fault]:
    """What is wrong with a request for a sweep, whatever its template is."""
    for at, part in ((OF_JOB, request.job), (OF_REQUEST, request.sweep)):
        given = section(part or {}, "searchSpace")
        space, wrong = searchspace.wire(given, at=at) if given else ({}, [])
        yield from wrong
        yield from _no_plain_values(request, given.keys() & request.given_inputs.keys())
        free = {name: each for name, each in space.items() if name not in request.given_inputs}
        yield from searchspace.unfit(free, _algorithm(part or {}), at=at)
    if "timeout" in request.attributes and "timeout" in section(request.sweep or {}, "limits"):
        found, expected = "sweep.limits.timeout beside it", "one of the two: they are the same"
        yield Fault("/attributes/timeout", found, expected)


def _algorithm(part: Json) -> str:
    """The way of sampling that a part of a request asks for; empty when it asks for none."""
    given = part.get("samplingAlgorithm")
    named = section(part, "samplingAlgorithm")
    said = named.get("samplingAlgorithmType", named.get("type")) if named else given
    return said if isinstance(said, str) else ""


def _space(definition: Json, request: Request, given: Json) -> Json:
    """The search space in the words of the service."""
    old: Json = section(definition, "searchSpace")
    if request.job is not None:
        old, _ = searchspace.wire(old, at=OF_JOB)
    new, _ = searchspace.wire(given.get("searchSpace", {}), at=OF_REQUEST)
    return {**old, **new}


def _with_fixed(space: Json, request: Request, fixed: set[str]) -> Json:
    """The search space, in which an input that names an entry leaves it one value."""
    plain = {name: request.given_inputs[name] for name in fixed}
    chosen = {
        name: searchspace.fixed(given.value if isinstance(given, LiteralInput) else given)
        for name, given in plain.items()
        if not isinstance(given, DataInput)
    }
    return {**space, **chosen}


def _no_plain_values(request: Request, fixed: Collection[str]) -> Iterator[Fault]:
    for name in sorted(fixed):
        if isinstance(request.given_inputs[name], DataInput):
            at, found = place(request, "inputs", name), "data or a model"
            yield Fault(at, found, "a plain value, as the search space has an entry of this name")


def _objective(attributes: SweepAttributes) -> Json:
    return present(
        {"goal": attributes.objective_goal, "primaryMetric": attributes.objective_metric}
    )


def _limits(definition: Json, given: Json, attributes: SweepAttributes) -> Json:
    """The limits; never more trials at once than in all."""
    old, new = section(definition, "limits"), given.get("limits", {})
    limits = {**(old or LIMITS), **new, **attributes.limits, "jobLimitsType": "Sweep"}
    total, at_once = limits.get("maxTotalTrials"), limits.get("maxConcurrentTrials")
    if isinstance(total, int) and isinstance(at_once, int) and at_once > total:
        limits["maxConcurrentTrials"] = total
    return limits


def _early_termination(definition: Json, settings: SweepSettings, given: Json) -> Json:
    if "early_termination" in settings.model_fields_set:
        return dict(given.get("earlyTermination", {}))
    return section(definition, "earlyTermination")


def _missing(job: Json) -> Iterator[Fault]:
    """What a sweep cannot be without."""
    yield from program.missing(job["trial"])
    for name, attribute in (("primaryMetric", "objectiveMetric"), ("goal", "objectiveGoal")):
        if not job["objective"].get(name):
            yield Fault(f"/attributes/{attribute}", "nothing", "required, as the template has none")
    if not job["searchSpace"]:
        yield Fault("/sweep/searchSpace", "nothing", "required, as the template has none")


def _unfit(job: Json, request: Request) -> Iterator[Fault]:
    """What the way of sampling cannot do, unless the template has it so."""
    if request.job is None and request.sweep is None:
        return
    algorithm = str(job["samplingAlgorithm"].get("samplingAlgorithmType"))
    given = section(request.sweep or {}, "searchSpace")
    own = section(request.job or {}, "searchSpace").keys() - given.keys()
    for name, entry in job["searchSpace"].items():
        at = OF_JOB if name in own else OF_REQUEST
        yield from searchspace.unfit({name: entry}, algorithm, at=at)


def _undefined(job: Json) -> Iterator[Fault]:
    """What the command uses and nobody gives."""
    defined = {
        "inputs": {*job["inputs"], *job["searchSpace"]},
        "outputs": {*job["outputs"], values.SYSTEM_OUTPUT},
        "search_space": set(_names(job["searchSpace"])),
    }
    yield from program.undefined(job["trial"], defined)


def _names(space: Json | list[Any]) -> Iterator[str]:
    """The names of entries, those inside of choices too."""
    if isinstance(space, dict):
        yield from space
    for each in space.values() if isinstance(space, dict) else space:
        if isinstance(each, dict | list):
            yield from _names(each)
