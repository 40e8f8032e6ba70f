"""Correlation filters and sets of rules."""

import pytest

from tests.local.bus.errors import EntityExistsError, EntityNotFoundError
from tests.local.bus.filters.correlation import CorrelationFilter
from tests.local.bus.filters.sql import SqlFilter
from tests.local.bus.messages import Content
from tests.local.bus.rules import Rule, RuleSet

MESSAGE = Content(
    encoded=b"",
    system={"correlationid": "c-1", "label": "Red"},
    properties={"colour": "red", "size": 5, "final": True, "empty": None},
)


@pytest.mark.parametrize(
    ("system", "properties", "selected"),
    [
        ({"correlationid": "c-1"}, {}, True),
        ({"correlationid": "c-1", "label": "Red"}, {"colour": "red", "size": 5}, True),
        ({}, {"final": True}, True),
        ({"label": "red"}, {}, False),
        ({"to": "x"}, {}, False),
        ({"correlationid": "c-1"}, {"colour": "blue"}, False),
        ({}, {"final": 1}, False),
        ({}, {"size": "5"}, False),
        ({}, {"missing": None}, False),
        ({}, {"empty": None}, True),
    ],
)
def test_a_correlation_filter_selects_what_is_equal_in_everything_it_names(
    *, system: dict[str, str], properties: dict[str, object], selected: bool
) -> None:
    assert CorrelationFilter(system, properties).matches(MESSAGE) is selected


def test_a_subscription_without_rules_takes_everything() -> None:
    assert RuleSet([]).select(MESSAGE)


def test_a_subscription_takes_what_one_of_its_rules_selects() -> None:
    rules = RuleSet([Rule("no", SqlFilter("1=0")), Rule("yes", SqlFilter("size = 5"))])

    assert rules.select(MESSAGE)


def test_a_subscription_takes_nothing_without_a_rule_that_selects_it() -> None:
    rules = RuleSet([Rule("no", SqlFilter("1=0"))])

    assert not rules.select(MESSAGE)


def test_removing_the_last_rule_leaves_a_subscription_that_takes_nothing() -> None:
    rules = RuleSet([])

    rules.remove("$DEFAULT")

    assert not rules.select(MESSAGE)


def test_rules_are_listed_in_the_order_in_which_they_came() -> None:
    rules = RuleSet([])

    rules.add(Rule("another", SqlFilter("1=0")))

    assert [rule.name for rule in rules.all()] == ["$Default", "another"]


def test_a_rule_is_added_once() -> None:
    rules = RuleSet([])

    with pytest.raises(EntityExistsError):
        rules.add(Rule("$default", SqlFilter("1=0")))


def test_an_unknown_rule_cannot_be_removed() -> None:
    with pytest.raises(EntityNotFoundError):
        RuleSet([]).remove("nothing")
