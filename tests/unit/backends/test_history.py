"""How run history is asked: where, with what, and within which bounds."""

import logging
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
import stamina

from shared.backends.workspace.history import MAX_PAGES, Child
from shared.errors import Problem
from shared.runs import Status
from tests.arm import Clock, Places, Script, a_history, an_error, an_inquiry
from tests.jobs import ID

NAME = "jr-0123456789abcdef01234567"
BASE = f"https://westeurope.history.example/history/v1.0{ID}"
CHILDREN = f"{BASE}/runs/{NAME}/children"


@pytest.fixture(autouse=True)
def _no_waiting() -> Iterator[None]:
    with stamina.set_testing(True, attempts=3, cap=True):
        yield


def a_page(*names: str, link: object = None) -> httpx.Response:
    runs = [{"runId": name, "status": "Completed"} for name in names]
    return httpx.Response(200, json={"value": runs, "continuationToken": "x", "nextLink": link})


def test_run_history_is_asked_at_the_host_of_its_region_with_a_token_of_its_own() -> None:
    script = Script(httpx.Response(200, json={"status": "Failed"}))

    details = an_inquiry(script).details(NAME)

    (request,) = script.asked
    assert str(request.url) == f"{BASE}/runs/{NAME}/details"
    assert request.headers["authorization"] == "Bearer token-for-https://history.example/.default"
    assert details == {"status": "Failed"}


def test_what_is_known_is_not_asked_again() -> None:
    script = Script(httpx.Response(200, json={"status": "Failed"}))
    inquiry = an_inquiry(script)

    assert inquiry.details(NAME) == inquiry.details(NAME)

    assert len(script.asked) == 1


def test_a_target_without_location_has_no_run_history() -> None:
    inquiry = an_inquiry()

    assert (inquiry.details(NAME), inquiry.children(NAME).found) == ({}, ())
    assert (inquiry.has_history, inquiry.unread) == (False, None)


def test_a_child_is_read_without_trust() -> None:
    good = {"runId": "a", "status": "FAILED", "endTimeUtc": "2026-11-21T09:00:00Z", "error": 7}
    page = {"value": [good, None, {}, {"runId": 7}, {"runId": "b", "status": []}]}

    found = an_inquiry(Script(httpx.Response(200, json=page))).children(NAME)

    assert [(each.name, each.status) for each in found.found] == [
        ("a", Status.FAILED),
        ("b", Status.UNKNOWN),
    ]
    assert str(found.found[0].ended_at) == "2026-11-21 09:00:00+00:00"
    assert found.is_whole


def names(children: tuple[Child, ...]) -> list[str]:
    return [child.name for child in children]


def test_pages_of_children_are_followed_at_the_same_place() -> None:
    link = f"{CHILDREN}?%24continuationtoken=abc&api-version=v1.0"
    script = Script(a_page("a", link=link), a_page("b"))

    found = an_inquiry(script).children(NAME)

    assert names(found.found) == ["a", "b"]
    assert found.is_whole
    assert str(script.asked[1].url) == link


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example/",
        CHILDREN.replace("westeurope", "eastus"),
        CHILDREN.replace("https:", "http:"),
        CHILDREN.replace(NAME, "another"),
        CHILDREN.replace("//", "//a@"),
        {"a": 1},
        7,
    ],
)
def test_a_page_that_is_elsewhere_is_not_asked_for(link: object) -> None:
    script = Script(a_page("a", link=link))
    inquiry = an_inquiry(script)

    found = inquiry.children(NAME)

    assert len(script.asked) == 1
    assert names(found.found) == ["a"]
    assert not found.is_whole
    assert inquiry.unread is not None
    assert "elsewhere" in inquiry.unread.message


def test_children_without_end_are_left() -> None:
    script = Script(a_page("a", link=f"{CHILDREN}?%24continuationtoken=again"))
    inquiry = an_inquiry(script)

    found = inquiry.children(NAME)

    assert len(script.asked) == MAX_PAGES
    assert not found.is_whole
    assert inquiry.unread is None


def test_a_redirect_is_not_followed() -> None:
    script = Script(httpx.Response(307, headers={"Location": "https://evil.example/"}))
    inquiry = an_inquiry(script)

    assert inquiry.details(NAME) == {}

    assert len(script.asked) == 1
    assert inquiry.unread is not None


@pytest.mark.parametrize("failure", [an_error(503), an_error(429), httpx.ReadError("reset")])
def test_a_fault_that_passes_is_tried_again_and_says_nothing_of_settings(
    failure: httpx.Response | Exception,
) -> None:
    script = Script(failure)
    inquiry = an_inquiry(script)

    assert inquiry.details(NAME) == {}

    assert len(script.asked) == 3
    assert inquiry.unread is not None
    assert inquiry.unread.hint == "What is missing can be seen at monitorUrl."


def test_a_host_that_is_not_there_may_be_another_region() -> None:
    inquiry = an_inquiry(Script(httpx.ConnectError("no such host")))

    assert inquiry.details(NAME) == {}

    assert inquiry.unread is not None
    assert inquiry.unread.code == "NoConnection"
    assert "`location` of the target" in (inquiry.unread.hint or "")


def test_the_first_failure_ends_the_asking() -> None:
    script = Script(an_error(403))
    inquiry = an_inquiry(script, jobs=script)
    assert inquiry.details(NAME) == {}
    first = inquiry.unread

    assert (inquiry.details("other"), inquiry.children(NAME).found) == ({}, ())
    assert inquiry.job(NAME) == {}

    assert len(script.asked) == 1
    assert inquiry.unread == first


def test_there_is_only_so_much_time_for_one_job() -> None:
    clock = Clock()
    script = Script(a_page("a", link=f"{CHILDREN}?%24continuationtoken=again"))

    def slow(request: httpx.Request) -> httpx.Response:
        clock.now += timedelta(seconds=11)
        return script(request)

    inquiry = an_inquiry(slow, clock=clock)
    found = inquiry.children(NAME)

    assert len(script.asked) == 2
    assert names(found.found) == ["a", "a"]
    assert inquiry.unread == Problem(
        "TooSlow",
        "how the job ended could not be read in full: there is too much to read, or too slowly",
        "What is missing can be seen at monitorUrl.",
    )


def test_a_job_that_resource_manager_does_not_know_is_empty() -> None:
    inquiry = an_inquiry(jobs=Places({}))

    assert inquiry.job(NAME) == {}
    assert inquiry.unread is None


def test_no_text_of_ours_repeats_what_run_history_says(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    error = {"error": {"code": "UserError", "message": "canary https://x/?sig=canary"}}
    inquiry = an_inquiry(Script(httpx.Response(403, json=error, headers={"x": "canary"})))

    assert inquiry.details(NAME) == {}

    assert "canary" not in repr(inquiry.unread)
    assert "canary" not in "".join(repr(record.__dict__) for record in caplog.records)


def test_another_endpoint_needs_no_region() -> None:
    script = Script(httpx.Response(200, json={}))

    a_history(script, endpoint="http://127.0.0.1:8000").get(f"runs/{NAME}/details")

    assert str(script.asked[0].url).startswith("http://127.0.0.1:8000/history/v1.0/subscriptions/")
