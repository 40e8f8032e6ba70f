"""What to do about the errors that users of Azure ML meet most.

The service publishes no list of its codes and gives one fault under several, so the words of an
error are matched loosely, in this order. An error that fits nothing has no hint.
"""

import re
from collections.abc import Iterable

NAME_TAKEN = (
    "A job of this name exists with another definition. Names are made of APP_NAME and the request "
    "id: give each app that uses this workspace an APP_NAME of its own."
)
VERSION = "Set ARM_API_VERSION to a version that workspaces/jobs has, like 2024-10-01."
ADDRESS = (
    "The workspace is not there: compare subscriptionId, resourceGroup and workspace of the target "
    "in TARGETS, and see whether it was deleted or moved."
)
PROVIDER = "Register the provider Microsoft.MachineLearningServices in the subscription."
DISABLED = "The subscription is disabled; its owner can enable it again."
POLICY = "An Azure Policy of the subscription forbids this; the message names it."
QUOTA = (
    "Ask for more cores of this size, or name a compute that has room: "
    "learn.microsoft.com/azure/machine-learning/how-to-manage-quotas"
)
COMPUTE = "Name a compute of the workspace in attributes.compute, or repair the template."
ENVIRONMENT = (
    "Name an environment of the workspace as name:version in attributes.environment, "
    "or repair the template."
)
ASSET = "Something that the job reads is not there: look at its inputs, and at the template's code."
UNREACHABLE = "The app cannot reach the service: look at its network, DNS and proxy."
UNACCEPTED = "The app's token is not accepted: its identity must be of the subscription's tenant."

HINTS = tuple(
    (re.compile(pattern, re.IGNORECASE | re.DOTALL), text)
    for pattern, text in (
        (r"JobPropertyImmutable|\bImmutable\b|\bjob\b.{0,80}already exists", NAME_TAKEN),
        (r"api-?version", VERSION),
        (
            r"SubscriptionNotFound|InvalidSubscriptionId|ResourceGroupNotFound|InvalidResourceGroup"
            r"|ResourceNotFound|WorkspaceNotFound",
            ADDRESS,
        ),
        (r"SubscriptionRegistration|SubscriptionNotRegistered|NoRegisteredProvider", PROVIDER),
        (r"DisabledSubscription", DISABLED),
        (r"DisallowedByPolicy", POLICY),
        (
            r"quota|(core|capacity|vm|node).{0,40}(limit|exceed)|insufficient.{0,40}capacity",
            QUOTA,
        ),
        (r"ComputeNotFound|compute.{0,120}not (be )?(found|exist)|no compute", COMPUTE),
        (
            r"EnvironmentNotFound|environment.{0,120}not (be )?(found|exist)|no environment",
            ENVIRONMENT,
        ),
        (r"(Code|Data|Model|Asset|Datastore)NotFound|InvalidUri", ASSET),
    )
)


def hint(words: Iterable[str]) -> str | None:
    """What to do about an error of these words; None when there is nothing to say."""
    said = "\n".join(words)
    return next((text for pattern, text in HINTS if pattern.search(said)), None)


def permission(method: str) -> str:
    """What the identity of the app lacks when it is not let in."""
    action = {"GET": "read", "PUT": "write"}.get(method, "cancel/action")
    return (
        f"Grant the app's identity Microsoft.MachineLearningServices/workspaces/jobs/{action} on "
        "the workspace, as the role AzureML Data Scientist does. A grant may take minutes to count."
    )
