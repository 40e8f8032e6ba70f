"""Computes of an account, by id or by name."""

import pytest

from shared.backends.foundry.computes import compute
from shared.errors import Fault
from tests.jobs import ID
from tests.unit.backends.foundry.given import ACCOUNT, COMPUTE, a_command, a_training, faults

FORM = (
    "/subscriptions/{id}/resourceGroups/{group}/providers/Microsoft.CognitiveServices"
    "/accounts/{account}/computes/{name}"
)


@pytest.mark.parametrize("text", [COMPUTE, COMPUTE.lower(), COMPUTE.upper()])
@pytest.mark.parametrize("prefix", [ACCOUNT, None])
def test_a_whole_id_stays_as_it_is(text: str, prefix: str | None) -> None:
    assert compute(text, prefix) == text


@pytest.mark.parametrize("name", ["gpu-cluster", "a", "A.b_c-1"])
def test_a_name_belongs_to_the_account_of_the_target(name: str) -> None:
    assert compute(name, ACCOUNT) == f"{ACCOUNT}/computes/{name}"


@pytest.mark.parametrize(
    ("text", "prefix", "expected"),
    [
        (
            f"{ID}/computes/gpu-cluster",
            ACCOUNT,
            f"a compute of an account, not of a workspace: {FORM}",
        ),
        (
            f"azureml:{ID}/computes/gpu-cluster",
            ACCOUNT,
            f"a compute of an account, not of a workspace: {FORM}",
        ),
        ("../x", ACCOUNT, f"the name of a compute of the account, or its whole id: {FORM}"),
        ("a b", ACCOUNT, f"the name of a compute of the account, or its whole id: {FORM}"),
        (
            f"{ACCOUNT}/computes/../x",
            ACCOUNT,
            f"the name of a compute of the account, or its whole id: {FORM}",
        ),
        (
            f"{COMPUTE}/x",
            ACCOUNT,
            f"the name of a compute of the account, or its whole id: {FORM}",
        ),
        (
            "gpu-cluster",
            None,
            f"a whole id, {FORM}. An operator may set `computePrefix` of the target to that of its "
            "account, and names will do",
        ),
    ],
)
def test_what_is_none_is_refused_with_what_would_be_right(
    text: str, prefix: str | None, expected: str
) -> None:
    with pytest.raises(ValueError, match=r"^") as caught:
        compute(text, prefix)

    assert str(caught.value) == expected


def test_it_is_refused_wherever_it_stands() -> None:
    request = a_training(a_command(compute_id="a b"), attributes={"compute": "a b"})

    expected = f"the name of a compute of the account, or its whole id: {FORM}"
    assert faults(request) == [
        Fault("/attributes/compute", "a string", expected),
        Fault("/job/compute_id", "a string", expected),
    ]
