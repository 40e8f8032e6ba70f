"""The rules of a subscription: it takes a message for which one of them is true."""

from collections.abc import Iterable
from dataclasses import dataclass

from tests.local.bus.errors import EntityExistsError, EntityNotFoundError
from tests.local.bus.filters.correlation import CorrelationFilter
from tests.local.bus.filters.sql import SqlFilter
from tests.local.bus.messages import Content

DEFAULT_RULE = "$Default"
EVERYTHING = SqlFilter("1=1")

Filter = SqlFilter | CorrelationFilter


@dataclass(frozen=True)
class Rule:
    """A filter with a name. Actions are not simulated."""

    name: str
    filter: Filter


class RuleSet:
    """Rules by name; a subscription that was made without any has one that takes everything."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        given = tuple(rules) or (Rule(DEFAULT_RULE, EVERYTHING),)
        self._rules = {rule.name.lower(): rule for rule in given}

    def select(self, content: Content) -> bool:
        """Tell whether a message is for this subscription."""
        return any(rule.filter.matches(content) for rule in self._rules.values())

    def all(self) -> list[Rule]:
        """List the rules in the order in which they came."""
        return list(self._rules.values())

    def add(self, rule: Rule) -> None:
        """Add a rule; EntityExistsError when its name is taken."""
        if rule.name.lower() in self._rules:
            raise EntityExistsError(f"The rule '{rule.name}' exists already.")
        self._rules[rule.name.lower()] = rule

    def remove(self, name: str) -> None:
        """Remove a rule; EntityNotFoundError when there is none of that name."""
        if self._rules.pop(name.lower(), None) is None:
            raise EntityNotFoundError(name)
