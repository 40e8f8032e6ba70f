"""Run history of the twin tells of runs, of those that they started, and why they failed."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.contract.workspace_twin import Json, Twin, workspace

SIGNED = "https://store.blob.core.windows.net/logs/a.txt?sv=2023-11-03&sr=b&sig=s3cr3t%3D"


@pytest.fixture(scope="module")
def twin() -> Iterator[Twin]:
    with workspace("--pace", "0.05", "--page-size", "2") as running:
        yield running


@pytest.fixture(scope="module")
def pipeline(twin: Twin) -> str:
    """Run a pipeline of five nodes, of which one fails, and give its name."""
    jobs = {name: a_node(twin, "true") for name in ("a", "b", "c", "d")}
    jobs["e"] = a_node(twin, f"echo see '{SIGNED}' >&2; exit 1", tags={"step": "last"})
    properties = {
        "jobType": "Pipeline",
        "jobs": jobs,
        "settings": {"default_compute": twin.a_command()["computeId"]},
    }
    twin.send("PUT", "/jobs/five", json={"properties": properties}).raise_for_status()
    twin.statuses("five")
    return "five"


def a_node(twin: Twin, command: str, **more: Any) -> Json:
    environment = twin.a_command()["environmentId"]
    return {"type": "command", "command": command, "environment": environment, **more}


def pages(twin: Twin, name: str, **query: str) -> list[Json]:
    """Follow a list of children to its end."""
    found = [twin.history(name, "/children", params=query).raise_for_status().json()]
    while "nextLink" in found[-1]:
        answer = twin.http.get(
            found[-1]["nextLink"], headers={"Authorization": f"Bearer {twin.token}"}
        )
        found.append(answer.raise_for_status().json())
    return found


def failed_child(twin: Twin, name: str) -> Json:
    runs = [run for page in pages(twin, name) for run in page["value"]]
    return next(run for run in runs if run["status"] == "Failed")


def test_children_come_newest_first_on_as_many_pages_as_it_takes(twin: Twin, pipeline: str) -> None:
    found = pages(twin, pipeline)

    names = [[run["displayName"] for run in page["value"]] for page in found]
    assert names == [["e", "d"], ["c", "b"], ["a"]]


def test_a_page_is_as_short_as_is_asked_for(twin: Twin, pipeline: str) -> None:
    found = pages(twin, pipeline, **{"$top": "1"})

    assert [len(page["value"]) for page in found] == [1, 1, 1, 1, 1]


def test_a_page_is_never_longer_than_the_longest(twin: Twin, pipeline: str) -> None:
    assert len(pages(twin, pipeline, **{"$top": "500"})[0]["value"]) == 2


def test_a_continuation_token_leads_to_the_next_page(twin: Twin, pipeline: str) -> None:
    first = twin.history(pipeline, "/children").json()

    query = {"$continuationtoken": first["continuationToken"]}
    second = twin.history(pipeline, "/children", params=query).json()

    assert [run["displayName"] for run in second["value"]] == ["c", "b"]
    assert "$continuationtoken" in httpx.URL(first["nextLink"]).params


@pytest.mark.parametrize(
    "query",
    [{"$top": "0"}, {"$top": "many"}, {"$top": "-1"}, {"$continuationtoken": "somewhere"}],
)
def test_a_page_that_cannot_be_is_refused(twin: Twin, pipeline: str, query: dict[str, str]) -> None:
    answer = twin.history(pipeline, "/children", params=query)

    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "UserError"


def test_a_child_says_where_it_belongs_what_it_is_and_how_it_ended(
    twin: Twin, pipeline: str
) -> None:
    run = failed_child(twin, pipeline)

    assert run["parentRunId"] == "five"
    assert run["rootRunId"] == "five"
    assert run["runType"] == "azureml.StepRun"
    assert run["tags"] == {"step": "last"}
    assert run["properties"]["azureml.pipelinerunid"] == "five"
    assert run["startTimeUtc"] < run["endTimeUtc"]
    assert run["error"]["error"]["code"] == "UserError"


def test_details_of_a_child_are_those_of_a_run(twin: Twin, pipeline: str) -> None:
    child = failed_child(twin, pipeline)

    details = twin.history(child["runId"]).json()

    assert details["parentRunId"] == "five"
    assert details["error"] == child["error"]
    assert details["createdTimeUtc"] == child["createdUtc"]
    assert details["warnings"] == []


def test_a_message_may_carry_a_signed_address(twin: Twin, pipeline: str) -> None:
    message = failed_child(twin, pipeline)["error"]["error"]["message"]

    assert message.endswith(f"see {SIGNED}")


def test_a_pipeline_is_a_run_without_a_parent(twin: Twin, pipeline: str) -> None:
    run = twin.history(pipeline, "").json()

    assert run["runType"] == "azureml.PipelineRun"
    assert run["rootRunId"] == "five"
    assert "parentRunId" not in run


def test_a_command_is_a_script_run_without_children(twin: Twin) -> None:
    assert twin.history("echo", "").json()["runType"] == "azureml.scriptrun"
    assert twin.history("echo", "/children").json() == {"value": []}


@pytest.mark.parametrize("path", ["", "/details", "/children"])
def test_a_run_that_is_not_there_is_not_found(twin: Twin, path: str) -> None:
    assert twin.history("nobody", path).status_code == 404


def test_a_fault_may_be_meant_for_a_child_alone(twin: Twin, pipeline: str) -> None:
    child = failed_child(twin, pipeline)["runId"]
    twin.fault("history", child, kind="status", status=503)

    assert twin.history(pipeline, "/children").status_code == 200
    assert twin.history(child).status_code == 503
    assert twin.history(child).status_code == 200
