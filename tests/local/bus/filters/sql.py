"""SQL filters as a rule holds them: the text, and the condition read from it."""

from dataclasses import dataclass, field

from tests.local.bus.filters import parser
from tests.local.bus.filters.conditions import Condition
from tests.local.bus.filters.errors import FilterError
from tests.local.bus.messages import Content


@dataclass(frozen=True)
class SqlFilter:
    """A SQL filter; FilterSyntaxError when it cannot be understood."""

    expression: str
    _condition: Condition = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Read the text."""
        object.__setattr__(self, "_condition", parser.condition(self.expression))

    def matches(self, content: Content) -> bool:
        """Tell whether it is true for a message; not so when that is unknown or makes no sense."""
        try:
            return self._condition.holds(content) is True
        except FilterError:
            return False
