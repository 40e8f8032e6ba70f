"""Entities made in a broker: those of a topology, and single ones while it runs."""

from collections.abc import Mapping
from typing import Any

from tests.local.bus.broker import SUBSCRIPTIONS, Broker
from tests.local.bus.errors import EntityExistsError, EntityNotFoundError
from tests.local.bus.options import QueueOptions, SubscriptionOptions, TopicOptions
from tests.local.bus.topology import Topology, TopologyError, checked_name, options

KINDS = ("queue", "topic", "subscription")


def build(broker: Broker, topology: Topology) -> None:
    """Make everything that a topology says."""
    for name, queue in topology.queues.items():
        broker.make_queue(name, queue)
    for name, topic in topology.topics.items():
        broker.make_topic(name, topic.options)
        for subscription, given in topic.subscriptions.items():
            broker.make_subscription(name, subscription, given)


def ensure(broker: Broker, spec: Mapping[str, Any]) -> bool:
    """Make one entity and tell whether it is new; what is there must have the same properties.

    TopologyError for a description that is no good, EntityNotFoundError for a missing topic.
    """
    kind = spec.get("kind")
    if kind not in KINDS:
        raise TopologyError(f"kind: {kind!r} is none of {', '.join(KINDS)}")
    name = checked_name(spec.get("name"), kind, "name")
    head = {"kind", "name", "topic"} if kind == "subscription" else {"kind", "name"}
    properties = {key: value for key, value in spec.items() if key not in head}
    if kind == "queue":
        return _queue(broker, name, options(QueueOptions, properties, kind))
    if kind == "topic":
        return _topic(broker, name, options(TopicOptions, properties, kind))
    topic = checked_name(spec.get("topic"), "topic", "topic")
    return _subscription(broker, topic, name, options(SubscriptionOptions, properties, kind))


def _queue(broker: Broker, name: str, wanted: QueueOptions) -> bool:
    if _is_there(broker, name, wanted):
        return False
    broker.make_queue(name, wanted)
    return True


def _topic(broker: Broker, name: str, wanted: TopicOptions) -> bool:
    if _is_there(broker, name, wanted):
        return False
    broker.make_topic(name, wanted)
    return True


def _subscription(broker: Broker, topic: str, name: str, wanted: SubscriptionOptions) -> bool:
    if _is_there(broker, f"{topic}{SUBSCRIPTIONS}{name}", wanted):
        return False
    broker.make_subscription(topic, name, wanted)
    return True


def _is_there(broker: Broker, path: str, wanted: object) -> bool:
    try:
        entity = broker.find(path)
    except EntityNotFoundError:
        return False
    if entity.options != wanted:
        raise EntityExistsError(
            f"The messaging entity '{path}' exists already, with other properties."
        )
    return True
