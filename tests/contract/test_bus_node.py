"""A Service Bus namespace as @azure/service-bus, a client of its own in Node, sees it."""

import json
import shutil
import subprocess
from typing import Any

import pytest

from tests.contract.bus_namespace import Namespace
from tests.local.process import ROOT

STORIES = ROOT / "tests" / "contract" / "node" / "stories.mjs"
PACKAGE = ROOT / "node_modules" / "@azure" / "service-bus"

OUTCOMES: dict[str, Any] = {
    "aMessageArrivesAsItWasSent": {
        "body": {"answer": 42},
        "messageId": "node-1",
        "subject": "s",
        "properties": {"text": "t", "flag": True, "number": 7, "half": 0.5, "when": 0},
        "deliveryCount": 0,
        "left": 0,
    },
    "anAbandonedMessageIsChanged": {
        "deliveryCount": 1,
        "properties": {"kept": "yes", "seen": "once"},
    },
    "aDeadLetterSaysWhy": {"body": "bad", "reason": "Why", "description": "Because"},
    "aDeferredMessageIsReceivedByItsNumber": {
        "body": "later",
        "state": "deferred",
        "renewed": True,
    },
    "aBatchArrivesInItsOrder": {"bodies": list(range(20))},
    "aScheduledMessageIsCancelled": {"peeked": [["kept", "scheduled"]], "order": True},
    "aSessionIsOrderedAndExclusive": {
        "sessionId": "s1",
        "bodies": [1, 2, 3],
        "taken": "SessionCannotBeLocked",
        "state": {"step": 1},
        "renewed": True,
        "again": "s1",
    },
    "rulesAreAddedAndRemoved": {
        "bodies": ["big", "red"],
        "names": ["big", "red"],
        "filters": [
            {"sqlExpression": "size > 10"},
            {"subject": "red", "applicationProperties": {"colour": "red"}},
        ],
        "bad": "GeneralError",
    },
    "nothingIsFoundWhereNothingIs": {
        "sender": "MessagingEntityNotFound",
        "receiver": "MessagingEntityNotFound",
        "peek": "MessagingEntityNotFound",
    },
    "aMessageThatIsTooLargeIsRefused": {"error": "MessageSizeExceeded"},
    "aLockThatEndedIsLost": {"error": "MessageLockLost"},
}


@pytest.fixture(scope="module")
def played(bus: Namespace) -> dict[str, Any]:
    """Let Node play all stories at the same time."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed, so the second client cannot be tried")
    if not PACKAGE.is_dir():
        pytest.skip("@azure/service-bus is not installed (npm ci), so it cannot be tried")
    topic = bus.topic()
    queues = ("queue", "abandoned", "dead", "deferred", "batch", "scheduled", "large")
    entities = {
        **{use: bus.queue() for use in queues},
        "sessions": bus.queue(requiresSession=True),
        "brief": bus.queue(lockDuration=bus.shortest_lock),
        "topic": topic,
        "subscription": bus.subscription(topic),
    }
    command = [node, str(STORIES), bus.connection, json.dumps(entities)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    results: dict[str, Any] = json.loads(done.stdout)
    return results


@pytest.mark.parametrize("story", OUTCOMES)
def test_in_a_story(played: dict[str, Any], story: str) -> None:
    assert played[story] == OUTCOMES[story]
