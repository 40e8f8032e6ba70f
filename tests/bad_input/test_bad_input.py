"""Every bad request is told of once, in words that help, and goes nowhere."""

import logging

import pytest

from shared.flows.validate import validate
from shared.messages import readable_id, received
from shared.runs import Kind
from tests.bad_input.corpus import (
    EXPECTED,
    FOLDER,
    NEAR_MISSES,
    TABLE,
    body_of,
    near_miss,
)
from tests.edge import Edge, an_envelope


@pytest.fixture(params=EXPECTED)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_a_bad_request_is_told_of_once_with_every_fault_named(name: str) -> None:
    edge, expected = Edge(), EXPECTED[name]

    edge.submit(body_of(name), an_envelope(message_id=expected.message_id))

    (event,) = edge.events
    faults = event["data"]["faults"]
    assert event["type"] == "jobrelay.request.rejected"
    assert event["data"]["reason"] == expected.reason
    assert sorted(fault["path"] for fault in faults) == sorted(expected.paths)
    assert all(fault["found"] and fault["expected"] for fault in faults)


def test_a_bad_request_is_kept_on_the_reject_queue_as_it_came(name: str) -> None:
    edge, envelope = Edge(), an_envelope(message_id=EXPECTED[name].message_id)

    edge.submit(body_of(name), envelope)

    (copy,) = edge.copies
    assert copy.id == f"copy-{envelope.key}"
    assert copy.properties["reason"] == EXPECTED[name].reason
    assert copy.body == body_of(name) or copy.properties["contentEncoding"] == "gzip"


def test_a_bad_request_is_copied_before_it_is_told_of(name: str) -> None:
    edge = Edge()

    edge.submit(body_of(name), an_envelope(message_id=EXPECTED[name].message_id))

    assert [item.kind for item in edge.sent] == [Kind.COPY, Kind.EVENT]


def test_a_bad_request_leaves_no_row(name: str) -> None:
    edge = Edge()

    edge.submit(body_of(name), an_envelope(message_id=EXPECTED[name].message_id))

    assert edge.store.accepted == []


def test_a_bad_request_that_comes_again_is_told_of_in_the_same_words(name: str) -> None:
    edge, envelope = Edge(), an_envelope(message_id=EXPECTED[name].message_id)

    edge.submit(body_of(name), envelope)
    edge.submit(body_of(name), envelope)

    assert edge.sent[:2] == edge.sent[2:]


def test_nothing_of_a_bad_request_is_logged(name: str, caplog: pytest.LogCaptureFixture) -> None:
    envelope = an_envelope(message_id=EXPECTED[name].message_id)

    with caplog.at_level(logging.DEBUG):
        Edge().submit(body_of(name), envelope)

    assert [record.getMessage() for record in caplog.records] == [
        f"message {envelope.key} is refused: {EXPECTED[name].reason}"
    ]
    assert not any(record.exc_info for record in caplog.records)


@pytest.mark.parametrize(
    "name", [name for name, line in EXPECTED.items() if line.reason == "not_allowed"]
)
def test_a_refused_override_names_the_setting(name: str) -> None:
    edge = Edge()

    edge.submit(body_of(name), an_envelope())

    data = edge.events[0]["data"]
    assert "`allow` of this target in the setting TARGETS" in data["hint"]


def test_every_file_has_its_line_and_every_line_says_what_would_be_right() -> None:
    files = {path.name for path in FOLDER.glob("*") if path.suffix in {".json", ".raw"}}

    assert files - {TABLE.name} == EXPECTED.keys()
    assert all(expected.right.endswith(".") for expected in EXPECTED.values())


@pytest.mark.parametrize("name", NEAR_MISSES)
def test_a_near_miss_is_a_request(name: str) -> None:
    request, request_id = received(near_miss(name), an_envelope())

    target = Edge().services.targets[request.target or "demo"]
    target.backends[request.job_type].check(request)
    assert readable_id(near_miss(name), an_envelope()) == request_id


@pytest.mark.parametrize("name", [name for name in NEAR_MISSES if name.startswith("inline-")])
def test_a_near_miss_with_its_own_job_has_a_body_without_asking_anybody(name: str) -> None:
    assert validate(Edge().services, near_miss(name))["body"]
