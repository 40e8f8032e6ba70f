"""Every promise holds, whatever dies, interleaves or fails."""

import pytest

from tests.record import attacks
from tests.record.stories import STORIES

PUT_MODES = ("noop", "refuse", "update", "restart")


@pytest.mark.parametrize("put_mode", PUT_MODES)
def test_every_promise_holds_whichever_handler_dies_wherever(put_mode: str) -> None:
    found = attacks.deaths(double=False, put_mode=put_mode)

    assert [each for each in found if each[1]] == []


@pytest.mark.parametrize("story", STORIES)
def test_every_promise_holds_however_two_handlers_interleave(story: str) -> None:
    found = attacks.pairs(put_mode="refuse", stride=4, story=story)

    assert [each for each in found if each[1]] == []


@pytest.mark.parametrize("dedup", [False, True], ids=["repeats", "duplicate-detection"])
@pytest.mark.parametrize("put_mode", PUT_MODES)
def test_every_promise_holds_in_storms(put_mode: str, *, dedup: bool) -> None:
    found = attacks.storms(put_mode=put_mode, dedup=dedup, rounds=300, seed="test")

    assert [each for each in found if each[1]] == []


def test_the_attacks_reach_every_end() -> None:
    """An attack that never comes to an end, or never to some of them, would prove nothing."""
    ends = set(attacks.ends(rounds=300, seed="ends"))

    assert ends == {"Success", "Cancelled", "Rejected", "Expired"}
