"""The namespace in Azure is that of the twin."""

import json

from tests.infra.bicep import Declaration, Object, Raw, read
from tests.infra.files import APP, ROOT, as_object, declared

# What the twin does not keep: sizes, and time to live that ends in the dead-letter queue.
BEYOND_THE_TWIN = {"deadLetteringOnMessageExpiration", "maxSizeInMegabytes"}


def as_the_twin_says(resource: Declaration) -> tuple[str, Object]:
    """The name of a queue, topic or subscription, and what the twin would keep of it."""
    body = as_object(resource.value)
    kept = as_object(body.get("properties", {}))
    return str(body["name"]), {k: v for k, v in kept.items() if k not in BEYOND_THE_TWIN}


def rule(resource: Declaration) -> Object:
    children: Object = dict(map(as_the_twin_says, resource.children))
    return {"rules": children} if children else {}


def topology() -> Object:
    """What is deployed, in the form of the twin."""
    queues = [each for each in read(APP / "bus.bicep") if "/queues@" in each.head]
    topic = declared("events.bicep", "events")
    name, fields = as_the_twin_says(topic)
    subscriptions: Object = {
        key: {**value, **rule(each)}
        for each in topic.children
        for key, value in [as_the_twin_says(each)]
    }
    made: Object = dict(map(as_the_twin_says, queues))
    return {
        "queues": made,
        "topics": {name: {**fields, "subscriptions": subscriptions}},
    }


def test_queues_topic_and_subscriptions_are_those_of_the_twin() -> None:
    twin = json.loads((ROOT / "tests" / "local" / "topology.json").read_text("utf-8"))

    assert topology() == twin


def test_a_request_that_nobody_took_is_not_lost() -> None:
    requests = as_object(as_object(declared("bus.bicep", "requests").value)["properties"])

    assert requests["deadLetteringOnMessageExpiration"] is True


def test_the_ordered_subscription_is_made_on_demand() -> None:
    made = {each.name: each.is_conditional for each in declared("events.bicep", "events").children}

    assert made == {"all": False, "final": False, "ordered": True}


def test_only_premium_is_private() -> None:
    assert declared("bus.bicep", "sku").value == Raw(
        "isPrivate ? 'Premium' : bus.?sku ?? 'Standard'"
    )
