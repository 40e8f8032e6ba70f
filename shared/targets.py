"""The targets that requests may name: workspaces and projects, as the settings describe them."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Tag
from pydantic.alias_generators import to_camel

SEGMENT = re.compile(r"[A-Za-z0-9_.()-]{1,90}")
REGION = re.compile(r"[a-z0-9]{1,40}")
API_VERSION = re.compile(r"\d{4}-\d{2}-\d{2}(-preview)?")
PROJECT = re.compile(
    r"(https://[A-Za-z0-9][A-Za-z0-9-]{0,62}\.(services\.ai|cognitiveservices)\.azure\.com"
    r"|http://127\.0\.0\.1:\d+)/api/projects/[A-Za-z0-9_][A-Za-z0-9_-]{0,126}"
)
ACCOUNT = re.compile(
    r"/subscriptions/[0-9a-fA-F-]{36}/resourceGroups/(?!\.+/)[A-Za-z0-9_.()-]{1,90}"
    r"/providers/Microsoft\.CognitiveServices/accounts/[A-Za-z0-9][A-Za-z0-9_.-]{0,254}"
)
VERSION_OF_PROJECT = re.compile(rf"v\d{{1,3}}|{API_VERSION.pattern}")
FEATURES = re.compile(r"[A-Za-z0-9]+=[A-Za-z0-9]+(,[A-Za-z0-9]+=[A-Za-z0-9]+)*")


def matching(pattern: re.Pattern[str], what: str) -> AfterValidator:
    """Takes a text of this form that is more than dots, and says in words what would be right."""

    def check(text: str) -> str:
        if not pattern.fullmatch(text) or text.strip(".") == "":
            raise ValueError(what)
        return text

    return AfterValidator(check)


Segment = Annotated[str, matching(SEGMENT, "a name of letters, digits and -_.()")]
Allow = Literal[
    "inputs",
    "outputs",
    "names",
    "tags",
    "compute",
    "environment",
    "deadlines",
    "sweep",
    "resources",
    "command",
    "job",
    "identity",
    "environmentVariables",
]


# What cannot make the compute run another's code, nor more of it.
SAFE_ALLOW: tuple[Allow, ...] = (
    "inputs",
    "outputs",
    "names",
    "tags",
    "compute",
    "environment",
    "deadlines",
    "sweep",
)


class AnyTarget(BaseModel):
    """What every target has: what messages may override, and whether it is the default."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", alias_generator=to_camel, hide_input_in_errors=True
    )

    allow: tuple[Allow, ...] = SAFE_ALLOW
    default: bool = False


class WorkspaceTarget(AnyTarget):
    """An Azure Machine Learning workspace that requests may name."""

    kind: Literal["workspace"]
    subscription_id: Annotated[
        str, matching(re.compile(r"[0-9a-fA-F-]{36}"), "the id of a subscription")
    ]
    resource_group: Segment
    workspace: Segment
    location: (
        Annotated[str, matching(REGION, "the short name of a region, like westeurope")] | None
    ) = None


class ProjectTarget(AnyTarget):
    """An Azure AI Foundry project that requests may name.

    `compute_prefix` is the id of the account whose computes may be named in short; `api_version`
    and `features` stand in for those of the profile.
    """

    kind: Literal["project"]
    endpoint: Annotated[
        str,
        matching(
            PROJECT,
            "an address like https://account.services.ai.azure.com/api/projects/project",
        ),
    ]
    profile: Literal["training_jobs", "jobs"]
    compute_prefix: Annotated[str, matching(ACCOUNT, "the id of an account")] | None = None
    api_version: (
        Annotated[str, matching(VERSION_OF_PROJECT, "an api-version like v1 or 2026-01-15-preview")]
        | None
    ) = None
    features: Annotated[str, matching(FEATURES, "previews like TrainingJobs=V1Preview")] | None = (
        None
    )


# Marks a step to an error that nobody has written into the settings.
WORKSPACE_STEP, PROJECT_STEP = "[workspace]", "[project]"
KINDS = {"workspace": WORKSPACE_STEP, "project": PROJECT_STEP}
STEPS = frozenset(KINDS.values())


def _kind(target: object) -> str | None:
    """Which kind of target it says it is."""
    said = target.get("kind") if isinstance(target, dict) else getattr(target, "kind", None)
    return KINDS.get(said) if isinstance(said, str) else None


AnyKindOfTarget = Annotated[
    Annotated[WorkspaceTarget, Tag(WORKSPACE_STEP)] | Annotated[ProjectTarget, Tag(PROJECT_STEP)],
    Discriminator(
        _kind,
        custom_error_type="kind",
        custom_error_message="an object whose kind is workspace or project",
    ),
]
