"""What a training job must be as a whole."""

from typing import Any

import pytest

from shared.backends.foundry.profiles import JOBS
from shared.errors import Fault, RejectedError
from shared.ports import Json
from tests.jobs import RUN
from tests.unit.backends.foundry.given import (
    COMPUTE,
    a_command,
    a_recipe,
    a_training,
    bodies,
    faults,
    from_template,
    only_fault,
)

WITHOUT_RECIPE = "required where there is no training"


def without(job: Json, *names: str) -> Json:
    return {name: value for name, value in job.items() if name not in names}


def test_a_job_needs_a_compute_and_a_command_with_an_environment_or_a_recipe() -> None:
    assert faults(a_training({})) == [
        Fault("/job/compute_id", "nothing", "required"),
        Fault("/job/command", "nothing", WITHOUT_RECIPE),
        Fault("/job/environment_image_reference", "nothing", WITHOUT_RECIPE),
    ]


@pytest.mark.parametrize(
    ("name", "attribute", "value"),
    [
        ("compute_id", "compute", "gpu-cluster"),
        ("command", "command", "python train.py"),
        ("environment_image_reference", "environment", "demo.azurecr.io/train:1"),
    ],
)
def test_an_attribute_may_say_what_the_job_does_not(name: str, attribute: str, value: str) -> None:
    request = a_training(without(a_command(), name), attributes={attribute: value})

    assert bodies().check(request) == ()


def test_a_recipe_needs_no_environment() -> None:
    assert bodies().check(a_training(a_recipe())) == ()


def test_a_recipe_may_have_an_environment() -> None:
    job = {**a_recipe(), "environment_image_reference": "demo.azurecr.io/train:1"}

    assert bodies().check(a_training(job)) == ()


@pytest.mark.parametrize(
    ("job", "attributes", "path"),
    [
        ({**a_recipe(), "command": "x"}, {}, "/job/command"),
        (a_recipe(), {"command": "x"}, "/attributes/command"),
    ],
)
def test_no_command_stands_beside_a_recipe(job: Json, attributes: Json, path: str) -> None:
    fault = only_fault(job, attributes=attributes)

    assert fault == Fault(path, "a string", "nothing beside training, which becomes a command")


def test_only_a_recipe_has_hyperparameters() -> None:
    fault = only_fault(a_command(), attributes={"hyperparameters": {"rate": 1}})

    expected = "nothing: only a job with training has hyperparameters"
    assert fault == Fault("/attributes/hyperparameters", "an object", expected)


def test_profile_jobs_has_no_recipes() -> None:
    expected = (
        "nothing: profile jobs has no such field. An operator may set `profile` of the target to "
        "training_jobs"
    )
    assert only_fault(a_recipe(), JOBS) == Fault("/job/training", "an object", expected)


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("experiment_name", "models", "a string"),
        ("is_archived", False, "a boolean"),
        ("services", {}, "an object"),
    ],
)
def test_profile_training_jobs_has_no_such_field(name: str, value: Any, found: str) -> None:
    expected = (
        "nothing: profile training_jobs has no such field. An operator may set `profile` of the "
        "target to jobs"
    )
    assert only_fault(a_command(**{name: value})) == Fault(f"/job/{name}", found, expected)


@pytest.mark.parametrize(
    ("command", "path"),
    [
        ("x ${{inputs.rate}}", "/inputs/rate"),
        ("x ${{ inputs.rate }}", "/inputs/rate"),
        ("x ${{inputs.rate.path}}", "/inputs/rate.path"),
        ("x ${{outputs.model}}", "/outputs/model"),
        ("x [--rate ${{inputs.rate}}] ${{inputs.rate}}", "/inputs/rate"),
        ("x [--rate ${{inputs.rate}}", "/inputs/rate"),
    ],
)
def test_what_the_command_uses_must_be_given(command: str, path: str) -> None:
    fault = only_fault(a_command(command=command))

    assert fault == Fault(path, "nothing", "required, as the command uses it")


@pytest.mark.parametrize(
    ("command", "fields"),
    [
        ("x ${{inputs.rate}}", {"inputs": {"rate": 1}}),
        ("x ${{outputs.model}}", {"outputs": {"model": {}}}),
        ("x ${{outputs.default}}/x", {}),
        ("x [--rate ${{inputs.rate}}] $[[--more ${{inputs.more}}]]", {}),
        ("x ${{search_space.rate}} {other.rate} ${rate}", {}),
    ],
)
def test_what_is_given_or_optional_may_be_used(command: str, fields: Json) -> None:
    assert bodies().check(a_training(a_command(command=command), **fields)) == ()


@pytest.mark.parametrize(
    "command", ["x {inputs.a}", "x ${inputs.a}", "x ${{inputs.a}", "x { outputs.a }"]
)
def test_a_placeholder_has_two_pairs_of_braces(command: str) -> None:
    of_job = only_fault(a_command(command=command))
    of_request = only_fault(a_command(), attributes={"command": command})

    found, expected = "a placeholder in single braces", "two of them and $: ${{inputs.x}}"
    assert of_job == Fault("/job/command", found, expected)
    assert of_request == Fault("/attributes/command", found, expected)


def test_single_braces_in_a_template_are_left_as_they_ran() -> None:
    template = a_command(command="x {inputs.a}")

    made = bodies().body(from_template(), template, run=RUN)

    assert made["properties"]["command"] == "x {inputs.a}"


def test_a_place_is_told_of_once() -> None:
    fault = only_fault(a_recipe(), attributes={"command": ""})

    assert fault == Fault("/attributes/command", "a string", "at least 1 character")


def test_a_command_that_is_overridden_is_not_looked_at() -> None:
    job = a_command(command="x ${{inputs.rate}} {inputs.rate}")

    assert bodies().check(a_training(job, attributes={"command": "python other.py"})) == ()


def test_an_envelope_is_opened() -> None:
    assert bodies().inline(a_training({"properties": a_command()})) == a_command()


def test_a_job_with_properties_beside_others_is_no_envelope() -> None:
    job = a_command(properties={"job_type": "x"})

    assert bodies().inline(a_training(job)) == job


def test_an_envelope_says_nothing_that_is_not_for_a_request_to_say() -> None:
    job = {"id": "x", "name": "y", "type": "z", "system_data": {}, "properties": a_command()}

    by_service = "nothing: the service itself says this"
    assert faults(a_training(job)) == [
        Fault("/job/id", "a string", by_service),
        Fault("/job/name", "a string", "nothing: the job has the name of its run"),
        Fault("/job/system_data", "an object", by_service),
        Fault("/job/type", "a string", by_service),
    ]


def test_an_envelope_with_a_name_is_not_opened() -> None:
    request = a_training({"name": "y", "properties": a_command()})

    with pytest.raises(RejectedError) as caught:
        bodies().inline(request)

    assert [fault.path for fault in caught.value.faults] == ["/job/name"]


def test_what_is_wrong_in_an_envelope_is_named_there() -> None:
    request = a_training({"properties": {"gpu_count": -1, "compute_id": COMPUTE, "command": "x"}})

    assert [fault.path for fault in faults(request)] == [
        "/job/properties/gpu_count",
        "/job/properties/environment_image_reference",
    ]


def test_a_request_with_a_template_is_checked_without_it() -> None:
    assert bodies().check(from_template()) == ()


def test_a_training_job_has_no_sweep() -> None:
    fault = only_fault(a_command(), sweep={})

    assert fault == Fault("/sweep", "an unknown field", "no such field for Training")
