"""What the final event of a sweep tells of its trials."""

from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from shared.backends.workspace.observation import observation
from shared.backends.workspace.results import Ended, of_sweep
from shared.ports import Json
from shared.runs import Observation, Sweep, Trials
from tests.arm import Places, an_error, an_inquiry
from tests.jobs import WORKSPACE, a_document
from tests.rows import a_run

NAME = "jr-0123456789abcdef01234567"
BEST = f"{NAME}_1"
FOUND = {
    "StartTimeUtc": "2026-11-21 09:00:00",
    "EndTimeUtc": "2026-11-21 09:30:15",
    "best_child_run_id": BEST,
    "score": "0.75",
}
TIMES = {name: FOUND[name] for name in ("StartTimeUtc", "EndTimeUtc")}
NO_LOCATION = "`location` of the target is not set, so that trials cannot be counted"
UNSAID = "the service does not say it"
PARAMETERS = {"rate": 0.1, "kernel": "rbf"}
TAGGED = {"hyperparameters": '{"rate": 0.1, "kernel": "rbf"}'}


def a_sweep(status: str = "Completed", **properties: Any) -> Observation:
    own = {
        "jobType": "Sweep",
        "objective": {"goal": "maximize", "primaryMetric": "accuracy"},
        "searchSpace": {"rate": ["uniform", [0, 1]], "kernel": ["choice", [["rbf", "linear"]]]},
        "properties": FOUND,
    }
    document = a_document(NAME, **{**own, "status": status, **properties})
    return observation(document, run_id=NAME, workspace=WORKSPACE)


def a_trial(number: int, status: str = "Completed", **fields: Any) -> Json:
    return {"runId": f"{NAME}_{number}", "status": status, **fields}


def found(
    look: Observation,
    history: Mapping[str, object] | None = None,
    *,
    jobs: Mapping[str, object] | None = None,
) -> Sweep:
    """What a sweep is told to have found, with these answers of run history and of ARM."""
    past = None if history is None else Places(history)
    result = of_sweep(Ended(a_run(NAME), look, an_inquiry(past, jobs=Places(jobs or {}))))
    assert result.sweep is not None
    return result.sweep


def children(*trials: Json) -> dict[str, object]:
    return {f"runs/{NAME}/children": {"value": [*trials]}, f"runs/{NAME}/details": {}}


def test_a_sweep_tells_its_best_trial_and_how_all_ended() -> None:
    history = children(
        a_trial(0),
        a_trial(1, tags=TAGGED),
        a_trial(2, "Failed"),
        a_trial(3, "Canceled"),
        a_trial(4, "Cancelled"),
        a_trial(5, "Running"),
        a_trial(6, "NotResponding"),
    )

    assert found(a_sweep(), history) == Sweep(
        best_trial=BEST,
        score=0.75,
        metric="accuracy",
        goal="Maximize",
        parameters=PARAMETERS,
        trials=Trials(completed=2, failed=1, cancelled=2, other=2),
    )


def test_a_sweep_that_completed_has_no_error_although_trials_failed() -> None:
    history = Places(children(a_trial(1, tags=TAGGED), a_trial(2, "Failed")))

    result = of_sweep(Ended(a_run(NAME), a_sweep(), an_inquiry(history)))

    assert result.error is None
    assert history.asked == [f"runs/{NAME}/children"]


def test_a_sweep_that_failed_tells_which_trial_failed_first() -> None:
    error = {"error": {"code": "UserError", "message": "exit code: 1"}}
    history = Places(
        {
            **children(a_trial(2, "Failed", error=error)),
            f"runs/{NAME}_2/children": {"value": []},
        }
    )

    look = a_sweep("Failed", properties=TIMES)
    result = of_sweep(Ended(a_run(NAME), look, an_inquiry(history)))

    assert result.error is not None
    assert (result.error.message, result.error.child_run) == ("exit code: 1", f"{NAME}_2")
    assert result.sweep == Sweep(
        metric="accuracy",
        goal="Maximize",
        trials=Trials(failed=1),
        missing={
            "best_trial": "no trial completed",
            "score": "no trial completed",
            "parameters": "no trial completed",
        },
    )


def test_a_sweep_whose_trials_log_no_metric_says_so() -> None:
    look = a_sweep(properties=TIMES)

    missing = found(look, children(a_trial(0))).missing

    why = "the service names none: do trials log the metric under its exact name?"
    assert missing == {"best_trial": why, "score": why, "parameters": why}


def test_without_location_the_documents_tell_the_best_trial_and_its_parameters() -> None:
    jobs = {f"jobs/{BEST}": a_document(BEST, tags=TAGGED)}

    assert found(a_sweep(), jobs=jobs) == Sweep(
        best_trial=BEST,
        score=0.75,
        metric="accuracy",
        goal="Maximize",
        parameters=PARAMETERS,
        missing={"trials": NO_LOCATION},
    )


def test_without_location_and_without_a_best_trial_nothing_is_invented() -> None:
    look = a_sweep("Canceled", properties=TIMES, objective=None)

    assert found(look) == Sweep(
        missing={
            "best_trial": "the service names none",
            "score": "the service names none",
            "metric": UNSAID,
            "goal": UNSAID,
            "parameters": "the service names none",
            "trials": NO_LOCATION,
        }
    )


def test_a_best_trial_that_is_not_there_leaves_its_parameters_unknown() -> None:
    result = of_sweep(Ended(a_run(NAME), a_sweep(), an_inquiry(jobs=Places({}))))

    assert result.sweep is not None
    assert result.sweep.missing == {"parameters": UNSAID, "trials": NO_LOCATION}
    assert result.unread is None


@pytest.mark.parametrize(
    "fields",
    [
        {"tags": TAGGED},
        {"tags": {"_aml_system_hyperparameters": TAGGED["hyperparameters"]}},
        {"properties": TAGGED},
        {"parameters": {**PARAMETERS, "another": "logged by the script"}},
        {"tags": {"hyperparameters": "{"}, "parameters": PARAMETERS},
        {"tags": {"hyperparameters": "{}"}, "properties": TAGGED},
    ],
)
def test_the_parameters_of_a_trial_are_read_wherever_they_stand(fields: dict[str, Any]) -> None:
    assert found(a_sweep(), children(a_trial(1, **fields))).parameters == PARAMETERS
    jobs = {f"jobs/{BEST}": a_document(BEST, **fields)}
    assert found(a_sweep(), jobs=jobs).parameters == PARAMETERS


@pytest.mark.parametrize("tag", [BEST, f"_aml_system_{BEST}"])
def test_the_parameters_of_a_trial_may_stand_at_the_sweep(tag: str) -> None:
    tags = {tag: TAGGED["hyperparameters"]}
    history = {**children(), f"runs/{NAME}/details": {"tags": tags}}

    assert found(a_sweep(tags=tags)).parameters == PARAMETERS
    assert found(a_sweep(), history).parameters == PARAMETERS


def test_a_best_trial_that_only_run_history_names_is_told() -> None:
    details = {"properties": {"best_child_run_id": BEST, "score": 0.5}}
    history = {**children(a_trial(1, tags=TAGGED)), f"runs/{NAME}/details": details}

    told = found(a_sweep(properties=TIMES), history)

    assert (told.best_trial, told.score, told.parameters) == (BEST, 0.5, PARAMETERS)


@pytest.mark.parametrize(
    ("said", "score"),
    [
        ("0.5", 0.5),
        (0.5, 0.5),
        (1, 1.0),
        ("-1e-3", -0.001),
        ("nan", None),
        ("Infinity", None),
        ("", None),
        ("good", None),
        (True, None),
        (None, None),
        ([0.5], None),
        (10**400, None),
    ],
)
def test_a_score_is_a_number_or_missing(said: object, score: float | None) -> None:
    told = found(a_sweep(properties={**FOUND, "score": said}), children(a_trial(1, tags=TAGGED)))

    assert told.score == score
    assert told.missing == ({} if score is not None else {"score": UNSAID})


@pytest.mark.parametrize(
    ("said", "goal"),
    [("Maximize", "Maximize"), ("minimize", "Minimize"), ("MINIMIZE", "Minimize"), ("new", "new")],
)
def test_a_goal_is_told_in_one_spelling(said: str, goal: str) -> None:
    objective = {"goal": said, "primaryMetric": "accuracy"}

    assert found(a_sweep(objective=objective), children()).goal == goal


def test_trials_that_could_not_be_read_are_not_counted() -> None:
    history = Places({f"runs/{NAME}/children": an_error(403)})

    result = of_sweep(Ended(a_run(NAME), a_sweep(), an_inquiry(history)))

    assert result.sweep == Sweep(
        best_trial=BEST,
        score=0.75,
        metric="accuracy",
        goal="Maximize",
        missing={
            "parameters": "run history could not be read",
            "trials": "run history could not be read",
        },
    )
    assert result.unread is not None
    assert result.unread.code == "UserError"


def test_a_best_trial_of_a_service_in_trouble_is_unread() -> None:
    jobs = Places({f"jobs/{BEST}": httpx.Response(302)})

    result = of_sweep(Ended(a_run(NAME), a_sweep(), an_inquiry(jobs=jobs)))

    assert result.unread is not None
    assert result.unread.message.endswith(f"GET jobs/{BEST}: 302")
    assert result.unread.hint == "What is missing can be seen at monitorUrl."


def test_parameters_that_are_nested_without_end_are_not_told() -> None:
    deep = '{"a":' * 40 + "1" + "}" * 40

    told = found(a_sweep(), children(a_trial(1, tags={"hyperparameters": deep})))

    assert told.missing == {"parameters": UNSAID}
