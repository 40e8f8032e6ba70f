"""Whatever comes over the queue becomes a run, or is refused once; nothing else ever happens."""

import json
import logging
from collections.abc import Callable
from random import Random
from typing import Any, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # it has no types

from shared.errors import RejectedError
from shared.flows.dead_letter import dead_letter
from shared.messages import Request, cancel_reason, fingerprint, parse, read, readable_id, received
from shared.ports import Backend
from shared.runs import JobType, Kind
from tests.edge import Edge, an_envelope
from tests.fake_backend import FakeBackend
from tests.fuzz.strategies import (
    documents,
    fuzzing,
    mutated_bytes,
    mutated_documents,
    mutated_jobs,
    names,
    objects,
)
from tests.jobs import RUN, a_template
from tests.schemas.requests import request_schema

BODIES = st.one_of(
    st.binary(max_size=200),
    documents.map(lambda document: json.dumps(document).encode()),
    mutated_documents(),
    mutated_jobs(),
    mutated_bytes(),
)
# What each kind is made from.
TEMPLATES = {
    "train": a_template(),
    "tune": {
        "jobType": "Sweep",
        "searchSpace": {"lr": ["uniform", [0.1, 0.9]], "n": ["choice", [[1, {"a": "b"}]]]},
        "objective": {"goal": "Minimize", "primaryMetric": "loss"},
        "trial": {"command": "train ${{search_space.lr}}", "environmentId": "e"},
        "limits": {"jobLimitsType": "Sweep", "maxTotalTrials": 3},
    },
    "steps": {"jobType": "Pipeline", "jobs": {"a": {"type": "command"}}, "settings": {}},
}
SCHEMA = Draft202012Validator(request_schema())
CANARY = "c4nary-7f3d91e0"
Outcome = TypeVar("Outcome")
MESSAGE_IDS = st.none() | st.text(max_size=130)


def jobs(job_type: JobType) -> FakeBackend:
    """The jobs of a kind, with templates of every kind."""
    return FakeBackend(TEMPLATES, job_type=job_type)


@fuzzing(700)
@given(body=BODIES, message_id=MESSAGE_IDS)
def test_a_message_becomes_a_run_or_is_refused_once(body: bytes, message_id: str | None) -> None:
    edge = Edge(jobs)

    edge.submit(body, an_envelope(message_id=message_id))

    assert_told_once(edge)


@fuzzing(150)
@given(body=BODIES, message_id=MESSAGE_IDS)
def test_so_does_a_dead_letter(body: bytes, message_id: str | None) -> None:
    edge = Edge(jobs)

    dead_letter(edge.services, body, an_envelope(message_id=message_id))

    assert_told_once(edge)


def assert_told_once(edge: Edge) -> None:
    """Either one run with its own events, or one copy and one refusal."""
    told = [event["type"] for event in edge.events]
    if edge.store.accepted:
        assert len(edge.store.accepted) == 1
        assert told[0] == "jobrelay.run.accepted"
        assert {event["subject"] for event in edge.events} == {edge.store.accepted[0].id}
    else:
        assert told == ["jobrelay.request.rejected"]
        assert [item.kind for item in edge.sent] == [Kind.COPY, Kind.EVENT]


@fuzzing(300)
@given(body=BODIES)
def test_a_body_is_read_or_refused(body: bytes) -> None:
    document = outcome(lambda: parse(body))

    assert document is None or isinstance(document, dict)
    assert readable_id(body, an_envelope()) is not None or "id" in (document or {})


@fuzzing(200)
@given(document=objects)
def test_a_document_is_a_request_or_refused(document: dict[str, Any]) -> None:
    request = outcome(lambda: read(Request, document))

    assert request is None or request.job_type


@fuzzing(300)
@given(body=mutated_documents())
def test_what_the_app_takes_the_schema_takes(body: bytes) -> None:
    taken = outcome(lambda: received(body, an_envelope()))
    refused = taken is None or outcome(lambda: backend(taken[0]).check(taken[0]) or True) is None

    assert refused or SCHEMA.is_valid(json.loads(body))


@fuzzing(150)
@given(body=BODIES, content_type=st.none() | st.just("application/json") | st.text(max_size=20))
def test_a_cancel_is_read_or_refused(body: bytes, content_type: str | None) -> None:
    reason = outcome(lambda: cancel_reason(body, content_type))

    assert reason is None or isinstance(reason, str)


def test_no_value_of_a_refused_request_is_repeated(caplog: pytest.LogCaptureFixture) -> None:
    @fuzzing(300)
    @given(document=st.dictionaries(names, st.just(CANARY), min_size=1, max_size=6))
    def refused(document: dict[str, Any]) -> None:
        edge = Edge()
        edge.submit(json.dumps(document).encode(), an_envelope())
        told = {**edge.events[0]["data"], "requestId": None}
        assert CANARY not in json.dumps(told)

    with caplog.at_level(logging.DEBUG):
        refused()

    assert CANARY not in caplog.text


@fuzzing(150)
@given(
    document=objects,
    chance=st.randoms(use_true_random=False),
    indent=st.none() | st.integers(0, 3),
)
def test_the_fingerprint_does_not_see_order_and_white_space(
    document: dict[str, Any], chance: Random, indent: int | None
) -> None:
    shuffled = _shuffled(document, chance)
    one = json.dumps(document, ensure_ascii=False).encode(errors="surrogatepass")
    other = json.dumps(shuffled, indent=indent, separators=(" ,", " : ")).encode()

    assert _fingerprint(one) == _fingerprint(other)


@fuzzing(200)
@given(document=objects, name=names, one=documents, other=documents)
def test_the_fingerprint_sees_every_value(
    document: dict[str, Any], name: str, one: Any, other: Any
) -> None:
    bodies = [json.dumps({**document, "context": {name: value}}).encode() for value in (one, other)]

    same = json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
    assert _fingerprint(bodies[0]) is None or (
        same is (_fingerprint(bodies[0]) == _fingerprint(bodies[1]))
    )


@fuzzing(500)
@given(body=mutated_documents() | mutated_jobs())
def test_every_fault_has_its_place_in_the_request(body: bytes) -> None:
    edge = Edge(jobs)

    edge.submit(body, an_envelope())

    faults = edge.events[0]["data"].get("faults") or ()
    assert [fault for fault in faults if not has_its_place(fault, json.loads(body))] == []


def test_no_value_is_repeated_wherever_it_stands(caplog: pytest.LogCaptureFixture) -> None:
    canaries = st.sampled_from([CANARY, f"-{CANARY}", [CANARY], {"type": CANARY}, f"{CANARY}:x"])

    @fuzzing(500)
    @given(body=mutated_documents(others=canaries))
    def refused(body: bytes) -> None:
        edge = Edge()
        try:
            edge.submit(body, an_envelope())
        except AssertionError:  # nothing is wrong with it: its template would be asked for
            return
        told = {**edge.events[0]["data"], "requestId": None}
        assert "faults" not in told or CANARY not in json.dumps(told)

    with caplog.at_level(logging.DEBUG):
        refused()

    assert CANARY not in caplog.text


@fuzzing(500)
@given(body=mutated_jobs())
def test_an_inline_job_that_is_taken_has_a_body(body: bytes) -> None:
    request = outcome(lambda: received(body, an_envelope()))
    made = None if request is None or not request[0].job else backend(request[0])
    taken = made and request and outcome(lambda: made.check(request[0]) or True)

    if taken and made and request:
        sent = made.body(request[0], made.definition(request[0]), run=RUN)["properties"]
        assert sent["jobType"] == request[0].job_type
        assert json.loads(json.dumps(sent, allow_nan=False)) == sent


def backend(request: Request) -> Backend:
    """Who really speaks for the kind of job."""
    return Edge().services.targets["demo"].backends[request.job_type]


def has_its_place(fault: dict[str, str], document: Any) -> bool:
    """Is it in the request? What is missing has but a place where it should be."""
    here = document
    for step in fault["path"].split("/")[1:]:
        if step == "?" or fault["found"] in {"nothing", "no steps"}:
            return True
        inside = _inside(here)
        if step.replace("~0", "~") not in inside:
            return False
        here = inside[step.replace("~0", "~")]
    return True


def _inside(value: Any) -> dict[str, Any]:
    """What is in a value, by the steps of a path."""
    if isinstance(value, list):
        return {str(index): each for index, each in enumerate(value)}
    return value if isinstance(value, dict) else {}


def outcome(act: Callable[[], Outcome]) -> Outcome | None:
    """What comes of it; None when it is refused, with faults or a reason."""
    try:
        return act()
    except RejectedError as rejection:
        if not rejection.reason or not str(rejection):
            raise
        return None


def _fingerprint(body: bytes) -> str | None:
    """The fingerprint, if the body is one that can be accepted."""
    return outcome(lambda: fingerprint(body, "order-7"))


def _shuffled(value: Any, chance: Random) -> Any:
    """The same JSON with names in another order."""
    if isinstance(value, dict):
        pairs = [(name, _shuffled(each, chance)) for name, each in value.items()]
        return dict(chance.sample(pairs, len(pairs)))
    return [_shuffled(each, chance) for each in value] if isinstance(value, list) else value
