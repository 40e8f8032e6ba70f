"""What a command needs to be filled in."""

import pytest

from shared.backends.workspace.placeholders import undefined

DEFINED = {"inputs": {"rate", "group"}, "outputs": {"model"}}


@pytest.mark.parametrize(
    "command",
    [
        "no placeholder at all",
        "${{inputs.rate}} ${{ outputs.model }} ${{  inputs.rate  }}",
        "${{inputs.group.member}}",
        "$[[--x ${{inputs.x}}]] $[[--y ${{inputs.y}}]] ${{inputs.rate}}",
        "$[[--x ${{inputs.x}}\n]]",
        "${{search_space.x}} ${{parent.inputs.x}}",
        "${inputs.x} ${{inputs}} {{inputs.x}} $AZURE",
    ],
)
def test_what_can_be_filled_is_no_fault(command: str) -> None:
    assert list(undefined(command, DEFINED)) == []


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("${{inputs.x}}", [("inputs", "x")]),
        ("${{ inputs.x }} ${{inputs.x}}", [("inputs", "x")]),
        ("${{inputs.my-input}}", [("inputs", "my-input")]),
        ("${{outputs.rate}}", [("outputs", "rate")]),
        ("$[[${{inputs.x}}]] ${{inputs.y}} $[[z]]", [("inputs", "y")]),
        ("]] ${{inputs.x}} $[[", [("inputs", "x")]),
        ("$[[ ${{inputs.x}}", [("inputs", "x")]),
    ],
)
def test_what_cannot_be_filled_is_named(command: str, expected: list[tuple[str, str]]) -> None:
    assert list(undefined(command, DEFINED)) == expected


@pytest.mark.parametrize("part", ["$[[", "${{", "${{inputs.", "${{inputs.x ", "$[[${{inputs.x"])
def test_a_long_hostile_command_is_read_in_no_time(part: str) -> None:
    assert len(list(undefined(part * 50_000, DEFINED))) < 2
