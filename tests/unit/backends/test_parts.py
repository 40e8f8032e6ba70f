"""The parts that several kinds of jobs share."""

from typing import Any

import pytest

from shared.backends.fields import Variables
from shared.backends.workspace.parts import Identity, JobService, NotificationSetting, Resources
from shared.backends.workspace.program import Program
from shared.backends.workspace.wire import Scope
from shared.errors import RejectedError
from shared.messages import read
from shared.messages.fields import Sent
from shared.ports import Json
from tests.jobs import WORKSPACE, faults

NOBODY = "00000000-0000-0000-0000-00000000000a"


class Part(Sent):
    """One of each."""

    identity: Identity | None = None
    resources: Resources | None = None
    notification: NotificationSetting | None = None
    service: JobService | None = None
    variables: Variables | None = None


def part(api_version: str = "2024-10-01", **fields: Any) -> Json:
    """What is sent of it."""
    said = read(Part, fields, context=Scope(WORKSPACE, api_version))
    return said.model_dump(mode="json", by_alias=True, exclude_none=True)


def refused(api_version: str = "2024-10-01", **fields: Any) -> list[str]:
    with pytest.raises(RejectedError) as caught:
        part(api_version, **fields)
    return faults(caught.value)


def distribution(api_version: str = "2024-10-01", **fields: Any) -> Json:
    program = {"command": "x", "environmentId": "e:1", "distribution": fields}
    said = read(Program, program, context=Scope(WORKSPACE, api_version)).distribution
    assert said is not None
    return said.model_dump(mode="json", by_alias=True, exclude_none=True)


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({"distributionType": "mpi"}, {"distributionType": "Mpi"}),
        (
            {"distributionType": "PYTORCH", "processCountPerInstance": 4},
            {"distributionType": "PyTorch", "processCountPerInstance": 4},
        ),
        (
            {"distributionType": "tensorflow", "workerCount": 2, "parameterServerCount": 0},
            {"distributionType": "TensorFlow", "workerCount": 2, "parameterServerCount": 0},
        ),
    ],
)
def test_processes_are_counted_for_each_kind(given: Json, sent: Json) -> None:
    assert distribution(**given) == sent


@pytest.mark.parametrize(
    "version", ["2024-01-01-preview", "2024-04-01-preview", "2026-03-15-preview"]
)
def test_some_previews_know_ray(version: str) -> None:
    ray = {"distributionType": "ray", "port": 6379, "includeDashboard": True}

    assert distribution(version, **ray) == {**ray, "distributionType": "Ray"}


@pytest.mark.parametrize("version", ["2024-10-01", "2025-10-01-preview", "2026-05-01"])
def test_others_do_not(version: str) -> None:
    with pytest.raises(RejectedError) as caught:
        distribution(version, distributionType="Ray")

    (fault,) = caught.value.faults
    assert fault.path == "/distribution"
    assert fault.expected == (
        f"Mpi, PyTorch or TensorFlow: api-version {version} has no Ray. "
        "An operator may set ARM_API_VERSION to 2026-03-15-preview"
    )


@pytest.mark.parametrize("name", ["clientId", "objectId"])
def test_a_managed_identity_is_named_by_a_guid(name: str) -> None:
    given = {"identityType": "Managed", name: NOBODY}

    assert part(identity=given) == {"identity": given}
    assert refused(identity={**given, name: f"{NOBODY}0"}) == [f"/identity/{name}"]


@pytest.mark.parametrize("kind", ["AMLToken", "UserIdentity"])
def test_no_other_identity_has_an_id(kind: str) -> None:
    assert refused(identity={"type": kind, "clientId": NOBODY}) == ["/identity"]


@pytest.mark.parametrize("size", ["2g", "512M", "1b", "10K"])
def test_shared_memory_has_a_unit(size: str) -> None:
    assert part(resources={"shmSize": size}) == {"resources": {"shmSize": size}}


@pytest.mark.parametrize("size", ["2", "g", "2gb", "2 g", "-2g", "2.5g", "2g\n", 2])
def test_any_other_shared_memory_is_refused(size: object) -> None:
    assert refused(resources={"shmSize": size}) == ["/resources/shmSize"]


def test_emails_have_a_length_together() -> None:
    some = ["a" * 249, "b" * 249]

    assert part(notification={"emails": some}) == {"notification": {"emails": some}}
    assert refused(notification={"emails": ["a" * 250, "b" * 249]}) == ["/notification/emails"]


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"notification": {"emails": ["a"]}}, "/notification/emails/0"),
        ({"notification": {"emailOn": ["Always"]}}, "/notification/emailOn/0"),
        ({"notification": {"webhooks": {"x": {}}}}, "/notification/webhooks/x/webhookType"),
        ({"service": {"port": 65536}}, "/service/port"),
        ({"service": {"nodes": {"nodesValueType": "One"}}}, "/service/nodes/nodesValueType"),
        ({"variables": {"A": 1}}, "/variables/A"),
        ({"variables": {"A\nB": "1"}}, "/variables"),
    ],
)
def test_an_odd_part_is_refused_where_it_is(fields: Json, path: str) -> None:
    (found,) = refused(**fields)

    assert found.startswith(path)
