"""Attack the record: `python -m tests.record`. Exit status 1 when a promise breaks."""

import argparse
import itertools
import logging
import sys
from collections import Counter
from collections.abc import Iterator

from tests.record.attacks import Found, deaths, pairs, storms
from tests.record.stories import STORIES

PUT_MODES = ("noop", "refuse", "update", "restart")


def attacks(*, rounds: int, stride: int, double: bool) -> Iterator[tuple[str, Iterator[Found]]]:
    """All attacks, the quick ones first."""
    for mode in PUT_MODES[1::2]:
        yield f"deaths, {mode}", deaths(double=False, put_mode=mode)
    for mode, dedup in itertools.product(PUT_MODES, (False, True)):
        yield (
            f"storms, {mode}, duplicate detection {dedup}",
            storms(put_mode=mode, dedup=dedup, rounds=rounds, seed="s"),
        )
    for mode in PUT_MODES[1::2]:
        yield f"pairs, {mode}", pairs(put_mode=mode, stride=stride)
    if double:
        yield "two deaths, refuse", deaths(double=True, put_mode="refuse")


def main() -> int:
    """Run them all; stop at the first broken promise."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=1000, help="storms of each kind")
    parser.add_argument("--stride", type=int, default=2, help="every how many-th place of a pair")
    parser.add_argument(
        "--no-double", action="store_true", help="leave out two deaths in one story"
    )
    parser.add_argument("--pairs-of", choices=STORIES, help="only the pairs of this story")
    given = parser.parse_args()
    logging.disable(logging.CRITICAL)
    everything = attacks(rounds=given.rounds, stride=given.stride, double=not given.no_double)
    for name, found in _pairs_of(given.pairs_of, given.stride) if given.pairs_of else everything:
        count = 0
        for story, broken in found:
            count += 1
            if broken:
                print(f"{name}: {_words(broken)}\n  in {story}")
                return 1
        print(f"{name}: {count} scenarios, every promise held", flush=True)
    return 0


def _pairs_of(story: str, stride: int) -> Iterator[tuple[str, Iterator[Found]]]:
    yield f"pairs of {story}", pairs(put_mode="refuse", stride=stride, story=story)


def _words(broken: Counter[str]) -> str:
    return ", ".join(f"{name} ({count})" for name, count in broken.most_common())


if __name__ == "__main__":
    sys.exit(main())
