"""Topologies: what is read, and what is said about what cannot be."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.local.bus import topology
from tests.local.bus.broker import Broker
from tests.local.bus.building import build, ensure
from tests.local.bus.errors import EntityExistsError, EntityNotFoundError
from tests.local.bus.filters.correlation import CorrelationFilter
from tests.local.bus.filters.sql import SqlFilter
from tests.local.bus.options import QueueOptions, SubscriptionOptions, TopicOptions
from tests.local.bus.rules import Rule
from tests.local.process import ROOT

OURS = ROOT / "tests" / "local" / "topology.json"


def with_rule(**rule: Any) -> dict[str, Any]:
    return {"topics": {"t": {"subscriptions": {"s": {"rules": {"r": rule}}}}}}


def with_sql(**sql_filter: Any) -> dict[str, Any]:
    return with_rule(filterType="SqlFilter", sqlFilter=sql_filter)


def test_the_topology_of_the_app_is_read() -> None:
    found = topology.load(OURS)

    ten_minutes, two_weeks = timedelta(minutes=10), timedelta(days=14)
    assert found.queues == {
        "jobs": QueueOptions(
            lock_duration=timedelta(minutes=5),
            max_delivery_count=10,
            default_message_time_to_live=two_weeks,
        ),
        "rejects": QueueOptions(
            requires_duplicate_detection=True,
            duplicate_detection_history_time_window=ten_minutes,
            default_message_time_to_live=two_weeks,
        ),
    }
    assert found.topics == {
        "events": topology.Topic(
            TopicOptions(
                requires_duplicate_detection=True,
                duplicate_detection_history_time_window=ten_minutes,
                default_message_time_to_live=two_weeks,
            ),
            {
                "all": SubscriptionOptions(),
                "final": SubscriptionOptions(rules=(Rule("$Default", SqlFilter("final = TRUE")),)),
                "ordered": SubscriptionOptions(requires_session=True),
            },
        )
    }


def test_everything_in_a_topology_is_made() -> None:
    broker = Broker()

    build(broker, topology.load(OURS))

    assert [entity.path for entity in broker.entities()] == [
        "jobs",
        "rejects",
        "events",
        "events/Subscriptions/all",
        "events/Subscriptions/final",
        "events/Subscriptions/ordered",
    ]


@pytest.mark.parametrize(
    ("spec", "read"),
    [
        (
            {"correlationId": "c", "properties": {"Colour": "red"}},
            CorrelationFilter({"correlationid": "c"}, {"colour": "red"}),
        ),
        ({"to": "x"}, CorrelationFilter({"to": "x"})),
        ({"properties": {"a": 1}}, CorrelationFilter({}, {"a": 1})),
    ],
)
def test_a_correlation_filter_is_read(spec: Any, read: CorrelationFilter) -> None:
    rule = with_rule(filterType="CorrelationFilter", correlationFilter=spec)

    found = topology.read(rule).topics["t"].subscriptions["s"].rules

    assert found == (Rule("r", read),)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("PT5M", timedelta(minutes=5)),
        ("P14D", timedelta(days=14)),
        ("P1DT2H3M4.5S", timedelta(days=1, hours=2, minutes=3, seconds=4.5)),
        ("P10675199DT2H48M5.4775807S", timedelta(10675199, 10085, 477581)),
    ],
)
def test_durations_are_read_as_arm_writes_them(text: str, length: timedelta) -> None:
    found = topology.read({"queues": {"q": {"defaultMessageTimeToLive": text}}})

    assert found.queues["q"].default_message_time_to_live == length


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ([], "topology: an object is expected, not []"),
        ({"queue": {}}, "topology.queue: no such property here; there are queues, topics"),
        ({"queues": []}, "queues: an object is expected, not []"),
        ({"queues": {"q": None}}, "queues.q: an object is expected, not null"),
        ({"queues": {"": {}}}, "queues: '' is not a name for a queue"),
        ({"queues": {"a b": {}}}, "queues: 'a b' is not a name for a queue"),
        ({"queues": {"a": {}, "A": {}}}, "queues: two names differ in case only"),
        ({"queues": {"q": {"rules": {}}}}, "queues.q.rules: no such property here"),
        ({"queues": {"q": {"forwardTo": "x"}}}, "queues.q.forwardTo: no such property here"),
        ({"queues": {"q": {"lockDuration": 5}}}, "queues.q.lockDuration: a text is expected"),
        ({"queues": {"q": {"lockDuration": "5M"}}}, "'5M' is not an ISO 8601 duration"),
        ({"queues": {"q": {"lockDuration": "P"}}}, "'P' is not an ISO 8601 duration"),
        ({"queues": {"q": {"lockDuration": "PT"}}}, "'PT' is not an ISO 8601 duration"),
        ({"queues": {"q": {"lockDuration": "PT6M"}}}, "PT6M is not more than nothing and at most"),
        ({"queues": {"q": {"lockDuration": "PT0S"}}}, "PT0S is not more than nothing and at most"),
        (
            {"queues": {"q": {"duplicateDetectionHistoryTimeWindow": "P8D"}}},
            "queues.q.duplicateDetectionHistoryTimeWindow: P8D",
        ),
        ({"queues": {"q": {"maxDeliveryCount": 0}}}, "a whole number from 1 to 2000 is expected"),
        ({"queues": {"q": {"maxDeliveryCount": True}}}, "a whole number from 1 to 2000"),
        ({"queues": {"q": {"requiresSession": "yes"}}}, "true or false is expected, not "),
        ({"topics": {"t": {"lockDuration": "PT1M"}}}, "topics.t.lockDuration: no such property"),
        (
            {"topics": {"t": {"subscriptions": {"a/b": {}}}}},
            "topics.t.subscriptions: 'a/b' is not a name for a subscription",
        ),
        (
            with_sql(sqlExpression="final ="),
            "topics.t.subscriptions.s.rules.r.sqlFilter.sqlExpression: character 8: a value",
        ),
        (with_sql(), "rules.r.sqlFilter.sqlExpression: a text is expected, not null"),
        (with_sql(sqlExpression="1=1", parameters={}), "rules.r.sqlFilter.parameters: no such"),
        (with_rule(filterType="MagicFilter"), "rules.r.filterType: 'MagicFilter' is neither"),
        (with_rule(action={}), "rules.r.action: no such property here"),
        (
            with_rule(filterType="CorrelationFilter", correlationFilter={}),
            "rules.r.correlationFilter: a correlation filter names at least one property",
        ),
        (
            with_rule(filterType="CorrelationFilter", correlationFilter={"colour": "red"}),
            "rules.r.correlationFilter.colour: no such property here",
        ),
    ],
)
def test_a_topology_with_an_error_says_where_it_is(spec: Any, said: str) -> None:
    with pytest.raises(topology.TopologyError) as caught:
        topology.read(spec)

    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "Expecting property name"),
        ('{"queues": {"a": {}, "a": {}}}', "a name stands twice in one object: a"),
        ('{"queues": 1}', "queues: an object is expected, not 1"),
    ],
)
def test_a_file_with_an_error_is_named(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "topology.json"
    path.write_text(text)

    with pytest.raises(topology.TopologyError) as caught:
        topology.load(path)

    assert str(caught.value).startswith(f"{path}: ")
    assert said in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(topology.TopologyError, match="no-such-file"):
        topology.load(tmp_path / "no-such-file")


@pytest.mark.parametrize(
    "spec",
    [
        {"kind": "queue", "name": "q", "lockDuration": "PT1S"},
        {"kind": "topic", "name": "other", "requiresDuplicateDetection": True},
        {"kind": "subscription", "name": "s", "topic": "t", "requiresSession": True},
        {
            **with_sql(sqlExpression="a = 1")["topics"]["t"]["subscriptions"]["s"],
            "kind": "subscription",
            "name": "s",
            "topic": "t",
        },
    ],
)
def test_an_entity_is_made_once_and_then_found(spec: dict[str, Any]) -> None:
    broker = Broker()
    broker.make_topic("t", TopicOptions())

    assert [ensure(broker, spec), ensure(broker, spec)] == [True, False]


@pytest.mark.parametrize(
    ("spec", "error", "said"),
    [
        ({"kind": "stream", "name": "x"}, topology.TopologyError, "kind: 'stream' is none of"),
        ({"kind": "queue"}, topology.TopologyError, "name: None is not a name for a queue"),
        ({"kind": "queue", "name": "x", "y": 1}, topology.TopologyError, "queue.y: no such"),
        ({"kind": "queue", "name": "x", "topic": "t"}, topology.TopologyError, "queue.topic"),
        ({"kind": "subscription", "name": "x"}, topology.TopologyError, "topic: None is not"),
        ({"kind": "queue", "name": "T"}, EntityExistsError, "with other properties"),
        (
            {"kind": "subscription", "name": "x", "topic": "no"},
            EntityNotFoundError,
            "'no' could not be found",
        ),
    ],
)
def test_an_entity_that_cannot_be_made_is_explained(
    spec: dict[str, Any], error: type[Exception], said: str
) -> None:
    broker = Broker()
    broker.make_topic("t", TopicOptions())

    with pytest.raises(error, match=said):
        ensure(broker, spec)
