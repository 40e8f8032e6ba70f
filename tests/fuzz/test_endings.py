"""Whatever the services answer, a job that has ended is told to have ended."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import stamina
from hypothesis import given
from hypothesis import strategies as st

from shared.backends import FAMILIES
from shared.backends.workspace.observation import observation
from shared.backends.workspace.results import Ended
from shared.messages import event
from shared.messages.telling import MAX_DATA
from shared.ports import Json
from shared.runs import Card, JobType, Result, Status
from tests.arm import an_inquiry
from tests.fuzz.strategies import documents, fuzzing, texts
from tests.jobs import WORKSPACE, a_document
from tests.rows import NOW, a_live, a_run, run_id

NAME = run_id()
HUGE = [10**400, -(10**4000), 1e308, "9" * 5000, "x" * 5000]
SIGNED = "https://a.example/b?sig=c4nary"
ODD = [
    *HUGE,
    *["{", "[]", "NaN", '{"a": 1e999}', '{"a": "\\ud800"}', '{"a":' * 300, "\ud800", "\x00"],
    *["0001-01-01T00:00:00Z", "9999-12-31T23:59:59-01:00", "Failed", "Completed", "best", NAME],
    *[SIGNED, json.dumps({SIGNED: SIGNED})],
]
anything = documents | st.sampled_from(ODD)
WORDS = ("error", "code", "message", "value", "uri", "assetId", "jobOutputType", "endpoint")
names = st.sampled_from(WORDS) | texts
answers: st.SearchStrategy[Any] = st.recursive(
    anything,
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(names, inside, max_size=5),
    max_leaves=20,
)
runs = st.sampled_from(["best", "a", "../a", "a b"])
errors = st.fixed_dictionaries(
    {}, optional={"code": anything, "message": anything, "details": answers, "innerError": answers}
)
bags = st.fixed_dictionaries(
    {},
    optional={
        "best_child_run_id": runs | anything,
        "score": st.sampled_from(HUGE) | anything,
        "hyperparameters": anything,
        "azureml.pipelines.stages": anything,
        "StartTimeUtc": anything,
        "best": anything,
    },
)


def of_a_run(**more: st.SearchStrategy[Any]) -> st.SearchStrategy[Json]:
    """What a run has wherever it is shown, usually of the kind that is awaited."""
    fields: dict[str, st.SearchStrategy[Any]] = {
        "error": errors | st.fixed_dictionaries({"error": errors}) | answers,
        "properties": bags | answers,
        "tags": bags | answers,
        "parameters": bags | answers,
        "searchSpace": bags | answers,
        "warnings": st.lists(answers, max_size=3) | answers,
        "endTimeUtc": anything,
    }
    return st.fixed_dictionaries({}, optional={**fields, **more})


details = of_a_run(startTimeUtc=anything, logFiles=answers)
children = st.tuples(
    st.fixed_dictionaries(
        {"runId": runs | anything, "status": st.sampled_from(["Failed", "Completed"]) | anything}
    ),
    of_a_run(),
).map(lambda both: {**both[0], **both[1]})
pages = st.fixed_dictionaries(
    {"value": st.lists(children, max_size=3) | answers}, optional={"nextLink": anything}
)
properties_of_jobs = of_a_run(
    objective=st.fixed_dictionaries({"goal": anything, "primaryMetric": anything}) | answers,
    outputs=answers,
    inputs=answers,
    services=answers,
    displayName=anything,
)


def answering(details: Json, page: Json) -> Callable[[httpx.Request], httpx.Response]:
    """A service that says the same of every run."""

    def answer(request: httpx.Request) -> httpx.Response:
        body = page if request.url.path.endswith("/children") else details
        return httpx.Response(200, content=json.dumps(body).encode())

    return answer


@pytest.mark.parametrize("job_type", [JobType.COMMAND, JobType.SWEEP, JobType.PIPELINE])
@pytest.mark.parametrize("status", ["Completed", "Failed", "Canceled"])
@fuzzing(40)
@given(properties=properties_of_jobs, details=details, page=pages)
def test_no_answer_keeps_an_end_from_being_told(
    job_type: JobType, status: str, properties: Json, details: Json, page: Json
) -> None:
    run = a_run(NAME, job_type=job_type, card=Card(wanted_outputs=None))
    document = a_document(NAME, **{**properties, "status": status})
    service = answering(details, page)

    with stamina.set_testing(True, attempts=1):
        look = observation(document, run_id=NAME, workspace=WORKSPACE)
        inquiry = an_inquiry(service, jobs=service)
        result = FAMILIES[job_type].result(Ended(run, look, inquiry))
    _, item = event(
        run, a_live(status=look.status, job=look.job), source="urn:x", at=NOW, result=result
    )

    body = json.loads(item.body)
    assert len(json.dumps(body["data"])) <= MAX_DATA
    assert (body["data"]["error"] is not None) is (look.status is Status.FAILED)
    assert "c4nary" not in item.body.decode()


def test_the_largest_result_fits() -> None:
    result = Result(outputs={"x" * 300_000: "y"})

    _, item = event(a_run(), a_live(status=Status.SUCCESS), source="urn:x", at=NOW, result=result)

    assert len(json.dumps(json.loads(item.body)["data"])) <= MAX_DATA
