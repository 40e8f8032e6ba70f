"""Whatever a project answers, a training that has ended is told to have ended."""

import json
from typing import Any

import httpx
import pytest
import stamina
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import JobrelayError
from shared.messages import event, section_view
from shared.messages.telling import MAX_DATA
from shared.ports import Json
from shared.runs import JobType, Section, Status
from tests.fuzz.strategies import fuzzing
from tests.fuzz.test_endings import answers, anything
from tests.project import NAME, PROFILES, a_job, a_training_job, trainings
from tests.rows import NOW, a_live, a_run

JOBS = {"training_jobs": a_training_job, "jobs": a_job}
FIELDS = [
    *["id", "name", "path", "value", "data", "error", "warnings", "started_at", "ended_at"],
    *["compute_duration", "compute_details", "is_latest", "status_reason", "has_more", "last_id"],
    *["services", "instances", "startTimeUtc", "computeDuration", "experimentId", "metricKey"],
    *["metricName", "step", "created_at", "port", "endpoint", "size", "type", "uri", "asset_name"],
]
SECTIONS = ("inputs", "outputs", "training", "services", "tags", "properties", "error")
things = st.dictionaries(st.sampled_from(FIELDS), answers, max_size=8)
pages: st.SearchStrategy[Any] = st.fixed_dictionaries(
    {},
    optional={
        "data": st.lists(things, max_size=3) | answers,
        "value": st.lists(things, max_size=3) | answers,
        "services": st.dictionaries(st.sampled_from(["a", "Studio"]), things) | answers,
        "instances": st.dictionaries(st.sampled_from(["a", "Studio"]), things) | answers,
        "has_more": st.booleans() | anything,
        "last_id": anything,
        "experimentId": st.just("e-1") | anything,
    },
)
documents = st.tuples(things, pages).map(lambda both: {**both[0], **both[1]})
properties_of_jobs = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(
        ("inputs", "outputs", "training", "services", "tags", "properties", "error"), answers
    ),
)


def answering(document: Json) -> Any:
    content = json.dumps(document).encode()
    return lambda _: httpx.Response(200, content=content)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("status", ["Completed", "failed", "cancelled"])
@fuzzing(40)
@given(properties=properties_of_jobs, document=documents)
def test_no_answer_keeps_an_end_from_being_told(
    profile: str, status: str, properties: Json, document: Json
) -> None:
    run = a_run(NAME, job_type=JobType.TRAINING)
    job = JOBS[profile](**{**properties, "status": status})

    with stamina.set_testing(True, attempts=1):
        look = trainings(answering(job), profile).find(NAME)
        assert look is not None
        result = trainings(answering(document), profile).result(run, look)
    _, item = event(
        run, a_live(status=look.status, job=look.job), source="urn:x", at=NOW, result=result
    )

    body = json.loads(item.body)
    assert len(json.dumps(body["data"])) <= MAX_DATA
    assert (body["data"]["error"] is not None) is (look.status is Status.FAILED)
    assert "c4nary" not in item.body.decode()


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("section", Section)
@fuzzing(40)
@given(document=documents)
def test_no_answer_keeps_a_section_from_being_told(
    profile: str, section: Section, document: Json
) -> None:
    backend = trainings(answering(document), profile)

    with stamina.set_testing(True, attempts=1):
        try:
            page = backend.section(NAME, section)
        except JobrelayError:
            return
    items = () if page is None else page.items
    view = section_view(NAME, section, items, truncated=False)

    assert "c4nary" not in json.dumps(view)
