"""The line of JSON that says where everything in the twin is, and the app settings in it."""

import json
from collections.abc import Mapping
from typing import Any

from shared.messages import Override
from tests.local.foundry.ids import Place
from tests.local.stack import TABLE, Stack
from tests.local.workspace.refusals import REGION

QUEUE, REJECTS, TOPIC, SUBSCRIPTION = "jobs", "rejects", "events", "all"
EVERYTHING = [override.value for override in Override]
IN_THE_ID = {"subscriptionId": "subscriptions", "resourceGroup": "resourceGroups"}


def endpoints(stack: Stack) -> dict[str, Any]:
    """Say where the services are, and with which settings an app finds them."""
    targets = {
        **_workspaces(str(stack.services["workspace"].info["workspace"])),
        **_projects(str(stack.services["foundry"].info["foundry"])),
    }
    return {
        "serviceBus": stack.services["bus"].info["connection"],
        "queue": QUEUE,
        "rejects": REJECTS,
        "topic": TOPIC,
        "subscription": SUBSCRIPTION,
        "tables": stack.tables,
        "workspace": stack.services["workspace"].info["workspace"],
        "foundry": stack.services["foundry"].info["foundry"],
        "targets": [{"alias": alias, **target} for alias, target in targets.items()],
        "settings": _settings(stack, targets),
    }


def _settings(stack: Stack, targets: Mapping[str, object]) -> dict[str, str]:
    token = stack.services["token"].info
    return {
        "APP_NAME": "twin",
        "ServiceBus": stack.services["bus"].info["connection"],
        "REQUEST_QUEUE": QUEUE,
        "REJECT_QUEUE": REJECTS,
        "EVENT_TOPIC": TOPIC,
        "Tables": stack.tables,
        "TABLE_NAME": TABLE,
        "POLL_SCHEDULE": "*/2 * * * * *",
        "FORGET_SCHEDULE": "0 30 3 * * *",
        "TARGETS": json.dumps(targets),
        "ARM_ENDPOINT": stack.services["workspace"].info["url"],
        "HISTORY_ENDPOINT": stack.services["workspace"].info["url"],
        "IDENTITY_ENDPOINT": token["endpoint"],
        "IDENTITY_HEADER": token["header"],
    }


def _workspaces(workspace: str) -> dict[str, dict[str, Any]]:
    """Give two targets in one workspace: one that allows everything, one with the safe default."""
    parts = workspace.split("/")
    place = {name: parts[parts.index(segment) + 1] for name, segment in IN_THE_ID.items()}
    target = {"kind": "workspace", **place, "workspace": parts[-1], "location": REGION}
    return {"demo": {**target, "allow": EVERYTHING, "default": True}, "strict": target}


def _projects(foundry: str) -> dict[str, dict[str, Any]]:
    """Give two targets in one project: one by each of its contracts."""
    target = {
        "kind": "project",
        "endpoint": foundry,
        "computePrefix": Place().account_id,
        "allow": EVERYTHING,
    }
    return {
        "project": {**target, "profile": "training_jobs"},
        "project-jobs": {**target, "profile": "jobs"},
    }
