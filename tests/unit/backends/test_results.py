"""How a job ended: from its document, from run history, and from its children."""

from itertools import pairwise
from typing import Any

import httpx
import pytest

from shared.backends.workspace.observation import observation
from shared.backends.workspace.results import Ended, alone, of_sweep, with_children
from shared.errors import Problem
from shared.ports import Json
from shared.runs import Card, Observation, Result, Run
from tests.arm import Places, an_error, an_inquiry
from tests.jobs import WORKSPACE, a_document
from tests.rows import a_run

NAME = "jr-0123456789abcdef01234567"
RUN = a_run(NAME)
TIMES = {"StartTimeUtc": "2026-11-21 09:00:00", "EndTimeUtc": "2026-11-21 09:30:15"}
LOG = "The log of the job says why: open monitorUrl."
LOCATION = (
    "Set `location` of the target in TARGETS to the region of the workspace, and it is told here."
)
HISTORY = (
    "Compare `location` of the target in TARGETS with the region of the workspace. Grant the app's "
    "identity Microsoft.MachineLearningServices/workspaces/experiments/runs/read on the workspace, "
    "as the role AzureML Data Scientist does, and let its network reach the host."
)
SCRIPT = "The command of the job failed: its log, user_logs/std_log.txt, says why."


def seen(status: str, **properties: Any) -> Observation:
    document = a_document(NAME, status=status, **{"properties": TIMES, **properties})
    return observation(document, run_id=NAME, workspace=WORKSPACE)


def ended(
    look: Observation,
    history: Places | None = None,
    *,
    jobs: Places | None = None,
    run: Run = RUN,
) -> Ended:
    return Ended(run, look, an_inquiry(history, jobs=jobs))


def an_error_of_a_run(code: str, message: str | None, **fields: Any) -> Json:
    """An error as run history has it."""
    return {"error": {"code": code, "message": message, **fields}, "correlation": {}, "time": "x"}


def a_child(name: str, status: str, end: str | None = None, **fields: Any) -> Json:
    return {"runId": name, "status": status, "endTimeUtc": end, "error": None, **fields}


def no_words() -> Problem:
    return Problem("JobFailed", "the job failed; the service does not say why", LOG)


def test_outputs_are_told_with_their_places() -> None:
    look = seen(
        "Completed",
        outputs={
            "default": {"uri": "azureml://datastores/a/ExperimentRun/dcid.x"},
            "model": {"jobOutputType": "mlflow_model", "uri": "azureml://m", "assetId": "m:1"},
            "named": {"jobOutputType": "uri_file", "uri": "azureml://n", "assetName": "n"},
            "score": {"jobOutputType": "literal", "value": "0.9"},
            "odd": None,
        },
    )

    told = alone(ended(look))

    assert told == Result(
        outputs={
            "default": {
                "type": None,
                "uri": "azureml://datastores/a/ExperimentRun/dcid.x",
                "asset_id": None,
                "asset_name": None,
            },
            "model": {
                "type": "mlflow_model",
                "uri": "azureml://m",
                "asset_id": "m:1",
                "asset_name": None,
            },
            "named": {
                "type": "uri_file",
                "uri": "azureml://n",
                "asset_id": None,
                "asset_name": "n",
            },
            "score": "0.9",
        }
    )


def a_sweep_with_outputs() -> Observation:
    return seen(
        "Completed",
        jobType="Sweep",
        properties={**TIMES, "best_child_run_id": f"{NAME}_3", "score": "0.5"},
        outputs={
            "default": {"jobOutputType": "uri_folder", "uri": "azureml://of-the-sweep/logs"},
            "model": {"jobOutputType": "uri_folder", "uri": "azureml://of-the-sweep/model"},
        },
    )


def places(result: Result) -> dict[str, str]:
    """Where the outputs are."""
    return {name: str(place["uri"]) for name, place in result.outputs.items()}


def test_the_outputs_of_a_sweep_are_those_of_its_best_trial() -> None:
    best = a_document(
        f"{NAME}_3",
        outputs={
            "default": {"jobOutputType": "uri_folder", "uri": "azureml://of-the-trial/logs"},
            "model": {"jobOutputType": "uri_folder", "uri": "azureml://of-the-trial/model"},
        },
    )

    told = of_sweep(ended(a_sweep_with_outputs(), jobs=Places({f"jobs/{NAME}_3": best})))

    assert places(told) == {
        "default": "azureml://of-the-sweep/logs",
        "model": "azureml://of-the-trial/model",
    }


def test_the_outputs_of_a_sweep_whose_best_trial_cannot_be_read_are_its_own() -> None:
    told = of_sweep(ended(a_sweep_with_outputs(), jobs=Places({})))

    assert places(told) == {
        "default": "azureml://of-the-sweep/logs",
        "model": "azureml://of-the-sweep/model",
    }


def test_an_input_is_told_only_when_it_is_wanted_as_output() -> None:
    look = seen(
        "Completed",
        inputs={
            "rate": {"jobInputType": "literal", "value": "0.5"},
            "other": {"jobInputType": "literal", "value": "1"},
        },
    )

    told = alone(ended(look, run=a_run(NAME, card=Card(wanted_outputs=("rate", "model")))))

    assert told.outputs == {"rate": "0.5"}


@pytest.mark.parametrize("status", ["Completed", "Canceled"])
def test_only_a_failure_has_an_error(status: str) -> None:
    assert with_children(ended(seen(status))).error is None


@pytest.mark.parametrize(
    ("properties", "code", "message"),
    [
        ({}, "JobFailed", "the job failed; the service does not say why"),
        ({"error": {"code": "UserError", "message": "No."}}, "UserError", "No."),
        ({"error": {"error": {"code": "UserError", "message": "No."}}}, "UserError", "No."),
        ({"error": {"message": "No."}}, "JobFailed", "No."),
        ({"services": {"Studio": {"errorMessage": "Gone."}}}, "JobFailed", "Gone."),
    ],
)
def test_without_run_history_a_failure_has_the_words_of_the_document(
    properties: dict[str, Any], code: str, message: str
) -> None:
    told = alone(ended(seen("Failed", **properties)))

    assert told.error == Problem(code, message, f"{LOG} {LOCATION}")
    assert told.unread is None


def test_a_failure_that_is_known_has_its_own_hint() -> None:
    error = {"code": "UserError", "message": "There is not enough quota of this size."}

    told = alone(ended(seen("Failed", error=error)))

    assert told.error is not None
    assert "how-to-manage-quotas" in (told.error.hint or "")
    assert (told.error.hint or "").endswith(LOCATION)


def test_the_words_of_a_failure_are_cut() -> None:
    told = alone(ended(seen("Failed", error={"code": "c" * 999, "message": "m" * 9999})))

    assert told.error is not None
    assert (len(told.error.code), len(told.error.message)) == (100, 3000)


def test_run_history_is_not_asked_where_the_document_tells_all() -> None:
    history = Places({})

    told = [act(ended(seen("Completed"), history)) for act in (alone, with_children)]

    assert history.asked == []
    assert [each.unread for each in told] == [None, None]


def test_run_history_tells_why_a_job_failed() -> None:
    details = {
        "error": an_error_of_a_run(
            "UserError",
            "Execution failed. User process exited with status code 3.",
            details=[{"code": "Trace", "message": "line 7", "target": None}],
            innerError={"code": "UserScriptError", "innerError": {"code": "ExitCode"}},
        ),
        "warnings": [{"source": "disk", "message": "nearly full"}, None, {"message": 7}],
        "startTimeUtc": "2026-11-21T09:00:00Z",
        "endTimeUtc": "2026-11-21T09:00:09.5Z",
        "logFiles": {"std_log.txt": "https://x.blob.core.windows.net/l?sig=canary"},
    }
    history = Places({f"runs/{NAME}/details": details})

    told = alone(ended(seen("Failed", properties={}), history))

    assert history.asked == [f"runs/{NAME}/details"]
    assert told.error == Problem(
        "UserError",
        "Execution failed. User process exited with status code 3.",
        SCRIPT,
        (
            {"code": "UserScriptError"},
            {"code": "ExitCode"},
            {"code": "Trace", "message": "line 7"},
            {"source": "disk", "message": "nearly full"},
            {},
        ),
    )
    assert str(told.started_at) == "2026-11-21 09:00:00+00:00"
    assert str(told.ended_at) == "2026-11-21 09:00:09.500000+00:00"
    assert told.unread is None


def test_run_history_that_says_nothing_is_no_reason_to_invent() -> None:
    history = Places({f"runs/{NAME}/details": {"error": None}})

    assert alone(ended(seen("Failed"), history)).error == no_words()


def test_words_that_fit_no_hint_have_none() -> None:
    history = Places({f"runs/{NAME}/details": {"error": an_error_of_a_run("Odd", "Something.")}})

    assert alone(ended(seen("Failed"), history)).error == Problem("Odd", "Something.")


@pytest.mark.parametrize(
    ("answer", "code", "text"),
    [
        (an_error(404), "NotFound", "404"),
        (an_error(403, "AuthorizationFailed"), "AuthorizationFailed", "403 AuthorizationFailed"),
        (an_error(401), "UserError", "401 UserError"),
        (an_error(400), "UserError", "400 UserError"),
        (httpx.Response(302), "Http302", "302"),
    ],
)
def test_run_history_that_refuses_leaves_what_is_known(
    answer: httpx.Response, code: str, text: str
) -> None:
    history = Places({f"runs/{NAME}/details": answer})
    error = {"code": "UserError", "message": "From the document."}

    told = alone(ended(seen("Failed", error=error), history))

    assert told.error == Problem("UserError", "From the document.")
    path = f"GET runs/{NAME}/details"
    assert told.unread == Problem(
        code, f"how the job ended could not be read in full: {path}: {text}", HISTORY
    )


def test_a_child_that_failed_tells_why_a_pipeline_did() -> None:
    history = Places(
        {
            f"runs/{NAME}/details": {"error": an_error_of_a_run("PipelineError", "A step failed.")},
            f"runs/{NAME}/children": {
                "value": [
                    a_child("late", "Failed", "2026-11-21T09:20:00Z"),
                    a_child("never", "Failed", None),
                    a_child(
                        "first",
                        "Failed",
                        "2026-11-21T09:10:00Z",
                        error=an_error_of_a_run("UserError", "exit code: 1"),
                    ),
                    a_child("good", "Completed", "2026-11-21T09:00:00Z"),
                ]
            },
            "runs/first/children": {"value": []},
        }
    )

    told = with_children(ended(seen("Failed"), history))

    assert told.error == Problem(
        "UserError",
        "exit code: 1",
        SCRIPT,
        ({"code": "PipelineError", "message": "A step failed."},),
        child_run="first",
    )
    assert told.unread is None


def test_a_child_without_words_in_the_list_has_them_in_its_details() -> None:
    history = Places(
        {
            f"runs/{NAME}/details": {},
            f"runs/{NAME}/children": {"value": [a_child("step", "Failed")]},
            "runs/step/children": {"value": []},
            "runs/step/details": {"error": an_error_of_a_run("Odd", "Because.")},
        }
    )

    told = with_children(ended(seen("Failed"), history))

    assert told.error == Problem("Odd", "Because.", child_run="step")


def test_a_child_that_says_nothing_is_named_all_the_same() -> None:
    history = Places(
        {
            f"runs/{NAME}/details": {"error": an_error_of_a_run("Odd", "A step failed.")},
            f"runs/{NAME}/children": {"value": [a_child("step", "Failed")]},
            "runs/step/children": {"value": []},
            "runs/step/details": {},
        }
    )

    told = with_children(ended(seen("Failed"), history))

    assert told.error == Problem("Odd", "A step failed.", child_run="step")


def chain(*, length: int) -> Places:
    """A pipeline in a pipeline in a pipeline; each has failed, and says so."""
    names = [NAME, *(f"child-{level}" for level in range(1, length + 1))]
    documents: dict[str, object] = {f"runs/{NAME}/details": {}, f"runs/{names[-1]}/children": {}}
    for parent, child in pairwise(names):
        error = an_error_of_a_run("Odd", f"{child} failed")
        documents[f"runs/{parent}/children"] = {"value": [a_child(child, "Failed", error=error)]}
    return Places(documents)


@pytest.mark.parametrize(("length", "name"), [(1, "child-1"), (5, "child-5"), (9, "child-5")])
def test_the_cause_is_sought_five_levels_down(length: int, name: str) -> None:
    history = chain(length=length)

    told = with_children(ended(seen("Failed"), history))

    assert told.error == Problem("Odd", f"{name} failed", child_run=name)
    assert told.unread is None


def test_children_that_cannot_be_read_leave_the_words_of_the_job() -> None:
    history = Places(
        {
            f"runs/{NAME}/details": {"error": an_error_of_a_run("Odd", "A step failed.")},
            f"runs/{NAME}/children": {"value": [a_child("step", "Failed")]},
            "runs/step/children": httpx.Response(302),
        }
    )

    told = with_children(ended(seen("Failed"), history))

    assert told.error == Problem("Odd", "A step failed.", child_run="step")
    assert told.unread is not None


@pytest.mark.parametrize("name", ["../x", "a/b", "a b", "", "-a", "é", "a" * 256, "https://x"])
def test_a_child_of_an_impossible_name_is_not_asked_for(name: str) -> None:
    history = Places(
        {
            f"runs/{NAME}/details": {"error": an_error_of_a_run("Odd", "A step failed.")},
            f"runs/{NAME}/children": {"value": [a_child(name, "Failed")]},
        }
    )

    told = with_children(ended(seen("Failed"), history))

    assert set(history.asked) == {f"runs/{NAME}/children", f"runs/{NAME}/details"}
    assert told.error is not None
    assert (told.error.code, told.unread) == ("Odd", None)


SIGNED = "https://x.blob.core.windows.net/a/b?sv=2024-11-04&se=2026&sig=canary%3D"
PLAIN = "https://x.blob.core.windows.net/a/b?…"


@pytest.mark.parametrize("end", [alone, with_children, of_sweep])
def test_no_signature_of_an_address_gets_into_a_result(end: Any) -> None:
    error = an_error_of_a_run(
        f"Odd {SIGNED}",
        f"cannot read '{SIGNED}'.",
        details=[{"code": SIGNED, "message": SIGNED, "target": SIGNED}],
        innerError={"code": SIGNED, "innerError": {"code": f"x={SIGNED}", "message": SIGNED}},
    )
    tags = {"hyperparameters": f'{{"{SIGNED}": ["{SIGNED}"]}}'}
    details = {
        "error": error,
        "warnings": [{"source": SIGNED, "message": f"<{SIGNED}>"}],
        "logFiles": {"x": SIGNED},
        "properties": {"best_child_run_id": "best", "score": SIGNED},
    }
    children = [a_child("best", "Failed", error=error, tags=tags, warnings=details["warnings"])]
    history = Places(
        {
            f"runs/{NAME}/details": details,
            f"runs/{NAME}/children": {"value": children},
            "runs/best/children": {"value": []},
        }
    )
    places = {
        "uri": {"jobOutputType": "uri_file", "uri": SIGNED, "assetId": SIGNED, "assetName": SIGNED},
        "literal": {"jobOutputType": "literal", "value": SIGNED},
    }
    objective = {"primaryMetric": SIGNED, "goal": SIGNED}
    look = seen("Failed", outputs=places, objective=objective, error=error)

    told = end(ended(look, history))

    assert told.outputs["literal"] == PLAIN
    assert told.outputs["uri"]["uri"] == PLAIN
    assert told.error is not None
    assert told.error.message == f"cannot read '{PLAIN}'."
    assert "canary" not in repr(told)
