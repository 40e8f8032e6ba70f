"""A cancel that a project takes on is followed, and not repeated meanwhile."""

from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
import stamina

from shared.errors import UnavailableError
from tests.arm import Clock, Script, an_error
from tests.project import ENDPOINT, NAME, trainings

STATUS = f"{ENDPOINT}/training_jobs/operations/op-1/status?api-version=v1"
RESULT = f"{ENDPOINT}/training_jobs/operations/op-1/result?api-version=v1"
CANCEL = ("POST", f"/api/projects/demo/training_jobs/{NAME}:cancel")
LOOK = ("GET", "/api/projects/demo/training_jobs/operations/op-1/status")
LOOK_AT_RESULT = ("GET", "/api/projects/demo/training_jobs/operations/op-1/result")
WAIT = timedelta(seconds=10)


@pytest.fixture(autouse=True)
def _no_waiting() -> Iterator[None]:
    with stamina.set_testing(True, attempts=1):
        yield


def accepted(**headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(202, headers={"retry-after": "10", **named})


def going_on() -> httpx.Response:
    return httpx.Response(200, json={"status": "in_progress"})


def asked(script: Script) -> list[tuple[str, str]]:
    return [(each.method, each.url.path) for each in script.asked]


def cancelled(script: Script, *waits: timedelta) -> list[tuple[str, str]]:
    """What is asked when a cancel is repeated after each of these waits."""
    clock = Clock()
    backend = trainings(script, clock=clock)
    backend.cancel(NAME)
    for wait in waits:
        clock.now += wait
        backend.cancel(NAME)
    return asked(script)


@pytest.mark.parametrize(
    "answer",
    [httpx.Response(200), httpx.Response(204), an_error(400), an_error(404), an_error(409)],
)
def test_a_cancel_that_needs_no_time_is_repeated(answer: httpx.Response) -> None:
    assert cancelled(Script(answer), timedelta(0)) == [CANCEL, CANCEL]


@pytest.mark.parametrize("status", [401, 403, 429, 500])
def test_a_cancel_that_did_not_arrive_is_a_failure(status: int) -> None:
    with pytest.raises(UnavailableError):
        trainings(Script(an_error(status))).cancel(NAME)


def test_while_the_service_wants_to_wait_nothing_is_asked() -> None:
    script = Script(accepted(location=RESULT, operation_location=STATUS), going_on())

    assert cancelled(script, WAIT - timedelta(seconds=1)) == [CANCEL]


def test_then_its_state_is_asked_and_not_the_cancel() -> None:
    script = Script(accepted(location=RESULT, operation_location=STATUS), going_on())

    assert cancelled(script, WAIT, WAIT) == [CANCEL, LOOK, LOOK]


def test_without_a_place_for_its_state_the_result_is_asked_for() -> None:
    script = Script(accepted(location=RESULT), accepted(location=RESULT))

    assert cancelled(script, WAIT) == [CANCEL, LOOK_AT_RESULT]


@pytest.mark.parametrize(
    "state",
    [
        httpx.Response(200, json={"status": "failed", "error": {"code": "x"}}),
        httpx.Response(200, json={"status": "canceled"}),
        httpx.Response(200, json={"status": "succeeded"}),
        httpx.Response(200, json={"status": 7}),
        httpx.Response(200, json=[]),
        httpx.Response(200),
        an_error(404),
        an_error(403),
        an_error(500),
    ],
)
def test_an_operation_that_is_over_or_unknown_is_begun_anew(state: httpx.Response) -> None:
    script = Script(accepted(operation_location=STATUS), state, httpx.Response(200))

    assert cancelled(script, WAIT) == [CANCEL, LOOK, CANCEL]


def test_an_operation_without_end_is_begun_anew() -> None:
    script = Script(accepted(operation_location=STATUS), httpx.Response(200))

    assert cancelled(script, timedelta(minutes=10)) == [CANCEL, CANCEL]


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example/api/projects/demo/training_jobs/operations/op-1/status",
        "http://account.services.ai.azure.com/api/projects/demo/training_jobs/operations/op-1",
        "https://account.services.ai.azure.com:444/api/projects/demo/training_jobs/operations/a",
        "https://account.services.ai.azure.com@evil.example/api/projects/demo/training_jobs/a",
        "https://user:word@account.services.ai.azure.com/api/projects/demo/training_jobs/a",
        "https://account.services.ai.azure.com/api/projects/other/training_jobs/operations/a",
        "https://account.services.ai.azure.com/api/projects/demo/../other/training_jobs/a",
        "https://account.services.ai.azure.com/api/projects/demo/%2e%2e/other/training_jobs/a",
        "https://account.services.ai.azure.com/",
        "/api/projects/demo/training_jobs/operations/a",
        "https://[",
        "",
    ],
)
def test_no_token_goes_to_an_address_that_is_not_the_projects(link: str) -> None:
    script = Script(accepted(location=link, operation_location=link), httpx.Response(200))

    assert cancelled(script, WAIT) == [CANCEL, CANCEL]


def test_the_wait_is_kept_where_no_address_is_followed() -> None:
    script = Script(accepted(location="https://evil.example/"), httpx.Response(200))

    assert cancelled(script, WAIT - timedelta(seconds=1)) == [CANCEL]


def test_a_state_is_asked_for_with_our_own_version() -> None:
    script = Script(accepted(operation_location=f"{STATUS}&next=https://evil.example"), going_on())

    cancelled(script, WAIT)

    assert dict(script.asked[1].url.params) == {"api-version": "v1"}


def test_each_run_has_its_own_operation() -> None:
    script = Script(accepted(operation_location=STATUS))
    backend = trainings(script)

    backend.cancel(NAME)
    backend.cancel("jr-ffffffffffffffffffffffff")

    assert [each.method for each in script.asked] == ["POST", "POST"]
