"""The workspace of the twin runs the nodes of pipelines for real, in the order of their data."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract.workspace_twin import PATIENCE, Json, Twin, workspace

BLOBS = "azureml://datastores/workspaceblobstore/paths"
FOLDER = {"type": "uri_folder"}
FILE = {"type": "uri_file"}


@pytest.fixture(scope="module")
def twin() -> Iterator[Twin]:
    with workspace("--pace", "0.1") as running:
        yield running


def inside(twin: Twin, path: str) -> str:
    """Give the id of something in the workspace."""
    address = str(twin.workspace.info["workspace"]).removeprefix(twin.workspace.info["url"])
    return f"{address}/{path}"


def a_component(twin: Twin, name: str, command: str, **spec: Any) -> str:
    """Create a component and give its id."""
    path = f"/components/{name}/versions/1"
    spec = {"type": "command", "command": command, "environment": "azureml:sklearn:1", **spec}
    twin.send(
        "PUT", path, json={"properties": {"componentSpec": spec, "isAnonymous": True}}
    ).raise_for_status()
    return inside(twin, path.removeprefix("/"))


def bound(value: str, **more: str) -> Json:
    return {"job_input_type": "literal", "value": value, **more}


def a_node(component: str, inputs: Json | None = None, **more: Any) -> Json:
    return {"type": "command", "componentId": component, "inputs": inputs or {}, **more}


def put(twin: Twin, name: str, jobs: Json, **properties: Any) -> Any:
    pipeline = {
        "jobType": "Pipeline",
        "jobs": jobs,
        "settings": {"default_compute": inside(twin, "computes/cpu-cluster")},
        **properties,
    }
    return twin.send("PUT", f"/jobs/{name}", json={"properties": pipeline})


def ended(twin: Twin, name: str, jobs: Json, **properties: Any) -> Json:
    """Run a pipeline to its end and give what the workspace says of it."""
    put(twin, name, jobs, **properties).raise_for_status()
    twin.statuses(name)
    return twin.get(name)


def nodes(twin: Twin, name: str) -> dict[str, Json]:
    """Give the runs of a pipeline's nodes by the names of the nodes."""
    runs = twin.history(name, "/children").raise_for_status().json()["value"]
    return {run["displayName"]: run for run in runs}


def until_nodes(twin: Twin, name: str, status: str, *expected: str) -> dict[str, Json]:
    """Wait until these nodes of a pipeline have a status at the same time."""
    deadline = time.monotonic() + PATIENCE
    while True:
        runs = nodes(twin, name)
        if all(runs.get(node, {}).get("status") == status for node in expected):
            return runs
        assert time.monotonic() < deadline, f"{runs}"
        time.sleep(0.02)


def refusal(twin: Twin, jobs: Json, **properties: Any) -> str:
    answer = put(twin, "refused", jobs, **properties)
    assert answer.status_code == 400, answer.text
    return str(answer.json()["error"]["message"])


@pytest.fixture(scope="module")
def make(twin: Twin) -> str:
    return a_component(
        twin,
        "make",
        "echo ${{inputs.word}} > ${{outputs.made}}/word.txt",
        inputs={"word": {"type": "string", "default": "nothing"}},
        outputs={"made": FOLDER},
    )


@pytest.fixture(scope="module")
def double(twin: Twin) -> str:
    return a_component(
        twin,
        "double",
        "cat ${{inputs.data}}/word.txt ${{inputs.data}}/word.txt > ${{outputs.twice}}",
        inputs={"data": FOLDER},
        outputs={"twice": FILE},
    )


@pytest.fixture(scope="module")
def fail(twin: Twin) -> str:
    return a_component(twin, "fail", "echo it went wrong >&2; exit 3", inputs={"after": FILE})


@pytest.fixture(scope="module")
def wait(twin: Twin) -> str:
    return a_component(twin, "wait", "sleep 1000")


def test_data_go_from_the_input_through_the_nodes_to_the_output(
    twin: Twin, make: str, double: str
) -> None:
    jobs = {
        "second": a_node(
            double,
            {"data": bound("${{parent.jobs.first.outputs.made}}")},
            outputs={"twice": {"value": "${{parent.outputs.final}}", "type": "literal"}},
        ),
        "first": a_node(make, {"word": bound("${{parent.inputs.word}}")}),
    }

    job = ended(
        twin,
        "through",
        jobs,
        inputs={"word": {"jobInputType": "literal", "value": "hello"}},
        outputs={"final": {"jobOutputType": "uri_file"}},
    )

    assert job["status"] == "Completed"
    assert job["outputs"]["final"]["uri"] == f"{BLOBS}/azureml/through/final"
    assert twin.file(job["outputs"]["final"]["uri"]).text == "hello\nhello\n"


def test_nodes_may_be_written_inline(twin: Twin) -> None:
    environment = inside(twin, "environments/sklearn/versions/1")
    jobs = {
        "only": {
            "type": "command",
            "command": "echo ${{inputs.greeting}} > ${{outputs.said}}/said.txt",
            "environment": environment,
            "inputs": {"greeting": bound("hello ${{parent.inputs.who}}")},
            "outputs": {"said": {"job_output_type": "uri_folder", "uri": f"{BLOBS}/said/"}},
        }
    }

    job = ended(twin, "inline", jobs, inputs={"who": {"jobInputType": "literal", "value": "you"}})

    assert job["status"] == "Completed"
    assert twin.file(f"{BLOBS}/said/said.txt").text == "hello you\n"


def test_an_input_that_is_not_given_has_its_default(twin: Twin, make: str) -> None:
    ended(twin, "default", {"only": a_node(make)})

    node = nodes(twin, "default")["only"]["runId"]

    assert twin.get(node)["inputs"] == {"word": {"jobInputType": "literal", "value": "nothing"}}
    assert twin.file(f"{BLOBS}/azureml/{node}/made/word.txt").text == "nothing\n"


def test_a_pipeline_tells_its_times_in_stages(twin: Twin, make: str) -> None:
    bag = ended(twin, "timed", {"only": a_node(make)})["properties"]

    stages = json.loads(bag["azureml.pipelines.stages"])

    assert stages["Initialization"] is None
    assert stages["Execution"]["Status"] == "Finished"
    assert stages["Execution"]["StartTime"] < stages["Execution"]["EndTime"]
    assert "StartTimeUtc" not in bag


def test_a_pipeline_that_runs_has_a_start_and_no_end(twin: Twin, wait: str) -> None:
    put(twin, "running", {"only": a_node(wait)}).raise_for_status()

    bag = twin.until("running", "Running")["properties"]

    execution = json.loads(bag["azureml.pipelines.stages"])["Execution"]
    assert execution["StartTime"]
    assert execution["EndTime"] is None
    assert execution["Status"] == "Running"
    twin.send("POST", "/jobs/running/cancel")


def test_a_node_may_have_a_strange_life_of_its_own(twin: Twin, make: str) -> None:
    jobs = {"only": a_node(make, tags={"twin.life": "not_responding"})}
    ended(twin, "strange", jobs)

    node = nodes(twin, "strange")["only"]["runId"]

    assert "NotResponding" in twin.walk(node)


def test_nodes_that_share_no_data_run_side_by_side(twin: Twin, wait: str) -> None:
    put(twin, "parallel", {"left": a_node(wait), "right": a_node(wait)}).raise_for_status()

    runs = until_nodes(twin, "parallel", "Running", "left", "right")

    assert runs.keys() == {"left", "right"}
    twin.send("POST", "/jobs/parallel/cancel")
    twin.statuses("parallel")


def test_a_cancel_ends_the_nodes_before_the_pipeline(twin: Twin, double: str) -> None:
    later = a_node(double, {"data": bound("${{parent.jobs.wait.outputs.made}}")})
    waiting = a_component(twin, "waiting", "sleep 1000", outputs={"made": FOLDER})
    put(twin, "cancelled", {"wait": a_node(waiting), "later": later}).raise_for_status()
    until_nodes(twin, "cancelled", "Running", "wait")

    answer = twin.send("POST", "/jobs/cancelled/cancel")

    assert answer.status_code == 202
    assert twin.statuses("cancelled")[-2:] == ["CancelRequested", "Canceled"]
    runs = nodes(twin, "cancelled")
    assert {name: run["status"] for name, run in runs.items()} == {"wait": "Canceled"}
    assert runs["wait"]["endTimeUtc"] < twin.history("cancelled").json()["endTimeUtc"]


def test_a_cancel_does_not_wait_for_a_node_that_would_ignore_it(twin: Twin, wait: str) -> None:
    stubborn = a_node(wait, tags={"twin.life": "cancel_ignored"})
    put(twin, "firm", {"stubborn": stubborn}).raise_for_status()
    until_nodes(twin, "firm", "Running", "stubborn")

    twin.send("POST", "/jobs/firm/cancel")

    assert twin.statuses("firm")[-1] == "Canceled"
    assert nodes(twin, "firm")["stubborn"]["status"] == "Canceled"


def test_a_failed_node_fails_the_pipeline_and_leaves_the_others_alone(
    twin: Twin, make: str, double: str, fail: str
) -> None:
    jobs = {
        "make": a_node(make),
        "double": a_node(double, {"data": bound("${{parent.jobs.make.outputs.made}}")}),
        "fail": a_node(fail, {"after": bound("${{parent.jobs.double.outputs.twice}}")}),
        "aside": a_node(make),
    }

    job = ended(twin, "failing", jobs)

    assert job["status"] == "Failed"
    statuses = {name: run["status"] for name, run in nodes(twin, "failing").items()}
    assert statuses == {
        "make": "Completed",
        "double": "Completed",
        "fail": "Failed",
        "aside": "Completed",
    }


def test_what_needs_the_data_of_a_failed_node_never_starts(twin: Twin, double: str) -> None:
    broken = a_component(twin, "broken", "exit 1", outputs={"made": FOLDER})
    jobs = {
        "broken": a_node(broken),
        "double": a_node(double, {"data": bound("${{parent.jobs.broken.outputs.made}}")}),
    }

    ended(twin, "unstarted", jobs)

    assert nodes(twin, "unstarted").keys() == {"broken"}


def test_the_pipeline_names_the_failed_node_and_the_node_says_why(twin: Twin, fail: str) -> None:
    twin.control("PUT", "files", params={"uri": f"{BLOBS}/in.txt"}, content=b"x")
    given = {"job_input_type": "uri_file", "uri": f"{BLOBS}/in.txt"}
    ended(twin, "told", {"bad": a_node(fail, {"after": given})})

    whole = twin.history("told").json()["error"]["error"]
    node = twin.history(nodes(twin, "told")["bad"]["runId"]).json()

    assert whole["code"] == "UserError"
    assert "/bad" in whole["message"]
    assert "it went wrong" not in whole["message"]
    assert "it went wrong" in node["error"]["error"]["message"]
    assert node["logFiles"].keys() == {"user_logs/std_log.txt"}


def test_a_pipeline_that_is_to_stop_at_a_failure_cancels_its_other_nodes(
    twin: Twin, wait: str
) -> None:
    broken = a_component(twin, "broken-soon", "exit 1")
    settings = {
        "default_compute": inside(twin, "computes/cpu-cluster"),
        "continue_on_step_failure": False,
    }

    job = ended(
        twin, "stopped", {"wait": a_node(wait), "broken": a_node(broken)}, settings=settings
    )

    assert job["status"] == "Failed"
    statuses = {name: run["status"] for name, run in nodes(twin, "stopped").items()}
    assert statuses == {"wait": "Canceled", "broken": "Failed"}


def test_a_node_that_is_cancelled_itself_fails_the_pipeline(twin: Twin, wait: str) -> None:
    put(twin, "bereft", {"wait": a_node(wait)}).raise_for_status()
    node = until_nodes(twin, "bereft", "Running", "wait")["wait"]["runId"]

    twin.send("POST", f"/jobs/{node}/cancel").raise_for_status()

    assert twin.statuses("bereft")[-1] == "Failed"


def test_an_evicted_pipeline_runs_its_nodes_afresh(twin: Twin, make: str) -> None:
    job = ended(twin, "evicted", {"only": a_node(make)}, tags={"twin.life": "evicted"})

    assert job["status"] == "Completed"
    assert [run["status"] for run in nodes(twin, "evicted").values()] == ["Completed"]
    warning = twin.history("evicted").json()["warnings"][0]
    assert warning["source"] == "executionworker"
    assert "starts again" in warning["message"]


def test_a_node_is_a_job_of_its_own_that_lists_leave_out(twin: Twin, make: str) -> None:
    ended(twin, "above", {"only": a_node(make)})
    node = nodes(twin, "above")["only"]["runId"]

    job = twin.get(node)
    listed = [job["name"] for job in twin.send("GET", "/jobs").json()["value"]]

    assert job["jobType"] == "Command"
    assert job["computeId"].endswith("/computes/cpu-cluster")
    assert "above" in listed
    assert node not in listed


def test_the_compute_of_a_node_goes_before_that_of_the_pipeline(twin: Twin, make: str) -> None:
    compute = inside(twin, "computes/gpu-cluster")
    ended(twin, "computed", {"only": a_node(make, computeId=compute)})

    node = nodes(twin, "computed")["only"]["runId"]

    assert twin.get(node)["computeId"] == compute


def test_a_deleted_pipeline_takes_its_nodes_along(twin: Twin, make: str) -> None:
    ended(twin, "deleted", {"only": a_node(make)})
    node = nodes(twin, "deleted")["only"]["runId"]

    twin.send("DELETE", "/jobs/deleted").raise_for_status()

    deadline = time.monotonic() + PATIENCE
    while twin.send("GET", f"/jobs/{node}").status_code != 404:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert twin.send("GET", "/jobs/deleted").status_code == 404


def test_a_pipeline_without_nodes_is_refused(twin: Twin) -> None:
    assert "properties.jobs" in refusal(twin, {})


def test_an_unknown_component_is_refused(twin: Twin) -> None:
    missing = inside(twin, "components/missing/versions/1")

    assert "There is no component" in refusal(twin, {"a": a_node(missing)})


def test_a_pipeline_without_compute_is_refused(twin: Twin, make: str) -> None:
    assert "properties.jobs.a has no compute" in refusal(twin, {"a": a_node(make)}, settings={})


@pytest.mark.parametrize(
    "binding",
    ["parent.inputs.none", "parent.jobs.none.outputs.made", "parent.jobs.a.outputs.none", "odd"],
)
def test_an_unknown_binding_is_refused(twin: Twin, make: str, binding: str) -> None:
    jobs = {"a": a_node(make, {"word": bound(f"${{{{{binding}}}}}")})}

    assert f"uses {binding}" in refusal(twin, jobs)


def test_nodes_that_wait_for_each_other_are_refused(twin: Twin) -> None:
    copy = a_component(twin, "copy", "true", inputs={"data": FOLDER}, outputs={"copied": FOLDER})
    jobs = {
        "a": a_node(copy, {"data": bound("${{parent.jobs.b.outputs.copied}}")}),
        "b": a_node(copy, {"data": bound("${{parent.jobs.a.outputs.copied}}")}),
    }

    assert "wait for each other" in refusal(twin, jobs)


def test_a_value_where_data_are_wanted_is_refused(twin: Twin, double: str) -> None:
    jobs = {"a": a_node(double, {"data": bound("a word")})}

    assert "gives a literal to the input 'data', which takes a uri_folder" in refusal(twin, jobs)


def test_a_missing_and_an_unknown_input_are_refused(twin: Twin, double: str) -> None:
    assert "gives no value to data" in refusal(twin, {"a": a_node(double)})
    assert "that its component has not: more" in refusal(
        twin, {"a": a_node(double, {"more": bound("1")})}
    )


def test_nodes_that_are_no_commands_are_refused(twin: Twin, make: str) -> None:
    sweep = a_node(make) | {"type": "sweep"}

    assert "properties.jobs.a.type: Value error, 'sweep' is none of command" in refusal(
        twin, {"a": sweep}
    )


def test_a_component_is_kept_and_shown_again(twin: Twin, make: str) -> None:
    shown = twin.send("GET", "/components/make/versions/1").json()

    assert shown["id"] == make
    assert shown["properties"]["componentSpec"]["outputs"] == {"made": FOLDER}


def test_another_component_under_the_same_version_is_refused(twin: Twin) -> None:
    a_component(twin, "fixed", "true")
    spec = {"type": "command", "command": "false", "environment": "azureml:sklearn:1"}

    answer = twin.send(
        "PUT", "/components/fixed/versions/1", json={"properties": {"componentSpec": spec}}
    )

    assert answer.status_code == 400


def test_the_sample_draws_numbers_and_sums_them_up(twin: Twin) -> None:
    template = twin.get("two-steps")

    job = ended(
        twin,
        "from-the-sample",
        template["jobs"],
        settings=template["settings"],
        inputs={**template["inputs"], "count": {"jobInputType": "literal", "value": "10"}},
        outputs={"summary": template["outputs"]["summary"] | {"uri": None}},
    )

    assert job["status"] == "Completed"
    assert twin.file(job["outputs"]["summary"]["uri"]).json()["count"] == 10
