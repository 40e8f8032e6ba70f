"""Ids of Azure Resource Manager: the workspace's own, and those of what a job names.

Messages may name a compute, an environment or an asset in short. The service wants whole ids
(azure-ai-ml 1.35, `_operation_orchestrator.py`). What is read here becomes part of one, so it is
read strictly: no name may lead to another place.
"""

import re
from dataclasses import dataclass

PROVIDER = "Microsoft.MachineLearningServices"
NAME = r"[A-Za-z0-9][A-Za-z0-9_.-]{0,254}"
GROUP = r"(?!\.+/)[A-Za-z0-9_.()-]{1,90}"
PARENT = (
    rf"/subscriptions/[0-9a-fA-F-]{{36}}/resourceGroups/{GROUP}/providers/{re.escape(PROVIDER)}"
    rf"/(?:workspaces|registries)/{NAME}"
)
PREFIX = "(?:azureml:)?+"  # possessive: the prefix never passes for a name

COMPUTE = re.compile(rf"{PREFIX}({NAME})")
COMPUTE_ID = re.compile(rf"{PREFIX}({PARENT}/computes/{NAME})", re.IGNORECASE)
VERSIONED = re.compile(rf"{PREFIX}({NAME}):({NAME})")
LABELLED = re.compile(rf"{PREFIX}{NAME}@{NAME}")
ASSET = "azureml:"
CURATED = re.compile(rf"{PREFIX}(AzureML-{NAME}(?:[:@]{NAME})?)")
ENVIRONMENT_ID = re.compile(
    rf"{PREFIX}({PARENT}/environments/{NAME}/versions/{NAME})", re.IGNORECASE
)
DATA_ID = re.compile(rf"{PREFIX}({PARENT}/(?:data|models)/{NAME}/versions/{NAME})", re.IGNORECASE)
CODE_ID = re.compile(rf"{PREFIX}({PARENT}/codes/{NAME}/versions/{NAME})", re.IGNORECASE)
COMPONENT_ID = re.compile(
    rf"{PREFIX}({PARENT}/components/{NAME}/(?:versions|labels)/{NAME})", re.IGNORECASE
)
JOB_ID = re.compile(rf"{PARENT}/jobs/{NAME}", re.IGNORECASE)
IDENTITY_ID = re.compile(
    rf"/subscriptions/[0-9a-f-]{{36}}/resourceGroups/{GROUP}"
    rf"/providers/Microsoft\.ManagedIdentity/userAssignedIdentities/{NAME}",
    re.IGNORECASE,
)
IN_REGISTRY, CODE_IN_REGISTRY, COMPONENT_IN_REGISTRY = (
    re.compile(
        rf"azureml://registries/{NAME}/{kind}/{NAME}/(?:versions|labels)/{NAME}", re.IGNORECASE
    )
    for kind in ("environments", "codes", "components")
)
ADDRESS = re.compile(r"(?:azureml|https|wasbs|abfss)://[^/\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*")
MODELS = frozenset({"custom_model", "mlflow_model", "triton_model"})

VERSION_WANTED = "a version like name:1, because a label like name@latest does not stay the same"


@dataclass(frozen=True)
class Workspace:
    """Where a workspace is."""

    subscription_id: str
    resource_group: str
    name: str

    @property
    def id(self) -> str:
        """Its id."""
        return (
            f"/subscriptions/{self.subscription_id}/resourceGroups/{self.resource_group}"
            f"/providers/{PROVIDER}/workspaces/{self.name}"
        )

    def whole(self, place: str) -> str:
        """The whole id of a place in the workspace; what is whole already stays as it is."""
        return (
            place if place.startswith(("/", "azureml:")) or "://" in place else f"{self.id}/{place}"
        )

    def studio(self, job: str) -> str:
        """The page that shows a job, as azure-ai-ml 1.35 builds it."""
        scope = f"/subscriptions/{self.subscription_id}/resourcegroups/{self.resource_group}"
        return f"https://ml.azure.com/runs/{job}?wsid={scope}/workspaces/{self.name}"


def compute(text: str) -> str:
    """The place of a compute, given by name or id; ValueError says what would be right."""
    found = COMPUTE_ID.fullmatch(text)
    if found:
        return found[1]
    named = COMPUTE.fullmatch(text)
    if not named:
        raise ValueError("the name of a compute of the workspace, or the whole id of one")
    return f"computes/{named[1]}"


def environment(text: str) -> str:
    """The place of an environment, by name and version or id; ValueError says what would be right.

    A curated one keeps its short form, with the prefix that the service expects.
    """
    curated, found = CURATED.fullmatch(text), ENVIRONMENT_ID.fullmatch(text)
    if curated:
        return f"azureml:{curated[1]}"
    if found or IN_REGISTRY.fullmatch(text):
        return found[1] if found else text
    return _versioned(
        text, "environments", "name:version, a whole id, or the id of one in a registry"
    )


def code(text: str) -> str:
    """The place of code, by name and version or id; ValueError says what would be right."""
    return _asset(text, "codes", CODE_ID, CODE_IN_REGISTRY)


def component(text: str) -> str:
    """The place of a component, by name and version or id; ValueError says what would be right."""
    return _asset(text, "components", COMPONENT_ID, COMPONENT_IN_REGISTRY)


def job(text: str) -> str:
    """The id of a job; ValueError says what would be right."""
    if not JOB_ID.fullmatch(text):
        raise ValueError("the id of a job")
    return text


def data(text: str, kind: str) -> str:
    """The place of data or a model of this type, by address, by name and version, or by id."""
    found = DATA_ID.fullmatch(text)
    if found or ADDRESS.fullmatch(text):
        return found[1] if found else text
    expected = (
        "an address (azureml://, https://, wasbs://, abfss://), azureml:name:version, or a whole id"
    )
    if not text.startswith(ASSET):
        raise ValueError(expected)
    return _versioned(text, "models" if kind in MODELS else "data", expected)


def address(text: str) -> str:
    """An address that can be written to; ValueError says what would be right."""
    if not ADDRESS.fullmatch(text):
        raise ValueError("an address (azureml://, https://, wasbs://, abfss://)")
    return text


def identity(text: str) -> str:
    """The id of a managed identity; ValueError says what would be right."""
    if not IDENTITY_ID.fullmatch(text):
        raise ValueError("the id of a user-assigned managed identity")
    return text


def _asset(text: str, folder: str, form: re.Pattern[str], in_registry: re.Pattern[str]) -> str:
    found = form.fullmatch(text)
    if found or in_registry.fullmatch(text):
        return found[1] if found else text
    return _versioned(text, folder, "name:version, a whole id, or the id of one in a registry")


def _versioned(text: str, folder: str, expected: str) -> str:
    if LABELLED.fullmatch(text):
        raise ValueError(VERSION_WANTED)
    found = VERSIONED.fullmatch(text)
    if not found:
        raise ValueError(expected)
    return f"{folder}/{found[1]}/versions/{found[2]}"
