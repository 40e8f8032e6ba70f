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

STORY = ROOT / "tests" / "contract" / "ml_client_story.py"
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
def story(authority: Path, workspace: Service, tokens: Service) -> dict[str, Any]:
    """Let the client do its work and give what it saw."""
    clouds = f"{workspace.info['url']}/metadata/endpoints?api-version=2022-09-01"
    environment = {
        "ARM_CLOUD_METADATA_URL": clouds,
        "IDENTITY_ENDPOINT": tokens.info["endpoint"],
        "IDENTITY_HEADER": tokens.info["header"],
        "REQUESTS_CA_BUNDLE": str(authority / "authority.pem"),
    }

    ended = subprocess.run(
        [sys.executable, str(STORY)],
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
    assert story["listed"] == ["first", "train-classifier", "sleep", "fail", "echo"]


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
