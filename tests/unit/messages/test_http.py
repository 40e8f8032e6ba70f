"""What comes over HTTP: bodies, ids in a path, words in a query."""

import pytest

from shared.errors import Fault, NotFoundError, RejectedError
from shared.messages import (
    cancel_reason,
    job_type_in_query,
    json_body,
    metric_in_path,
    request_id_in_path,
    run_id_in_path,
    section_in_path,
)
from shared.runs import Section

JSON = "application/json"
RUN_ID = "jr-0123456789abcdef01234567"


@pytest.mark.parametrize("body", [b"", b" \r\n\t"])
@pytest.mark.parametrize("content_type", [None, "text/plain", JSON])
def test_a_cancel_needs_no_body(body: bytes, content_type: str | None) -> None:
    assert cancel_reason(body, content_type) is None


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"{}", None),
        (b'{"reason": null}', None),
        (b'{"reason": ""}', ""),
        ('{"reason": "zu spät"}'.encode(), "zu spät"),
    ],
)
def test_a_cancel_may_say_why(body: bytes, reason: str | None) -> None:
    assert cancel_reason(body, JSON) == reason


@pytest.mark.parametrize("content_type", [JSON, "Application/JSON; charset=utf-8", f" {JSON} ;x"])
def test_json_is_known_in_any_spelling(content_type: str) -> None:
    assert cancel_reason(b'{"reason": "x"}', content_type) == "x"


@pytest.mark.parametrize(
    "content_type",
    [None, "", "text/plain", "application/x-www-form-urlencoded", "application/jsonp"],
)
def test_a_body_that_is_not_said_to_be_json_is_refused(content_type: str | None) -> None:
    with pytest.raises(RejectedError) as caught:
        cancel_reason(b"{}", content_type)

    assert caught.value.reason == "unsupported_media_type"


def test_a_body_of_a_cancel_has_a_limit() -> None:
    largest = b'{"reason": "x"' + b" " * (16 * 1024 - 15) + b"}"

    assert cancel_reason(largest, JSON) == "x"
    with pytest.raises(RejectedError) as caught:
        cancel_reason(largest + b" ", JSON)
    assert caught.value.reason == "too_large"


@pytest.mark.parametrize(
    ("body", "path"),
    [
        (b"[]", ""),
        (b"x", ""),
        (b'{"reason": 1}', "/reason"),
        (b'{"reason": "a\\nb"}', "/reason"),
        (b'{"reason": "a", "reason": "b"}', "/reason"),
        (b'{"reason": "' + b"x" * 1001 + b'"}', "/reason"),
        (b'{"why": "x"}', "/why"),
    ],
)
def test_a_body_that_is_no_cancel_is_refused(body: bytes, path: str) -> None:
    with pytest.raises(RejectedError) as caught:
        cancel_reason(body, JSON)

    assert caught.value.reason == "invalid"
    assert [fault.path for fault in caught.value.faults] == [path]


def test_a_run_id_in_a_path_is_one() -> None:
    assert run_id_in_path(RUN_ID) == RUN_ID


@pytest.mark.parametrize(
    "text",
    [
        "",
        "..",
        RUN_ID[:-1],
        RUN_ID + "0",
        RUN_ID + "\n",
        RUN_ID.upper(),
        f"{RUN_ID}/../x",
        f"..%2f{RUN_ID}",
        RUN_ID[:-1] + "g",
        RUN_ID[:-1] + "\N{ARABIC-INDIC DIGIT ONE}",
    ],
)
def test_what_is_no_run_id_is_no_run(text: str) -> None:
    with pytest.raises(NotFoundError, match="no such run"):
        run_id_in_path(text)


@pytest.mark.parametrize("text", ["order-7", "a.b_c:d@e~f+g=h", "..", "x" * 128])
def test_a_request_id_in_a_path_has_plain_characters(text: str) -> None:
    assert request_id_in_path(text) == text


@pytest.mark.parametrize("text", ["", "a b", "a/b", "a%2fb", "a?b", "é", "x" * 129, "a\n"])
def test_any_other_request_id_is_refused(text: str) -> None:
    with pytest.raises(RejectedError) as caught:
        request_id_in_path(text)

    assert [fault.path for fault in caught.value.faults] == ["/requestId"]


def test_a_body_said_to_be_json_is_taken_as_it_is() -> None:
    assert json_body(b" no json ", "application/json; charset=utf-8") == b" no json "


@pytest.mark.parametrize("content_type", [None, "", "text/json", "application/x-json"])
def test_a_body_that_is_said_to_be_something_else_is_not(content_type: str | None) -> None:
    with pytest.raises(RejectedError) as caught:
        json_body(b"{}", content_type)

    assert caught.value.reason == "unsupported_media_type"


@pytest.mark.parametrize(
    ("text", "kind"),
    [(None, None), ("Sweep", "Sweep"), ("sweep", "Sweep"), ("AUTOML", "AutoML")],
)
def test_a_kind_of_job_in_a_query_is_known_in_any_case(text: str | None, kind: str | None) -> None:
    assert job_type_in_query(text) == kind


@pytest.mark.parametrize("text", ["", " Sweep", "Tuning", "Sweep,Command", "*", "%"])
def test_any_other_kind_is_refused_with_all_there_are(text: str) -> None:
    with pytest.raises(RejectedError) as caught:
        job_type_in_query(text)

    assert caught.value.faults == (
        Fault(
            "/jobType",
            "an unknown kind of job",
            "one of: Command, Sweep, Pipeline, AutoML, Spark, Training",
        ),
    )


@pytest.mark.parametrize("section", Section)
def test_each_section_stands_in_a_path_as_it_is_called(section: Section) -> None:
    assert section_in_path(section.value) is section


@pytest.mark.parametrize("text", ["", "Attempts", "attempts/", "cancel", "..", "attempts\n"])
def test_any_other_section_is_not_there(text: str) -> None:
    with pytest.raises(NotFoundError, match="attempts, metrics, artifacts"):
        section_in_path(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("loss", "loss"),
        ("train%2Floss", "train/loss"),
        ("train/loss", "train/loss"),
        ("eval%20loss", "eval loss"),
        ("f1.5_x-y", "f1.5_x-y"),
        ("..a", "..a"),
        ("x" * 256, "x" * 256),
    ],
)
def test_the_name_of_a_metric_is_read_from_a_path(text: str, name: str) -> None:
    assert metric_in_path(text) == name


@pytest.mark.parametrize(
    "text",
    [
        *["", ".", "..", "a/..", "../a", "a/./b", "%2e%2e", "a%2f%2e%2e%2fb", "/a", "%2Fa", "a//b"],
        *["a%252fb", "a?b", "a#b", "a%0a", "a\\b", "ä", "x" * 257],
    ],
)
def test_the_name_of_a_metric_leads_nowhere_else(text: str) -> None:
    with pytest.raises(RejectedError) as caught:
        metric_in_path(text)

    assert [fault.path for fault in caught.value.faults] == ["/name"]
