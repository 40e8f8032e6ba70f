"""Microsoft's own client, unchanged, works against the workspace of the twin.

azure-ai-ml 1.35 is led there by ARM_CLOUD_METADATA_URL, as it is to a sovereign cloud; its
credential asks the token endpoint of the twin for a token of that cloud. It sends tokens over TLS
alone, so the workspace has a certificate.
"""

import json
import os
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import trustme

from tests.local.bearer import KEY_VARIABLE
from tests.local.process import ROOT, Service, module, start

STORIES = ROOT / "tests" / "contract"
KEY = {KEY_VARIABLE: "the key of this test"}


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a certificate for 127.0.0.1 and give its folder."""
    folder = tmp_path_factory.mktemp("tls")
    authority = trustme.CA()
    certificate = authority.issue_cert("127.0.0.1")
    authority.cert_pem.write_to_path(folder / "authority.pem")
    certificate.private_key_pem.write_to_path(folder / "key.pem")
    certificate.cert_chain_pems[0].write_to_path(folder / "certificate.pem")
    return folder


@pytest.fixture(scope="module")
def workspace(authority: Path) -> Iterator[Service]:
    tls = ["--tls", str(authority / "certificate.pem"), str(authority / "key.pem")]
    service = start(
        "workspace", module("workspace", *tls, "--pace", "0.2", "--retry-after", "1"), env=KEY
    )
    yield service
    service.stop()


@pytest.fixture(scope="module")
def tokens(workspace: Service) -> Iterator[Service]:
    service = start("token", module("token", "--audience", workspace.info["url"]), env=KEY)
    yield service
    service.stop()


@pytest.fixture(scope="module")
def environment(authority: Path, workspace: Service, tokens: Service) -> dict[str, str]:
    """Give what leads the client to the twin."""
    clouds = f"{workspace.info['url']}/metadata/endpoints?api-version=2022-09-01"
    return {
        "ARM_CLOUD_METADATA_URL": clouds,
        "IDENTITY_ENDPOINT": tokens.info["endpoint"],
        "IDENTITY_HEADER": tokens.info["header"],
        "REQUESTS_CA_BUNDLE": str(authority / "authority.pem"),
    }


@pytest.fixture(scope="module")
def story(environment: dict[str, str]) -> dict[str, Any]:
    return told("ml_client_story.py", environment)


@pytest.fixture(scope="module")
def pipeline_story(environment: dict[str, str]) -> dict[str, Any]:
    return told("ml_pipeline_story.py", environment)


@pytest.fixture(scope="module")
def sweep_story(environment: dict[str, str]) -> dict[str, Any]:
    return told("ml_sweep_story.py", environment)


def told(name: str, environment: dict[str, str]) -> dict[str, Any]:
    """Let the client do its work and give what it saw."""
    ended = subprocess.run(
        [sys.executable, str(STORIES / name)],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    seen: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    return seen


def test_it_creates_a_job(story: dict[str, Any]) -> None:
    assert story["created"] == ["first", "Starting", "the first", "cpu-cluster", "sklearn:1"]
    assert story["studio"].startswith("https://ml.azure.com/runs/first?wsid=/subscriptions/")


def test_it_sees_a_job_to_its_end(story: dict[str, Any]) -> None:
    assert story["ended"] == [
        "Completed",
        "azureml://datastores/workspaceblobstore/paths/azureml/first/said/",
    ]


@pytest.mark.usefixtures("story")
def test_the_command_it_sent_was_run(workspace: Service, authority: Path) -> None:
    uri = "azureml://datastores/workspaceblobstore/paths/azureml/first/said/word.txt"
    trust = ssl.create_default_context(cafile=str(authority / "authority.pem"))

    answer = httpx.get(f"{workspace.info['control']}/files", params={"uri": uri}, verify=trust)

    assert answer.text == "hello\n"


def test_it_lists_jobs_newest_first(story: dict[str, Any]) -> None:
    assert story["listed"] == [
        "first",
        "two-steps",
        "tune-quadratic",
        "train-classifier",
        "sleep",
        "fail",
        "echo",
    ]


def test_it_cancels_a_job_and_waits_for_that(story: dict[str, Any]) -> None:
    assert story["cancelled"] == "Canceled"


def test_it_is_told_that_a_name_is_taken(story: dict[str, Any]) -> None:
    assert "(UserError)" in story["refused"]
    assert "JobPropertyImmutable" in story["refused"]


def test_it_archives_and_restores_a_job(story: dict[str, Any]) -> None:
    assert "first" not in story["active"]
    assert "first" in story["listed"]


def test_it_changes_what_describes_a_job(story: dict[str, Any]) -> None:
    assert story["updated"] == ["renamed", {"told": "yes", "more": "yes"}]


def test_it_deletes_a_job(story: dict[str, Any]) -> None:
    assert story["deleted"] is True


def test_it_creates_a_pipeline_of_two_components(pipeline_story: dict[str, Any]) -> None:
    assert pipeline_story["created"] == ["said-twice", "Starting", ["first", "second"]]


def test_it_reads_a_pipeline_back_as_it_wrote_it(pipeline_story: dict[str, Any]) -> None:
    assert pipeline_story["second"] == {
        "inputs": {"data": {"path": "${{parent.jobs.first.outputs.made}}"}},
        "outputs": {"said": "${{parent.outputs.said}}"},
        "compute": "azureml:gpu-cluster",
    }
    assert pipeline_story["compute"] == "azureml:cpu-cluster"


def test_it_sees_a_pipeline_and_its_nodes_to_their_end(pipeline_story: dict[str, Any]) -> None:
    assert pipeline_story["ended"] == [
        "Completed",
        "azureml://datastores/workspaceblobstore/paths/azureml/said-twice/said/",
    ]
    assert pipeline_story["children"] == [["first", "Completed"], ["second", "Completed"]]


@pytest.mark.usefixtures("pipeline_story")
def test_the_nodes_of_the_pipeline_it_sent_were_run(workspace: Service, authority: Path) -> None:
    uri = "azureml://datastores/workspaceblobstore/paths/azureml/said-twice/said/said.txt"
    trust = ssl.create_default_context(cafile=str(authority / "authority.pem"))

    answer = httpx.get(f"{workspace.info['control']}/files", params={"uri": uri}, verify=trust)

    assert answer.text == "hello\nhello\nhello\n"


def test_it_changes_what_describes_a_pipeline(pipeline_story: dict[str, Any]) -> None:
    assert pipeline_story["updated"] == {"read": "yes"}


def test_it_lists_a_pipeline_without_its_nodes(pipeline_story: dict[str, Any]) -> None:
    assert pipeline_story["listed"] == "said-twice"


def test_it_is_told_what_a_pipeline_misses(pipeline_story: dict[str, Any]) -> None:
    assert "properties.jobs.first has no compute" in pipeline_story["refused"]


def test_it_creates_a_sweep(sweep_story: dict[str, Any]) -> None:
    assert sweep_story["created"] == [
        "swept",
        "Starting",
        "cpu-cluster",
        "python -c 'import mlflow; "
        "mlflow.log_metric(chr(120), ${{search_space.x}} + ${{search_space.rate}})'",
    ]


def test_it_reads_a_sweep_back_as_it_wrote_it(sweep_story: dict[str, Any]) -> None:
    assert sweep_story["objective"] == ["maximize", "x"]
    assert sweep_story["sampling"] == [1, "e"]
    assert sweep_story["space"] == [[1, 2], [-6, -1]]
    assert sweep_story["policy"] == [0.1, 5]
    assert sweep_story["limits"] == [4, 2, 600, 60]


def test_it_sees_a_sweep_to_its_end_and_finds_the_best_trial(
    sweep_story: dict[str, Any],
) -> None:
    assert sweep_story["ended"] == "Completed"
    assert sweep_story["best"] == ["command", "Completed", 2]
