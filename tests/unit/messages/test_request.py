"""What a producer may send, and what is kept of it."""

from datetime import timedelta
from typing import Any

import pytest

from shared.errors import Fault, RejectedError
from shared.messages import fingerprint, readable_id, received
from shared.runs import Card, Envelope
from tests.unit.flows.given import a_request, an_envelope
from tests.unit.messages.given import body_of, faults_of, only_fault, the_request

HOUR = timedelta(hours=1)
TEMPLATE_OR_JOB = "the name of a template, or a job, and not both"


def test_the_id_is_the_requests_own() -> None:
    body, envelope = body_of(a_request(id="a/b ü")), an_envelope(message_id="m")

    _, request_id = received(body, envelope)

    assert request_id == "a/b ü"


@pytest.mark.parametrize("absent", [{}, {"id": None}])
def test_the_id_of_the_message_stands_in(absent: dict[str, None]) -> None:
    body = body_of({"jobType": "Command", "template": "train", **absent})

    _, request_id = received(body, an_envelope(message_id="m-7"))

    assert request_id == "m-7"
    assert readable_id(body, an_envelope(message_id="m-7")) == "m-7"


@pytest.mark.parametrize("message_id", [None, "", "x" * 129, "a\nb", "\u200b"])
def test_one_of_the_two_ids_is_required(message_id: str | None) -> None:
    body = body_of({"jobType": "Command", "template": "train"})

    with pytest.raises(RejectedError) as caught:
        received(body, an_envelope(message_id=message_id))

    (fault,) = caught.value.faults
    assert (fault.path, fault.found) == ("/id", "nothing")


def test_a_missing_id_is_named_beside_other_faults() -> None:
    with pytest.raises(RejectedError) as caught:
        received(b'{"jobType": "Command", "target": 1}', an_envelope(message_id=None))

    assert [fault.path for fault in caught.value.faults] == ["/id", "/target", "/template"]


@pytest.mark.parametrize("request_id", ["x", "x" * 128, "é🚀 東京"])
def test_an_id_has_printable_characters_up_to_the_limit(request_id: str) -> None:
    assert the_request(id=request_id, redriveOf=request_id).id == request_id


@pytest.mark.parametrize("request_id", ["", "x" * 129, "a\u2028b", "a\u00a0b", 7, ["a"]])
def test_any_other_id_is_refused(request_id: object) -> None:
    paths = [fault.path for fault in faults_of(id=request_id, redriveOf=request_id)]

    assert paths == ["/id", "/redriveOf"]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b'{"id": "a", "odd": 1}', "a"),
        (b'{"id": 1}', None),
        (b'{"id": ""}', None),
        (b"{}", "m"),
        (b"[]", "m"),
        (b"\xff", "m"),
    ],
)
def test_a_refusal_tells_the_id_if_it_can_be_read(body: bytes, told: str | None) -> None:
    assert readable_id(body, an_envelope(message_id="m")) == told


def test_a_request_needs_little() -> None:
    request = the_request()

    assert (request.job_type, request.template) == ("Command", "train")
    assert (request.given_inputs, request.given_outputs, request.wanted_outputs) == ({}, {}, None)


def test_what_is_missing_is_named() -> None:
    with pytest.raises(RejectedError) as caught:
        received(b'{"template": "train"}', an_envelope())

    assert caught.value.faults == (Fault("/jobType", "nothing", "required"),)


@pytest.mark.parametrize("fields", [{}, {"template": None}, {"template": None, "job": None}])
def test_a_request_says_what_is_to_run(fields: dict[str, Any]) -> None:
    with pytest.raises(RejectedError) as caught:
        received(body_of({"jobType": "Command", **fields}), an_envelope())

    assert caught.value.faults == (Fault("/template", "nothing", TEMPLATE_OR_JOB),)


def test_a_request_says_but_once_what_is_to_run() -> None:
    assert only_fault(job={}) == Fault("/template", "job beside it", TEMPLATE_OR_JOB)


def test_a_request_may_bring_its_job() -> None:
    request = the_request(template=None, job={"command": "echo"})

    assert (request.template, request.job) == (None, {"command": "echo"})


@pytest.mark.parametrize("job", ["echo", [], 7])
def test_a_job_is_an_object(job: object) -> None:
    assert only_fault(template=None, job=job).path == "/job"


def test_that_nothing_is_to_run_is_named_beside_other_faults() -> None:
    faults = faults_of(template=None, target=1, displayName="")

    assert [fault.path for fault in faults] == ["/target", "/displayName", "/template"]


@pytest.mark.parametrize(
    "fields",
    [
        {"display_name": "x"},
        {"jobtype": "Command"},
        {"deadlines": {"finish": "PT1H"}},
        {"inputs": {"x": {"type": "uri_file", "uri": "azureml:a:1", "path": "x"}}},
        {"outputs": {"x": {"path": "x"}}},
        {"parameters": [{"name": "x", "value": 1, "type": "literal"}]},
    ],
)
def test_unknown_fields_are_refused(fields: dict[str, Any]) -> None:
    assert only_fault(**fields).found == "an unknown field"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("jobType", "command"),
        ("jobType", "Tuning"),
        ("sweep", []),
        ("jobType", None),
        ("target", ""),
        ("target", "x" * 65),
        ("displayName", ""),
        ("displayName", "x" * 257),
        ("displayName", 1),
        ("description", "x" * 5001),
        ("experimentName", ""),
        ("experimentName", "x" * 257),
        ("tags", []),
        ("properties", None),
        ("inputs", []),
        ("outputs", "model"),
        ("parameters", {}),
        ("attributes", None),
        ("deadlines", "PT1H"),
        ("deadlines", None),
        ("notBefore", {}),
        ("redriveOf", False),
    ],
)
def test_a_field_of_another_kind_is_named(field: str, value: object) -> None:
    assert only_fault(**{field: value}).path == f"/{field}"


@pytest.mark.parametrize("name", ["a", "A-1_b", "0", "x" * 255])
def test_a_template_has_the_name_of_a_job(name: str) -> None:
    assert the_request(template=name).template == name


@pytest.mark.parametrize(
    "name",
    ["", "..", ".", "a.b", "a/b", "/a", "a%2fb", "a?b", "a#b", "a\\b", "-a", "_a", "é", "x" * 256],
)
def test_no_other_name_is_a_jobs(name: str) -> None:
    assert only_fault(template=name).path == "/template"


@pytest.mark.parametrize("name", ["a\n", "a\r\nb", "\x00", "a\tb"])
def test_a_name_with_a_control_character_is_refused_as_such(name: str) -> None:
    assert only_fault(template=name).found == "a control character"


def test_the_card_is_what_events_repeat() -> None:
    request = the_request(
        displayName="Train",
        experimentName="iris",
        tags={"team": "vision"},
        context=[1],
        redriveOf="order-6",
        outputs=["b", "a"],
    )

    assert request.card == Card(
        template="train",
        display_name="Train",
        experiment_name="iris",
        tags={"team": "vision"},
        context=[1],
        redrive_of="order-6",
        wanted_outputs=("a", "b"),
    )


def test_the_fingerprint_is_that_of_the_content() -> None:
    spaced = b'{ "id": "a",\n "context": {"y": [1, "\\u00fc"], "x": 2.50} }'
    dense = '{"context":{"x":2.5,"y":[1,"ü"]},"id":"a"}'.encode()

    assert fingerprint(spaced, "a") == fingerprint(dense, "a")


def test_the_fingerprint_is_the_same_for_an_id_in_the_message_or_beside_it() -> None:
    assert fingerprint(b'{"id": "a", "x": 1}', "a") == fingerprint(b'{"x": 1}', "a")


@pytest.mark.parametrize("other", ['"1"', "1.0", "true", "null", "[1]", '{"1": 1}', "-1"])
def test_the_fingerprint_changes_with_any_value(other: str) -> None:
    one, another = b'{"x": 1}', f'{{"x": {other}}}'.encode()

    assert fingerprint(one, "a") != fingerprint(another, "a")


def test_the_fingerprint_changes_with_the_order_of_a_list() -> None:
    assert fingerprint(b'{"x": [1, 2]}', "a") != fingerprint(b'{"x": [2, 1]}', "a")


def test_the_fingerprint_is_a_fixed_function() -> None:
    assert fingerprint(b'{"jobType": "Command", "template": "train"}', "order-7") == (
        "0792cb04e2b5853aff3e73972c679bf62868e676e0187058fe72584349dfe508"
    )


def test_a_message_beside_its_body_changes_no_request() -> None:
    body = body_of(a_request())
    envelopes: list[Envelope] = [an_envelope(1), an_envelope(2, correlation_id="c")]

    assert len({received(body, envelope)[1] for envelope in envelopes}) == 1
