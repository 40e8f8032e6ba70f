"""How a sweep chooses values, when it gives a trial up, how much it tries, and what it seeks.

Names and words are the service's (see `wire`). Of the algorithm and the policy the discriminator
may be called `type`, as in the command line's files
(learn.microsoft.com/azure/machine-learning/reference-yaml-job-sweep), and an algorithm may be its
word alone.
"""

from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    AliasChoices,
    Discriminator,
    Field,
    Tag,
    ValidationInfo,
    field_validator,
)

from shared.backends.fields import ANY_CASE, Count, Seconds, kind, member
from shared.backends.workspace.parts import WithAWord
from shared.messages.fields import ONE_LINE, Sent

ALGORITHM = AliasChoices("samplingAlgorithmType", "type")
POLICY = AliasChoices("policyType", "type")

Slack = Annotated[float, Field(ge=0)]
Interval = Annotated[int, Field(ge=0, le=1_000_000)]


class Grid(Sent):
    """Every combination of values."""

    sampling_algorithm_type: Annotated[Literal["Grid"], ANY_CASE] = Field(
        validation_alias=ALGORITHM, description="Every combination."
    )


class Random(Sent):
    """Values by chance."""

    sampling_algorithm_type: Annotated[Literal["Random"], ANY_CASE] = Field(
        validation_alias=ALGORITHM, description="By chance."
    )
    seed: int | None = Field(None, description="Makes chance repeat itself.")
    rule: Annotated[Literal["Random", "Sobol"], ANY_CASE] | None = Field(
        None, description="Sobol spreads the values more evenly."
    )


class Bayesian(Sent):
    """Values that promise most after the trials before."""

    sampling_algorithm_type: Annotated[Literal["Bayesian"], ANY_CASE] = Field(
        validation_alias=ALGORITHM, description="Learning from the trials before."
    )


ALGORITHMS = (Bayesian, Grid, Random)


def _algorithm(word: str) -> Bayesian | Grid | Random:
    """The algorithm of this name, with nothing said of it."""
    model = next(each for each in ALGORITHMS if each.__name__ == word)
    return model.model_validate({"type": word})


def _tag_of_algorithm(value: object) -> str | None:
    """A word alone has a member of its own."""
    return member("word") if isinstance(value, str) else BY_NAME(value)


BY_NAME = kind("samplingAlgorithmType", "type")
Word = Annotated[Literal["Bayesian", "Grid", "Random"], ANY_CASE, AfterValidator(_algorithm)]
SamplingAlgorithm = Annotated[
    Annotated[Bayesian, Tag(member("Bayesian"))]
    | Annotated[Grid, Tag(member("Grid"))]
    | Annotated[Random, Tag(member("Random"))]
    | Annotated[Word, Tag(member("word"))],
    Discriminator(
        _tag_of_algorithm,
        custom_error_type="kind",
        custom_error_message="an object whose samplingAlgorithmType is Bayesian, Grid or Random",
    ),
]


class Policy(Sent):
    """When trials are looked at."""

    evaluation_interval: Interval | None = Field(
        None, description="After how many reports of the metric, each time."
    )
    delay_evaluation: Interval | None = Field(
        None, description="How many reports to wait before the first time."
    )


class Bandit(Policy):
    """Gives up what falls too far behind the best."""

    policy_type: Annotated[Literal["Bandit"], ANY_CASE] = Field(
        validation_alias=POLICY, description="Compare with the best."
    )
    slack_factor: Slack | None = Field(None, description="How far behind, as a ratio.")
    slack_amount: Slack | None = Field(None, description="How far behind, absolutely.")


class MedianStopping(Policy):
    """Gives up what falls behind the median."""

    policy_type: Annotated[Literal["MedianStopping"], ANY_CASE] = Field(
        validation_alias=POLICY, description="Compare with the median."
    )


class TruncationSelection(Policy):
    """Gives up the last ones."""

    policy_type: Annotated[Literal["TruncationSelection"], ANY_CASE] = Field(
        validation_alias=POLICY, description="Give up the last ones."
    )
    truncation_percentage: Annotated[int, Field(ge=1, le=99)] | None = Field(
        None, description="How many of a hundred."
    )


EarlyTermination = Annotated[
    Annotated[Bandit, Tag(member("Bandit"))]
    | Annotated[MedianStopping, Tag(member("MedianStopping"))]
    | Annotated[TruncationSelection, Tag(member("TruncationSelection"))],
    Discriminator(
        kind("policyType", "type"),
        custom_error_type="kind",
        custom_error_message="an object whose policyType is Bandit, MedianStopping or "
        "TruncationSelection",
    ),
]


class Trials(Sent):
    """How much a sweep tries."""

    max_total_trials: Count | None = Field(None, description="How many trials in all.")
    max_concurrent_trials: Count | None = Field(None, description="How many at a time.")

    @field_validator("max_concurrent_trials")
    @classmethod
    def _within_total(cls, concurrent: int | None, info: ValidationInfo) -> int | None:
        total = info.data.get("max_total_trials")
        if concurrent is not None and total is not None and concurrent > total:
            raise ValueError("at most maxTotalTrials")
        return concurrent


class SweepLimits(Trials):
    """How much a sweep tries, and how long."""

    job_limits_type: Annotated[Literal["Sweep"], ANY_CASE] = Field(
        "Sweep", description="That these are the limits of a Sweep."
    )
    timeout: Seconds | None = Field(None, description="How long all of it may take.")
    trial_timeout: Seconds | None = Field(None, description="How long a trial may take.")


class Objective(Sent):
    """What a sweep seeks."""

    goal: Annotated[Literal["Maximize", "Minimize"], ANY_CASE] = Field(
        description="Whether more of the metric is better, or less."
    )
    primary_metric: Annotated[WithAWord, ONE_LINE] = Field(
        description="The metric, exactly as trials log it."
    )
