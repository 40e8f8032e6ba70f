"""Pages of `training_jobs`: a cursor in either direction, `limit` and `order`.

See https://github.com/Azure/azure-rest-api-specs, `CommonPageQueryParameters` of the project API.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from tests.local.foundry.model.schema import Json
from tests.local.foundry.refusals import bad_request

Item = TypeVar("Item")
USUAL, LONGEST = 20, 100
LARGEST = 2**63 - 1
ORDERS = {"asc", "desc"}


@dataclass(frozen=True)
class Wanted:
    """Which page is asked for."""

    limit: int
    is_descending: bool
    after: str | None
    before: str | None


def wanted(query: Mapping[str, str]) -> Wanted:
    """Read the parameters of a page; refuse what they cannot be."""
    order = query.get("order", "desc")
    if order not in ORDERS:
        raise bad_request(f"order is asc or desc, not {order!r}")
    limit = whole_number(query, "limit", at_least=1, at_most=LONGEST) or USUAL
    return Wanted(limit, order == "desc", query.get("after"), query.get("before"))


def page(
    query: Mapping[str, str],
    oldest_first: Sequence[Item],
    *,
    key: Callable[[Item], str],
    show: Callable[[Item], Json],
) -> Json:
    """Show one page of things, each known to the cursors by its key."""
    asked = wanted(query)
    items = list(reversed(oldest_first)) if asked.is_descending else list(oldest_first)
    between = _between([key(item) for item in items], asked)
    is_backwards = asked.before is not None and asked.after is None
    chosen = between[-asked.limit :] if is_backwards else between[: asked.limit]
    return listed([items[place] for place in chosen], key, show, more=len(between) > len(chosen))


def listed(
    items: Sequence[Item], key: Callable[[Item], str], show: Callable[[Item], Json], *, more: bool
) -> Json:
    """Show these things as one page."""
    return {
        "data": [show(item) for item in items],
        "first_id": key(items[0]) if items else None,
        "last_id": key(items[-1]) if items else None,
        "has_more": more,
    }


def whole_number(
    query: Mapping[str, str], name: str, *, at_least: int, at_most: int = LARGEST
) -> int | None:
    """Read a number from the query; None when it is not there, refused when it is none."""
    text = query.get(name)
    if text is None:
        return None
    if not re.fullmatch(r"-?\d{1,19}", text) or not at_least <= int(text) <= at_most:
        raise bad_request(f"{name} is a whole number from {at_least} to {at_most}, not {text!r}")
    return int(text)


def _between(keys: Sequence[str], asked: Wanted) -> range:
    first = 0 if asked.after is None else _place(keys, asked.after, "after") + 1
    last = len(keys) if asked.before is None else _place(keys, asked.before, "before")
    return range(first, last)


def _place(keys: Sequence[str], key: str, parameter: str) -> int:
    if key not in keys:
        raise bad_request(f"{parameter}: there is nothing with the id {key!r} in this list")
    return keys.index(key)
