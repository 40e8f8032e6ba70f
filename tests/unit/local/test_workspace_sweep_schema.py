"""Which bodies of a Sweep job are taken, which are refused, and what is said about them."""

import json
from typing import Any

import pytest

from tests.local.workspace.refusals import RefusedError
from tests.local.workspace.schema import read
from tests.local.workspace.sweep import SweepJob

Json = dict[str, Any]


def a_sweep(**properties: Any) -> Json:
    return {
        "jobType": "Sweep",
        "objective": {"goal": "Minimize", "primaryMetric": "loss"},
        "samplingAlgorithm": {"samplingAlgorithmType": "Random"},
        "searchSpace": {"lr": ["uniform", [0.1, 0.9]]},
        "trial": {
            "command": "train ${{search_space.lr}}",
            "environmentId": "azureml:AzureML-sklearn-1.5",
        },
        **properties,
    }


def kept(properties: Json, api_version: str = "2024-10-01") -> Json:
    return read(SweepJob, properties, api_version=api_version)


FULL = {
    "jobType": "Sweep",
    "displayName": "d",
    "experimentName": "e",
    "computeId": "c",
    "isArchived": False,
    "tags": {"a": "b"},
    "properties": {"c": "d"},
    "objective": {"goal": "Maximize", "primaryMetric": "accuracy"},
    "samplingAlgorithm": {"samplingAlgorithmType": "Random", "seed": 7, "rule": "Sobol"},
    "searchSpace": {
        "a": ["choice", [[16, 0.5, "x", True]]],
        "b": ["randint", [10]],
        "c": ["uniform", [0.1, 0.9]],
        "d": ["loguniform", [-6, -1]],
        "e": ["quniform", [0, 10, 2]],
        "f": ["qloguniform", [0, 3, 1]],
        "g": ["normal", [0, 1]],
        "h": ["lognormal", [0, 1]],
        "i": ["qnormal", [10, 3, 1]],
        "j": ["qlognormal", [1, 0.5, 1]],
        "k": ["choice", [[{"kind": "sgd", "momentum": ["uniform", [0, 1]]}, {"kind": "adam"}]]],
    },
    "trial": {
        "command": "train ${{search_space.a}}",
        "environmentId": "environment",
        "codeId": "code",
        "environmentVariables": {"A": "1"},
        "distribution": {"distributionType": "Mpi", "processCountPerInstance": 2},
        "resources": {"instanceCount": 2, "shmSize": "8g"},
    },
    "limits": {
        "jobLimitsType": "Sweep",
        "maxTotalTrials": 10,
        "maxConcurrentTrials": 10,
        "timeout": "PT2H",
        "trialTimeout": "PT10M",
    },
    "earlyTermination": {
        "policyType": "Bandit",
        "slackFactor": 0.1,
        "slackAmount": 0.0,
        "evaluationInterval": 1,
        "delayEvaluation": 5,
    },
    "inputs": {"epochs": {"jobInputType": "literal", "value": "3"}},
    "outputs": {"model": {"jobOutputType": "uri_folder", "mode": "Upload"}},
    "queueSettings": {"jobTier": "Spot"},
}


def test_a_full_body_is_kept_whole() -> None:
    assert kept(FULL) == FULL


def test_a_small_body_gets_the_defaults_of_the_service() -> None:
    expected = {
        **a_sweep(),
        "experimentName": "Default",
        "isArchived": False,
        "tags": {},
        "properties": {},
        "samplingAlgorithm": {"samplingAlgorithmType": "Random", "rule": "Random"},
        "trial": {
            **a_sweep()["trial"],
            "environmentVariables": {},
            "resources": {"instanceCount": 1, "shmSize": "2g"},
        },
        "limits": {"jobLimitsType": "Sweep"},
        "inputs": {},
        "outputs": {},
        "queueSettings": {"jobTier": "Null"},
    }

    assert kept(a_sweep()) == expected


def test_the_words_that_the_client_writes_small_are_taken() -> None:
    body = a_sweep(
        objective={"goal": "maximize", "primaryMetric": "accuracy"},
        samplingAlgorithm={"samplingAlgorithmType": "random", "rule": "sobol"},
        earlyTermination={"policyType": "medianStopping"},
    )

    read_back = kept(body)

    assert read_back["objective"]["goal"] == "Maximize"
    assert read_back["samplingAlgorithm"] == {"samplingAlgorithmType": "Random", "rule": "Sobol"}
    assert read_back["earlyTermination"] == {
        "policyType": "MedianStopping",
        "evaluationInterval": 0,
        "delayEvaluation": 0,
    }


@pytest.mark.parametrize(
    "policy",
    [
        {"policyType": "Bandit", "slackAmount": 0.2},
        {"policyType": "TruncationSelection", "truncationPercentage": 99},
    ],
)
def test_each_policy_is_taken(policy: Json) -> None:
    assert kept(a_sweep(earlyTermination=policy))["earlyTermination"].items() >= policy.items()


def test_an_algorithm_is_taken_for_the_space_it_can_draw_from() -> None:
    space = {"a": ["choice", [[1]]], "b": ["uniform", [0, 1]], "c": ["quniform", [0, 9, 3]]}
    grid = a_sweep(
        searchSpace={"a": ["choice", [[1, {"b": ["choice", [[2, 3]]]}]]]},
        samplingAlgorithm={"samplingAlgorithmType": "Grid"},
    )
    bayesian = a_sweep(searchSpace=space, samplingAlgorithm={"samplingAlgorithmType": "Bayesian"})

    assert kept(grid)["samplingAlgorithm"] == {"samplingAlgorithmType": "Grid"}
    assert kept(bayesian)["searchSpace"] == space


SPACES = {
    "an object, as in YAML": ({"type": "choice", "values": [1]}, "is an object, as in YAML"),
    "a text": ("uniform", "must be an array [kind, arguments]"),
    "a kind that is none": (["gauss", [0, 1]], "must be an array [kind, arguments]"),
    "a kind without arguments": (["uniform"], "must be an array [kind, arguments]"),
    "arguments that are no array": (["randint", 10], "randint takes an array of arguments: upper"),
    "too few arguments": (["uniform", [0]], "uniform takes an array of arguments: min, max"),
    "too many arguments": (["normal", [0, 1, 2]], "normal takes an array of arguments: mu, sigma"),
    "choices that are not in a list of their own": (
        ["choice", [1, 2]],
        "choice takes an array of arguments: values",
    ),
    "one choice that is not in a list": (["choice", [1]], "choice takes an array with at least"),
    "no choice": (["choice", [[]]], "choice takes an array with at least one value"),
    "a choice that is null": (["choice", [[None]]], "a value of a choice is a number, a text"),
    "a text for a number": (["uniform", ["0", 1]], "min of uniform must be a number"),
    "a flag for a number": (["normal", [0, True]], "sigma of normal must be a number"),
    "a number beyond all": (["uniform", [0, 10**400]], "max of uniform must be a number"),
    "no number": (["uniform", [float("nan"), 1]], "min of uniform must be a number"),
    "bounds in the wrong order": (["loguniform", [1, 0]], "loguniform: min is above max"),
    "a step of nothing": (["quniform", [0, 1, 0]], "quniform: q must be above 0"),
    "a spread below nothing": (["qnormal", [0, -1, 1]], "qnormal: sigma is below 0"),
    "a bound of nothing": (["randint", [0]], "randint: upper must be a whole number above 0"),
    "a fraction for a bound": (["randint", [1.5]], "randint: upper must be a whole number above 0"),
    "a fault within a choice": (
        ["choice", [[{"momentum": ["uniform", [1, 0]]}]]],
        "member momentum: uniform: min is above max",
    ),
}


@pytest.mark.parametrize(("expression", "fault"), SPACES.values(), ids=SPACES)
def test_a_search_space_is_refused_with_the_name_of_the_hyperparameter(
    expression: Any, fault: str
) -> None:
    with pytest.raises(RefusedError) as refused:
        kept(a_sweep(searchSpace={"lr": expression}))

    assert str(refused.value).startswith(f"properties.searchSpace.lr: Value error, {fault}")


def limits(**values: Any) -> Json:
    return {"limits": {"jobLimitsType": "Sweep", **values}}


def sampled(algorithm: str, *expression: Any) -> Json:
    return {
        "samplingAlgorithm": {"samplingAlgorithmType": algorithm},
        "searchSpace": {"lr": list(expression)},
    }


REFUSED: dict[str, tuple[Json, str]] = {
    "no objective": ({"objective": None}, "properties.objective"),
    "a goal that is none": (
        {"objective": {"goal": "Improve", "primaryMetric": "m"}},
        "properties.objective.goal",
    ),
    "no metric": ({"objective": {"goal": "Minimize"}}, "properties.objective.primaryMetric"),
    "no algorithm": ({"samplingAlgorithm": None}, "properties.samplingAlgorithm"),
    "an algorithm without its type": (
        {"samplingAlgorithm": {"rule": "Random"}},
        "properties.samplingAlgorithm",
    ),
    "a seed for a grid": (
        {"samplingAlgorithm": {"samplingAlgorithmType": "Grid", "seed": 1}},
        "properties.samplingAlgorithm.seed",
    ),
    "no search space": ({"searchSpace": None}, "properties.searchSpace"),
    "an empty search space": ({"searchSpace": {}}, "properties.searchSpace"),
    "a name that no command can use": (
        {"searchSpace": {"a-b": ["randint", [2]]}},
        "properties.searchSpace.a-b",
    ),
    "a grid over a range": (
        sampled("Grid", "randint", [3]),
        "properties: Value error, searchSpace.lr: Grid sampling cannot draw from randint",
    ),
    "a grid over a range within a choice": (
        sampled("Grid", "choice", [[{"a": ["uniform", [0, 1]]}]]),
        "properties: Value error, searchSpace.lr: Grid sampling cannot draw from uniform",
    ),
    "Bayesian sampling of a normal": (
        sampled("Bayesian", "normal", [0, 1]),
        "properties: Value error, searchSpace.lr: Bayesian sampling cannot draw from normal",
    ),
    "no trial": ({"trial": None}, "properties.trial"),
    "a trial without an environment": (
        {"trial": {"command": "x"}},
        "properties.trial.environmentId",
    ),
    "inputs in the trial": (
        {"trial": {"command": "x", "environmentId": "e", "inputs": {}}},
        "properties.trial.inputs",
    ),
    "limits without their type": ({"limits": {"maxTotalTrials": 1}}, "properties.limits.jobL"),
    "limits of a command": (
        {"limits": {"jobLimitsType": "Command"}},
        "properties.limits.jobLimitsType",
    ),
    "no trials": (limits(maxTotalTrials=0), "properties.limits.maxTotalTrials"),
    "too many trials": (limits(maxTotalTrials=1001), "properties.limits.maxTotalTrials"),
    "more at once than in all": (
        limits(maxTotalTrials=2, maxConcurrentTrials=3),
        "properties.limits: Value error, maxConcurrentTrials is above maxTotalTrials",
    ),
    "a trial timeout in seconds": (limits(trialTimeout="60"), "properties.limits.trialTimeout"),
    "a policy without its type": (
        {"earlyTermination": {"slackFactor": 0.1}},
        "properties.earlyTermination",
    ),
    "a bandit without slack": (
        {"earlyTermination": {"policyType": "Bandit", "slackFactor": 0, "slackAmount": 0}},
        "properties.earlyTermination: Value error, needs a slackFactor or a slackAmount above 0",
    ),
    "a truncation of all": (
        {"earlyTermination": {"policyType": "TruncationSelection", "truncationPercentage": 100}},
        "properties.earlyTermination.truncationPercentage",
    ),
    "an unknown property": ({"command": "x"}, "properties.command"),
}


@pytest.mark.parametrize(("properties", "fault"), REFUSED.values(), ids=REFUSED)
def test_a_body_is_refused_with_the_place_of_its_fault(properties: Json, fault: str) -> None:
    with pytest.raises(RefusedError) as refused:
        kept(a_sweep(**properties))

    assert str(refused.value).startswith(fault)
    assert refused.value.status == 400


LATER: dict[str, Json] = {
    "resources": {"instanceCount": 2, "shmSize": "2g"},
    "samplingAlgorithm": {"samplingAlgorithmType": "Random", "rule": "Random", "logbase": "e"},
}


@pytest.mark.parametrize("name", LATER)
def test_what_only_the_client_sends_is_refused_by_ours(name: str) -> None:
    with pytest.raises(RefusedError, match="is no part of api-version 2024-10-01"):
        kept(a_sweep(**{name: LATER[name]}))


@pytest.mark.parametrize("name", LATER)
def test_what_only_the_client_sends_is_taken_in_its_version(name: str) -> None:
    assert kept(a_sweep(**{name: LATER[name]}), api_version="2025-12-01")[name] == LATER[name]


def test_a_base_of_logarithms_is_above_nothing() -> None:
    algorithm = {"samplingAlgorithmType": "Random", "logbase": 0}

    with pytest.raises(RefusedError, match="is a number above 0, or the letter e"):
        kept(a_sweep(samplingAlgorithm=algorithm), api_version="2025-12-01")


def test_what_is_kept_can_be_sent_as_json() -> None:
    assert json.loads(json.dumps(kept(FULL))) == FULL
