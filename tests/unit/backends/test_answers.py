"""Which error an answer without success becomes, and what it says."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.backends import hints
from shared.backends.answers import Answer, DeclinedError, Meaning, PassingError, failure
from shared.backends.remote import MEANING
from shared.errors import JobrelayError, Problem, UnavailableError

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def an_error(code: str, message: str = "No.", **fields: Any) -> bytes:
    return json.dumps({"error": {"code": code, "message": message, **fields}}).encode()


def inner(*codes: str) -> list[dict[str, Any]]:
    """The inner codes as Azure ML nests them."""
    chain: dict[str, Any] | None = None
    for code in reversed(codes):
        chain = {"code": code, "innerError": chain}
    return [
        {"type": "ComponentName", "info": {"value": "managementfrontend"}},
        {"type": "InnerError", "info": {"value": chain}},
    ]


def raised(
    status: int, content: bytes = b"", *, method: str = "PUT", retry_after: str | None = None
) -> JobrelayError:
    headers = {} if retry_after is None else {"retry-after": retry_after}
    return failure(
        method,
        "jobs/jr-1",
        Answer(status, headers, content),
        meaning=MEANING.get(status, Meaning.FAILED if status >= 500 else Meaning.ODD),
        now=NOW,
        lacking=hints.permission(method),
    )


@pytest.mark.parametrize("status", [400, 404, 409, 413, 422])
def test_what_cannot_be_is_declined_in_the_services_words(status: int) -> None:
    error = raised(status, an_error("UserError", "Compute is wrong."))

    assert isinstance(error, DeclinedError)
    assert error.status == status
    assert str(error) == f"PUT jobs/jr-1: {status} UserError"
    assert error.problem == Problem("UserError", "Compute is wrong.")


def test_inner_codes_and_details_are_kept_for_people() -> None:
    details = [{"code": "Sub", "message": "Part.", "target": "computeId", "other": 1}, 7]
    content = an_error(
        "UserError", additionalInfo=inner("BadArgument", "ComputeNotFound"), details=details
    )

    error = raised(400, content)

    assert isinstance(error, DeclinedError)
    assert error.problem.details == (
        {"code": "BadArgument"},
        {"code": "ComputeNotFound"},
        {"code": "Sub", "message": "Part.", "target": "computeId"},
    )
    assert "attributes.compute" in (error.problem.hint or "")
    assert error.says("computenotfound")
    assert not error.says("EnvironmentNotFound")


def test_other_spellings_of_an_inner_error_are_read_too() -> None:
    chain = {"message": "no code", "innererror": {"code": "Immutable"}}

    error = raised(400, an_error("UserError", innererror=chain))

    assert isinstance(error, DeclinedError)
    assert error.says("Immutable")


def test_a_refusal_without_words_is_told_by_its_status() -> None:
    error = raised(413, b"<html>too large</html>")

    assert isinstance(error, DeclinedError)
    assert error.problem == Problem("Http413", "PUT jobs/jr-1: 413")


def test_long_words_of_a_service_are_cut() -> None:
    error = raised(400, an_error("c" * 500, "m" * 9999))

    assert isinstance(error, DeclinedError)
    assert (len(error.problem.code), len(error.problem.message)) == (100, 3000)


@pytest.mark.parametrize(
    ("status", "code", "message"),
    [
        (404, "ResourceGroupNotFound", "Resource group 'x' could not be found."),
        (404, "SubscriptionNotFound", "The subscription 'x' could not be found."),
        (400, "InvalidSubscriptionId", "x"),
        (404, "ParentResourceNotFound", "… resource(s) of type 'workspaces/jobs' …"),
        (
            404,
            "ResourceNotFound",
            "The Resource 'Microsoft.MachineLearningServices/workspaces/demo' under resource "
            "group 'x' was not found.",
        ),
        (409, "MissingSubscriptionRegistration", "x"),
        (409, "ReadOnlyDisabledSubscription", "x"),
        (400, "InvalidApiVersionParameter", "The api-version '2000-01-01' is invalid."),
        (400, "NoRegisteredProviderFound", "x"),
    ],
)
def test_a_target_that_is_not_there_says_nothing_of_a_job(
    status: int, code: str, message: str
) -> None:
    error = raised(status, an_error(code, message), method="GET")

    assert isinstance(error, UnavailableError)
    assert error.clear
    assert error.problem == Problem(code, f"GET jobs/jr-1: {status} {code}: {message}", error.hint)
    assert error.hint is not None


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("UserError", "There is no job 'jr-1' in the workspace."),
        ("ResourceNotFound", "The Resource '…/workspaces/demo/jobs/jr-1' was not found."),
    ],
)
def test_a_job_that_is_not_there_is_declined(code: str, message: str) -> None:
    assert isinstance(raised(404, an_error(code, message)), DeclinedError)


@pytest.mark.parametrize("content", [b"", b"<html>", b"{}", b"[]", b'{"error": "no"}', b"\xff"])
def test_only_the_service_can_say_that_there_is_no_job(content: bytes) -> None:
    error = raised(404, content)

    assert isinstance(error, UnavailableError)
    assert not error.clear
    assert error.code == "Http404"


@pytest.mark.parametrize(
    ("status", "method", "hint"),
    [
        (403, "GET", "workspaces/jobs/read"),
        (403, "PUT", "workspaces/jobs/write"),
        (403, "POST", "workspaces/jobs/cancel/action"),
        (401, "GET", "tenant"),
    ],
)
def test_who_is_not_let_in_is_told_what_to_grant(status: int, method: str, hint: str) -> None:
    message = "The client 'c' does not have authorization to perform action 'a'."

    error = raised(status, an_error("AuthorizationFailed", message), method=method)

    assert isinstance(error, UnavailableError)
    assert error.clear
    assert str(error) == f"{method} jobs/jr-1: {status} AuthorizationFailed"
    assert error.problem.message == f"{error}: {message}"
    assert hint in (error.hint or "")


def test_a_policy_has_a_hint_of_its_own() -> None:
    error = raised(403, an_error("RequestDisallowedByPolicy"))

    assert isinstance(error, UnavailableError)
    assert "Azure Policy" in (error.hint or "")


def test_a_door_shut_without_words_is_told_by_its_status() -> None:
    error = raised(403)

    assert isinstance(error, UnavailableError)
    assert (str(error), error.code, error.clear) == ("PUT jobs/jr-1: 403", "Http403", True)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7),
        ("0", 0),
        ("Sat, 21 Nov 2026 09:00:30 GMT", 30),
        ("Sat, 21 Nov 2026 08:00:00 GMT", 0),
        ("Sat, 21 Nov 2026 09:00:30", 30),
        ("86400", 600),
        ("9" * 5000, 600),
        ("Sat, 21 Nov 2099 09:00:30 GMT", 600),
        ("soon", None),
        ("-1", None),
        ("1.5", None),
        ("٣", None),
        ("", None),
    ],
)
def test_throttling_surely_had_no_effect_and_says_how_long(
    header: str, seconds: int | None
) -> None:
    error = raised(429, an_error("TooManyRequests"), retry_after=header)

    assert isinstance(error, PassingError)
    assert error.clear
    assert error.retry_after == (None if seconds is None else timedelta(seconds=seconds))


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504, 599])
def test_a_failure_of_the_service_may_have_had_its_effect(status: int) -> None:
    error = raised(status, an_error("ServiceError", "secret command"), retry_after="3")

    assert isinstance(error, PassingError)
    assert not error.clear
    assert str(error) == f"PUT jobs/jr-1: {status} ServiceError"
    assert error.retry_after == timedelta(seconds=3)


@pytest.mark.parametrize("status", [301, 302, 307, 405, 410, 412, 418])
def test_an_odd_answer_is_neither_a_refusal_nor_worth_another_try(status: int) -> None:
    error = raised(status, an_error("UserError"))

    assert isinstance(error, UnavailableError)
    assert not isinstance(error, PassingError)
    assert not error.clear


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff{}",
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": 1e999}',
        b"[" * 100_000,
        b'{"a": ' + b"1" * 5000 + b"}",
    ],
)
def test_what_is_no_json_that_can_be_sent_on_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 each parser has words of its own
        Answer(200, {}, content).document()


def test_half_a_character_becomes_a_question_mark() -> None:
    content = rb'{"a": "\ud83d", "b": "\ud83d\ude80", "c": 1.5}'

    assert Answer(200, {}, content).document() == {"a": "?", "b": "🚀", "c": 1.5}
