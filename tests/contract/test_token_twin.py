"""azure-identity takes the token endpoint of the twin for the identity of an App Service."""

import os
import subprocess
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import (
    CredentialUnavailableError,
    DefaultAzureCredential,
    ManagedIdentityCredential,
)

from tests.local import bearer
from tests.local.process import ROOT, Service, module, start

KEY = "the key of these tests"
ARM = "https://management.azure.com"


def served(*options: str) -> Iterator[Service]:
    service = start("token", module("token", *options), env={bearer.KEY_VARIABLE: KEY})
    yield service
    service.stop()


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Service]:
    yield from served(
        "--client-id", "11111111-1111-1111-1111-111111111111", "--audience", "https://own.example/"
    )


@pytest.fixture
def app_service(endpoint: Service, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """Make this process look like an app on App Service."""
    settle(endpoint, monkeypatch)
    yield endpoint
    httpx.delete(f"{endpoint.info['control']}/faults")


def settle(endpoint: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IDENTITY_ENDPOINT", endpoint.info["endpoint"])
    monkeypatch.setenv("IDENTITY_HEADER", endpoint.info["header"])


def claims(token: str) -> dict[str, Any]:
    return bearer.check(
        KEY, f"Bearer {token}", audiences={ARM, "https://own.example"}, now=time.time()
    )


def ask(endpoint: Service, *, header: str | None = None, **query: str) -> httpx.Response:
    sent = {"X-IDENTITY-HEADER": endpoint.info["header"] if header is None else header}
    asked = {"api-version": "2019-08-01", "resource": ARM, **query}
    return httpx.get(endpoint.info["endpoint"], params=asked, headers=sent)


@pytest.mark.usefixtures("app_service")
@pytest.mark.parametrize("credential", [ManagedIdentityCredential, DefaultAzureCredential])
def test_azure_identity_gets_a_token_that_services_take(credential: Any) -> None:
    with credential() as identity:
        token = identity.get_token(f"{ARM}/.default")

    assert claims(token.token)["aud"] == ARM
    assert token.expires_on > time.time() + 23 * 3600


@pytest.mark.usefixtures("app_service")
def test_a_user_assigned_identity_has_tokens_of_its_own() -> None:
    with ManagedIdentityCredential(client_id="11111111-1111-1111-1111-111111111111") as identity:
        token = identity.get_token(f"{ARM}/.default")

    assert claims(token.token)["appid"] == "11111111-1111-1111-1111-111111111111"


@pytest.mark.usefixtures("app_service")
@pytest.mark.parametrize(
    ("client_id", "scope"),
    [
        ("22222222-2222-2222-2222-222222222222", f"{ARM}/.default"),
        (None, "https://nobody.example/.default"),
    ],
)
def test_an_unknown_identity_or_audience_gets_none(client_id: str | None, scope: str) -> None:
    with (
        ManagedIdentityCredential(client_id=client_id) as identity,
        pytest.raises(CredentialUnavailableError),
    ):
        identity.get_token(scope)


@pytest.mark.usefixtures("app_service")
def test_an_audience_can_be_added() -> None:
    with ManagedIdentityCredential() as identity:
        token = identity.get_token("https://own.example/.default")

    assert claims(token.token)["aud"] == "https://own.example"


@pytest.mark.parametrize("header", ["", "wrong"])
def test_the_secret_is_asked_for(endpoint: Service, header: str) -> None:
    assert ask(endpoint, header=header).status_code == 401


def test_another_api_version_is_refused(endpoint: Service) -> None:
    assert ask(endpoint, **{"api-version": "2017-09-01"}).status_code == 400


def test_a_short_life_makes_clients_ask_again(monkeypatch: pytest.MonkeyPatch) -> None:
    for endpoint in served("--lifetime", "2"):
        settle(endpoint, monkeypatch)
        with ManagedIdentityCredential() as identity:
            first = identity.get_token(f"{ARM}/.default")
            deadline = time.monotonic() + 10
            while (second := identity.get_token(f"{ARM}/.default")).token == first.token:
                assert time.monotonic() < deadline

        assert second.expires_on <= time.time() + 3


def test_a_failure_on_demand_reaches_the_credential(app_service: Service) -> None:
    spec = {
        "match": {"operation": "token", "name": ARM},
        "fault": {"kind": "status", "status": 403},
        "times": 100,
    }
    httpx.post(f"{app_service.info['control']}/faults", json=spec).raise_for_status()

    with (
        ManagedIdentityCredential(retry_total=0) as identity,
        pytest.raises(ClientAuthenticationError),
    ):
        identity.get_token(f"{ARM}/.default")


def test_it_does_not_start_without_a_key() -> None:
    environment = {name: value for name, value in os.environ.items() if name != bearer.KEY_VARIABLE}

    ended = subprocess.run(
        module("token"), cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )

    assert ended.returncode == 1
    assert "TWIN_KEY is not set" in ended.stderr
