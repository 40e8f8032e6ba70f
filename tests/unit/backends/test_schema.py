"""The bodies that come of requests fit Microsoft's description of what can be sent."""

from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from shared.errors import RejectedError
from shared.ports import Json
from tests.jobs import COMPLETED, a_request, a_template, body, inline_body
from tests.shapes import NAMES as SHAPES
from tests.shapes import as_it_has_run, shape
from tests.shapes.description import description

TYPES = ["uri_file", "uri_folder", "mltable", "custom_model", "mlflow_model", "triton_model"]
GUID = "00000000-0000-0000-0000-00000000000a"


@pytest.mark.parametrize(
    "wrong",
    [
        a_template(inputs={"x": {"value": 1, "type": "literal"}}),
        a_template(limits={"timeout": "PT1H"}),
        a_template(resources={"instanceCount": 1.5}),
        a_template(resources={"instances": 1}),
        a_template(status="Running"),
        {**shape("sweep-least"), "objective": {"goal": "maximize", "primaryMetric": "x"}},
        {**shape("sweep-least"), "trial": {"command": "x"}},
    ],
)
def test_the_relaxed_description_still_refuses(wrong: Json) -> None:
    assert len(description().faults(wrong)) > 0


def test_the_body_from_a_command_that_has_run_fits() -> None:
    assert description().faults(body(a_request(), COMPLETED)) == []


def test_the_least_body_fits() -> None:
    assert description().faults(body(a_request(), a_template())) == []


@pytest.mark.parametrize("kind", ["Command", "Sweep", "Pipeline"])
def test_the_body_from_anything_that_has_run_fits(kind: str) -> None:
    name = f"{kind.casefold()}-with-everything"

    made = body(a_request(jobType=kind), as_it_has_run(name))

    assert description().faults(made) == []


NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,8}", fullmatch=True)
WORDS = st.text(min_size=1, max_size=20)
URIS = st.sampled_from(
    ["azureml://datastores/b/paths/x", "azureml:iris:1", "https://x.net/y", "abfss://c@a.net/z"]
)
MODES = st.sampled_from(
    ["ReadOnlyMount", "ReadWriteMount", "Download", "Direct", "EvalMount", "EvalDownload"]
)
PLAIN = st.one_of(st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False))
INPUTS = st.one_of(
    PLAIN,
    WORDS,
    st.fixed_dictionaries({"type": st.just("literal"), "value": PLAIN | WORDS}),
    st.fixed_dictionaries({"type": st.sampled_from(TYPES), "uri": URIS}, optional={"mode": MODES}),
)
OUTPUTS = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(TYPES),
        "uri": st.just("azureml://datastores/b/paths/x"),
        "mode": st.sampled_from(["ReadWriteMount", "Upload", "Direct"]),
    },
)
ATTRIBUTES = st.fixed_dictionaries(
    {},
    optional={
        "compute": st.sampled_from(["cpu-cluster", "azureml:cpu"]),
        "environment": st.sampled_from(["sklearn:1", "AzureML-sklearn-1.5"]),
        "command": st.sampled_from(["python x.py", "a"]),
        "instanceCount": st.integers(1, 100),
        "instanceType": st.just("Standard_DS3_v2"),
        "environmentVariables": st.dictionaries(NAMES, WORDS, max_size=3),
        "timeout": st.sampled_from(["PT30M", "P1DT2H", "PT90S"]),
        "identity": st.sampled_from(
            [{"type": "AMLToken"}, {"type": "UserIdentity"}, {"type": "Managed", "objectId": GUID}]
        ),
        "queueSettings": st.sampled_from([{"jobTier": "Null"}, {"jobTier": "Premium"}]),
    },
)
REQUESTS = st.fixed_dictionaries(
    {},
    optional={
        "displayName": WORDS,
        "description": WORDS,
        "experimentName": WORDS,
        "tags": st.dictionaries(NAMES, WORDS, max_size=3),
        "properties": st.dictionaries(NAMES, WORDS, max_size=3),
        "inputs": st.dictionaries(NAMES, INPUTS, max_size=4),
        "outputs": st.dictionaries(NAMES, OUTPUTS, max_size=4),
        "attributes": ATTRIBUTES,
    },
)


DISTRIBUTIONS = st.one_of(
    st.sampled_from(
        [["uniform", [0, 1.5]], ["randint", [3]], ["QNormal", [0, 1, 0.5]], ["lognormal", [1, 0]]]
    ),
    st.fixed_dictionaries(
        {"type": st.just("choice"), "values": st.lists(PLAIN | WORDS, max_size=3)}
    ),
    st.fixed_dictionaries(
        {"type": st.sampled_from(["quniform", "LogUniform"]), "min_value": PLAIN},
        optional={"max_value": PLAIN, "q": PLAIN},
    ),
)
COMMAND = "python x.py"
COUNTS = st.integers(0, 50)
SWEEPS = st.fixed_dictionaries(
    {},
    optional={
        "searchSpace": st.dictionaries(NAMES, DISTRIBUTIONS, max_size=3),
        "samplingAlgorithm": st.sampled_from(
            ["grid", "Random", {"type": "bayesian"}, {"samplingAlgorithmType": "Random", "seed": 1}]
        ),
        "limits": st.fixed_dictionaries(
            {},
            optional={
                "maxTotalTrials": COUNTS,
                "maxConcurrentTrials": COUNTS,
                "timeout": st.sampled_from(["PT1H", "PT0.5S"]),
                "trialTimeout": st.just("PT90S"),
            },
        ),
        "earlyTermination": st.sampled_from(
            [
                None,
                {"type": "bandit", "slackFactor": 0.1, "delayEvaluation": 5},
                {"policyType": "MedianStopping", "evaluationInterval": 1},
                {"policyType": "truncationSelection", "truncationPercentage": 20},
            ]
        ),
    },
)
OF_A_SWEEP = st.fixed_dictionaries(
    {},
    optional={
        "objectiveMetric": st.sampled_from(["loss", "AUC_weighted"]),
        "objectiveGoal": st.sampled_from(["minimize", "Maximize"]),
    },
)
OF_ANY = ("compute", "identity")


def requests(kind: str) -> st.SearchStrategy[Json]:
    """What a request of this kind may say beside its template, or its job."""
    if kind == "Command":
        return REQUESTS
    if kind == "Sweep":
        return st.builds(_with_sweep, REQUESTS, OF_A_SWEEP, st.none() | SWEEPS)
    return REQUESTS.map(_without_program)


def _with_sweep(request: Json, attributes: Json, sweep: Json | None) -> Json:
    attributes = {**request.get("attributes", {}), **attributes}
    return {**request, "attributes": attributes, **({} if sweep is None else {"sweep": sweep})}


def _without_program(request: Json) -> Json:
    attributes = request.get("attributes", {})
    kept = {name: value for name, value in attributes.items() if name in OF_ANY}
    return {**request, "attributes": kept}


def templates(kind: str) -> st.SearchStrategy[Json]:
    """Jobs of the kind that have run."""
    return st.sampled_from([as_it_has_run(name) for name in SHAPES if of_kind(name, kind)])


def jobs(kind: str) -> st.SearchStrategy[Json]:
    """Inline jobs: each part is that of any shape of the kind, and most may be missing."""
    shapes = [shape(name) for name in SHAPES if of_kind(name, kind)]
    parts = {name: st.sampled_from(_said(shapes, name)) for job in shapes for name in job}
    required = set(parts).intersection(*shapes)
    return st.fixed_dictionaries(
        {name: part for name, part in parts.items() if name in required},
        optional={name: part for name, part in parts.items() if name not in required},
    )


def of_kind(name: str, kind: str) -> bool:
    return bool(shape(name)["jobType"] == kind)


def _said(shapes: list[Json], name: str) -> list[Any]:
    """What shapes say under a name; commands ask for nothing that another shape may not have."""
    if name == "command":
        return [COMMAND]
    said = [job[name] for job in shapes if name in job]
    return [{**trial, "command": COMMAND} for trial in said] if name == "trial" else said


@pytest.mark.parametrize("kind", ["Command", "Sweep", "Pipeline"])
@settings(deadline=None)
@given(data=st.data())
def test_whatever_is_not_rejected_beside_a_template_makes_a_body_that_fits(
    kind: str, data: st.DataObject
) -> None:
    fields, template = data.draw(requests(kind)), data.draw(templates(kind))

    try:
        made = body(a_request(jobType=kind, **fields), template)
    except RejectedError:
        event("rejected")
        return

    assert description().faults(made) == []


@pytest.mark.parametrize("kind", ["Command", "Sweep", "Pipeline"])
@settings(deadline=None)
@given(data=st.data())
def test_whatever_is_not_rejected_beside_a_job_makes_a_body_that_fits(
    kind: str, data: st.DataObject
) -> None:
    fields, job = data.draw(requests(kind)), data.draw(jobs(kind))

    try:
        made = inline_body(a_request(jobType=kind, template=None, job=job, **fields))
    except RejectedError:
        event("rejected")
        return

    assert description().faults(made) == []
