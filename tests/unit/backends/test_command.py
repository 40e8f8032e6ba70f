"""The body of a Command: what its template says, under what the request says."""

import pytest

from shared.backends.workspace import templates
from shared.backends.workspace.command import CommandJob
from shared.errors import Fault, RejectedError
from tests.jobs import (
    COMPLETED,
    ID,
    OUR_PROPERTIES,
    OUR_TAGS,
    RUN,
    a_request,
    a_template,
    bodies,
    body,
    faults,
    only_fault,
)


def test_a_template_that_has_run_becomes_a_body_without_what_the_service_wrote() -> None:
    definition = templates.cleaned(COMPLETED, "train", CommandJob)

    made = bodies().body(a_request(), definition, run=RUN)

    assert made == {
        "properties": {
            "jobType": "Command",
            "displayName": "Train",
            "description": "Trains a classifier.",
            "experimentName": "models",
            "computeId": f"{ID}/computes/cpu-cluster",
            "environmentId": f"{ID}/environments/sklearn/versions/1",
            "codeId": f"{ID}/codes/train/versions/1",
            "command": (
                "train --rate ${{inputs.rate}} --data ${{inputs.data}} --to ${{outputs.model}}"
            ),
            "environmentVariables": {"A": "1", "B": "2"},
            "distribution": {"distributionType": "PyTorch", "processCountPerInstance": 2},
            "inputs": {
                "rate": {"jobInputType": "literal", "value": "0.5"},
                "data": {
                    "jobInputType": "uri_folder",
                    "uri": "azureml://datastores/blobs/paths/iris",
                    "mode": "ReadOnlyMount",
                    "description": "The flowers",
                },
            },
            "outputs": {"model": {"jobOutputType": "uri_folder", "mode": "ReadWriteMount"}},
            "limits": {"jobLimitsType": "Command", "timeout": "PT1H"},
            "resources": {"instanceCount": 1, "shmSize": "2g", "properties": {"x": 1}},
            "queueSettings": {"jobTier": "Null"},
            "notificationSetting": {"emails": ["a@contoso.com"], "emailOn": ["JobFailed"]},
            "tags": {"team": "vision", "jobrelay": "relay"},
            "properties": {"cost": "low", **OUR_PROPERTIES},
        }
    }


def test_a_request_is_laid_over_its_template() -> None:
    request = a_request(
        displayName="Run 7",
        description="Again",
        experimentName="orders",
        tags={"team": "sound", "order": "7"},
        properties={"cost": "high"},
        inputs={
            "rate": 0.25,
            "data": {"type": "uri_folder", "uri": "azureml:iris:3"},
            "extra": {"type": "literal", "value": True},
        },
        outputs={"model": {"type": "mlflow_model", "mode": "Upload"}},
        attributes={
            "compute": "gpu-cluster",
            "environment": "pytorch:2",
            "command": "python other.py ${{inputs.rate}}",
            "instanceCount": 4,
            "instanceType": "Standard_NC6s_v3",
            "environmentVariables": {"B": "3", "C": "4"},
            "timeout": "PT1H30M",
            "identity": {"type": "Managed", "clientId": "00000000-0000-0000-0000-00000000000a"},
            "queueSettings": {"jobTier": "Spot"},
        },
    )

    made = body(request, COMPLETED)

    assert made == {
        "jobType": "Command",
        "displayName": "Run 7",
        "description": "Again",
        "experimentName": "orders",
        "computeId": f"{ID}/computes/gpu-cluster",
        "environmentId": f"{ID}/environments/pytorch/versions/2",
        "codeId": f"{ID}/codes/train/versions/1",
        "command": "python other.py ${{inputs.rate}}",
        "environmentVariables": {"A": "1", "B": "3", "C": "4"},
        "distribution": {"distributionType": "PyTorch", "processCountPerInstance": 2},
        "identity": {
            "identityType": "Managed",
            "clientId": "00000000-0000-0000-0000-00000000000a",
        },
        "inputs": {
            "rate": {"jobInputType": "literal", "value": "0.25"},
            "data": {
                "jobInputType": "uri_folder",
                "uri": f"{ID}/data/iris/versions/3",
                "mode": "ReadOnlyMount",
                "description": "The flowers",
            },
            "extra": {"jobInputType": "literal", "value": "true"},
        },
        "outputs": {"model": {"jobOutputType": "mlflow_model", "mode": "Upload"}},
        "limits": {"jobLimitsType": "Command", "timeout": "PT5400S"},
        "resources": {
            "instanceCount": 4,
            "instanceType": "Standard_NC6s_v3",
            "shmSize": "2g",
            "properties": {"x": 1},
        },
        "queueSettings": {"jobTier": "Spot"},
        "notificationSetting": {"emails": ["a@contoso.com"], "emailOn": ["JobFailed"]},
        "tags": {"team": "sound", "order": "7", **OUR_TAGS},
        "properties": {"cost": "high", **OUR_PROPERTIES},
    }


def test_the_least_template_makes_the_least_body() -> None:
    made = body(a_request(), a_template())

    assert made == {
        "jobType": "Command",
        "command": "python train.py",
        "environmentId": f"{ID}/environments/sklearn/versions/1",
        "tags": OUR_TAGS,
        "properties": OUR_PROPERTIES,
    }


def test_making_a_body_leaves_the_template_as_it_was() -> None:
    template = a_template(inputs={"rate": {"jobInputType": "literal", "value": "1"}}, tags={})

    body(a_request(inputs={"rate": 2}, tags={"a": "b"}), template)

    assert template == a_template(
        inputs={"rate": {"jobInputType": "literal", "value": "1"}}, tags={}
    )


@pytest.mark.parametrize(
    ("attributes", "path"),
    [
        ({"instanceCount": 0}, "/attributes/instanceCount"),
        ({"instanceCount": "2"}, "/attributes/instanceCount"),
        ({"instanceCount": True}, "/attributes/instanceCount"),
        ({"instanceType": ""}, "/attributes/instanceType"),
        ({"compute": "../computes/x"}, "/attributes/compute"),
        ({"environment": "sklearn"}, "/attributes/environment"),
        ({"command": " \n"}, "/attributes/command"),
        ({"timeout": "PT0S"}, "/attributes/timeout"),
        ({"timeout": "PT1.5S"}, "/attributes/timeout"),
        ({"timeout": 60}, "/attributes/timeout"),
        ({"environmentVariables": {"A=B": "1"}}, "/attributes/environmentVariables"),
        ({"environmentVariables": {"A": 1}}, "/attributes/environmentVariables/A"),
        ({"identity": {"type": "Root"}}, "/attributes/identity/type"),
        ({"identity": {}}, "/attributes/identity/type"),
        ({"identity": {"type": "Managed", "clientId": "me"}}, "/attributes/identity/clientId"),
        (
            {"identity": {"type": "Managed", "resourceId": "/subscriptions/../x"}},
            "/attributes/identity/resourceId",
        ),
        (
            {
                "identity": {
                    "type": "AMLToken",
                    "clientId": "00000000-0000-0000-0000-00000000000a",
                }
            },
            "/attributes/identity",
        ),
        ({"queueSettings": {"jobTier": "Gold"}}, "/attributes/queueSettings/jobTier"),
        ({"objectiveMetric": "loss"}, "/attributes/objectiveMetric"),
    ],
)
def test_what_a_command_cannot_be_told_is_refused_by_path(
    attributes: dict[str, object], path: str
) -> None:
    request = a_request(attributes=attributes)

    with pytest.raises(RejectedError) as caught:
        bodies().check(request)

    assert caught.value.reason == "invalid"
    assert [fault.startswith(path) for fault in faults(caught.value)] == [True]


def test_all_faults_are_told_at_once() -> None:
    request = a_request(
        attributes={"compute": "a/b", "instanceCount": 0}, inputs={"rate": "", "other": "-"}
    )

    with pytest.raises(RejectedError) as caught:
        bodies().check(request)

    assert faults(caught.value) == [
        "/attributes/compute",
        "/attributes/instanceCount",
        "/inputs/rate",
        "/inputs/other",
    ]


def test_no_body_is_made_of_what_a_check_refuses() -> None:
    request = a_request(attributes={"compute": "a/b"}, inputs={"rate": ""})

    with pytest.raises(RejectedError) as caught:
        body(request, a_template())

    assert faults(caught.value) == ["/attributes/compute", "/inputs/rate"]


def test_an_identity_may_be_written_as_the_service_writes_it() -> None:
    request = a_request(attributes={"identity": {"identityType": "UserIdentity"}})

    made = body(request, a_template())

    assert made["identity"] == {"identityType": "UserIdentity"}


def test_a_managed_identity_may_be_named_by_its_id() -> None:
    id_ = (
        "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/group"
        "/providers/Microsoft.ManagedIdentity/userAssignedIdentities/trainer"
    )
    request = a_request(attributes={"identity": {"type": "Managed", "resourceId": id_}})

    made = body(request, a_template())

    assert made["identity"] == {"identityType": "Managed", "resourceId": id_}


def test_a_template_without_command_or_environment_wants_them_from_the_request() -> None:
    template = {"jobType": "Command", "command": None}

    with pytest.raises(RejectedError) as caught:
        body(a_request(), template)

    assert faults(caught.value) == ["/attributes/command", "/attributes/environment"]


def test_a_command_that_uses_what_nobody_gives_is_refused_by_name() -> None:
    template = a_template(command="python x.py ${{inputs.rate}} ${{outputs.model}}")

    with pytest.raises(RejectedError) as caught:
        body(a_request(), template)

    assert caught.value.faults == (
        Fault("/inputs/rate", "nothing", "required, as the command uses it"),
        Fault("/outputs/model", "nothing", "required, as the command uses it"),
    )


def test_an_input_that_the_command_does_not_mention_is_allowed() -> None:
    made = body(a_request(inputs={"unused": 1}), a_template())

    assert made["inputs"] == {"unused": {"jobInputType": "literal", "value": "1"}}


def test_a_template_of_odd_shapes_makes_no_crash() -> None:
    odd = a_template(inputs=["x"], outputs=7, resources="many", limits=[], tags=[1], properties=1)

    made = body(a_request(), odd)

    assert made == body(a_request(), a_template())


def test_what_is_given_beside_the_template_and_too_much_is_refused_by_path() -> None:
    template = a_template(tags={f"t{number}": "x" for number in range(50)})

    with pytest.raises(RejectedError) as caught:
        body(a_request(), template)

    assert only_fault(caught.value) == Fault(
        "/tags", "51 with those of the job and ours", "at most 50 in all"
    )
