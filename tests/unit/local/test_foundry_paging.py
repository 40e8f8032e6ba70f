"""Pages of `training_jobs`: limits, orders, cursors in either direction."""

from typing import Any

import pytest

from tests.local.foundry import paging
from tests.local.foundry.refusals import RefusedError


def page(query: dict[str, str], *items: str) -> dict[str, Any]:
    return paging.page(query, items or "abcde", key=str, show=lambda item: {"id": item})


def ids(query: dict[str, str]) -> str:
    return "".join(item["id"] for item in page(query)["data"])


def test_a_page_says_where_it_begins_and_ends() -> None:
    assert page({"limit": "2"}) == {
        "data": [{"id": "e"}, {"id": "d"}],
        "first_id": "e",
        "last_id": "d",
        "has_more": True,
    }


def test_an_empty_page_begins_nowhere() -> None:
    assert paging.page({}, [], key=str, show=lambda _: {}) == {
        "data": [],
        "first_id": None,
        "last_id": None,
        "has_more": False,
    }


def test_a_page_has_twenty_things_unless_told_otherwise() -> None:
    found = page({}, *(str(number) for number in range(21)))

    assert len(found["data"]) == 20
    assert found["has_more"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, "edcba"),
        ({"order": "desc"}, "edcba"),
        ({"order": "asc"}, "abcde"),
        ({"after": "d", "limit": "2"}, "cb"),
        ({"after": "d", "order": "asc"}, "e"),
        ({"before": "b", "limit": "2"}, "dc"),
        ({"before": "d", "limit": "2", "order": "asc"}, "bc"),
        ({"after": "a", "before": "e", "limit": "2", "order": "asc"}, "bc"),
        ({"after": "a"}, ""),
        ({"before": "e"}, ""),
        ({"after": "b", "before": "d"}, ""),
    ],
)
def test_a_cursor_leads_in_the_order_of_the_list(query: dict[str, str], expected: str) -> None:
    assert ids(query) == expected


@pytest.mark.parametrize(
    ("query", "more"),
    [
        ({"limit": "5"}, False),
        ({"limit": "4"}, True),
        ({"after": "d", "limit": "3"}, False),
        ({"before": "c", "limit": "2"}, False),
        ({"before": "c", "limit": "1"}, True),
    ],
)
def test_a_page_says_whether_there_is_more_that_way(query: dict[str, str], *, more: bool) -> None:
    assert page(query)["has_more"] is more


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "0"},
        {"limit": "101"},
        {"limit": "ten"},
        {"limit": "-1"},
        {"limit": ""},
        {"order": "up"},
        {"after": "z"},
        {"before": "z"},
    ],
)
def test_a_page_that_cannot_be_is_refused(query: dict[str, str]) -> None:
    with pytest.raises(RefusedError, match=next(iter(query))):
        page(query)
