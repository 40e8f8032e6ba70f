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
VERSION = (
    "Set ARM_API_VERSION to a version that workspaces/jobs has, like 2024-10-01; for a project "
    "`apiVersion` of the target in TARGETS."
)
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
COMPUTE = "Name a compute of the target in attributes.compute, or repair the template."
ENVIRONMENT = (
    "Name an environment of the workspace as name:version in attributes.environment, "
    "or repair the template."
)
ASSET = "Something that the job reads is not there: look at its inputs, and at the template's code."
UNREACHABLE = "The app cannot reach the service: look at its network, DNS and proxy."
UNREAD = "What is missing can be seen at monitorUrl."
LOG = "The log of the job says why: open monitorUrl."
LOCATION = (
    "Set `location` of the target in TARGETS to the region of the workspace, and it is told here."
)
HISTORY = (
    "Compare `location` of the target in TARGETS with the region of the workspace. Grant the app's "
    "identity Microsoft.MachineLearningServices/workspaces/experiments/runs/read on the workspace, "
    "as the role AzureML Data Scientist does, and let its network reach the host."
)
PROJECT = (
    "The project is not there: compare `endpoint` and `profile` of the target in TARGETS with the "
    "project, and see whether it was deleted."
)
ROLE_OF_PROJECT = (
    "Grant the app's identity the role Azure AI User on the project. A grant may take minutes to "
    "count. Where the service asks for a preview feature instead, set `features` of the target."
)
OF_PROJECT = "The project itself shows what is missing."
LOG_OF_TRAINING = "The log of the job says why: `training.logs` names it among the job's artifacts."
UNACCEPTED = "The app's token is not accepted: its identity must be of the subscription's tenant."

# What makes a job fail while it runs.
MEMORY = (
    "It ran out of memory: name a compute with more of it in attributes.compute, or let the script "
    "hold less at once."
)
PREEMPTED = (
    "The machine was taken away: name a compute of dedicated machines in attributes.compute, or "
    "let the script keep checkpoints, and send a request with a new id."
)
METRIC = (
    "Let the script log the metric under exactly the name in objective.primaryMetric, with "
    "mlflow.log_metric."
)
NO_TRIAL = "No trial completed: the log of a trial says why."
IMAGE = (
    "The image of the environment could not be built or fetched: its build log says why. Repair "
    "the environment, or name another one in attributes.environment."
)
ACCESS = (
    "The job may not use its data: grant the identity that it runs as (attributes.identity, else "
    "that of the compute) Storage Blob Data Reader on the account, Contributor to write."
)
TIME = "It took longer than it may: raise attributes.timeout, or the limits of the template."
SCRIPT = "The command of the job failed: its log, user_logs/std_log.txt, says why."

Table = tuple[tuple[re.Pattern[str], str], ...]


def _table(*rows: tuple[str, str]) -> Table:
    return tuple((re.compile(pattern, re.IGNORECASE | re.DOTALL), text) for pattern, text in rows)


WHEREVER = _table(
    (r"quota|(core|capacity|vm|node).{0,40}(limit|exceed)|insufficient.{0,40}capacity", QUOTA),
    (r"ComputeNotFound|compute.{0,120}not (be )?(found|exist)|no compute", COMPUTE),
    (r"EnvironmentNotFound|environment.{0,120}not (be )?(found|exist)|no environment", ENVIRONMENT),
    (r"(Code|Data|Model|Asset|Datastore)NotFound|InvalidUri", ASSET),
)
OF_REFUSALS = (
    *_table(
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
    ),
    *WHEREVER,
)
OF_FAILURES = (
    *_table(
        (
            r"PrimaryMetricNotFound|primary metric.{0,120}(\bnot\b|\bno\b|missing)"
            r"|\b(no|not)\b.{0,60}primary metric",
            METRIC,
        ),
        (
            r"\bexit.{0,30}\b137\b|\bOOM|out ?of ?memory|MemoryError"
            r"|cannot allocate memory",
            MEMORY,
        ),
        (r"preempt|\bevict(ed|ion)|(spot|low.?priority).{0,60}(reclaim|taken|lost)", PREEMPTED),
        (
            r"AllTrialsFailed|no (trial|child run)s?.{0,40}complet|all .{0,20}trials.{0,40}fail",
            NO_TRIAL,
        ),
        (
            r"ImageBuild|ImagePull|(image|docker|conda).{0,60}(build|creat|pull).{0,60}(fail|error)"
            r"|fail.{0,40}(build|creat|pull).{0,60}(image|docker|conda)",
            IMAGE,
        ),
        (
            r"StreamAccess\.(Authentication|Authorization)|StreamAccess.*PermissionDenied"
            r"|AuthorizationPermissionMismatch|AuthorizationFail|NoAuthenticationInformation"
            r"|not authorized to perform|does not have (permission|access|authorization)",
            ACCESS,
        ),
        (r"StreamAccess\.NotFound|(Blob|Container|Path|File)NotFound\b", ASSET),
        (
            r"\b(job|run|trial|sweep|step|execution)\b.{0,80}(timed out|timeout|time limit)"
            r"|exceed.{0,60}(timeout|time limit|duration)|JobTimeout|MaxRunDuration",
            TIME,
        ),
        # Before what is sought wherever: a script, too, may miss an environment variable.
        (r"\bexit(ed)?( with)? (code|status)|non-?zero|ExecutionFailed|script failed", SCRIPT),
    ),
    *WHEREVER,
)


def hint(words: Iterable[str]) -> str | None:
    """What to do about a refusal of these words; None when there is nothing to say."""
    return _found(OF_REFUSALS, words)


def hint_of_failure(words: Iterable[str]) -> str | None:
    """What to do about a job that failed with these words; None when there is nothing to say."""
    return _found(OF_FAILURES, words)


def permission(method: str) -> str:
    """What the identity of the app lacks when it is not let in."""
    action = {"GET": "read", "PUT": "write"}.get(method, "cancel/action")
    return (
        f"Grant the app's identity Microsoft.MachineLearningServices/workspaces/jobs/{action} on "
        "the workspace, as the role AzureML Data Scientist does. A grant may take minutes to count."
    )


def _found(table: Table, words: Iterable[str]) -> str | None:
    said = "\n".join(words)
    return next((text for pattern, text in table if pattern.search(said)), None)
