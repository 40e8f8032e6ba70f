"""The schemas say what the code does, and the files under `docs/` are what the code says."""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # it has no types

from shared.backends.foundry.job import TrainingJob
from shared.errors import EndedError, Fault, Problem, RejectedError
from shared.messages import event, refusal, view, view_of_tombstone
from shared.messages.data import REASONS
from shared.ports import Json
from shared.problems import problem
from shared.runs import Card, Item, Live, Result, Status, Sweep, Trials, Wish
from tests.bad_input.corpus import EXPECTED, NEAR_MISSES, body_of, near_miss
from tests.edge import an_envelope
from tests.rows import NOW, a_full_live, a_live, a_run, run_id
from tests.schemas.documents import DOCS, DOCUMENTS, text

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
CAMEL_CASE = re.compile(r"[a-z][A-Za-z0-9]*")
SCHEMAS = [name for name in DOCUMENTS if name != "openapi.json"]
RUN = a_run(envelope=an_envelope(trace=TRACE), card=Card(tags={"a": "b"}, context=[1]))
PROBLEM = Problem("UserError", "it broke", "mend it", ({"code": "x"},), "step-1")
PLACE = {"type": "uri_folder", "uri": "azureml://m", "asset_id": "m:1"}
SWEEP = Sweep(best_trial="t-1", score=0.5, parameters={"rate": 0.1}, trials=Trials(completed=1))
FULL = Result(outputs={"model": PLACE, "rate": "0.5"}, error=PROBLEM, sweep=SWEEP, unread=PROBLEM)


@cache
def schema(name: str) -> Json:
    return DOCUMENTS[f"schemas/{name}.schema.json"]()


@cache
def component(name: str) -> Json:
    """The schema of a part of the routes."""
    return {**DOCUMENTS["openapi.json"](), "$ref": f"#/components/schemas/{name}"}


def told(item: Item) -> Json:
    body: Json = json.loads(item.body)
    return body


def fields(here: Any) -> Iterator[tuple[str, Json]]:
    """Every field that is described, at any depth."""
    if isinstance(here, dict):
        named = here.get("properties")
        if isinstance(named, dict) and isinstance(here.get("description"), str):
            yield from named.items()
        for each in here.values():
            yield from fields(each)
    elif isinstance(here, list):
        for each in here:
            yield from fields(each)


def closed(here: Any) -> Any:
    """The same schema, which knows no field but those that it describes."""
    if isinstance(here, dict):
        shut = {name: closed(each) for name, each in here.items()}
        is_object = "properties" in here and isinstance(here.get("description"), str)
        return {**shut, "additionalProperties": False} if is_object else shut
    return [closed(each) for each in here] if isinstance(here, list) else here


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_file_is_what_the_code_says(name: str) -> None:
    written = (DOCS / name).read_text(encoding="utf-8")

    assert written == text(name), "run: make docs"


@pytest.mark.parametrize("name", SCHEMAS)
def test_each_schema_is_one_of_draft_2020_12(name: str) -> None:
    found = DOCUMENTS[name]()

    Draft202012Validator.check_schema(found)
    assert found["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert found["$id"] == name.removeprefix("schemas/")
    assert found["title"]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_field_is_described(name: str) -> None:
    found = list(fields(DOCUMENTS[name]()))

    assert len(found) > 10
    assert [field for field, each in found if not each.get("description")] == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_field_is_in_camel_case_but_those_of_a_service(name: str) -> None:
    of_service = {field for field, _ in fields(TrainingJob.model_json_schema())}

    names = {field for field, _ in fields(DOCUMENTS[name]())} - of_service

    assert [name for name in names if not CAMEL_CASE.fullmatch(name)] == []


@pytest.mark.parametrize("name", NEAR_MISSES)
def test_a_near_miss_is_a_request_to_the_schema_too(name: str) -> None:
    Draft202012Validator(schema("request")).validate(json.loads(near_miss(name)))


@pytest.mark.parametrize(
    "name", [name for name, line in EXPECTED.items() if line.schema_refuses is not None]
)
def test_a_bad_request_is_refused_by_the_schema_where_a_schema_can(name: str) -> None:
    document = json.loads(body_of(name))

    valid = Draft202012Validator(schema("request")).is_valid(document)

    assert valid is not EXPECTED[name].schema_refuses


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("live", [a_live(), a_full_live(), a_live(wish=Wish("user", None, NOW))])
@pytest.mark.parametrize("result", [None, Result(), FULL])
def test_every_event_of_a_run_is_described_whole(
    status: Status, live: Live, result: Result | None
) -> None:
    row = a_live(**{**vars(live), "status": status})

    _, item = event(RUN, row, source="/subscriptions/1", at=NOW, result=result)

    Draft202012Validator(schema("run-event")).validate(told(item))
    Draft202012Validator(closed(schema("run-event"))).validate(told(item))


@pytest.mark.parametrize("name", ["submitted", "delayed"])
def test_events_that_are_named_apart_are_described_whole(name: str) -> None:
    row = a_live(failing_since=NOW, last_error=PROBLEM)

    _, item = event(RUN, row, source="/subscriptions/1", at=NOW, name=name)

    Draft202012Validator(closed(schema("run-event"))).validate(told(item))


@pytest.mark.parametrize("reason", REASONS)
@pytest.mark.parametrize("conflicts_with", [None, run_id()])
def test_every_refusal_is_described_whole(reason: str, conflicts_with: str | None) -> None:
    rejection = RejectedError(reason, "text", faults=[Fault("/a", "x", "y")], hint="mend it")

    item = refusal(
        RUN.envelope, rejection, source="urn:x", request_id="a", conflicts_with=conflicts_with
    )

    Draft202012Validator(closed(schema("request-rejected-event"))).validate(told(item))


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"type": "jobrelay.run.completed"}, ["data"]),
        ({"type": "jobrelay.run.ended"}, ["type"]),
        ({"seq": 0}, ["seq"]),
        ({"id": "jr-1:1"}, ["id"]),
        ({"data": {}}, ["data"]),
        ({"data": None}, ["data"]),
        ({"traceparent": "x"}, ["traceparent"]),
    ],
)
def test_what_is_no_event_is_refused(change: Json, where: list[str]) -> None:
    _, item = event(RUN, a_live(), source="/subscriptions/1", at=NOW)

    errors = Draft202012Validator(schema("run-event")).iter_errors({**told(item), **change})

    assert {tuple(error.path) for error in errors} == {tuple(where)}


def test_what_http_shows_of_a_run_is_described() -> None:
    live = a_live().telling(*event(RUN, a_live(), source="/subscriptions/1", at=NOW))

    Draft202012Validator(component("RunView")).validate(view(RUN, live))
    Draft202012Validator(component("RunView")).validate(view_of_tombstone(run_id(), "order-7"))


@pytest.mark.parametrize(
    "error",
    [
        RejectedError("invalid", "text", faults=[Fault("/a", "x", "y")]),
        EndedError("text", status="Failed"),
    ],
)
def test_what_http_says_of_an_error_is_described(error: RejectedError | EndedError) -> None:
    Draft202012Validator(component("ProblemData")).validate(problem(error)[1])


def test_each_reference_of_the_routes_leads_somewhere() -> None:
    whole = DOCUMENTS["openapi.json"]()
    references = set(re.findall(r'"\$ref": "([^"]+)"', text("openapi.json")))

    known = {f"#/components/schemas/{name}" for name in whole["components"]["schemas"]}
    assert references == known
