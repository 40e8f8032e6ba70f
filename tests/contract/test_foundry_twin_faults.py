"""The project of the twin refuses who must not enter, goes wrong on demand, and keeps a record."""

from collections.abc import Iterator

import httpx
import psutil
import pytest

from tests.contract.foundry_twin import Foundry, foundry
from tests.local.waiting import until


@pytest.fixture(scope="module")
def running() -> Iterator[Foundry]:
    with foundry("--pace", "0.05") as twin:
        yield twin


@pytest.fixture
def twin(running: Foundry) -> Iterator[Foundry]:
    running.control("DELETE", "requests")
    yield running
    running.control("DELETE", "faults")


@pytest.mark.parametrize("path", ["/training_jobs", "/jobs", "/jobs/echo", "/training_jobs/echo"])
@pytest.mark.parametrize("token", ["", "Bearer", "Bearer x.y.z", "Basic abc"])
def test_who_has_no_token_is_refused(twin: Foundry, path: str, token: str) -> None:
    answer = twin.send("GET", path, headers={"Authorization": token})

    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "unauthorized")


def test_a_token_for_another_service_is_refused() -> None:
    with foundry(resource="https://management.azure.com") as twin:
        answer = twin.send("GET", "/jobs")

    assert answer.status_code == 401
    assert "management.azure.com" in answer.json()["error"]["message"]


def test_another_project_is_not_there(twin: Foundry) -> None:
    url = str(twin.service.info["foundry"]).replace("/demo", "/other")

    assert twin.follow(f"{url}/training_jobs?api-version=v1").status_code == 404


@pytest.mark.parametrize(
    ("path", "version"),
    [
        ("/training_jobs", ""),
        ("/training_jobs", "2026-01-15-preview"),
        ("/jobs", ""),
        ("/jobs", "v1"),
    ],
)
def test_another_version_is_refused(twin: Foundry, path: str, version: str) -> None:
    answer = twin.send("GET", path, params={"api-version": version})

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalid_request")


@pytest.mark.parametrize("feature", ["", "Jobs=V1Preview", "TrainingJobs=V2Preview"])
def test_training_jobs_ask_for_their_feature(twin: Foundry, feature: str) -> None:
    answer = twin.send("GET", "/training_jobs", headers={"Foundry-Features": feature})

    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "preview_feature_required"


def test_several_features_may_be_asked_for_at_once(twin: Foundry) -> None:
    features = "Jobs=V1Preview, TrainingJobs=V1Preview"

    answer = twin.send("GET", "/training_jobs", headers={"Foundry-Features": features})

    assert answer.status_code == 200


def test_versions_and_the_feature_can_be_chosen() -> None:
    options = ("--training-jobs-version", "v2", "--jobs-version", "v3", "--feature", "A=B")
    with foundry(*options) as twin:
        wanted = {"params": {"api-version": "v2"}, "headers": {"Foundry-Features": "A=B"}}

        assert twin.send("GET", "/training_jobs", **wanted).status_code == 200
        assert twin.send("GET", "/jobs", params={"api-version": "v3"}).status_code == 200


def test_a_route_that_is_not_there_is_refused_in_the_words_of_the_service(twin: Foundry) -> None:
    answer = twin.send("GET", "/training_jobs/echo/none")

    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "not_found"


def test_a_method_that_is_not_there_is_refused(twin: Foundry) -> None:
    assert twin.send("PATCH", "/jobs/echo").status_code == 405


def test_every_answer_has_the_id_of_its_request(twin: Foundry) -> None:
    answer = twin.send("GET", "/jobs/none")

    info = answer.json()["error"]["additionalInfo"]
    assert info == {"requestId": answer.headers["x-ms-request-id"]}


def test_a_status_on_demand_has_its_headers_and_an_error_of_the_service(twin: Foundry) -> None:
    twin.fault("get", kind="status", status=429, headers={"Retry-After": "7"})

    answer = twin.send("GET", "/training_jobs/echo")

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")
    assert answer.json()["error"]["code"] == "too_many_requests"


@pytest.mark.parametrize(
    ("operation", "method", "path"),
    [
        ("list", "GET", "/training_jobs"),
        ("create", "POST", "/training_jobs"),
        ("get", "GET", "/training_jobs/echo"),
        ("cancel", "POST", "/training_jobs/echo:cancel"),
        ("delete", "DELETE", "/training_jobs/echo"),
        ("operation", "GET", "/training_jobs/operations/x/result"),
        ("operation", "GET", "/training_jobs/operations/x/status"),
        ("attempts", "GET", "/training_jobs/echo/attempts/latest"),
        ("artifacts", "GET", "/training_jobs/echo/attempts/latest/artifacts"),
        ("metrics", "GET", "/training_jobs/echo/attempts/latest/metrics/last_values"),
        ("services", "GET", "/training_jobs/echo/services"),
        ("outputs", "GET", "/training_jobs/echo/outputs"),
        ("list", "GET", "/jobs"),
        ("create", "PUT", "/jobs/new"),
        ("get", "GET", "/jobs/echo"),
        ("cancel", "POST", "/jobs/echo/cancel"),
        ("delete", "DELETE", "/jobs/echo"),
        ("operation", "GET", "/jobs/operations/x/result"),
        ("history", "GET", "/jobs/echo/history/runs/echo/details"),
    ],
)
def test_every_operation_can_go_wrong(
    twin: Foundry, operation: str, method: str, path: str
) -> None:
    twin.fault(operation, kind="status", status=503)

    answer = twin.send(method, path, **({"json": {}} if method in {"POST", "PUT"} else {}))

    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "server_error")


def test_a_fault_for_a_name_finds_it_in_the_body_of_a_create(twin: Foundry) -> None:
    twin.fault("create", "doomed", kind="status", status=500)

    answers = [twin.create(name).status_code for name in ("spared", "doomed")]

    assert answers == [201, 500]


@pytest.mark.parametrize("kind", ["reset", "status"])
def test_a_failure_before_the_effect_leaves_no_job(twin: Foundry, kind: str) -> None:
    twin.fault("create", kind=kind, when="before")

    failing(twin, f"before-{kind}")

    assert twin.send("GET", f"/training_jobs/before-{kind}").status_code == 404


@pytest.mark.parametrize("kind", ["reset", "status"])
def test_a_failure_after_the_effect_leaves_a_job(twin: Foundry, kind: str) -> None:
    twin.fault("create", kind=kind, when="after")

    failing(twin, f"after-{kind}")

    assert twin.send("GET", f"/training_jobs/after-{kind}").status_code == 200


def test_a_create_whose_answer_was_lost_can_be_sent_again(twin: Foundry) -> None:
    twin.fault("create", kind="status", when="after")
    failing(twin, "resent")

    assert twin.create("resent", operation="resent").status_code == 201


def failing(twin: Foundry, name: str) -> None:
    """Create a job and see that no good answer comes."""
    try:
        assert twin.create(name, operation=name).status_code == 500
    except httpx.TransportError:
        return


def test_a_malformed_answer_is_no_json(twin: Foundry) -> None:
    twin.fault("get", kind="malformed")

    with pytest.raises(ValueError, match="Expecting value"):
        twin.send("GET", "/jobs/echo").json()


def test_an_expired_token_on_demand_is_refused_as_one(twin: Foundry) -> None:
    twin.fault("list", kind="token_expired")

    assert twin.send("GET", "/training_jobs").status_code == 401


def test_a_fault_of_an_unknown_operation_is_refused(twin: Foundry) -> None:
    spec = {"match": {"operation": "bake"}, "fault": {"kind": "reset"}}

    assert twin.control("POST", "faults", json=spec).status_code == 400


def test_the_record_tells_what_was_asked_for(twin: Foundry) -> None:
    twin.create("recorded")
    twin.create("recorded")
    twin.send("GET", "/jobs/recorded")

    entries = twin.control("GET", "requests", params={"name": "recorded"}).json()

    told = [(entry["operation"], entry["method"], entry["status"]) for entry in entries]
    assert told == [("create", "POST", 201), ("create", "POST", 409), ("get", "GET", 200)]


def test_another_host_is_not_served(twin: Foundry) -> None:
    answer = twin.send("GET", "/jobs", headers={"Host": "evil.example"})

    assert answer.status_code == 403


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_no_command_outlives_the_project(end: str) -> None:
    uri = "azureml://datastores/a/paths/pid"
    told = {"pid": {"job_output_type": "uri_file", "uri": uri}}
    with foundry("--pace", "0.01") as mortal:
        mortal.create("orphan", command="echo $$ > ${{outputs.pid}}; sleep 1000", outputs=told)
        until(lambda: mortal.control("GET", "files", params={"uri": uri}).is_success, "a pid")
        until(lambda: mortal.control("GET", "files", params={"uri": uri}).content, "a pid")
        pid = int(mortal.control("GET", "files", params={"uri": uri}).text)

        getattr(mortal.service, end)()

        until(lambda: not is_alive(pid), f"{pid} to be gone")


def is_alive(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
