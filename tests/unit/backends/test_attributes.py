"""What a request may override, and how that is sent."""

from typing import Any

import pytest

from shared.backends.workspace.attributes import JobAttributes, ProgramAttributes
from shared.errors import RejectedError
from shared.messages import read
from shared.ports import Json
from tests.jobs import ID, WORKSPACE, faults

ANOTHER = ID.replace("-000000000001", "-000000000002").replace("/demo", "/other")


def laid_over(**fields: Any) -> Json:
    return read(ProgramAttributes, fields).laid_over(WORKSPACE)


def test_nothing_is_laid_over_when_nothing_is_given() -> None:
    attributes = read(ProgramAttributes, {})

    assert attributes.laid_over(WORKSPACE) == {}
    assert attributes.limits == {}


@pytest.mark.parametrize(
    ("compute", "sent"),
    [
        ("gpu", f"{ID}/computes/gpu"),
        ("azureml:gpu", f"{ID}/computes/gpu"),
        (f"{ID}/computes/gpu", f"{ID}/computes/gpu"),
        (f"azureml:{ANOTHER}/computes/gpu", f"{ANOTHER}/computes/gpu"),
    ],
)
def test_a_compute_is_sent_as_a_whole_id(compute: str, sent: str) -> None:
    assert laid_over(compute=compute) == {"computeId": sent}


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({"type": "AMLToken"}, {"identityType": "AMLToken"}),
        ({"type": "amltoken"}, {"identityType": "AMLToken"}),
        ({"identityType": "useridentity"}, {"identityType": "UserIdentity"}),
        ({"type": "Managed"}, {"identityType": "Managed"}),
    ],
)
def test_an_identity_may_be_spelt_in_any_case(given: Json, sent: Json) -> None:
    assert laid_over(identity=given) == {"identity": sent}


@pytest.mark.parametrize("tier", ["spot", "Spot", "SPOT"])
def test_a_tier_too(tier: str) -> None:
    assert laid_over(queueSettings={"jobTier": tier}) == {"queueSettings": {"jobTier": "Spot"}}


def test_queue_settings_that_say_nothing_override_nothing() -> None:
    assert laid_over(queueSettings={}) == {}


@pytest.mark.parametrize(
    ("timeout", "sent"),
    [("PT1S", "PT1S"), ("PT1H30M", "PT5400S"), ("P1D", "PT86400S"), ("P365D", "PT31536000S")],
)
def test_a_timeout_is_sent_in_seconds(timeout: str, sent: str) -> None:
    assert read(ProgramAttributes, {"timeout": timeout}).limits == {"timeout": sent}


@pytest.mark.parametrize(
    "name",
    [
        "environment",
        "command",
        "instanceCount",
        "instanceType",
        "environmentVariables",
        "timeout",
        "queueSettings",
    ],
)
def test_a_job_without_a_command_has_fewer(name: str) -> None:
    with pytest.raises(RejectedError) as caught:
        read(JobAttributes, {name: "x"}, at="/attributes")

    assert faults(caught.value) == [f"/attributes/{name}"]


@pytest.mark.parametrize(
    "fields",
    [
        {"instanceType": "x" * 101},
        {"instanceCount": 10_001},
        {"environmentVariables": {f"A{number}": "" for number in range(201)}},
        {"environmentVariables": {"A B": ""}},
        {"environmentVariables": {"": ""}},
        {"identity": {"type": "Managed", "identityType": "Managed"}},
    ],
)
def test_what_is_too_much_or_odd_is_refused(fields: Json) -> None:
    with pytest.raises(RejectedError):
        read(ProgramAttributes, fields, at="/attributes")
