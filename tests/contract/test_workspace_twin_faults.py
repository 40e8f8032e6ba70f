"""The workspace of the twin goes wrong on demand, and keeps a record of what was asked of it."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.contract.workspace_twin import Twin, workspace


@pytest.fixture(scope="module")
def running() -> Iterator[Twin]:
    with workspace("--pace", "0.05") as twin:
        yield twin


@pytest.fixture
def twin(running: Twin) -> Iterator[Twin]:
    running.control("DELETE", "requests")
    yield running
    running.control("DELETE", "faults")


def requests(twin: Twin, name: str | None = None) -> list[tuple[str, int | None]]:
    """Give the operations that were asked for, with their statuses."""
    entries = twin.control("GET", "requests", params={"name": name} if name else {}).json()
    return [(entry["operation"], entry["status"]) for entry in entries]


def test_a_status_on_demand_has_its_headers_and_an_error_of_resource_manager(twin: Twin) -> None:
    twin.fault("get", kind="status", status=429, headers={"Retry-After": "7"})

    answer = twin.send("GET", "/jobs/echo")

    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "7"
    assert answer.json()["error"]["code"] == "TooManyRequests"


def test_a_fault_happens_as_often_as_it_was_asked_for(twin: Twin) -> None:
    twin.fault("get", times=2, kind="status", status=500)

    answers = [twin.send("GET", "/jobs/echo").status_code for _ in range(3)]

    assert answers == [500, 500, 200]


def test_a_fault_for_a_name_leaves_the_others_alone(twin: Twin) -> None:
    twin.fault("get", "fail", kind="status", status=500)

    answers = [twin.send("GET", f"/jobs/{name}").status_code for name in ("echo", "fail")]

    assert answers == [200, 500]


@pytest.mark.parametrize(
    ("operation", "method", "path"),
    [
        ("list", "GET", "/jobs"),
        ("create", "PUT", "/jobs/new"),
        ("cancel", "POST", "/jobs/echo/cancel"),
        ("delete", "DELETE", "/jobs/echo"),
        ("workspace", "GET", ""),
    ],
)
def test_every_operation_can_go_wrong(twin: Twin, operation: str, method: str, path: str) -> None:
    twin.fault(operation, kind="status", status=503)

    assert twin.send(method, path, json={}).status_code == 503


def test_history_can_go_wrong(twin: Twin) -> None:
    twin.fault("history", "echo", kind="status", status=403)

    assert twin.history("echo").status_code == 403


@pytest.mark.parametrize("kind", ["reset", "status"])
def test_a_failure_before_the_effect_leaves_no_job(twin: Twin, kind: str) -> None:
    twin.fault("create", kind=kind, when="before")

    failing(twin, f"before-{kind}")

    assert twin.send("GET", f"/jobs/before-{kind}").status_code == 404


@pytest.mark.parametrize("kind", ["reset", "status"])
def test_a_failure_after_the_effect_leaves_a_job(twin: Twin, kind: str) -> None:
    twin.fault("create", kind=kind, when="after")

    failing(twin, f"after-{kind}")

    assert twin.send("GET", f"/jobs/after-{kind}").status_code == 200


@pytest.mark.parametrize("kind", ["reset", "status"])
def test_a_failure_after_a_refusal_hides_it(twin: Twin, kind: str) -> None:
    twin.put("taken", command="true")
    twin.fault("create", kind=kind, when="after")

    failing(twin, "taken", command="false")


def failing(twin: Twin, name: str, **properties: Any) -> None:
    """PUT a job and see that no good answer comes."""
    try:
        assert twin.put(name, **properties).status_code == 500
    except httpx.TransportError:
        return


def test_a_reset_is_a_reset_to_the_client(twin: Twin) -> None:
    twin.fault("get", kind="reset")

    with pytest.raises(httpx.ReadError, match="reset"):
        twin.send("GET", "/jobs/echo")


def test_latency_lets_a_client_run_out_of_patience_before_the_effect(twin: Twin) -> None:
    twin.fault("create", kind="latency", seconds=1.0)

    with pytest.raises(httpx.ReadTimeout):
        twin.send("PUT", "/jobs/slow", json={"properties": twin.a_command()}, timeout=0.2)

    assert twin.send("GET", "/jobs/slow").status_code == 404


def test_latency_lets_a_client_run_out_of_patience_after_the_effect(twin: Twin) -> None:
    twin.fault("create", kind="latency", seconds=1.0, when="after")

    with pytest.raises(httpx.ReadTimeout):
        twin.send("PUT", "/jobs/slow-answer", json={"properties": twin.a_command()}, timeout=0.5)

    assert twin.send("GET", "/jobs/slow-answer").status_code == 200


def test_a_slow_answer_is_the_right_one(twin: Twin) -> None:
    plain = twin.send("GET", "/jobs/echo").json()
    twin.fault("get", kind="slow", seconds=0.2)

    assert twin.send("GET", "/jobs/echo").json() == plain


def test_a_slow_answer_comes_in_pieces(twin: Twin) -> None:
    twin.fault("get", kind="slow", seconds=0.2)
    headers = {"Authorization": f"Bearer {twin.token}"}
    url = f"{twin.workspace.info['workspace']}/jobs/echo?api-version=2024-10-01"

    with twin.http.stream("GET", url, headers=headers) as answer:
        pieces = list(answer.iter_raw())

    assert len(pieces) > 1


def test_a_malformed_answer_is_no_json(twin: Twin) -> None:
    twin.fault("list", kind="malformed")

    answer = twin.send("GET", "/jobs")

    assert answer.status_code == 200
    with pytest.raises(json.JSONDecodeError):
        answer.json()


def test_an_answer_of_the_wrong_type_is_json_of_another_shape(twin: Twin) -> None:
    twin.fault("get", kind="wrong_type")

    answer = twin.send("GET", "/jobs/echo")

    assert answer.status_code == 200
    assert isinstance(answer.json(), list)


def test_an_expired_token_can_be_played(twin: Twin) -> None:
    twin.fault("get", kind="token_expired")

    answer = twin.send("GET", "/jobs/echo")

    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "ExpiredAuthenticationToken"


def test_faults_can_be_forgotten(twin: Twin) -> None:
    twin.fault("get", kind="status", status=500)

    twin.control("DELETE", "faults")

    assert twin.send("GET", "/jobs/echo").status_code == 200


@pytest.mark.parametrize(
    "spec",
    [
        {},
        [],
        "fault",
        {"fault": {}},
        {"fault": {"kind": "explosion"}},
        {"fault": {"kind": "reset", "when": "never"}},
        {"fault": {"kind": "reset", "how": "hard"}},
        {"match": {"operation": "creat"}, "fault": {"kind": "reset"}},
        {"match": {"operaton": "create"}, "fault": {"kind": "reset"}},
        {"match": "create", "fault": {"kind": "reset"}},
    ],
    ids=str,
)
def test_a_fault_that_is_none_is_refused(twin: Twin, spec: Any) -> None:
    answer = twin.control("POST", "faults", json=spec)

    assert answer.status_code == 400
    assert answer.json()["error"].startswith("not a fault: ")


def test_the_record_shows_what_was_asked_and_answered(twin: Twin) -> None:
    twin.put("recorded")
    twin.send("GET", "/jobs/recorded")
    twin.put("recorded", command="false")
    twin.send("GET", "/jobs")

    assert requests(twin, "recorded") == [("create", 201), ("get", 200), ("create", 400)]
    assert requests(twin)[-1] == ("list", 200)


def test_the_record_shows_requests_that_were_broken_off_or_refused(twin: Twin) -> None:
    twin.fault("get", kind="reset")
    with pytest.raises(httpx.ReadError):
        twin.send("GET", "/jobs/echo")
    twin.send("GET", "/jobs/echo", headers={"Authorization": "Bearer nonsense"})

    assert requests(twin, "echo") == [("get", None), ("get", 401)]


def test_the_record_shows_requests_that_went_astray(twin: Twin) -> None:
    twin.send("GET", "/experiments")

    assert requests(twin) == [("", 404)]


def test_the_record_can_be_forgotten(twin: Twin) -> None:
    twin.send("GET", "/jobs")

    twin.control("DELETE", "requests")

    assert requests(twin) == []


def test_files_go_into_a_datastore_and_come_back(twin: Twin) -> None:
    uri = "azureml://datastores/workspaceblobstore/paths/some/file.bin"

    twin.control("PUT", "files", params={"uri": uri}, content=b"\x00\xff").raise_for_status()

    assert twin.file(uri).content == b"\x00\xff"


@pytest.mark.parametrize(
    ("uri", "status"),
    [
        ("azureml://datastores/workspaceblobstore/paths/nothing", 404),
        ("azureml://datastores/workspaceblobstore/paths/../../../../etc/passwd", 400),
        ("file:///etc/passwd", 400),
        ("", 400),
    ],
)
def test_files_elsewhere_are_not_given(twin: Twin, uri: str, status: int) -> None:
    assert twin.file(uri).status_code == status


def test_a_compute_can_be_added(twin: Twin) -> None:
    prefix = httpx.URL(twin.workspace.info["workspace"]).path

    twin.control("POST", "computes", json={"name": "big-cluster"}).raise_for_status()

    assert twin.put("on-big", computeId=f"{prefix}/computes/big-cluster").status_code == 201


def test_a_compute_without_a_name_is_refused(twin: Twin) -> None:
    assert twin.control("POST", "computes", json=["big"]).status_code == 400
