"""The body of a Sweep: what its template says, under what the request says."""

from typing import Any

import pytest

from shared.errors import Fault, RejectedError
from shared.ports import Json
from shared.runs import JobType
from tests.jobs import (
    ID,
    OUR_PROPERTIES,
    OUR_TAGS,
    a_request,
    bodies,
    body,
    faults,
    inline_body,
    only_fault,
)

COMMAND = "train --lr ${{search_space.lr}} --rate ${{inputs.rate}} --to ${{outputs.model}}"
# A sweep that has run, as the service shows it.
COMPLETED: Json = {
    "jobType": "Sweep",
    "displayName": "Tune",
    "description": "Tunes a classifier.",
    "experimentName": "models",
    "status": "Completed",
    "computeId": f"{ID}/computes/cpu-cluster",
    "componentId": None,
    "identity": None,
    "isArchived": False,
    "resources": {"instanceCount": 1},
    "searchSpace": {
        "lr": ["loguniform", [-6, -1]],
        "batch": ["choice", [[16, 32, {"deep": ["choice", [[1, 2]]]}]]],
    },
    "samplingAlgorithm": {"samplingAlgorithmType": "Random", "rule": "Sobol", "seed": None},
    "limits": {
        "jobLimitsType": "Sweep",
        "maxTotalTrials": 20,
        "maxConcurrentTrials": 4,
        "timeout": "PT2H",
        "trialTimeout": None,
    },
    "earlyTermination": {
        "policyType": "Bandit",
        "slackFactor": 0.1,
        "slackAmount": 0.0,
        "evaluationInterval": 1,
        "delayEvaluation": 5,
    },
    "objective": {"goal": "Maximize", "primaryMetric": "accuracy"},
    "trial": {
        "codeId": f"{ID}/codes/train/versions/1",
        "command": COMMAND,
        "environmentId": f"{ID}/environments/sklearn/versions/1",
        "environmentVariables": {"A": "1"},
        "distribution": None,
        "resources": {"instanceCount": 1, "instanceType": None, "properties": {"x": 1}},
    },
    "inputs": {"rate": {"jobInputType": "literal", "value": "0.5", "description": None}},
    "outputs": {
        "default": {"uri": "azureml://datastores/artifacts/ExperimentRun/dcid.tune"},
        "model": {
            "jobOutputType": "uri_folder",
            "mode": "ReadWriteMount",
            "uri": "azureml://datastores/workspaceblobstore/paths/azureml/train/model/",
        },
    },
    "queueSettings": {"jobTier": "Null"},
    "services": {"Tracking": {"endpoint": "https://x"}, "Studio": {"endpoint": "https://y"}},
    "tags": {"team": "vision", "mlflow.rootRunId": "tune"},
    "properties": {
        "cost": "low",
        "best_child_run_id": "tune_3",
        "score": "0.97",
        "best_metric_status": "Succeeded",
    },
}
# The same as it is sent for another run.
SENT: Json = {
    "jobType": "Sweep",
    "displayName": "Tune",
    "description": "Tunes a classifier.",
    "experimentName": "models",
    "computeId": f"{ID}/computes/cpu-cluster",
    "searchSpace": {
        "lr": ["loguniform", [-6, -1]],
        "batch": ["choice", [[16, 32, {"deep": ["choice", [[1, 2]]]}]]],
    },
    "samplingAlgorithm": {"samplingAlgorithmType": "Random", "rule": "Sobol"},
    "limits": {
        "jobLimitsType": "Sweep",
        "maxTotalTrials": 20,
        "maxConcurrentTrials": 4,
        "timeout": "PT2H",
    },
    "earlyTermination": {
        "policyType": "Bandit",
        "slackFactor": 0.1,
        "slackAmount": 0.0,
        "evaluationInterval": 1,
        "delayEvaluation": 5,
    },
    "objective": {"goal": "Maximize", "primaryMetric": "accuracy"},
    "trial": {
        "codeId": f"{ID}/codes/train/versions/1",
        "command": COMMAND,
        "environmentId": f"{ID}/environments/sklearn/versions/1",
        "environmentVariables": {"A": "1"},
        "resources": {"instanceCount": 1, "properties": {"x": 1}},
    },
    "inputs": {"rate": {"jobInputType": "literal", "value": "0.5"}},
    "outputs": {"model": {"jobOutputType": "uri_folder", "mode": "ReadWriteMount"}},
    "queueSettings": {"jobTier": "Null"},
    "tags": {"team": "vision", **OUR_TAGS},
    "properties": {"cost": "low", **OUR_PROPERTIES},
}
# The least that a sweep can be made of.
LEAST: Json = {
    "jobType": "Sweep",
    "searchSpace": {"lr": ["uniform", [0.1, 0.9]]},
    "objective": {"goal": "Minimize", "primaryMetric": "loss"},
    "trial": {
        "command": "train ${{search_space.lr}}",
        "environmentId": f"{ID}/environments/sklearn/versions/1",
    },
}


def made(template: Json = COMPLETED, **fields: Any) -> Json:
    """The body that comes of a request for a sweep."""
    return body(a_request(jobType="Sweep", template="train", **fields), template)


def refused(template: Json = COMPLETED, **fields: Any) -> RejectedError:
    with pytest.raises(RejectedError) as caught:
        made(template, **fields)
    return caught.value


def checked(**fields: Any) -> RejectedError:
    """The refusal of a request, before anybody knows its template."""
    with pytest.raises(RejectedError) as caught:
        bodies(JobType.SWEEP).check(a_request(jobType="Sweep", template="train", **fields))
    return caught.value


def test_a_template_that_has_run_becomes_a_body_without_what_the_service_wrote() -> None:
    assert made() == SENT


def test_a_request_is_laid_over_its_template() -> None:
    sweep = {
        "searchSpace": {
            "batch": {"type": "choice", "values": [8, 16]},
            "momentum": ["uniform", [0.1, 0.9]],
        },
        "samplingAlgorithm": {"samplingAlgorithmType": "random", "seed": 7, "rule": "sobol"},
        "limits": {"maxTotalTrials": 6, "trialTimeout": "PT10M"},
        "earlyTermination": {"policyType": "medianstopping", "evaluationInterval": 2},
    }
    attributes = {
        "compute": "gpu-cluster",
        "environment": "pytorch:2",
        "command": "other ${{search_space.momentum}}",
        "objectiveMetric": "val/loss",
        "objectiveGoal": "minimize",
        "instanceCount": 2,
        "instanceType": "Standard_NC6s_v3",
        "environmentVariables": {"B": "2"},
        "timeout": "PT30M",
        "identity": {"type": "UserIdentity"},
        "queueSettings": {"jobTier": "Spot"},
    }

    assert made(displayName="Tune 7", tags={"a": "b"}, sweep=sweep, attributes=attributes) == {
        **SENT,
        "displayName": "Tune 7",
        "computeId": f"{ID}/computes/gpu-cluster",
        "identity": {"identityType": "UserIdentity"},
        "searchSpace": {
            "lr": ["loguniform", [-6, -1]],
            "batch": ["choice", [[8, 16]]],
            "momentum": ["uniform", [0.1, 0.9]],
        },
        "samplingAlgorithm": {"samplingAlgorithmType": "Random", "seed": 7, "rule": "Sobol"},
        "limits": {
            "jobLimitsType": "Sweep",
            "maxTotalTrials": 6,
            "maxConcurrentTrials": 4,
            "timeout": "PT1800S",
            "trialTimeout": "PT10M",
        },
        "earlyTermination": {"policyType": "MedianStopping", "evaluationInterval": 2},
        "objective": {"goal": "Minimize", "primaryMetric": "val/loss"},
        "trial": {
            "codeId": f"{ID}/codes/train/versions/1",
            "command": "other ${{search_space.momentum}}",
            "environmentId": f"{ID}/environments/pytorch/versions/2",
            "environmentVariables": {"A": "1", "B": "2"},
            "resources": {
                "instanceCount": 2,
                "instanceType": "Standard_NC6s_v3",
                "properties": {"x": 1},
            },
        },
        "queueSettings": {"jobTier": "Spot"},
        "tags": {"team": "vision", "a": "b", **OUR_TAGS},
    }


def test_the_least_sweep_is_tried_ten_times_at_random_two_at_once() -> None:
    assert made(LEAST) == {
        **LEAST,
        "samplingAlgorithm": {"samplingAlgorithmType": "Random"},
        "limits": {"jobLimitsType": "Sweep", "maxTotalTrials": 10, "maxConcurrentTrials": 2},
        "tags": OUR_TAGS,
        "properties": OUR_PROPERTIES,
    }


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ("Random", {"samplingAlgorithmType": "Random"}),
        ("grid", {"samplingAlgorithmType": "Grid"}),
        ({"type": "bayesian"}, {"samplingAlgorithmType": "Bayesian"}),
        ({"samplingAlgorithmType": "GRID"}, {"samplingAlgorithmType": "Grid"}),
    ],
)
def test_the_way_of_sampling_is_the_requests(given: object, sent: Json) -> None:
    sweep = {"samplingAlgorithm": given, "searchSpace": {"lr": ["choice", [[1]]]}}

    assert made(LEAST, sweep=sweep)["samplingAlgorithm"] == sent


def test_an_input_that_names_an_entry_becomes_its_only_value() -> None:
    sent = made(inputs={"lr": 0.25, "batch": {"type": "literal", "value": "large"}, "rate": 2})

    assert sent["searchSpace"] == {"lr": ["choice", [[0.25]]], "batch": ["choice", [["large"]]]}
    assert sent["inputs"] == {"rate": {"jobInputType": "literal", "value": "2"}}


@pytest.mark.parametrize("value", [1, 1.0, -1e-05, True, False, "1"])
def test_the_only_value_stays_of_its_kind(value: object) -> None:
    kind, ((only,),) = made(LEAST, inputs={"lr": value})["searchSpace"]["lr"]

    assert (kind, only, type(only)) == ("choice", value, type(value))


def test_an_input_may_name_an_entry_of_the_request() -> None:
    sent = made(LEAST, sweep={"searchSpace": {"depth": ["randint", [9]]}}, inputs={"depth": 3})

    assert sent["searchSpace"] == {"lr": ["uniform", [0.1, 0.9]], "depth": ["choice", [[3]]]}
    assert "inputs" not in sent


def test_parameters_name_entries_too() -> None:
    sent = made(LEAST, parameters=[{"name": "lr", "value": 0.5}, {"name": "other", "value": 1}])

    assert sent["searchSpace"] == {"lr": ["choice", [[0.5]]]}
    assert sent["inputs"] == {"other": {"jobInputType": "literal", "value": "1"}}


def test_data_cannot_be_tried() -> None:
    data = {"type": "uri_file", "uri": "https://x.net/y"}

    assert only_fault(refused(inputs={"lr": data})) == Fault(
        "/inputs/lr",
        "data or a model",
        "a plain value, as the search space has an entry of this name",
    )


def test_that_data_cannot_be_tried_is_known_without_the_template() -> None:
    data = {"type": "uri_file", "uri": "https://x.net/y"}
    space = {"x": ["choice", [[1]]]}

    assert faults(checked(sweep={"searchSpace": space}, inputs={"x": data})) == ["/inputs/x"]


def test_a_trial_that_is_never_given_up() -> None:
    assert "earlyTermination" not in made(sweep={"earlyTermination": None})
    assert "earlyTermination" in made(sweep={})


@pytest.mark.parametrize(
    ("limits", "total", "at_once"),
    [
        ({"maxTotalTrials": 3}, 3, 3),
        ({"maxTotalTrials": 4}, 4, 4),
        ({"maxTotalTrials": 100}, 100, 4),
        ({"maxConcurrentTrials": 20}, 20, 20),
        ({"maxConcurrentTrials": 21}, 20, 20),
        ({"maxTotalTrials": 1, "maxConcurrentTrials": 1}, 1, 1),
    ],
)
def test_there_are_never_more_trials_at_once_than_in_all(
    limits: Json, total: int, at_once: int
) -> None:
    sent = made(sweep={"limits": limits})["limits"]

    assert (sent["maxTotalTrials"], sent["maxConcurrentTrials"]) == (total, at_once)


def test_fewer_trials_than_usual_are_not_tried_at_once_either() -> None:
    sent = made(LEAST, sweep={"limits": {"maxTotalTrials": 1}})["limits"]

    assert sent == {"jobLimitsType": "Sweep", "maxTotalTrials": 1, "maxConcurrentTrials": 1}


@pytest.mark.parametrize("goal", ["minimize", "Minimize", "MINIMIZE"])
def test_the_goal_is_sent_as_the_schema_spells_it(goal: str) -> None:
    sent = made(attributes={"objectiveGoal": goal})

    assert sent["objective"] == {"goal": "Minimize", "primaryMetric": "accuracy"}


def test_the_metric_is_sent_as_it_is_given() -> None:
    assert made(attributes={"objectiveMetric": "Val/F1 Score"})["objective"] == {
        "goal": "Maximize",
        "primaryMetric": "Val/F1 Score",
    }


def test_a_template_without_what_a_sweep_needs_wants_it_from_the_request() -> None:
    assert refused({"jobType": "Sweep"}).faults == tuple(
        Fault(path, "nothing", "required, as the template has none")
        for path in (
            "/attributes/command",
            "/attributes/environment",
            "/attributes/objectiveMetric",
            "/attributes/objectiveGoal",
            "/sweep/searchSpace",
        )
    )


def test_a_request_may_bring_all_that_its_template_lacks() -> None:
    sent = made(
        {"jobType": "Sweep"},
        sweep={"searchSpace": {"lr": {"type": "uniform", "min_value": 0, "max_value": 1}}},
        attributes={
            "command": "train ${{search_space.lr}}",
            "environment": "sklearn:1",
            "objectiveMetric": "loss",
            "objectiveGoal": "Minimize",
        },
    )

    assert sent["searchSpace"] == {"lr": ["uniform", [0, 1]]}
    assert sent["trial"] == LEAST["trial"]


def test_a_template_of_odd_shapes_makes_no_crash() -> None:
    odd = {**LEAST, "limits": 7, "samplingAlgorithm": [], "earlyTermination": "x", "inputs": [1]}

    assert made(odd) == made(LEAST)


def test_a_command_that_uses_what_nobody_gives_is_refused_by_name() -> None:
    command = "x ${{search_space.depth}} ${{inputs.rate}} ${{outputs.model}} ${{inputs.lr}}"

    assert refused(LEAST, attributes={"command": command}).faults == (
        Fault("/sweep/searchSpace/depth", "nothing", "required, as the command uses it"),
        Fault("/inputs/rate", "nothing", "required, as the command uses it"),
        Fault("/outputs/model", "nothing", "required, as the command uses it"),
    )


def test_a_command_may_use_what_a_choice_has_inside() -> None:
    command = "x ${{search_space.batch}} ${{search_space.deep}}"

    assert made(attributes={"command": command})["trial"]["command"] == command


def test_every_distribution_is_judged_before_the_template_is_known() -> None:
    sweep = {
        "searchSpace": {
            "a": ["uniform", [1, 0]],
            "b": {"type": "choice", "values": []},
            "c": ["normal", [0, 1]],
        },
        "samplingAlgorithm": "bayesian",
        "limits": {"timeout": "PT1H"},
    }

    assert faults(checked(sweep=sweep, attributes={"timeout": "PT1H"})) == [
        "/sweep/searchSpace/a/1/1",
        "/sweep/searchSpace/b/values",
        "/sweep/searchSpace/c",
        "/attributes/timeout",
    ]


def test_no_way_of_sampling_tries_what_it_cannot() -> None:
    refusal = refused(LEAST, sweep={"samplingAlgorithm": "Grid"})

    assert only_fault(refusal) == Fault(
        "/sweep/searchSpace/lr", "uniform", "choice: Grid sampling knows no other"
    )


def test_what_a_template_has_is_tried_as_it_is() -> None:
    odd = {**LEAST, "samplingAlgorithm": {"samplingAlgorithmType": "Grid"}}

    assert made(odd)["samplingAlgorithm"] == {"samplingAlgorithmType": "Grid"}


def test_a_value_that_is_given_fits_every_way_of_sampling() -> None:
    sent = made(LEAST, sweep={"samplingAlgorithm": "Grid"}, inputs={"lr": 0.5})

    assert sent["searchSpace"] == {"lr": ["choice", [[0.5]]]}


def test_an_inline_sweep_is_brought_into_the_words_of_the_service() -> None:
    job = {
        "jobType": "sweep",
        "computeId": "cpu-cluster",
        "searchSpace": {
            "lr": {"type": "uniform", "min_value": 0.1, "max_value": 0.9},
            "batch": ["Choice", [[16, 32]]],
        },
        "samplingAlgorithm": {"type": "random", "rule": "SOBOL"},
        "objective": {"goal": "maximize", "primaryMetric": "accuracy"},
        "earlyTermination": {
            "type": "truncationselection",
            "truncationPercentage": 20,
            "delayEvaluation": 0,
        },
        "trial": {
            "command": "train ${{search_space.lr}} ${{inputs.flag}}",
            "environmentId": "sklearn:1",
            "codeId": "train:2",
            "distribution": {"distributionType": "pytorch", "processCountPerInstance": 2},
            "resources": {"instanceCount": 2},
        },
        "inputs": {"flag": {"jobInputType": "literal", "value": True}},
        "queueSettings": {"jobTier": "spot"},
    }

    assert inline_body(a_request(jobType="Sweep", template=None, job=job)) == {
        "jobType": "Sweep",
        "computeId": f"{ID}/computes/cpu-cluster",
        "searchSpace": {"lr": ["uniform", [0.1, 0.9]], "batch": ["choice", [[16, 32]]]},
        "samplingAlgorithm": {"samplingAlgorithmType": "Random", "rule": "Sobol"},
        "objective": {"goal": "Maximize", "primaryMetric": "accuracy"},
        "earlyTermination": {
            "policyType": "TruncationSelection",
            "truncationPercentage": 20,
            "delayEvaluation": 0,
        },
        "limits": {"jobLimitsType": "Sweep", "maxTotalTrials": 10, "maxConcurrentTrials": 2},
        "trial": {
            "command": "train ${{search_space.lr}} ${{inputs.flag}}",
            "environmentId": f"{ID}/environments/sklearn/versions/1",
            "codeId": f"{ID}/codes/train/versions/2",
            "distribution": {"distributionType": "PyTorch", "processCountPerInstance": 2},
            "resources": {"instanceCount": 2},
        },
        "inputs": {"flag": {"jobInputType": "literal", "value": "true"}},
        "queueSettings": {"jobTier": "Spot"},
        "tags": OUR_TAGS,
        "properties": OUR_PROPERTIES,
    }


def test_a_request_is_laid_over_its_own_job_too() -> None:
    request = a_request(
        jobType="Sweep",
        template=None,
        job=LEAST,
        sweep={"searchSpace": {"lr": ["choice", [[1, 2]]]}, "samplingAlgorithm": "grid"},
        inputs={"rate": 1},
    )

    sent = inline_body(request)

    assert sent["searchSpace"] == {"lr": ["choice", [[1, 2]]]}
    assert sent["samplingAlgorithm"] == {"samplingAlgorithmType": "Grid"}
    assert sent["inputs"] == {"rate": {"jobInputType": "literal", "value": "1"}}


def test_faults_of_an_inline_sweep_are_told_where_they_are() -> None:
    job = {
        **LEAST,
        "searchSpace": {"lr": ["uniform", [1]], "x": ["normal", [0, 1]]},
        "samplingAlgorithm": {"samplingAlgorithmType": "Grid"},
        "objective": {"goal": "best", "primaryMetric": "-"},
        "trial": {"command": "train"},
    }
    request = a_request(jobType="Sweep", template=None, job=job)

    with pytest.raises(RejectedError) as caught:
        bodies(JobType.SWEEP).check(request)

    assert faults(caught.value) == [
        "/job/objective/goal",
        "/job/objective/primaryMetric",
        "/job/trial/environmentId",
        "/job/searchSpace/lr/1",
        "/job/searchSpace/x",
    ]


def test_no_body_is_made_of_what_a_check_refuses() -> None:
    refusal = refused(sweep={"searchSpace": {"lr": 7}, "limits": {"maxTotalTrials": 0}})

    assert faults(refusal) == ["/sweep/limits/maxTotalTrials", "/sweep/searchSpace/lr"]
