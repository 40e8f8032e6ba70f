"""The workspace of the twin runs commands for real, and gives jobs strange lives on demand."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.contract.workspace_twin import PATIENCE, Twin, workspace

LOG = "azureml://datastores/workspaceartifactstore/ExperimentRun/dcid.{name}/user_logs/std_log.txt"
BLOBS = "azureml://datastores/workspaceblobstore/paths"
FOLDER = {"jobOutputType": "uri_folder"}
FILE = {"jobOutputType": "uri_file"}


@pytest.fixture(scope="module")
def twin() -> Iterator[Twin]:
    with workspace("--pace", "0.1") as running:
        yield running


def literal(value: str) -> dict[str, str]:
    return {"jobInputType": "literal", "value": value}


def said(twin: Twin, name: str, command: str, **properties: Any) -> str:
    """Run a command to its end, and give what it wrote."""
    twin.put(name, command=command, **properties).raise_for_status()
    twin.statuses(name)
    return twin.file(LOG.format(name=name)).text


def until_gone(pids: list[int]) -> None:
    """Wait for processes to be gone."""
    deadline = time.monotonic() + PATIENCE
    while any(
        psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
        for pid in pids
    ):
        assert time.monotonic() < deadline, f"{pids} are left"
        time.sleep(0.02)


def pids_of(twin: Twin, name: str) -> list[int]:
    """Wait for a command to say which processes it has."""
    deadline = time.monotonic() + PATIENCE
    while (
        len(text := twin.file(f"{BLOBS}/azureml/{name}/pids").text.split()) < 2
        or not text[0].isdigit()
    ):
        assert time.monotonic() < deadline, f"{name} said {text}"
        time.sleep(0.02)
    return [int(pid) for pid in text]


# One process ignores the polite signal, and neither of the two is the shell that was started.
STUBBORN = """
bash -c 'trap "" TERM; while :; do sleep 0.2; done' & first=$!
sleep 1000 & second=$!
echo $first $second > ${{outputs.pids}}
wait
"""


def test_a_job_walks_through_the_statuses_to_its_end(twin: Twin) -> None:
    twin.put("walk")

    assert twin.statuses("walk") == [
        "Starting",
        "Preparing",
        "Queued",
        "Running",
        "Finalizing",
        "Completed",
    ]


def test_an_exit_code_decides_that_a_job_failed(twin: Twin) -> None:
    twin.put("failing", command="exit 3")

    assert twin.statuses("failing")[-1] == "Failed"


def test_inputs_reach_the_command(twin: Twin) -> None:
    twin.control("PUT", "files", params={"uri": f"{BLOBS}/in/data.txt"}, content=b"from a file")
    inputs = {
        "word": literal("from a literal"),
        "file": {"jobInputType": "uri_file", "uri": f"{BLOBS}/in/data.txt"},
        "folder": {"jobInputType": "uri_folder", "uri": f"{BLOBS}/in/"},
    }

    command = "echo ${{inputs.word}}; cat ${{inputs.file}}; echo; ls ${{inputs.folder}}"
    text = said(twin, "reading", f"{command} $[[and ${{{{inputs.none}}}}]]", inputs=inputs)

    assert text.splitlines() == ["from a literal", "from a file", "data.txt"]


def test_outputs_are_where_the_job_says(twin: Twin) -> None:
    command = (
        "echo a > ${{outputs.folder}}/a.txt; echo b > ${{outputs.file}};"
        "echo c > ${{outputs.placed}}"
    )
    placed = {**FILE, "uri": f"{BLOBS}/mine/c.txt"}
    twin.put("writing", command=command, outputs={"folder": FOLDER, "file": FILE, "placed": placed})
    twin.statuses("writing")

    outputs = twin.get("writing")["outputs"]

    assert outputs["folder"]["uri"] == f"{BLOBS}/azureml/writing/folder/"
    assert outputs["placed"]["uri"] == f"{BLOBS}/mine/c.txt"
    assert twin.file(outputs["folder"]["uri"] + "a.txt").text == "a\n"
    assert twin.file(outputs["file"]["uri"]).text == "b\n"
    assert twin.file(outputs["placed"]["uri"]).text == "c\n"


def test_the_folder_outputs_goes_to_the_artifacts(twin: Twin) -> None:
    said(twin, "keeping", "mkdir outputs; echo kept > outputs/x.txt")

    default = twin.get("keeping")["outputs"]["default"]

    assert twin.file(default["uri"] + "/outputs/x.txt").text == "kept\n"


def test_a_finished_job_says_when_it_ran_and_where(twin: Twin) -> None:
    twin.put("timed")
    twin.statuses("timed")

    bag = twin.get("timed")["properties"]

    assert bag["_azureml.ClusterName"] == "cpu-cluster"
    assert time.strptime(bag["StartTimeUtc"], "%Y-%m-%d %H:%M:%S") <= time.strptime(
        bag["EndTimeUtc"], "%Y-%m-%d %H:%M:%S"
    )


def test_a_command_has_its_variables_and_those_of_the_service_but_not_ours(
    twin: Twin, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = said(twin, "environed", "env", environmentVariables={"MINE": "yes"}, experimentName="e")

    lines = text.splitlines()
    assert "MINE=yes" in lines
    assert "AZUREML_RUN_ID=environed" in lines
    assert "AZUREML_EXPERIMENT_NAME=e" in lines
    assert not any(line.startswith("TWIN_KEY=") for line in lines)


def test_the_output_of_a_command_is_in_one_log(twin: Twin) -> None:
    text = said(twin, "talking", "echo out; echo err >&2; python -c 'print(6 * 7)'")

    assert sorted(text.split()) == ["42", "err", "out"]


def test_a_command_that_leaves_processes_behind_ends_and_they_with_it(twin: Twin) -> None:
    twin.put(
        "parent", command="sleep 1000 & echo $$ $! > ${{outputs.pids}}", outputs={"pids": FILE}
    )

    statuses = twin.statuses("parent")

    assert statuses[-1] == "Completed"
    until_gone(pids_of(twin, "parent"))


def test_an_input_that_is_not_there_fails_the_job(twin: Twin) -> None:
    twin.put("starved", inputs={"x": {"jobInputType": "uri_file", "uri": f"{BLOBS}/not/there"}})

    assert twin.statuses("starved")[-1] == "Failed"
    assert "not/there" in twin.history("starved").json()["error"]["error"]["message"]


def test_a_command_that_no_process_can_be_given_fails_the_job(twin: Twin) -> None:
    twin.put("nul", command="echo \0")

    assert twin.statuses("nul")[-1] == "Failed"
    assert twin.history("nul").json()["error"]["error"]["code"] == "ServiceError"


def test_history_says_why_a_job_failed(twin: Twin) -> None:
    twin.put("explained", command="echo fine; echo it is broken >&2; exit 7")
    twin.statuses("explained")

    error = twin.history("explained").json()["error"]["error"]

    assert error["code"] == "UserError"
    assert "exit code 7" in error["message"]
    assert error["message"].endswith("it is broken")


def test_history_leads_to_the_log_without_a_token(twin: Twin) -> None:
    twin.put("logged", command="echo hello")
    twin.statuses("logged")
    url = twin.history("logged").json()["logFiles"]["user_logs/std_log.txt"]

    answers = [twin.http.get(url), twin.http.get(url.replace("sig=", "sig=0"))]

    assert answers[0].text == "hello\n"
    assert answers[1].status_code == 403


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", "InvalidRequestContent"),
        (b"[]", "InvalidRequestContent"),
        (b'{"hidden": "yes"}', "UserError"),
        (b'{"status": "Completed"}', "UserError"),
    ],
)
def test_a_change_of_a_run_that_makes_no_sense_is_refused(
    twin: Twin, body: bytes, code: str
) -> None:
    answer = twin.history("echo", path="", method="PATCH", experiment="samples", content=body)

    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == code


def test_a_job_has_no_children_in_its_history(twin: Twin) -> None:
    assert twin.history("echo", "/children").json() == {"value": []}


def test_a_job_over_its_time_is_cancelled(twin: Twin) -> None:
    limits = {"jobLimitsType": "Command", "timeout": "PT1S"}
    twin.put("overdue", command=STUBBORN, limits=limits, outputs={"pids": FILE})

    statuses = twin.statuses("overdue")

    assert statuses[-2:] == ["CancelRequested", "Canceled"]
    until_gone(pids_of(twin, "overdue"))


def test_a_cancel_ends_all_processes_of_a_command(twin: Twin) -> None:
    twin.put("stubborn", command=STUBBORN, outputs={"pids": FILE})
    pids = pids_of(twin, "stubborn")

    twin.send("POST", "/jobs/stubborn/cancel")

    assert twin.statuses("stubborn")[-1] == "Canceled"
    until_gone(pids)


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_no_command_outlives_the_workspace(end: str, tmp_path: Path) -> None:
    with workspace("--pace", "0.05", "--root", str(tmp_path)) as mortal:
        mortal.put("orphan", command=STUBBORN, outputs={"pids": FILE})
        pids = pids_of(mortal, "orphan")

        getattr(mortal.workspace, end)()

        until_gone(pids)


def test_the_sample_trains_a_model_that_is_good_and_the_same_every_time(twin: Twin) -> None:
    sample = {name: twin.get("train-classifier")[name] for name in ("command", "codeId", "inputs")}
    for name in ("first", "second"):
        twin.put(f"train-{name}", **sample, outputs={"model": FOLDER})
        twin.statuses(f"train-{name}")

    models = [
        twin.file(f"{BLOBS}/azureml/train-{name}/model/model.json").json()
        for name in ("first", "second")
    ]
    metrics = json.loads(twin.file(f"{BLOBS}/azureml/train-first/model/metrics.json").text)

    assert models[0] == models[1]
    assert metrics["accuracy"] > 0.85


def test_the_sample_that_sleeps_wakes_when_its_file_appears(twin: Twin) -> None:
    sample = twin.get("sleep")
    twin.put("sleeper", command=sample["command"], outputs={"bed": FOLDER})
    twin.until("sleeper", "Running")

    twin.control("PUT", "files", params={"uri": f"{BLOBS}/azureml/sleeper/bed/wake"}, content=b"")

    assert twin.statuses("sleeper")[-1] == "Completed"


def test_a_queued_life_goes_no_further(twin: Twin) -> None:
    twin.put("waiting", tags={"twin.life": "queued"})
    twin.put("passing")
    twin.until("waiting", "Queued")

    twin.statuses("passing")

    assert twin.get("waiting")["status"] == "Queued"


def test_an_evicted_job_starts_again(twin: Twin) -> None:
    command = (
        "echo try >> ${{outputs.tries}}; grep -c try ${{outputs.tries}} | grep 2 || sleep 1000"
    )
    tags = {"twin.life": "evicted"}
    twin.put("evicted", command=command, outputs={"tries": FILE}, tags=tags)

    statuses = twin.statuses("evicted")

    assert statuses[2:] == ["Queued", "Running", "Queued", "Running", "Finalizing", "Completed"]
    assert twin.file(f"{BLOBS}/azureml/evicted/tries").text == "try\ntry\n"


def test_a_vanishing_job_is_lost_to_get_and_lists(twin: Twin) -> None:
    twin.put("ghost", tags={"twin.life": "vanishing"}, command="sleep 1")

    deadline = time.monotonic() + PATIENCE
    while twin.send("GET", "/jobs/ghost").status_code != 404:
        assert time.monotonic() < deadline

    assert twin.walk("ghost")[:4] == ["Starting", "Preparing", "Queued", "Running"]
    assert "ghost" not in [job["name"] for job in twin.send("GET", "/jobs").json()["value"]]


def test_a_job_that_stops_responding_comes_back(twin: Twin) -> None:
    twin.put("silent", tags={"twin.life": "not_responding"})

    statuses = twin.statuses("silent")

    assert statuses[3:] == ["Running", "NotResponding", "Running", "Finalizing", "Completed"]


def test_an_ignored_cancel_works_the_third_time(twin: Twin) -> None:
    twin.put("deaf", command="sleep 1000", tags={"twin.life": "cancel_ignored"})
    twin.until("deaf", "Running")

    for _ in range(2):
        assert twin.send("POST", "/jobs/deaf/cancel").status_code == 202
        assert twin.get("deaf")["status"] == "Running"
    twin.send("POST", "/jobs/deaf/cancel")

    assert twin.statuses("deaf")[-2:] == ["CancelRequested", "Canceled"]


def test_a_late_job_exists_before_it_can_be_seen(twin: Twin) -> None:
    twin.put("late", tags={"twin.life": "late"})

    unseen = twin.send("GET", "/jobs/late").status_code
    again = twin.put("late", tags={"twin.life": "late"}).status_code
    other = twin.put("late", tags={"twin.life": "late"}, command="false").status_code
    deadline = time.monotonic() + PATIENCE
    while twin.send("GET", "/jobs/late").status_code == 404:
        assert time.monotonic() < deadline

    assert (unseen, again, other) == (404, 200, 400)
