"""Whatever a workspace shows of its jobs, a body is made of it, or none can be."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.backends import FAMILIES
from shared.backends.workspace import discovery, templates
from shared.errors import RejectedError
from shared.messages import templates as told
from shared.ports import Json
from shared.runs import JobType
from tests.fuzz.strategies import documents, fuzzing, mutated
from tests.jobs import COMPLETED, RUN, a_document, a_request, bodies
from tests.unit.backends.test_pipeline import COMPLETED as COMPLETED_PIPELINE
from tests.unit.backends.test_sweep import COMPLETED as COMPLETED_SWEEP

JOBS: dict[JobType, Json] = {
    JobType.COMMAND: COMPLETED,
    JobType.SWEEP: COMPLETED_SWEEP,
    JobType.PIPELINE: COMPLETED_PIPELINE,
}
FIELDS: dict[JobType, Json] = {
    JobType.COMMAND: {"inputs": {"rate": 1}, "attributes": {"timeout": "PT1H"}},
    JobType.SWEEP: {"inputs": {"lr": 1}, "sweep": {"limits": {"maxTotalTrials": 1}}},
    JobType.PIPELINE: {"outputs": {"clean": {}}, "attributes": {"compute": "cpu"}},
}
odd_jobs = st.sampled_from(list(JOBS)).flatmap(
    lambda kind: st.tuples(st.just(kind), mutated(JOBS[kind]))
)


@fuzzing(400)
@given(odd=odd_jobs)
def test_a_body_is_made_of_a_template_or_none_can_be(odd: tuple[JobType, Any]) -> None:
    job_type, job = odd
    definition = templates.cleaned(job, "train", FAMILIES[job_type].job)
    request = a_request(jobType=job_type.value, **FIELDS[job_type])

    try:
        made = bodies(job_type).body(request, definition, run=RUN)
    except RejectedError:
        return
    assert json.loads(json.dumps(made, allow_nan=False)) == made


@fuzzing(300)
@given(odd=odd_jobs, other=documents)
def test_every_page_of_jobs_can_be_shown(odd: tuple[JobType, Any], other: Any) -> None:
    job_type, job = odd
    page = {"value": [a_document("train", **job), other, {"name": other, "properties": job}]}

    shown = list(discovery.cards(page, job_type, FAMILIES[job_type].job))

    answer = told("demo", [{"job_type": job_type, **card} for card in shown], truncated=False)
    assert json.loads(json.dumps(answer, allow_nan=False)) == answer


@pytest.mark.parametrize("job_type", JOBS)
def test_what_is_fuzzed_is_good(job_type: JobType) -> None:
    definition = templates.cleaned(JOBS[job_type], "train", FAMILIES[job_type].job)
    request = a_request(jobType=job_type.value, **FIELDS[job_type])

    assert bodies(job_type).body(request, definition, run=RUN)
