"""The project of the twin keeps the contract of `jobs`, as Microsoft's command line calls it."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract.foundry_twin import COMPUTE, IMAGE, Foundry, foundry


@pytest.fixture(scope="module")
def twin() -> Iterator[Foundry]:
    with foundry("--pace", "0.05", "--page-size", "2") as running:
        yield running


def names(twin: Foundry, **query: Any) -> list[str]:
    """Give the names on all pages of a list."""
    page = twin.get("/jobs", **query)
    found = [job["name"] for job in page["value"]]
    while "nextLink" in page:
        page = twin.follow(page["nextLink"]).json()
        found += [job["name"] for job in page["value"]]
    return found


def test_a_new_job_is_created_and_started(twin: Foundry) -> None:
    answer = twin.put("created", tags={"a": "b"})

    job = answer.json()
    assert answer.status_code == 201
    assert job["name"] == "created"
    assert job["properties"].pop("createdDateTime") == job["systemData"]["createdAt"]
    assert job["properties"] == {
        "displayName": "created",
        "jobType": "Command",
        "command": "true",
        "environmentImageReference": IMAGE,
        "tags": {"a": "b"},
        "properties": {},
        "computeId": COMPUTE,
        "inputs": {},
        "outputs": {},
        "environmentVariables": {},
        "isArchived": False,
        "status": "Queued",
    }


def test_a_command_runs_and_its_job_completes(twin: Foundry) -> None:
    twin.put("runs", command="echo done")

    assert twin.statuses("runs")[-1] == "Completed"
    assert twin.get("/jobs/runs")["properties"]["status"] == "Completed"


def test_the_same_put_again_is_the_same_job(twin: Foundry) -> None:
    twin.put("once")
    twin.statuses("once")

    answer = twin.put("once")

    assert (answer.status_code, answer.json()["properties"]["status"]) == (200, "Completed")


def test_a_put_may_describe_a_job_anew(twin: Foundry) -> None:
    twin.put("described", tags={"a": "1"})

    answer = twin.put("described", tags={"b": "2"}, description="d", isArchived=True)

    properties = twin.get("/jobs/described")["properties"]
    assert answer.status_code == 200
    assert (properties["tags"], properties["description"]) == ({"a": "1", "b": "2"}, "d")
    assert properties["isArchived"]


def test_a_put_cannot_change_what_a_job_does(twin: Foundry) -> None:
    twin.put("fixed")

    answer = twin.put("fixed", command="false")

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "immutable_property")
    assert "command" in answer.json()["error"]["message"]


def test_what_was_read_of_a_job_can_be_put_back(twin: Foundry) -> None:
    twin.put("back", outputs={"x": {"jobOutputType": "uri_file", "mode": "Upload"}})
    twin.statuses("back")

    answer = twin.send("PUT", "/jobs/back", json=twin.get("/jobs/back"))

    assert answer.status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        {"jobType": "Pipeline"},
        {"training": {"algorithm": "sft", "model": "m", "dataset": {"train": "d"}}},
        {"command": None},
        {"computeId": "cpu-cluster"},
        {"outputs": {"default": {"jobOutputType": "uri_file"}}},
    ],
)
def test_a_job_that_breaks_a_rule_is_refused(twin: Foundry, change: dict[str, Any]) -> None:
    answer = twin.put("refused", **change)

    assert answer.status_code == 400
    assert twin.send("GET", "/jobs/refused").status_code == 404


def test_a_job_of_the_other_contract_is_shown(twin: Foundry) -> None:
    twin.create(
        "theirs",
        distribution={"distribution_type": "mpi", "process_count_per_node": 2},
        limits={"job_limits_type": "command", "timeout": "PT1H"},
    )

    properties = twin.get("/jobs/theirs")["properties"]

    assert properties["distribution"] == {"distributionType": "Mpi", "processCountPerInstance": 2}
    assert properties["limits"] == {"jobLimitsType": "Command", "timeout": "PT1H"}


def test_a_recipe_is_a_job_without_its_recipe(twin: Foundry) -> None:
    twin.recipe("recipe")

    properties = twin.get("/jobs/recipe")["properties"]

    assert properties["jobType"] == "Command"
    assert "training" not in properties


def test_a_list_leads_from_page_to_page(twin: Foundry) -> None:
    for number in range(5):
        twin.put(f"page-{number}", tags={"list": "pages"})

    assert names(twin, tag="list") == ["page-4", "page-3", "page-2", "page-1", "page-0"]


def test_a_job_made_meanwhile_does_not_shift_a_list(twin: Foundry) -> None:
    for number in range(3):
        twin.put(f"shift-{number}", tags={"list": "shifts"})
    first = twin.get("/jobs", tag="list=shifts")
    twin.put("shift-3", tags={"list": "shifts"})

    second = twin.follow(first["nextLink"]).json()

    assert [job["name"] for job in second["value"]] == ["shift-0"]


def test_a_list_can_be_filtered(twin: Foundry) -> None:
    twin.put("red", tags={"colour": "red"}, properties={"size": "1"})
    twin.put("blue", tags={"colour": "blue"}, properties={"size": "2"}, isArchived=True)

    assert names(twin, tag="colour") == ["red"]
    assert names(twin, tag="colour", listViewType="All") == ["blue", "red"]
    assert names(twin, tag="colour", listViewType="ArchivedOnly") == ["blue"]
    assert names(twin, properties="size=1", jobType="Command") == ["red"]
    assert names(twin, properties="size=1", jobType="Pipeline") == []


@pytest.mark.parametrize("query", [{"$skipToken": "?"}, {"listViewType": "Some"}])
def test_a_list_that_cannot_be_is_refused(twin: Foundry, query: dict[str, str]) -> None:
    assert twin.send("GET", "/jobs", params=query).status_code == 400


def test_there_is_no_run_before_a_job_has_a_machine(twin: Foundry) -> None:
    twin.put("waiting", tags={"twin.life": "queued"})

    assert twin.send("GET", "/jobs/waiting/history/runs/waiting").status_code == 404
    assert twin.send("GET", "/jobs/waiting/history/runs/waiting/details").status_code == 404


def test_history_tells_why_a_run_failed(twin: Foundry) -> None:
    twin.put("fails", command="echo 'no good' >&2; exit 3", displayName="d", tags={"a": "b"})
    twin.statuses("fails")

    run = twin.get("/jobs/fails/history/runs/fails")

    assert run["error"]["error"]["code"] == "UserError"
    assert "exit code 3" in run["error"]["error"]["message"]
    assert run["error"]["error"]["message"].endswith("no good")
    assert (run["runId"], run["status"]) == ("fails", "Failed")
    assert (run["displayName"], run["tags"]) == ("d", {"a": "b"})
    assert run["createdUtc"] <= run["startTimeUtc"] <= run["endTimeUtc"]


def test_history_of_a_job_that_completed_has_no_error(twin: Foundry) -> None:
    twin.put("fine")
    twin.statuses("fine")

    assert "error" not in twin.get("/jobs/fine/history/runs/fine")


def test_a_log_is_read_at_its_signed_address_without_a_token(twin: Foundry) -> None:
    twin.put("logs", command="echo said")
    twin.statuses("logs")
    logs = twin.get("/jobs/logs/history/runs/logs/details")["logFiles"]

    answer = twin.http.get(logs["user_logs/std_log.txt"])

    assert (answer.status_code, answer.text) == (200, "said\n")


def test_an_address_with_another_signature_opens_nothing(twin: Foundry) -> None:
    twin.put("secret", command="echo said")
    twin.statuses("secret")
    logs = twin.get("/jobs/secret/history/runs/secret/details")["logFiles"]
    later = logs["user_logs/std_log.txt"].replace("se=", "se=9")

    assert twin.http.get(later).status_code == 403


def test_a_run_has_the_name_of_its_job(twin: Foundry) -> None:
    twin.put("mine")
    twin.statuses("mine")

    assert twin.send("GET", "/jobs/mine/history/runs/other").status_code == 404
