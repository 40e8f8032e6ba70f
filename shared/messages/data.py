"""What the `data` of an event holds."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from shared.runs import JobType, Status

REASONS = ("invalid", "not_allowed", "unknown_target", "conflict", "dead_lettered")


def absent(value: object) -> bool:
    """Is there nothing to tell?"""
    return value is None


class Told(BaseModel):
    """A part of what we tell: camelCase names."""

    model_config = ConfigDict(
        frozen=True,
        alias_generator=to_camel,
        validate_by_name=True,
        serialize_by_alias=True,
        json_schema_serialization_defaults_required=True,
    )


class FaultData(Told):
    """One thing wrong with a message."""

    path: str = Field(description="JSON Pointer (RFC 6901) to it; empty: the whole message.")
    found: str = Field(description="What is there, by kind.")
    expected: str = Field(description="What would be right.")


class Times(Told):
    """When what happened (UTC), and how long it took; null: not yet, or not known."""

    accepted: datetime = Field(description="When the request became a run.")
    submitted: datetime | None = Field(None, description="When the job was created.")
    started: datetime | None = Field(None, description="When the job began to run.")
    ended: datetime | None = Field(None, description="When the run ended.")
    waiting_seconds: float | None = Field(None, description="From accepted to started.")
    running_seconds: float | None = Field(None, description="From started to ended.")
    total_seconds: float | None = Field(None, description="From accepted to ended.")


class ErrorData(Told):
    """Why a run ended badly, or is late."""

    code: str = Field(description="A word to compare.")
    message: str = Field(description="What happened, in words for people.")
    hint: str | None = Field(None, description="What to do about it.")
    details: list[dict[str, Any]] = Field(default_factory=list, description="More, if any is said.")
    child_run: str | None = Field(
        None, description="The part of the job that failed.", exclude_if=absent
    )


class CancelData(Told):
    """On whose wish a run ended."""

    by: str = Field(
        description="`user`, a deadline (`run`, `total`), or others at the `service` itself."
    )
    reason: str | None = Field(description="Why, if that was said.")
    at: datetime = Field(description="Since when the end was wanted.")


class DelayData(Told):
    """Since when submitting or watching has been failing, and why."""

    since: datetime = Field(description="When it began.")
    error: ErrorData | None = Field(description="The last failure.")


class OutputData(Told):
    """Where an output is."""

    type: str | None = Field(None, description="What it is, like `uri_folder`.")
    uri: str | None = Field(None, description="Its address.")
    asset_id: str | None = Field(None, description="The asset that it became.", exclude_if=absent)
    asset_name: str | None = Field(
        None, description="Name of the asset that it was to become.", exclude_if=absent
    )
    asset_version: str | None = Field(None, description="Version of that asset.", exclude_if=absent)


class TrialsData(Told):
    """How many trials ended how."""

    completed: int = Field(description="With success.")
    failed: int = Field(description="With an error.")
    cancelled: int = Field(description="Cancelled by somebody, or by early termination.")
    other: int = Field(description="Otherwise, or not at all.")


class SweepData(Told):
    """What a sweep found."""

    best_trial: str | None = Field(description="Name of the job that did best.")
    score: float | None = Field(description="Its best value of the metric.")
    metric: str | None = Field(description="Name of the metric.")
    goal: str | None = Field(description="What is better: `Maximize` or `Minimize`.")
    parameters: dict[str, Any] | None = Field(description="What the best trial was tried with.")
    trials: TrialsData | None = Field(description="How many trials ended how.")
    missing: dict[str, str] = Field(description="Name of each field that is null to why it is.")


class LatestAttemptData(Told):
    """The attempt that decided."""

    id: str | None = Field(description="Its id.")
    status_reason: str | None = Field(description="Why it is as it is, if that is said.")


class MachinesData(Told):
    """What a training ran on."""

    vm_size: str | None = Field(None, description="Size of the machines.")
    instance_type: str | None = Field(None, description="Kind of the machines.")
    instance_count: int | None = Field(None, description="How many machines.")
    gpu_count: int | None = Field(None, description="How many GPUs.")
    region: str | None = Field(None, description="Where they were.")


class WarningData(Told):
    """What the service warned of."""

    code: str | None = Field(None, description="A word to compare.")
    message: str | None = Field(None, description="What it is, in words for people.")


class TrainingData(Told):
    """What a training came to; of each null `missing` says why."""

    attempt: LatestAttemptData | None = Field(description="The attempt that decided.")
    attempts: int | None = Field(description="How often the service tried.")
    compute_seconds: float | None = Field(description="How long machines worked on it.")
    compute: MachinesData | None = Field(description="What it ran on.")
    framework: str | None = Field(description="What ran the algorithm.")
    framework_version: str | None = Field(description="The version of that.")
    metrics: dict[str, Any] | None = Field(description="Name of each metric to its last value.")
    logs: list[str] | None = Field(description="Paths of the artifacts that are logs.")
    warnings: list[WarningData] | None = Field(description="What the service warned of.")
    missing: dict[str, str] = Field(description="Name of each field that is null to why it is.")


class RunData(Told):
    """The data of an event of a run."""

    run_id: str = Field(description="Id of the run, and name of its job.")
    request_id: str = Field(description="Id of the request.")
    job_type: JobType = Field(description="The kind of job.")
    target: str = Field(description="Alias of the target.")
    template: str | None = Field(description="Name of the job whose definition was reused.")
    display_name: str | None = Field(description="The job's name for people.")
    experiment_name: str | None = Field(description="The experiment that the job belongs to.")
    tags: dict[str, str] = Field(description="The job's tags; the request's until there is a job.")
    context: Any = Field(description="The request's, as it came.")
    redrive_of: str | None = Field(description="The request's.")
    status: Status = Field(description="How far the run is.")
    native_status: str | None = Field(description="The same in the service's own word.")
    previous_status: Status | None = Field(description="How far it was before.")
    monitor_url: str | None = Field(description="The page that shows the job.")
    times: Times = Field(description="When what happened.")
    attempts: int = Field(description="How often the creation of the job was begun.")
    delay: DelayData | None = Field(
        None, description="In `delayed` events: since when, and why.", exclude_if=absent
    )
    warnings: list[FaultData] | None = Field(
        None,
        description="In `accepted` events: what is odd about the request.",
        exclude_if=absent,
    )
    truncated: bool = Field(
        default=False, description="Details were left out to stay below the size of a message."
    )


class FinalRunData(RunData):
    """The data of an event that ends a run."""

    outputs: dict[str, OutputData | str] = Field(
        description="Name to place, or to value for a literal."
    )
    error: ErrorData | None = Field(description="Why it ended badly; null if it did not.")
    unread: ErrorData | None = Field(
        description="What could not be read of how the job ended, and why; null: nothing."
    )
    sweep: SweepData | None = Field(None, description="Of a sweep.", exclude_if=absent)
    training: TrainingData | None = Field(None, description="Of a training.", exclude_if=absent)
    cancel: CancelData | None = Field(
        None, description="Of a cancelled run: on whose wish.", exclude_if=absent
    )


class RefusalData(Told):
    """The data of the event for a message that no run comes of."""

    reason: str = Field(description="Why, in a word.", json_schema_extra={"enum": [*REASONS]})
    message: str = Field(description="Why, in words for people.")
    hint: str | None = Field(None, description="What to do about it.")
    faults: list[FaultData] = Field(description="Each thing wrong with the message.")
    request_id: str | None = Field(description="The request's id, if it could be read.")
    message_id: str | None = Field(description="The message's MessageId.")
    conflicts_with: str | None = Field(
        None, description="Run that the same request id stands for already."
    )
