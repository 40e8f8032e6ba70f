"""How a sweep samples, ends early, is limited and what it seeks."""

from typing import Any

import pytest

from shared.backends.workspace.sampling import (
    EarlyTermination,
    Objective,
    SamplingAlgorithm,
    SweepLimits,
)
from shared.errors import Fault, RejectedError
from shared.messages import read
from shared.messages.fields import Sent
from shared.ports import Json

ALGORITHMS = "an object whose samplingAlgorithmType is Bayesian, Grid or Random"
POLICIES = "an object whose policyType is Bandit, MedianStopping or TruncationSelection"


class Settings(Sent):
    """Something that has them all."""

    sampling_algorithm: SamplingAlgorithm | None = None
    early_termination: EarlyTermination | None = None
    limits: SweepLimits | None = None
    objective: Objective | None = None


def written(**settings: object) -> Json:
    model = read(Settings, settings, at="/sweep")
    return model.model_dump(mode="json", by_alias=True, exclude_none=True)


def faults(**settings: object) -> list[Fault]:
    with pytest.raises(RejectedError) as caught:
        written(**settings)
    return list(caught.value.faults)


@pytest.mark.parametrize(
    "settings",
    [
        {"samplingAlgorithm": {"samplingAlgorithmType": "Grid"}},
        {"samplingAlgorithm": {"samplingAlgorithmType": "Bayesian"}},
        {"samplingAlgorithm": {"samplingAlgorithmType": "Random"}},
        {"samplingAlgorithm": {"samplingAlgorithmType": "Random", "rule": "Sobol", "seed": 7}},
        {"samplingAlgorithm": {"samplingAlgorithmType": "Random", "rule": "Random", "seed": -1}},
        {
            "earlyTermination": {
                "policyType": "Bandit",
                "slackFactor": 0.1,
                "slackAmount": 0.0,
                "evaluationInterval": 1,
                "delayEvaluation": 5,
            }
        },
        {"earlyTermination": {"policyType": "MedianStopping", "evaluationInterval": 0}},
        {
            "earlyTermination": {
                "policyType": "TruncationSelection",
                "truncationPercentage": 20,
                "delayEvaluation": 0,
            }
        },
        {
            "limits": {
                "jobLimitsType": "Sweep",
                "maxTotalTrials": 10,
                "maxConcurrentTrials": 10,
                "timeout": "PT2H",
                "trialTimeout": "PT10M",
            }
        },
        {"objective": {"goal": "Maximize", "primaryMetric": "accuracy"}},
        {"objective": {"goal": "Minimize", "primaryMetric": "val loss"}},
    ],
)
def test_what_is_in_the_form_of_the_service_is_sent_unchanged(settings: Json) -> None:
    assert written(**settings) == settings


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("Random", {"samplingAlgorithmType": "Random"}),
        ("grid", {"samplingAlgorithmType": "Grid"}),
        ("BAYESIAN", {"samplingAlgorithmType": "Bayesian"}),
        ({"type": "random", "seed": 7}, {"samplingAlgorithmType": "Random", "seed": 7}),
        (
            {"samplingAlgorithmType": "random", "rule": "sobol"},
            {"samplingAlgorithmType": "Random", "rule": "Sobol"},
        ),
    ],
)
def test_an_algorithm_is_named_in_short_and_in_any_case(given: object, expected: Json) -> None:
    assert written(samplingAlgorithm=given) == {"samplingAlgorithm": expected}


def test_a_policy_is_named_by_type_and_in_any_case() -> None:
    policy = {"type": "medianstopping", "delayEvaluation": 5}

    expected = {"policyType": "MedianStopping", "delayEvaluation": 5}
    assert written(earlyTermination=policy) == {"earlyTermination": expected}


def test_limits_need_not_say_whose_they_are() -> None:
    expected = {"jobLimitsType": "Sweep", "maxTotalTrials": 10}

    assert written(limits={"maxTotalTrials": 10}) == {"limits": expected}


def test_a_goal_is_taken_in_any_case() -> None:
    given = {"goal": "maximize", "primaryMetric": "accuracy"}

    expected = {"goal": "Maximize", "primaryMetric": "accuracy"}
    assert written(objective=given) == {"objective": expected}


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({}, "an object"),
        ({"type": "best"}, "an object"),
        ({"type": 1}, "an object"),
        (3, "a number"),
    ],
)
def test_an_unknown_algorithm_is_told_which_there_are(given: object, found: str) -> None:
    assert faults(samplingAlgorithm=given) == [Fault("/sweep/samplingAlgorithm", found, ALGORITHMS)]


def test_an_unknown_word_for_an_algorithm_is_told_which_there_are() -> None:
    words = "'Bayesian', 'Grid' or 'Random'"

    assert faults(samplingAlgorithm="best") == [
        Fault("/sweep/samplingAlgorithm", "a string", words)
    ]


@pytest.mark.parametrize(
    ("given", "found"),
    [({}, "an object"), ({"policyType": "Never"}, "an object"), ("Bandit", "a string")],
)
def test_an_unknown_policy_is_told_which_there_are(given: object, found: str) -> None:
    assert faults(earlyTermination=given) == [Fault("/sweep/earlyTermination", found, POLICIES)]


def test_a_discriminator_is_given_once() -> None:
    given = {"samplingAlgorithmType": "Grid", "type": "Grid"}

    assert faults(samplingAlgorithm=given) == [
        Fault("/sweep/samplingAlgorithm/type", "an unknown field", "no such field here")
    ]


def test_the_fields_of_an_algorithm_are_its_own() -> None:
    at = "/sweep/samplingAlgorithm"

    assert faults(samplingAlgorithm={"type": "Grid", "seed": 7}) == [
        Fault(f"{at}/seed", "an unknown field", "no such field here")
    ]
    assert faults(samplingAlgorithm={"type": "Random", "seed": "7", "rule": "Halton"}) == [
        Fault(f"{at}/seed", "a string", "an integer"),
        Fault(f"{at}/rule", "a string", "'Random' or 'Sobol'"),
    ]


@pytest.mark.parametrize(
    ("policy", "fault"),
    [
        (
            {"type": "Bandit", "slackFactor": -0.1},
            Fault("/slackFactor", "a number", "greater than or equal to 0"),
        ),
        ({"type": "Bandit", "slackAmount": "1"}, Fault("/slackAmount", "a string", "a number")),
        (
            {"type": "MedianStopping", "slackFactor": 1},
            Fault("/slackFactor", "an unknown field", "no such field here"),
        ),
        (
            {"type": "TruncationSelection", "truncationPercentage": 0},
            Fault("/truncationPercentage", "a number", "greater than or equal to 1"),
        ),
        (
            {"type": "TruncationSelection", "truncationPercentage": 100},
            Fault("/truncationPercentage", "a number", "less than or equal to 99"),
        ),
        (
            {"type": "Bandit", "evaluationInterval": -1},
            Fault("/evaluationInterval", "a number", "greater than or equal to 0"),
        ),
        (
            {"type": "Bandit", "delayEvaluation": 0.5},
            Fault("/delayEvaluation", "a number", "an integer"),
        ),
    ],
)
def test_a_policy_that_does_not_fit_is_refused_by_the_path(policy: Json, fault: Fault) -> None:
    path = f"/sweep/earlyTermination{fault.path}"

    assert faults(earlyTermination=policy) == [Fault(path, fault.found, fault.expected)]


@pytest.mark.parametrize(
    ("limits", "fault"),
    [
        ({"jobLimitsType": "Command"}, Fault("/jobLimitsType", "a string", "'Sweep'")),
        ({"maxTotalTrials": 0}, Fault("/maxTotalTrials", "a number", "greater than or equal to 1")),
        ({"maxConcurrentTrials": "2"}, Fault("/maxConcurrentTrials", "a string", "an integer")),
        (
            {"maxConcurrentTrials": 3, "maxTotalTrials": 2},
            Fault("/maxConcurrentTrials", "a number", "at most maxTotalTrials"),
        ),
        ({"timeout": "2 h"}, Fault("/timeout", "a string", "an ISO 8601 duration like PT30M")),
        ({"trialTimeout": "PT0.5S"}, Fault("/trialTimeout", "a string", "whole seconds")),
    ],
)
def test_limits_that_do_not_fit_are_refused_by_the_path(limits: Json, fault: Fault) -> None:
    path = f"/sweep/limits{fault.path}"

    assert faults(limits=limits) == [Fault(path, fault.found, fault.expected)]


@pytest.mark.parametrize(
    ("objective", "fault"),
    [
        (
            {"goal": "best", "primaryMetric": "a"},
            Fault("/goal", "a string", "'Maximize' or 'Minimize'"),
        ),
        ({"goal": "Maximize"}, Fault("/primaryMetric", "nothing", "required")),
        (
            {"goal": "Maximize", "primaryMetric": "-"},
            Fault("/primaryMetric", "a string", "at least one letter, digit or _"),
        ),
    ],
)
def test_an_objective_that_does_not_fit_is_refused_by_the_path(
    objective: dict[str, Any], fault: Fault
) -> None:
    path = f"/sweep/objective{fault.path}"

    assert faults(objective=objective) == [Fault(path, fault.found, fault.expected)]
