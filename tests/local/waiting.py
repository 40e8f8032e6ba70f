"""Waiting for something to become true, but not for ever."""

import time
from collections.abc import Callable
from typing import TypeVar

LOOK_EVERY = 0.05  # seconds
Found = TypeVar("Found")


def until(find: Callable[[], Found | None], what: str, *, within: float = 30.0) -> Found:
    """Look until something is found, and give it; AssertionError when it takes too long."""
    deadline = time.monotonic() + within
    while not (found := find()):
        assert time.monotonic() < deadline, f"waited {within} s for {what}"
        time.sleep(LOOK_EVERY)
    return found
