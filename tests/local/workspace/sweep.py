"""The job type Sweep: a command run again and again, with other hyperparameters each time.

See https://learn.microsoft.com/azure/machine-learning/reference-yaml-job-sweep and
https://learn.microsoft.com/azure/machine-learning/how-to-tune-hyperparameters. How the trials are
run is in `trials.py`.
"""

from typing import Annotated

from pydantic import Field, Tag, field_validator, model_validator

from tests.local.workspace import bindings, searchspace
from tests.local.workspace.assets import Assets
from tests.local.workspace.children import Children
from tests.local.workspace.parts import (
    Distribution,
    Inputs,
    JobBase,
    Outputs,
    QueueSettings,
    Resources,
)
from tests.local.workspace.placeholders import unknown
from tests.local.workspace.refusals import bad_request
from tests.local.workspace.schema import HAS_A_WORD, LATER, Body, Duration, Json, kind, word
from tests.local.workspace.site import Site
from tests.local.workspace.state import Failure, Job
from tests.local.workspace.trials import MOST_TRIALS, Trials

# What each sampling algorithm can draw from, where it cannot do with everything.
DRAWN_FROM = {"Grid": {"choice"}, "Bayesian": {"choice", "uniform", "quniform"}}


class Objective(Body):
    """What makes a trial the best."""

    goal: Annotated[str, word("Minimize", "Maximize")]
    primary_metric: Annotated[str, HAS_A_WORD]


class Grid(Body):
    """Every combination."""

    sampling_algorithm_type: Annotated[str, word("Grid")]


class Bayesian(Body):
    """Each combination chosen for what the trials before it have brought."""

    sampling_algorithm_type: Annotated[str, word("Bayesian")]


class Random(Body):
    """Combinations by chance, the same for the same seed."""

    sampling_algorithm_type: Annotated[str, word("Random")]
    seed: int | None = None
    rule: Annotated[str, word("Random", "Sobol")] = "Random"
    logbase: Annotated[float | str | None, LATER] = None

    @field_validator("logbase")
    @classmethod
    def _positive_or_e(cls, base: float | str | None) -> float | str | None:
        if base is None or base == "e" or (isinstance(base, int | float) and base > 0):
            return base
        raise ValueError("is a number above 0, or the letter e")


SamplingAlgorithm = Annotated[
    Annotated[Grid, Tag("<grid>")]
    | Annotated[Bayesian, Tag("<bayesian>")]
    | Annotated[Random, Tag("<random>")],
    kind("samplingAlgorithmType"),
]


class Policy(Body):
    """When trials are judged: at which of the values that they log."""

    evaluation_interval: Annotated[int, Field(ge=0)] = 0
    delay_evaluation: Annotated[int, Field(ge=0)] = 0


class Bandit(Policy):
    """Stops trials that are too far from the best."""

    policy_type: Annotated[str, word("Bandit")]
    slack_factor: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0
    slack_amount: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0

    @model_validator(mode="after")
    def _has_slack(self) -> "Bandit":
        if not self.slack_factor and not self.slack_amount:
            raise ValueError("needs a slackFactor or a slackAmount above 0")
        return self


class MedianStopping(Policy):
    """Stops trials that are worse than most."""

    policy_type: Annotated[str, word("MedianStopping")]


class TruncationSelection(Policy):
    """Stops the worst of so many percent."""

    policy_type: Annotated[str, word("TruncationSelection")]
    truncation_percentage: Annotated[int, Field(ge=1, le=99)]


EarlyTermination = Annotated[
    Annotated[Bandit, Tag("<bandit>")]
    | Annotated[MedianStopping, Tag("<medianstopping>")]
    | Annotated[TruncationSelection, Tag("<truncationselection>")],
    kind("policyType"),
]
Count = Annotated[int, Field(ge=1, le=MOST_TRIALS)]


class SweepJobLimits(Body):
    """How many trials there are, and how long they and the sweep may take."""

    job_limits_type: Annotated[str, word("Sweep")]
    max_total_trials: Count | None = None
    max_concurrent_trials: Count | None = None
    timeout: Duration | None = None
    trial_timeout: Duration | None = None

    @model_validator(mode="after")
    def _not_more_at_once(self) -> "SweepJobLimits":
        if (self.max_concurrent_trials or 1) > (self.max_total_trials or MOST_TRIALS):
            raise ValueError("maxConcurrentTrials is above maxTotalTrials")
        return self


def _no_limits() -> SweepJobLimits:
    return SweepJobLimits.model_validate({"jobLimitsType": "Sweep"})


class TrialComponent(Body):
    """What each trial runs."""

    command: Annotated[str, HAS_A_WORD]
    environment_id: Annotated[str, HAS_A_WORD]
    code_id: str | None = None
    environment_variables: dict[str, str] = Field(default_factory=dict)
    distribution: Distribution | None = None
    resources: Resources = Field(default_factory=Resources)


class SweepJob(JobBase):
    """The properties of a Sweep job."""

    job_type: Annotated[str, word("Sweep")]
    objective: Objective
    sampling_algorithm: SamplingAlgorithm
    search_space: searchspace.SearchSpace
    trial: TrialComponent
    early_termination: EarlyTermination | None = None
    limits: SweepJobLimits = Field(default_factory=_no_limits)
    inputs: Inputs = Field(default_factory=dict)
    outputs: Outputs = Field(default_factory=dict)
    queue_settings: QueueSettings = Field(default_factory=QueueSettings)
    # In no schema from 2024-10-01 on, but azure-ai-ml 1.35 sends it: those of the trial once more.
    resources: Annotated[Resources | None, LATER] = None

    @model_validator(mode="after")
    def _can_be_sampled(self) -> "SweepJob":
        algorithm = self.sampling_algorithm.sampling_algorithm_type
        for name, expression in self.search_space.items():
            found = searchspace.kinds(expression)
            refused = found - DRAWN_FROM.get(algorithm, found)
            if refused:
                text = f"{algorithm} sampling cannot draw from {', '.join(sorted(refused))}"
                raise ValueError(f"searchSpace.{name}: {text}")
        return self


class SweepJobs:
    """How Sweep jobs are checked and done."""

    model = SweepJob

    def check(self, definition: Json, assets: Assets) -> None:
        """Refuse a definition that names what is not there."""
        trial = definition["trial"]
        if "computeId" in definition:
            assets.check_compute(definition["computeId"])
        assets.check_environment(trial["environmentId"])
        if "codeId" in trial:
            assets.code(trial["codeId"])
        for uri in bindings.addresses(definition):
            assets.datastores.path(uri)
        missing = unknown(trial["command"], bindings.names(definition))
        if missing:
            text = f"The command uses {', '.join(missing)}, which the sweep has not."
            raise bad_request(text, "ArgumentInvalid")

    async def work(self, job: Job, _site: Site, children: Children) -> Failure | None:
        """Run the trials, and say which was the best."""
        trials = Trials(job, children)
        await trials.run()
        return trials.conclude()
