"""Whatever a run or a job is called and however it fails, its events can be sent and be read."""

import json
import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

import pytest
from azure.servicebus import ServiceBusMessage, ServiceBusMessageBatch
from cloudevents.core.formats.json import JSONFormat
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import Fault, Problem
from shared.messages import copy_of_message, copy_of_run, event, invalid, refusal, view
from shared.messages.fields import MAX_CONTEXT
from shared.messages.reading import MAX_FAULTS
from shared.messages.telling import MAX_DATA
from shared.ports import Json
from shared.runs import Card, Item, Job, Live, Result, Run, State, Status, Sweep, Trials, Wish
from tests.edge import an_envelope
from tests.fuzz.strategies import documents, fuzzing
from tests.rows import NOW, a_live, a_run

# Of the Standard tier: learn.microsoft.com/azure/service-bus-messaging/service-bus-quotas
LARGEST_MESSAGE = 256 * 1024
EXTENSION = re.compile(r"[a-z0-9]{1,20}")
REQUIRED = {"id", "source", "specversion", "type"}

Value = TypeVar("Value")

# What a service says is drawn short and stretched in the test, since it may be of any length.
words = st.text(max_size=8)
times = st.sampled_from([1, 10, 10_000, 40_000])
maybe = st.none() | words
ids = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1, max_size=128)
names = st.none() | st.text(max_size=8).map(lambda text: (text * 256)[:256])
moments = st.none() | st.integers(-1000, 10_000).map(lambda n: NOW + timedelta(seconds=n))
pairs = st.dictionaries(words, words, max_size=3)
problems = st.builds(
    Problem,
    code=words,
    message=words,
    hint=maybe,
    details=st.lists(pairs, max_size=3).map(tuple),
    child_run=maybe,
)
places = st.fixed_dictionaries({"type": maybe, "uri": maybe, "asset_id": maybe})
values = st.none() | st.integers() | words | st.lists(words, max_size=3)
sweeps = st.builds(
    Sweep,
    best_trial=maybe,
    score=st.none() | st.floats(allow_nan=False, allow_infinity=False),
    metric=maybe,
    goal=maybe,
    parameters=st.none() | st.dictionaries(words, values, max_size=3),
    trials=st.none() | st.builds(Trials, completed=st.integers(0)),
)
results = st.builds(
    Result,
    outputs=st.dictionaries(words, words | places, max_size=3),
    error=st.none() | problems,
    sweep=st.none() | sweeps,
    unread=st.none() | problems,
)
jobs = st.builds(Job, display_name=maybe, experiment_name=maybe, tags=pairs, monitor_url=maybe)
wishes = st.builds(Wish, st.sampled_from(["user", "run", "total"]), maybe, st.just(NOW))
envelopes = st.builds(
    lambda size, **said: an_envelope(**{name: text and text * size for name, text in said.items()}),
    size=times,
    message_id=maybe,
    correlation_id=maybe,
    content_type=maybe,
    trace=maybe,
)
cards = st.builds(
    Card,
    template=names,
    display_name=names,
    experiment_name=names,
    tags=pairs,
    context=documents,
    redrive_of=st.none() | ids,
)
runs = st.builds(a_run, request_id=ids, envelope=envelopes, card=cards)
lives = st.builds(
    a_live,
    state=st.sampled_from(State),
    status=st.sampled_from(Status),
    previous_status=st.none() | st.sampled_from(Status),
    native_status=maybe,
    seq=st.integers(0, 2**30),
    wish=st.none() | wishes,
    failing_since=moments,
    last_error=st.none() | problems,
    job=jobs,
    submitted_at=moments,
    started_at=moments,
    ended_at=moments,
)
kinds_of_event = st.sampled_from([None, "submitted", "delayed"])
ours = st.text("ab/~?' ", max_size=8)  # our own words are plain
faults = st.builds(Fault, path=ours, found=ours, expected=ours)
plentiful_faults = st.lists(faults, min_size=1, max_size=3).map(lambda each: each * MAX_FAULTS)


@fuzzing(150)
@given(run=runs, live=lives, result=results, name=kinds_of_event, size=times)
def test_an_event_can_be_sent_and_be_read(
    run: Run, live: Live, result: Result, name: str | None, size: int
) -> None:
    long = replace(
        live,
        job=stretched(live.job, size),
        native_status=stretched(live.native_status, size),
        last_error=stretched(live.last_error, size),
    )

    entry, item = event(
        run, long, source="urn:x", at=NOW, name=name, result=stretched(result, size)
    )

    body = assert_good(item)
    assert len(json.dumps(body["data"])) <= MAX_DATA
    assert body["id"] == f"{run.id}:{entry.seq}"
    assert body["data"]["context"] == run.card.context
    assert view(run, long.telling(entry, item))["data"]["runId"] == run.id


@pytest.mark.parametrize("character", ["x", '"', "é", "東", "🚀", "\n"])
def test_the_largest_request_does_not_crowd_out_its_context(character: str) -> None:
    one = len(json.dumps(character, ensure_ascii=False).encode()) - len('""')
    context = character * ((MAX_CONTEXT - len('""')) // one)
    pairs = {f"{character * 90}{number}": character * 1000 for number in range(49)}
    run = a_run(card=Card(tags=pairs, context=context, display_name=character * 256))

    _, item = event(run, a_live(), source="urn:x", at=NOW)

    body = assert_good(item)
    assert body["data"]["context"] == context
    assert len(json.dumps(body["data"])) <= MAX_DATA


@fuzzing(100)
@given(envelope=envelopes, faults=plentiful_faults, request_id=st.none() | ids)
def test_a_refusal_can_be_sent_and_be_read(
    envelope: Any, faults: list[Fault], request_id: str | None
) -> None:
    long = [Fault(f.path * 37, f.found * 10, f.expected * 40) for f in faults]

    item = refusal(envelope, invalid(*long), source="urn:x", request_id=request_id)

    assert assert_good(item)["id"] == envelope.key


@fuzzing(100)
@given(run=runs, body=st.binary(max_size=100), problem=problems, size=times)
def test_a_copy_can_be_sent(run: Run, body: bytes, problem: Problem, size: int) -> None:
    why = stretched(problem, size)

    copy = copy_of_message(body * size, run.envelope, why, request_id=run.request_id)

    assert_fits(copy)
    assert_fits(copy_of_run(run, why))


def assert_good(item: Item) -> Json:
    """It fits into a message, and is a CloudEvent that says the same as what is beside it."""
    assert_fits(item)
    read = JSONFormat().read(None, item.body)
    body: Json = json.loads(item.body)
    others = body.keys() - REQUIRED - {"subject", "time", "datacontenttype", "data"}
    assert body.keys() >= REQUIRED
    assert all(EXTENSION.fullmatch(name) for name in others)
    assert read.get_type() == item.properties["type"]
    assert isinstance(read.get_time(), datetime)
    assert item.session_id == (read.get_subject() or read.get_id())
    return body


def assert_fits(item: Item) -> None:
    """It is no larger than a message may be, with all that goes beside it."""
    message = ServiceBusMessage(
        item.body,
        message_id=item.id,
        session_id=item.session_id,
        correlation_id=item.correlation_id,
        content_type=item.content_type,
        application_properties=dict(item.properties.items()),
    )
    ServiceBusMessageBatch(LARGEST_MESSAGE).add_message(message)


def stretched(value: Value, size: int) -> Value:
    """The same with each text so many times over."""
    new: Any = value
    if isinstance(value, str):
        new = value * size
    elif isinstance(value, Mapping):
        new = {stretched(name, size): stretched(each, size) for name, each in value.items()}
    elif isinstance(value, tuple):
        new = tuple(stretched(each, size) for each in value)
    elif is_dataclass(value) and not isinstance(value, type):
        changes = {f.name: stretched(getattr(value, f.name), size) for f in fields(value)}
        new = replace(value, **changes)
    return new  # type: ignore[no-any-return]  # it is of the kind of value
