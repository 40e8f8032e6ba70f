"""The sample jobs are small, end by themselves, and do what they say."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.infra.bicep import INFRA, Object, read
from tests.infra.files import as_object

SAMPLES = INFRA / "samples"
PROGRAM = SAMPLES / "fit.py"


def job(file: str) -> Object:
    """The properties of a sample job."""
    [found] = [each for each in read(SAMPLES / file) if each.name == "job"]
    return as_object(as_object(found.value)["properties"])


def resources(part: Object) -> Object:
    return as_object(part["resources"])


def test_it_is_said_that_deploying_starts_the_jobs() -> None:
    assert "STARTS" in (SAMPLES / "main.bicep").read_text("utf-8").splitlines()[0]


def test_the_command_is_one_machine_for_ten_minutes_at_most() -> None:
    command = job("command.bicep")

    assert resources(command)["instanceCount"] == 1
    assert command["limits"] == {"jobLimitsType": "Command", "timeout": "PT10M"}


def test_the_sweep_is_four_trials_of_one_machine_at_most() -> None:
    sweep = job("sweep.bicep")

    assert resources(as_object(sweep["trial"]))["instanceCount"] == 1
    assert sweep["limits"] == {
        "jobLimitsType": "Sweep",
        "maxConcurrentTrials": 2,
        "maxTotalTrials": 4,
        "timeout": "PT30M",
        "trialTimeout": "PT10M",
    }


def test_the_sweep_ranks_by_what_the_program_logs() -> None:
    objective = as_object(job("sweep.bicep")["objective"])

    assert objective == {"goal": "Minimize", "primaryMetric": "error"}
    assert 'mlflow.log_metric("error",' in PROGRAM.read_text("utf-8")


@pytest.mark.parametrize("file", ["command.bicep", "sweep.bicep"])
def test_the_program_survives_the_way_into_the_command(file: str) -> None:
    text = PROGRAM.read_text("utf-8")

    assert "loadTextContent('fit.py')}END" in (SAMPLES / file).read_text("utf-8")
    assert text.endswith("\n")
    assert re.search(r"^END$|\$\{\{", text, re.MULTILINE) is None


def test_the_program_learns_and_logs(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(PROGRAM), "--rate", "0.3", "--steps", "3"],
        env={
            **os.environ,
            "MLFLOW_TRACKING_URI": f"file:{tmp_path}/runs",
            "MLFLOW_ALLOW_FILE_STORE": "true",
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert done.returncode == 0, done.stderr[-2000:]
    [metric] = tmp_path.rglob("metrics/error")
    errors = [float(line.split()[1]) for line in metric.read_text("utf-8").splitlines()]
    assert errors == sorted(errors, reverse=True)
    assert len(set(errors)) == 3
