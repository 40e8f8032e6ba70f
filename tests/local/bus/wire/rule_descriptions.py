"""Rules as `$management` says them.

https://learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-request-response
"""

from proton import Described, ulong

from tests.local.bus.errors import BadArgumentError, NotSimulatedError
from tests.local.bus.filters.correlation import CorrelationFilter
from tests.local.bus.filters.sql import SqlFilter
from tests.local.bus.rules import EVERYTHING, Filter, Rule
from tests.local.bus.wire.values import Amqp

RULE = 0x137_0000_0004
NO_ACTION = 0x137_0000_0005
SQL = 0x13_7000_0006
TRUE = 0x13_7000_0007
CORRELATION = 0x13_7000_0009
SQL_VERSION = 20

CORRELATIONS = {
    "correlation-id": "correlationid",
    "message-id": "messageid",
    "to": "to",
    "reply-to": "replyto",
    "label": "label",
    "session-id": "sessionid",
    "reply-to-session-id": "replytosessionid",
    "content-type": "contenttype",
}
"""What the wire and a filter call the same property, in the order of the description."""


def described(rule: Rule) -> Described:
    """Say a rule."""
    action = Described(ulong(NO_ACTION), [])
    return Described(ulong(RULE), [_described_filter(rule.filter), action, rule.name])


def rule(name: str, description: Amqp) -> Rule:
    """Read a rule; BadArgumentError when it makes no sense."""
    if not isinstance(description, dict):
        raise BadArgumentError("rule-description: a map is expected")
    if description.get("sql-rule-action"):
        raise NotSimulatedError("Actions of rules are not simulated.")
    if "sql-filter" in description:
        return Rule(name, _sql(description["sql-filter"]))
    if "correlation-filter" in description:
        return Rule(name, _correlation(description["correlation-filter"]))
    raise BadArgumentError("rule-description: neither a sql-filter nor a correlation-filter")


def _sql(spec: Amqp) -> SqlFilter:
    expression = spec.get("expression") if isinstance(spec, dict) else None
    if not isinstance(expression, str):
        raise BadArgumentError("sql-filter: an expression is expected")
    try:
        return SqlFilter(expression)
    except ValueError as exc:
        raise BadArgumentError(f"sql-filter: {exc}") from exc


def _correlation(spec: Amqp) -> CorrelationFilter:
    if not isinstance(spec, dict):
        raise BadArgumentError("correlation-filter: a map is expected")
    system = {
        name: str(spec[wire]) for wire, name in CORRELATIONS.items() if spec.get(wire) is not None
    }
    properties = {
        str(name).lower(): value for name, value in (spec.get("properties") or {}).items()
    }
    return CorrelationFilter(system, properties)


def _described_filter(rule_filter: Filter) -> Described:
    if isinstance(rule_filter, CorrelationFilter):
        fields: list[Amqp] = [rule_filter.system.get(name) for name in CORRELATIONS.values()]
        fields.append(dict(rule_filter.properties))
        return Described(ulong(CORRELATION), fields)
    if rule_filter == EVERYTHING:
        return Described(ulong(TRUE), [])
    return Described(ulong(SQL), [rule_filter.expression, SQL_VERSION])
