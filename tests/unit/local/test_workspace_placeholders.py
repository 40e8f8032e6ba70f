"""What `${{…}}` becomes in a command."""

from tests.local.workspace.placeholders import fill, unknown


def test_a_placeholder_becomes_its_value() -> None:
    command = "train --lr ${{inputs.lr}} --to ${{ outputs.model }}"

    filled = fill(command, {"inputs.lr": "0.1", "outputs.model": "/m"})

    assert filled == "train --lr 0.1 --to /m"


def test_shell_variables_stay_as_they_are() -> None:
    command = "echo $HOME ${HOME} $(pwd)"

    assert fill(command, {}) == command


def test_an_optional_block_stays_when_its_value_is_there() -> None:
    command = "train $[[--lr ${{inputs.lr}}]]"

    assert fill(command, {"inputs.lr": "0.1"}) == "train --lr 0.1"


def test_an_optional_block_goes_when_its_value_is_missing() -> None:
    command = "train $[[--lr ${{inputs.lr}}]] --go"

    assert fill(command, {}) == "train  --go"


def test_a_placeholder_without_a_value_is_named() -> None:
    command = "train ${{inputs.lr}} ${{inputs.data}}"

    assert unknown(command, {"inputs.data"}) == ["inputs.lr"]


def test_a_placeholder_in_an_optional_block_may_be_without_a_value() -> None:
    command = "train $[[--lr ${{inputs.lr}}]]"

    assert unknown(command, set()) == []
