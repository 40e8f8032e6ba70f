"""The host of the twin runs the sample app, with the bus of the twin."""

import importlib.util
import json
import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import accumulate
from pathlib import Path
from typing import Any

import httpx
import pytest
from azure.servicebus import ServiceBusClient, ServiceBusMessage

from tests.local.process import DiedError, Service, module, start
from tests.local.waiting import until

Json = dict[str, Any]
SAMPLE = Path(__file__).parent / "sample_app"

if importlib.util.find_spec("proton") is None:
    REASON = "the bus needs python-qpid-proton"
    if os.environ.get("CI"):
        raise RuntimeError(REASON)
    pytest.skip(REASON, allow_module_level=True)


class Sample:
    """The sample app in a host, and what it has seen."""

    def __init__(self, host: Service, bus: Service) -> None:
        self.host = host
        self.bus = bus
        self.url = f"{host.info['http']}/sample"
        headers = {"x-functions-key": host.info["key"]}
        self.http = httpx.Client(headers=headers, timeout=30, trust_env=False)

    def request(self, method: str, path: str, **arguments: Any) -> httpx.Response:
        """Send a request with the key."""
        return self.http.request(method, f"{self.url}/{path}", **arguments)

    @property
    def born(self) -> str | None:
        """Tell this worker from another; None while there is none."""
        try:
            return str(self.request("GET", "seen").json()["born"])
        except httpx.TransportError:
            return None

    def seen_all(self) -> list[Json]:
        """Give what all functions have seen; nothing while there is no worker."""
        try:
            seen: list[Json] = self.request("GET", "seen").json()["seen"]
        except httpx.TransportError:
            return []
        return seen

    def seen(self, by: str, **facts: object) -> list[Json]:
        """Give what one function was given, as far as it fits these facts."""
        wanted = {"by": by, **facts}
        return [one for one in self.seen_all() if all(one.get(k) == wanted[k] for k in wanted)]

    def await_seen(
        self, by: str, *, times: int = 1, within: float = 30, **facts: object
    ) -> list[Json]:
        """Wait until a function was given this so many times."""

        def enough() -> list[Json] | None:
            seen = self.seen(by, **facts)
            return seen if len(seen) >= times else None

        return until(enough, f"{by} to see {facts} {times} times", within=within)


@contextmanager
def running(bus: Service, **settings: str) -> Iterator[Sample]:
    """Run the sample app."""
    names = {"ORDERS": "orders", "NEWS": "news", "OFTEN": "* * * * * *"}
    env = {"ServiceBus": bus.info["connection"], **names, **settings}
    host = start("host", module("host", "--app", str(SAMPLE)), env=env)
    try:
        sample = Sample(host, bus)
        with sample.http:
            yield sample
    finally:
        host.kill()


def a_bus(port: int = 0) -> Service:
    """Start a bus."""
    options = ["--topology", str(SAMPLE / "topology.json"), "--port", str(port)]
    return start("bus", module("bus", *options))


@pytest.fixture(scope="module")
def bus() -> Iterator[Service]:
    """Start a bus for the tests that leave no message behind."""
    bus = a_bus()
    yield bus
    bus.stop()


@pytest.fixture
def own_bus() -> Iterator[Service]:
    """Start a bus for one test."""
    bus = a_bus()
    yield bus
    bus.stop()


@pytest.fixture(scope="module")
def sample(bus: Service) -> Iterator[Sample]:
    """Run the sample app for all tests that leave it alive."""
    with running(bus) as sample:
        yield sample


Send = Callable[..., str]


@pytest.fixture(scope="module")
def send(bus: Service) -> Iterator[Send]:
    """Send orders: what to do, and what to say beside it."""
    with sending(bus) as send:
        yield send


@contextmanager
def sending(bus: Service) -> Iterator[Send]:
    """Send orders to this bus."""

    def send(what: str | bytes, **properties: Any) -> str:
        body = what if isinstance(what, bytes) else json.dumps({"do": what}).encode()
        message_id = str(uuid.uuid4())
        sender.send_messages(ServiceBusMessage(body, message_id=message_id, **properties))
        return message_id

    with client_of(bus) as client, client.get_queue_sender("orders") as sender:
        yield send


def counts(bus: Service, path: str) -> Json:
    """Count the messages of a queue by their state."""
    entities = httpx.get(f"{bus.info['control']}/entities").json()["entities"]
    (queue,) = [entity for entity in entities if entity["path"] == path]
    return dict(queue)


def client_of(bus: Service) -> ServiceBusClient:
    """Connect to a bus."""
    return ServiceBusClient.from_connection_string(bus.info["connection"])


def test_a_host_says_which_functions_it_runs(sample: Sample) -> None:
    assert sample.host.info["functions"] == [
        "take_order",
        "take_dead_order",
        "take_news",
        "often",
        "seldom",
        "seen",
        "echo",
        "act",
        "act_async",
    ]


def test_a_message_is_handed_over_with_what_the_host_knows_of_it(
    sample: Sample, send: Send
) -> None:
    properties = {"text": "words", "number": 3, "flag": True}
    order = send(
        "nothing",
        correlation_id="c-1",
        content_type="application/json",
        application_properties=properties,
    )

    (seen,) = sample.await_seen("take_order", id=order)

    assert seen["body"] == '{"do": "nothing"}'
    assert (seen["correlationId"], seen["contentType"]) == ("c-1", "application/json")
    assert seen["applicationProperties"] == seen["userProperties"] == properties
    assert seen["deliveryCount"] == 1
    assert isinstance(seen["sequenceNumber"], int)
    assert uuid.UUID(seen["lockToken"])
    assert "+" not in seen["enqueued"]
    assert seen["lockedUntil"] is None


@pytest.mark.parametrize("what", ["fail", "return", "cancel"])
def test_a_message_comes_again_until_it_is_a_dead_letter(
    sample: Sample, send: Send, what: str
) -> None:
    order = send(what)

    (dead,) = sample.await_seen("take_dead_order", id=order)
    tries = sample.seen("take_order", id=order)
    assert [seen["deliveryCount"] for seen in tries] == [1, 2, 3]
    assert dead["userProperties"]["DeadLetterReason"] == "MaxDeliveryCountExceeded"


def test_a_binary_trigger_gets_bytes_as_they_are(sample: Sample, send: Send) -> None:
    order = send(b"\xff")

    (seen,) = sample.await_seen("take_order", id=order)

    assert seen["length"] == 1


def test_a_text_trigger_gets_broken_text_with_replacements(sample: Sample, bus: Service) -> None:
    with client_of(bus) as client, client.get_topic_sender("news") as sender:
        sender.send_messages(ServiceBusMessage(b"\xff", message_id="broken"))

    (seen,) = sample.await_seen("take_news", id="broken")
    assert (seen["body"], seen["length"]) == ("\N{REPLACEMENT CHARACTER}", 3)


def test_runs_of_a_timer_do_not_overlap(sample: Sample) -> None:
    ends = sample.await_seen("often ended", times=2)

    starts = sample.seen("often")
    assert ends[0]["at"] <= starts[1]["at"]


def test_a_timer_runs_when_it_is_asked_to(sample: Sample) -> None:
    answer = sample.http.post(f"{sample.host.info['http']}/admin/functions/seldom", json={})

    assert answer.status_code == 202
    assert sample.await_seen("seldom", pastDue=False)


@pytest.mark.parametrize("body", ["", "no JSON", "[]"])
def test_the_admin_route_wants_an_object(sample: Sample, body: str) -> None:
    url = f"{sample.host.info['http']}/admin/functions/seldom"

    assert sample.http.post(url, content=body).status_code == 400


@pytest.mark.parametrize(
    ("name", "headers", "status"),
    [("seldom", {"x-functions-key": "wrong"}, 401), ("echo", {}, 404), ("nothing", {}, 404)],
)
def test_the_admin_route_runs_timers_alone_and_for_the_key_alone(
    sample: Sample, name: str, headers: dict[str, str], status: int
) -> None:
    url = f"{sample.host.info['http']}/admin/functions/{name}"

    assert sample.http.post(url, json={}, headers=headers).status_code == status


def test_a_request_is_handed_over_and_answered(sample: Sample) -> None:
    answer = sample.request(
        "POST",
        "echo/one/a%20b?q=1&empty=&q=2",
        content="hello",
        headers={"X-Sample": "yes"},
    )

    assert answer.status_code == 201
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-answer"] == "yes"
    assert answer.json() == {
        "method": "POST",
        "route": {"first": "one", "second": "a b"},
        "query": {"q": "1,2"},
        "header": "yes",
        "body": "hello",
    }


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "nothing"), ("DELETE", "echo/one"), ("HEAD", "seen")]
)
def test_a_wrong_path_or_method_is_not_found(sample: Sample, method: str, path: str) -> None:
    assert sample.request(method, path).status_code == 404


def test_a_key_opens_by_header_or_query(sample: Sample) -> None:
    url = f"{sample.url}/echo/one"

    assert httpx.get(url, params={"code": sample.host.info["key"]}).status_code == 201
    assert httpx.get(url, params={"code": "wrong"}).status_code == 401
    assert httpx.get(url).status_code == 401


def test_an_anonymous_route_needs_no_key(sample: Sample) -> None:
    assert httpx.get(f"{sample.url}/seen").status_code == 200


@pytest.mark.parametrize("path", ["act/fail", "act-async/fail", "act/cancel", "act-async/cancel"])
def test_a_failure_is_answered_without_a_trace(sample: Sample, path: str) -> None:
    answer = sample.request("POST", path)

    assert (answer.status_code, answer.content) == (500, b"")


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("act/exit", "act ended the worker by SystemExit"),
        ("act-async/exit", "the loop of its async functions ended"),
    ],
)
def test_a_call_that_ends_its_worker_begins_a_new_one_in_its_place(
    bus: Service, path: str, reason: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with running(bus) as sample:
        before = sample.born
        with suppress(httpx.TransportError):
            sample.request("POST", path)

        assert until(lambda: (sample.born or before) != before, "a new worker")
        assert f"the worker starts anew: {reason}" in capfd.readouterr().err


def test_messages_come_again_at_once_when_their_worker_has_died(own_bus: Service) -> None:
    with running(own_bus) as sample, client_of(own_bus) as client:
        before = sample.born
        with client.get_topic_sender("news") as sender:
            for what in (b'{"do": "hang at first"}', b'{"do": "nothing"}'):
                sender.send_messages(ServiceBusMessage(what))

        # Their locks would have kept them away for longer than this waits.
        assert sample.await_seen("take_news", deliveryCount=2, times=2, within=20)
        assert sample.born != before


def test_the_lock_of_a_message_is_kept_while_its_call_runs(sample: Sample, send: Send) -> None:
    order = send("stay")  # for longer than the lock lives

    sample.await_seen("stay ended")
    until(lambda: counts(sample.bus, "orders")["active"] == 0, "the message to be settled")
    assert [seen["deliveryCount"] for seen in sample.seen("take_order", id=order)] == [1]


def test_no_more_messages_are_taken_at_once_than_the_host_file_says(
    sample: Sample, send: Send
) -> None:
    for _ in range(6):
        send("linger")
    sample.await_seen("linger ended", times=6)

    steps = [one["by"] for one in sample.seen_all() if one["by"].startswith("linger")]
    running = accumulate(1 if step == "linger begun" else -1 for step in steps)
    assert max(running) == 4


def test_a_host_that_is_stopped_ends_what_it_has_begun_and_begins_no_more(
    own_bus: Service, capfd: pytest.CaptureFixture[str]
) -> None:
    with running(own_bus) as sample, sending(own_bus) as send:
        for _ in range(50):
            send("linger")
        sample.await_seen("linger begun")

        sample.host.stop()

    lines = capfd.readouterr().err.splitlines()
    taken = [line for line in lines if "[take_order" in line and "succeeded" in line]
    assert sample.host.process.returncode == 0
    assert counts(own_bus, "orders")["active"] == 50 - len(taken) > 0


def test_a_host_receives_again_after_the_bus_was_away(capfd: pytest.CaptureFixture[str]) -> None:
    bus = a_bus()
    with running(bus) as sample:
        sample.await_seen("often ended")
        bus.kill()
        until(lambda: "take_order: no messages" in capfd.readouterr().err, "the host to miss it")
        bus = a_bus(bus.info["port"])
        with sending(bus) as send:
            order = send("nothing")

            assert sample.await_seen("take_order", id=order)
    bus.stop()


def test_an_app_without_a_setting_that_it_needs_does_not_start(
    bus: Service, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(DiedError), running(bus, OFTEN="not a schedule"):
        pass

    assert "'not a schedule' is not an NCRONTAB expression" in capfd.readouterr().err
