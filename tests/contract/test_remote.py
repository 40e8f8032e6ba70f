"""What goes over the wire to Azure Resource Manager, and what comes of what comes back."""

import logging
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

import httpx
import pytest
import stamina

from shared.backends.answers import DeclinedError
from shared.backends.remote import MAX_ANSWER, MAX_PAGES, Remote, http_client
from shared.errors import UnavailableError
from tests.arm import Clock, Script, a_connection, a_remote, an_error
from tests.jobs import ID

BASE = f"https://arm.example{ID}"
FOUND = httpx.Response(200, json={"name": "jr-1"})


@pytest.fixture(autouse=True)
def _no_waiting() -> Iterator[None]:
    with stamina.set_testing(True, attempts=3, cap=True):
        yield


def test_a_request_has_a_token_a_version_and_nothing_else_to_hide() -> None:
    script = Script(FOUND)

    a_remote(script).put("jobs/jr-1", {"properties": {"command": "ü"}})

    (request,) = script.asked
    assert str(request.url) == f"{BASE}/jobs/jr-1?api-version=2024-10-01"
    assert request.headers["authorization"] == "Bearer token-for-https://arm.example/.default"
    assert request.headers["content-type"] == "application/json"
    assert request.read() == '{"properties":{"command":"ü"}}'.encode()


def test_an_action_has_no_body() -> None:
    script = Script(httpx.Response(202))

    a_remote(script).post("jobs/jr-1/cancel")

    (request,) = script.asked
    assert (request.method, request.read()) == ("POST", b"")
    assert request.url.path == f"{ID}/jobs/jr-1/cancel"


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "..",
        "jobs/..",
        "jobs/a/../b",
        "jobs/a?b",
        "jobs/a#b",
        "jobs/a%2fb",
        "jobs/a\n",
        "jobs//a",
        "jobs/",
        "jobs/-a",
        "https://evil.example",
    ],
)
def test_no_path_leads_elsewhere(path: str) -> None:
    script = Script(FOUND)

    with pytest.raises(ValueError, match="plain names"):
        a_remote(script).get(path)

    assert script.asked == []


@pytest.mark.parametrize("path", ["training_jobs", "training_jobs/jr-1:cancel", "a_b/c_d"])
def test_a_path_may_name_a_collection_and_an_action(path: str) -> None:
    script = Script(FOUND)

    a_remote(script).get(path)

    assert str(script.asked[0].url) == f"{BASE}/{path}?api-version=2024-10-01"


@pytest.mark.parametrize(
    "path", ["_a", "a__b", "jobs/_a", "jobs:cancel/a", "jobs/a:", "jobs/a:b:c", "jobs/a:B", ":a"]
)
def test_no_other_path_does(path: str) -> None:
    with pytest.raises(ValueError, match="plain names"):
        a_remote(Script(FOUND)).get(path)


@pytest.mark.parametrize(
    ("item", "sent"),
    [("loss", "loss"), ("train/loss", "train%2Floss"), ("a b", "a%20b"), ("..a", "..a")],
)
def test_the_name_of_a_thing_is_one_step(item: str, sent: str) -> None:
    script = Script(FOUND)

    a_remote(script).get("jobs/jr-1/metrics", {"limit": "1"}, item=item)

    assert script.asked[0].url.raw_path.decode() == (
        f"{ID}/jobs/jr-1/metrics/{sent}?limit=1&api-version=2024-10-01"
    )


@pytest.mark.parametrize("item", ["", ".", "..", "a/..", "./a", "/a", "a//b", "a%2f", "a?b", "a\n"])
def test_the_name_of_a_thing_leads_nowhere_else(item: str) -> None:
    script = Script(FOUND)

    with pytest.raises(ValueError, match="plain names"):
        a_remote(script).get("jobs/jr-1/metrics", item=item)

    assert script.asked == []


def test_every_request_has_the_headers_of_its_connection() -> None:
    script = Script(FOUND)
    remote = a_remote(script, headers={"Foundry-Features": "A=B"})

    remote.get("jobs/jr-1")
    remote.send("POST", "jobs", {}, headers={"Operation-Id": "jr-1"})

    assert [each.headers["foundry-features"] for each in script.asked] == ["A=B", "A=B"]
    assert [each.headers.get("operation-id") for each in script.asked] == [None, "jr-1"]


def test_no_header_takes_the_place_of_the_token() -> None:
    script = Script(FOUND)

    a_remote(script, headers={"Authorization": "Basic x"}).get("jobs/jr-1")

    assert script.asked[0].headers.get_list("authorization") == [
        "Bearer token-for-https://arm.example/.default"
    ]


def test_what_is_only_asked_for_by_post_is_tried_again() -> None:
    script = Script(an_error(503), FOUND)

    assert a_remote(script).ask("jobs/jr-1/metrics", {"metricName": "loss"}) == {"name": "jr-1"}
    assert script.methods == ["POST", "POST"]


def test_what_is_asked_for_by_post_may_not_be_there() -> None:
    assert a_remote(Script(an_error(404))).ask("jobs/jr-1/metrics", {}) is None


def test_an_action_answers_what_goes_on_behind_it() -> None:
    answer = a_remote(Script(httpx.Response(202, headers={"Location": "x"}))).post("jobs/a/cancel")

    assert (answer.status, answer.headers["location"]) == (202, "x")


@pytest.mark.parametrize(
    ("link", "path"),
    [
        (f"{BASE}/jobs/operations/a-1?x=y", "jobs/operations/a-1"),
        (
            f"{BASE}/jobs/operations/a-1".replace("resourceGroups", "resourcegroups"),
            "jobs/operations/a-1",
        ),
        (f"https://arm.example:443{ID}/jobs/a", "jobs/a"),
        (f"https://evil.example{ID}/jobs/a", None),
        (f"http://arm.example{ID}/jobs/a", None),
        (f"https://user:word@arm.example{ID}/jobs/a", None),
        (f"{BASE}/jobs/../../a", None),
        (f"{BASE}/jobs/%2e%2e/a", None),
        (f"{BASE}/jobs/a%2fb", "jobs/a/b"),
        (f"{BASE}x/jobs/a", None),
        (BASE, None),
        (f"{BASE}/", None),
        ("jobs/a", None),
        ("https://[", None),
        (7, None),
        (None, None),
    ],
)
def test_an_address_in_an_answer_is_ours_or_none(link: object, path: str | None) -> None:
    assert a_remote(Script(FOUND)).below(link) == path


def test_what_is_not_there_is_none() -> None:
    assert a_remote(Script(an_error(404))).get("jobs/jr-1") is None


@pytest.mark.parametrize("status", [400, 409, 422])
def test_a_look_is_never_declined(status: int) -> None:
    with pytest.raises(UnavailableError) as caught:
        a_remote(Script(an_error(status))).get("jobs/jr-1")

    assert str(caught.value) == f"GET jobs/jr-1: {status} UserError"


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_a_look_is_tried_again_until_it_succeeds(status: int) -> None:
    script = Script(an_error(status), an_error(status), FOUND)

    assert a_remote(script).get("jobs/jr-1") == {"name": "jr-1"}
    assert script.methods == ["GET"] * 3


def test_a_look_is_tried_three_times_and_no_more() -> None:
    script = Script(an_error(500))

    with pytest.raises(UnavailableError):
        a_remote(script).get("jobs/jr-1")

    assert script.methods == ["GET"] * 3


@pytest.mark.parametrize("status", [302, 400, 403, 405])
def test_a_look_that_cannot_succeed_is_not_tried_again(status: int) -> None:
    script = Script(an_error(status))

    with pytest.raises(UnavailableError):
        a_remote(script).get("jobs/jr-1")

    assert script.methods == ["GET"]


@pytest.mark.parametrize(
    "failure",
    [
        an_error(429),
        an_error(500),
        httpx.ReadTimeout(""),
        httpx.ReadError(""),
        httpx.ConnectError(""),
        httpx.Response(200, content=b"{"),
    ],
)
@pytest.mark.parametrize("act", ["put", "post"])
def test_what_has_an_effect_is_never_repeated(act: str, failure: httpx.Response) -> None:
    script = Script(failure)
    remote = a_remote(script)

    with suppress(UnavailableError):
        remote.put("jobs/jr-1", {}) if act == "put" else remote.post("jobs/jr-1/cancel")

    assert len(script.asked) == 1


@pytest.mark.parametrize(
    ("failure", "clear"),
    [
        (httpx.ConnectError("refused"), True),
        (httpx.ConnectTimeout("slow"), True),
        (httpx.PoolTimeout("busy"), True),
        (httpx.ReadTimeout("slow"), False),
        (httpx.WriteTimeout("slow"), False),
        (httpx.ReadError("reset"), False),
        (httpx.WriteError("reset"), False),
        (httpx.RemoteProtocolError("gone"), False),
        (httpx.ProxyError("no"), False),
        (httpx.DecodingError("gzip"), False),
        (an_error(429), True),
        (an_error(401), True),
        (an_error(403), True),
        (an_error(404, "ResourceGroupNotFound"), True),
        (an_error(500), False),
        (an_error(302), False),
        (httpx.Response(200, content=b"{"), False),
        (httpx.Response(201, json=["x"]), False),
        (httpx.Response(201), False),
    ],
)
def test_a_failed_put_says_whether_it_surely_had_no_effect(
    failure: httpx.Response | Exception, *, clear: bool
) -> None:
    with pytest.raises(UnavailableError) as caught:
        a_remote(Script(failure)).put("jobs/jr-1", {})

    assert caught.value.clear is clear
    assert str(caught.value).startswith("PUT jobs/jr-1: ")


def test_a_put_that_is_declined_says_why() -> None:
    with pytest.raises(DeclinedError) as caught:
        a_remote(Script(an_error(400))).put("jobs/jr-1", {"properties": {"command": "secret"}})

    assert str(caught.value) == "PUT jobs/jr-1: 400 UserError"
    assert caught.value.problem.message == "These are the words of the service."


@pytest.mark.parametrize("act", ["get", "put"])
def test_a_401_is_answered_once_with_a_new_token(act: str) -> None:
    tokens = iter(["old", "new"])
    script = Script(an_error(401), FOUND)
    remote = a_remote(script, token=lambda _: next(tokens))

    remote.get("jobs/jr-1") if act == "get" else remote.put("jobs/jr-1", {})

    sent = [request.headers["authorization"] for request in script.asked]
    assert sent == ["Bearer old", "Bearer new"]


def test_a_second_401_is_the_end_of_it() -> None:
    script = Script(an_error(401))

    with pytest.raises(UnavailableError) as caught:
        a_remote(script).put("jobs/jr-1", {})

    assert len(script.asked) == 2
    assert caught.value.clear


@pytest.mark.parametrize("token", ["", "a b", "a\nb", "a\r\nX: 1", "tökén"])
def test_a_token_that_is_none_is_not_sent_and_not_told(token: str) -> None:
    script = Script(FOUND)

    with pytest.raises(UnavailableError) as caught:
        a_remote(script, token=lambda _: token).put("jobs/jr-1", {})

    assert script.asked == []
    assert caught.value.clear
    assert str(caught.value) == "PUT jobs/jr-1: what came as token is none"
    assert caught.value.__cause__ is None


def test_without_a_token_nothing_is_asked() -> None:
    def no_token(_: str) -> str:
        raise UnavailableError("no token", clear=True)

    script = Script(FOUND)

    with pytest.raises(UnavailableError, match="no token"):
        a_remote(script, token=no_token).put("jobs/jr-1", {})

    assert script.asked == []


def test_a_short_wait_that_the_service_asks_for_is_kept_here() -> None:
    script = Script(an_error(429, headers={"Retry-After": "2"}), FOUND)
    clock = Clock(step=timedelta(seconds=1))

    assert a_remote(script, clock=clock).get("jobs/jr-1") == {"name": "jr-1"}


def test_a_long_wait_is_left_to_the_row() -> None:
    script = Script(an_error(429, headers={"Retry-After": "3"}), FOUND)
    clock = Clock(step=timedelta(seconds=3))

    with pytest.raises(UnavailableError) as caught:
        a_remote(script, clock=clock).get("jobs/jr-1")

    assert caught.value.retry_after == timedelta(seconds=3)
    assert len(script.asked) == 1


def test_nothing_is_asked_before_the_time_that_a_429_named() -> None:
    script, clock = Script(an_error(429, headers={"Retry-After": "60"}), FOUND), Clock()
    remote = a_remote(script, clock=clock)
    with pytest.raises(UnavailableError):
        remote.get("jobs/jr-1")
    clock.now += timedelta(seconds=45)

    with pytest.raises(UnavailableError) as caught:
        remote.get("jobs/jr-2")

    assert caught.value.clear
    assert caught.value.retry_after == timedelta(seconds=15)
    assert len(script.asked) == 1


def test_after_that_time_it_is_asked_again() -> None:
    script, clock = Script(an_error(429, headers={"Retry-After": "60"}), FOUND), Clock()
    remote = a_remote(script, clock=clock)
    with pytest.raises(UnavailableError):
        remote.get("jobs/jr-1")
    clock.now += timedelta(seconds=60)

    assert remote.get("jobs/jr-1") == {"name": "jr-1"}


def test_reads_and_writes_are_silenced_apart() -> None:
    script = Script(an_error(429, headers={"Retry-After": "60"}), FOUND)
    remote = a_remote(script)
    with pytest.raises(UnavailableError):
        remote.get("jobs/jr-1")

    assert remote.put("jobs/jr-1", {}) == {"name": "jr-1"}


def test_pages_are_followed_with_our_own_address_and_version() -> None:
    link = f"{BASE}/jobs?api-version=1&%24skip=abc".replace("resourceGroups", "resourcegroups")
    script = Script(
        httpx.Response(200, json={"value": [1], "nextLink": link}),
        httpx.Response(200, json={"value": [2], "nextLink": None}),
    )

    pages = list(a_remote(script).pages("jobs", {"jobType": "Command"}))

    assert [page["value"] for page in pages] == [[1], [2]]
    assert [dict(request.url.params) for request in script.asked] == [
        {"jobType": "Command", "api-version": "2024-10-01"},
        {"$skip": "abc", "api-version": "2024-10-01"},
    ]
    assert script.asked[1].url.path == f"{ID}/jobs"


@pytest.mark.parametrize(
    "link",
    [
        f"https://evil.example{ID}/jobs",
        f"http://arm.example{ID}/jobs",
        f"https://arm.example:444{ID}/jobs",
        f"https://arm.example.evil.example{ID}/jobs",
        f"https://arm.example@evil.example{ID}/jobs",
        f"https://user:word@arm.example{ID}/jobs",
        f"https://arm.example{ID}/jobs/../../../x",
        f"https://arm.example{ID}/jobs/x",
        "https://arm.example/",
        f"//arm.example{ID}/jobs",
        f"{ID}/jobs?$skip=1",
        "https://[",
        "x" * 70_000,
        {"a": 1},
        7,
    ],
)
def test_a_page_that_is_said_to_be_elsewhere_is_not_asked_for(link: object) -> None:
    script = Script(httpx.Response(200, json={"value": [], "nextLink": link}))

    with pytest.raises(UnavailableError, match="elsewhere"):
        list(a_remote(script).pages("jobs", {}))

    assert len(script.asked) == 1


def test_a_list_without_end_is_left() -> None:
    link = f"{BASE}/jobs?%24skip=again"
    script = Script(httpx.Response(200, json={"value": [], "nextLink": link}))

    assert len(list(a_remote(script).pages("jobs", {}))) == MAX_PAGES


def test_a_list_that_is_declined_is_unavailable() -> None:
    with pytest.raises(UnavailableError):
        list(a_remote(Script(an_error(404))).pages("jobs", {}))


def test_a_redirect_is_not_followed() -> None:
    script = Script(httpx.Response(307, headers={"Location": "https://evil.example/"}), FOUND)

    with pytest.raises(UnavailableError, match="307"):
        a_remote(script).put("jobs/jr-1", {})

    assert len(script.asked) == 1


def test_no_text_of_ours_tells_the_token_the_body_or_the_query(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.WARNING, logger="stamina")
    script = Script(httpx.ReadError("reset"))
    remote = a_remote(script, token=lambda _: "canary-token")

    with pytest.raises(UnavailableError) as caught:
        list(remote.pages("jobs", {"canary": "canary-query"}))
    with pytest.raises(UnavailableError) as put:
        remote.put("jobs/jr-1", {"canary": "canary-body"})

    told = [repr(record.__dict__) for record in caplog.records]
    assert "stamina.retry_scheduled" in "".join(told)
    assert "canary" not in "".join([*told, repr(caught.value), repr(put.value)])


@contextmanager
def a_server(act: Callable[[socket.socket], None]) -> Iterator[str]:
    """Take connections one by one, read the head of a request from each, and act on it."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                connection.recv(65_536)
                act(connection)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


@contextmanager
def asking(url: str, clock: Clock | None = None) -> Iterator[Remote]:
    with http_client() as client:
        yield Remote(a_connection(client=client, endpoint=url, clock=clock or Clock()), ID)


def reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def test_a_refused_connection_surely_had_no_effect() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"

    with asking(url) as remote, pytest.raises(UnavailableError) as caught:
        remote.put("jobs/jr-1", {})

    assert str(caught.value) == "PUT jobs/jr-1: no connection (ConnectError)"
    assert (caught.value.code, caught.value.clear) == ("NoConnection", True)
    assert caught.value.hint is not None


def test_a_reset_may_have_come_after_the_effect() -> None:
    with (
        a_server(reset) as url,
        asking(url) as remote,
        pytest.raises(UnavailableError) as caught,
    ):
        remote.put("jobs/jr-1", {})

    assert (caught.value.code, caught.value.clear) == ("NoAnswer", False)


def test_an_answer_cut_short_may_have_had_its_effect() -> None:
    def cut(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 201 Created\r\nContent-Length: 100\r\n\r\n{")

    with a_server(cut) as url, asking(url) as remote, pytest.raises(UnavailableError) as caught:
        remote.put("jobs/jr-1", {})

    assert (caught.value.code, caught.value.clear) == ("NoAnswer", False)


def test_an_answer_without_end_is_left_at_the_bound() -> None:
    def pour(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n")
        try:
            for _ in range(MAX_ANSWER // 65_536 + 100):
                connection.sendall(b" " * 65_536)
        except OSError:
            pass

    with (
        a_server(pour) as url,
        asking(url) as remote,
        pytest.raises(UnavailableError) as caught,
    ):
        remote.put("jobs/jr-1", {})

    assert str(caught.value) == "PUT jobs/jr-1: the answer is too long"
    assert not caught.value.clear


def test_an_answer_that_drips_is_left_after_the_time_for_the_whole() -> None:
    def drip(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{")
        connection.sendall(b"}")

    clock = Clock(step=timedelta(seconds=31))
    with (
        a_server(drip) as url,
        asking(url, clock) as remote,
        pytest.raises(UnavailableError) as caught,
    ):
        remote.put("jobs/jr-1", {})

    assert (caught.value.code, caught.value.clear) == ("NoAnswer", False)


def test_a_client_has_a_limit_for_every_wait() -> None:
    with http_client() as client:
        assert client.timeout == httpx.Timeout(connect=5, read=30, write=30, pool=5)
        assert not client.follow_redirects
