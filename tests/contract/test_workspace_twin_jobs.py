"""The workspace of the twin keeps the contract of jobs: create, show, list, cancel, delete."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.contract.workspace_twin import Twin, workspace

# It takes a second to end, since it does not listen to the polite signal.
STUBBORN = "trap '' TERM; while :; do sleep 0.2; done"


@pytest.fixture(scope="module")
def twin() -> Iterator[Twin]:
    with workspace("--pace", "0.05", "--page-size", "3", "--retry-after", "11") as running:
        yield running


@pytest.fixture(scope="module")
def strict_twin() -> Iterator[Twin]:
    with workspace("--pace", "0.05", "--strict") as running:
        yield running


def inner_codes(answer: httpx.Response) -> list[str]:
    """Give the inner codes of an error, from the outside in."""
    info = {
        entry["type"]: entry["info"]["value"] for entry in answer.json()["error"]["additionalInfo"]
    }
    codes, level = [], info["InnerError"]
    while level:
        codes.append(level["code"])
        level = level["innerError"]
    return codes


def names(twin: Twin, **query: str) -> list[str]:
    """Give the names on all pages of a list."""
    page = twin.send("GET", "/jobs", params=query)
    found = [job["name"] for job in page.json()["value"]]
    while "nextLink" in page.json():
        page = twin.http.get(
            page.json()["nextLink"], headers={"Authorization": f"Bearer {twin.token}"}
        )
        found += [job["name"] for job in page.json()["value"]]
    return found


def test_a_new_job_is_created_and_started(twin: Twin) -> None:
    answer = twin.put("created", displayName="mine", tags={"a": "b"})

    resource = answer.json()
    assert answer.status_code == 201
    assert resource["name"] == "created"
    assert resource["type"] == "Microsoft.MachineLearningServices/workspaces/jobs"
    assert resource["id"].endswith("/workspaces/demo/jobs/created")
    assert resource["properties"]["status"] == "Starting"
    assert resource["properties"]["displayName"] == "mine"
    assert resource["properties"]["tags"] == {"a": "b"}


def test_a_job_says_where_it_can_be_watched(twin: Twin) -> None:
    twin.put("watched")

    services = twin.get("watched")["services"]

    assert services["Studio"]["endpoint"].startswith(
        "https://ml.azure.com/runs/watched?wsid=/subscriptions/"
    )
    assert services["Tracking"]["endpoint"].startswith("azureml://")


def test_the_same_put_again_changes_nothing(twin: Twin) -> None:
    first = twin.put("repeated", command="true").json()

    again = twin.put("repeated", command="true")

    assert again.status_code == 200
    assert again.json()["systemData"]["createdAt"] == first["systemData"]["createdAt"]


def test_what_was_read_can_be_sent_back(twin: Twin) -> None:
    twin.put("returned")
    resource = twin.send("GET", "/jobs/returned").json()

    answer = twin.send("PUT", "/jobs/returned", json={**resource})

    assert answer.status_code == 200


def test_a_put_of_another_definition_is_refused(twin: Twin) -> None:
    twin.put("taken", command="true")

    answer = twin.put("taken", command="false")

    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "UserError"
    assert inner_codes(answer) == ["Immutable", "JobPropertyImmutable"]
    assert twin.get("taken")["command"] == "true"


def test_the_longest_name_is_taken(twin: Twin) -> None:
    assert twin.put("n" * 255).status_code == 201
    assert twin.statuses("n" * 255)[-1] == "Completed"


@pytest.mark.parametrize("name", ["-first", "n" * 256, "a.b", "a%20b", "%C3%A4"])
def test_a_name_that_is_none_is_refused(twin: Twin, name: str) -> None:
    answer = twin.put(name)

    assert answer.status_code == 400
    assert inner_codes(answer) == ["BadArgument", "ArgumentInvalid"]


@pytest.mark.parametrize(
    ("properties", "code"),
    [
        ({"computeId": "{workspace}/computes/nowhere"}, "ComputeNotFound"),
        ({"environmentId": "{workspace}/environments/nothing/versions/1"}, "EnvironmentNotFound"),
        ({"codeId": "{workspace}/codes/nothing/versions/1"}, "CodeNotFound"),
        (
            {
                "outputs": {
                    "o": {"jobOutputType": "uri_file", "uri": "azureml://datastores/none/paths/x"}
                }
            },
            "DatastoreNotFound",
        ),
        (
            {"inputs": {"i": {"jobInputType": "uri_file", "uri": "https://example.com/x"}}},
            "InvalidUri",
        ),
        ({"command": "echo ${{inputs.x}}"}, "ArgumentInvalid"),
        ({"tags": {"twin.life": "immortal"}}, "ArgumentInvalid"),
        ({"jobType": "Labeling"}, "ArgumentInvalid"),
        ({"jobType": None}, "ArgumentInvalid"),
        ({"command": 7}, "ArgumentInvalid"),
    ],
)
def test_a_job_that_can_never_run_is_refused(
    twin: Twin, properties: dict[str, Any], code: str
) -> None:
    prefix = httpx.URL(twin.workspace.info["workspace"]).path
    expanded = {
        name: value.replace("{workspace}", prefix) if isinstance(value, str) else value
        for name, value in properties.items()
    }

    answer = twin.put("refused", **expanded)

    assert answer.status_code == 400
    assert inner_codes(answer) == ["BadArgument", code]
    assert twin.send("GET", "/jobs/refused").status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b'{"properties": []}',
        b'{"properties": {}, "tags": {}}',
        b"[" * 100_000,
    ],
)
def test_a_body_of_another_shape_is_refused(twin: Twin, body: bytes) -> None:
    answer = twin.send("PUT", "/jobs/shapeless", content=body)

    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "InvalidRequestContent"


def test_a_job_that_is_not_there_is_not_found(twin: Twin) -> None:
    answer = twin.send("GET", "/jobs/nobody")

    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "UserError"


def test_names_of_jobs_have_case_and_the_path_has_none(twin: Twin) -> None:
    twin.put("CaseMatters")
    path = httpx.URL(twin.workspace.info["workspace"]).path.upper()
    headers = {"Authorization": f"Bearer {twin.token}"}

    answers = [
        twin.http.get(
            f"{twin.workspace.info['url']}{path}/JOBS/{name}?api-version=2024-10-01",
            headers=headers,
        )
        for name in ("CaseMatters", "casematters")
    ]

    assert [answer.status_code for answer in answers] == [200, 404]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("000000000001", "000000000002", "SubscriptionNotFound"),
        ("/twin/", "/other/", "ResourceGroupNotFound"),
        ("/demo", "/other", "ResourceNotFound"),
    ],
)
def test_another_workspace_is_not_found(twin: Twin, old: str, new: str, code: str) -> None:
    url = f"{twin.workspace.info['workspace'].replace(old, new)}/jobs?api-version=2024-10-01"

    answer = twin.http.get(url, headers={"Authorization": f"Bearer {twin.token}"})

    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == code


def test_a_list_has_the_newest_first_on_as_many_pages_as_it_takes(twin: Twin) -> None:
    made = [f"page-{number}" for number in range(7)]
    for name in made:
        twin.put(name, tags={"paged": "yes"})

    found = names(twin, tag="paged")

    assert found == made[::-1]


def test_a_job_made_while_a_list_is_read_moves_nothing(twin: Twin) -> None:
    for number in range(4):
        twin.put(f"steady-{number}", tags={"steady": "yes"})
    first = twin.send("GET", "/jobs", params={"tag": "steady"}).json()
    twin.put("steady-late", tags={"steady": "yes"})

    second = twin.http.get(
        first["nextLink"], headers={"Authorization": f"Bearer {twin.token}"}
    ).json()

    assert [job["name"] for job in second["value"]] == ["steady-0"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"tag": "filtered"}, ["other", "one"]),
        ({"tag": "filtered", "listViewType": "ArchivedOnly"}, ["old"]),
        ({"tag": "filtered", "listViewType": "all"}, ["old", "other", "one"]),
        ({"properties": "colour"}, ["other", "one"]),
        ({"properties": "colour=red"}, ["one"]),
        ({"properties": "colour,size"}, ["other"]),
        ({"tag": "filtered", "jobType": "command"}, ["other", "one"]),
        ({"tag": "filtered", "jobType": "Sweep"}, []),
        ({"tag": "nothing"}, []),
    ],
    ids=str,
)
def test_a_list_has_the_jobs_that_were_asked_for(
    twin: Twin, query: dict[str, str], found: list[str]
) -> None:
    twin.put("one", tags={"filtered": ""}, properties={"colour": "red"})
    twin.put("other", tags={"filtered": ""}, properties={"colour": "blue", "size": "8"})
    twin.put("old", tags={"filtered": ""}, isArchived=True)

    assert names(twin, **query) == found


@pytest.mark.parametrize("query", [{"$skip": "100"}, {"listViewType": "Some"}])
def test_a_list_that_cannot_be_is_refused(twin: Twin, query: dict[str, str]) -> None:
    assert twin.send("GET", "/jobs", params=query).status_code == 400


def test_the_samples_are_there_and_have_completed(twin: Twin) -> None:
    found = {
        name: twin.get(name)["status"] for name in ("train-classifier", "echo", "sleep", "fail")
    }

    assert found == dict.fromkeys(found, "Completed")


def test_a_job_that_has_not_begun_is_cancelled_at_once(twin: Twin) -> None:
    twin.put("idle", tags={"twin.life": "queued"})
    twin.until("idle", "Queued")

    answer = twin.send("POST", "/jobs/idle/cancel")

    assert answer.status_code == 200
    assert twin.get("idle")["status"] == "Canceled"


def test_a_running_job_is_cancelled_step_by_step(twin: Twin) -> None:
    twin.put("busy", command="sleep 1000")
    twin.until("busy", "Running")

    answer = twin.send("POST", "/jobs/busy/cancel")

    assert answer.status_code == 202
    assert answer.headers["Retry-After"] == "11"
    assert twin.statuses("busy")[-3:] == ["Running", "CancelRequested", "Canceled"]


def test_the_location_of_a_cancel_tells_when_it_is_done(twin: Twin) -> None:
    twin.put("followed", command=STUBBORN)
    twin.until("followed", "Running")
    location = twin.send("POST", "/jobs/followed/cancel").headers["Location"]
    headers = {"Authorization": f"Bearer {twin.token}"}

    at_first = twin.http.get(location, headers=headers).status_code
    twin.until("followed", "Canceled")
    in_the_end = twin.http.get(location, headers=headers).status_code

    assert (at_first, in_the_end) == (202, 200)


def test_a_cancel_may_be_repeated(twin: Twin) -> None:
    twin.put("insisted", command=STUBBORN)
    twin.until("insisted", "Running")

    answers = [twin.send("POST", "/jobs/insisted/cancel").status_code for _ in range(2)]

    assert answers == [202, 202]


def test_a_job_that_has_ended_cannot_be_cancelled(twin: Twin) -> None:
    answer = twin.send("POST", "/jobs/echo/cancel")

    assert answer.status_code == 400
    assert inner_codes(answer) == ["BadArgument", "InvalidRunStatus"]


def test_a_job_that_is_finalizing_cannot_be_cancelled(twin: Twin) -> None:
    twin.put("closing", tags={"twin.life": "finalizing"})
    twin.until("closing", "Finalizing")

    answer = twin.send("POST", "/jobs/closing/cancel")

    assert answer.status_code == 400
    assert twin.statuses("closing")[-2:] == ["Finalizing", "Completed"]


def test_a_job_that_is_not_there_cannot_be_cancelled(twin: Twin) -> None:
    assert twin.send("POST", "/jobs/nobody/cancel").status_code == 404


def test_a_deleted_job_is_gone_when_its_location_says_so(twin: Twin) -> None:
    twin.put("deleted")
    twin.statuses("deleted")

    answer = twin.send("DELETE", "/jobs/deleted")

    headers = {"Authorization": f"Bearer {twin.token}"}
    assert answer.status_code == 202
    while twin.http.get(answer.headers["Location"], headers=headers).status_code == 202:
        pass
    assert twin.send("GET", "/jobs/deleted").status_code == 404


def test_deleting_what_is_not_there_is_done_already(twin: Twin) -> None:
    assert twin.send("DELETE", "/jobs/nobody").status_code == 204


def test_a_job_that_runs_cannot_be_deleted(twin: Twin) -> None:
    twin.put("needed", tags={"twin.life": "queued"})

    assert twin.send("DELETE", "/jobs/needed").status_code == 400


@pytest.mark.parametrize(
    "version",
    ["2024-10-01", "2023-04-01", "2023-02-01-preview", "2026-05-01", "2026-05-15-Preview"],
)
def test_the_versions_of_jobs_are_taken(twin: Twin, version: str) -> None:
    assert twin.send("GET", "/jobs", params={"api-version": version}).status_code == 200


@pytest.mark.parametrize(
    ("version", "code"),
    [
        ("2024-10-02", "InvalidApiVersionParameter"),
        ("2021-03-01-preview", "InvalidApiVersionParameter"),
        ("", "MissingApiVersionParameter"),
    ],
)
def test_a_version_that_does_not_exist_is_refused(twin: Twin, version: str, code: str) -> None:
    answer = twin.send("GET", "/jobs", params={"api-version": version})

    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == code


def test_a_strict_workspace_takes_our_version_alone(strict_twin: Twin) -> None:
    answers = [
        strict_twin.send("GET", "/jobs", params={"api-version": version}).status_code
        for version in ("2024-10-01", "2025-12-01")
    ]

    assert answers == [200, 400]


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("", "AuthenticationFailed"),
        ("Bearer nonsense", "InvalidAuthenticationToken"),
    ],
)
def test_a_request_without_a_good_token_is_refused(twin: Twin, header: str, code: str) -> None:
    answer = twin.send("GET", "/jobs", headers={"Authorization": header})

    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == code


def test_every_answer_has_the_headers_of_resource_manager(twin: Twin) -> None:
    read, write = twin.send("GET", "/jobs"), twin.put("headed")

    assert read.headers["x-ms-request-id"]
    assert int(read.headers["x-ms-ratelimit-remaining-subscription-reads"]) > 0
    assert int(write.headers["x-ms-ratelimit-remaining-subscription-writes"]) > 0


def test_an_address_that_is_none_is_answered_like_the_rest(twin: Twin) -> None:
    answer = twin.send("GET", "/models")

    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "ResourceNotFound"


def test_a_request_for_another_host_is_refused(twin: Twin) -> None:
    answer = twin.send("GET", "/jobs", headers={"Host": "evil.example:80"})

    assert answer.status_code == 403
