"""What judges completions while a model learns from its own: seven kinds, and those to come."""

import re
from typing import Annotated, Literal

from pydantic import ConfigDict, Discriminator, Field, Tag, field_validator

from shared.backends.fields import ANY_CASE, Text, kind, member, of_form
from shared.backends.foundry.wire import Free, Said
from shared.backends.foundry.words import REWARDS, VERIFIERS
from shared.messages.fields import shown

STEP = r"(?!\.{1,2}/)[^/\\\s:]+"
ENTRY_POINT = re.compile(rf"(?:{STEP}/)*{STEP}\.py:[A-Za-z_][A-Za-z0-9_]*")
OTHER = member("other kind")


class EntryPoint(Said):
    """A Python function in the code of the job."""

    entry_point: Annotated[
        str,
        Field(max_length=1000),
        of_form(ENTRY_POINT, "path/file.py:function, below the job's code"),
        shown(ENTRY_POINT),
    ] = Field(description="path/file.py:function, below the job's code.")


class InlineRuntime(Said):
    """What an inline function needs."""

    pip: list[Text] | None = Field(None, description="Packages that are installed before.")


class InlineFunction(Said):
    """A Python function, written out."""

    definition: Annotated[str, Field(min_length=1, alias="def", description="Its source.")]
    runtime: InlineRuntime | None = Field(None, description="What it needs.")


class ModelReward(Said):
    """A learned reward model."""

    kind: Annotated[Literal["model"], ANY_CASE] = Field(description="A model.")
    model: Text = Field(description="The model that scores.")


class FunctionReward(Said):
    """A function in the code of the job."""

    kind: Annotated[Literal["function"], ANY_CASE] = Field(description="A function.")
    function: EntryPoint = Field(description="The function that scores.")


class InlineFunctionReward(Said):
    """A function that comes with the recipe."""

    kind: Annotated[Literal["inline_function"], ANY_CASE] = Field(description="A function.")
    inline_function: InlineFunction = Field(description="The function that scores.")


class BuiltinReward(Said):
    """A verifier of the service."""

    kind: Annotated[Literal["builtin"], ANY_CASE] = Field(description="A verifier.")
    type: Annotated[Text, VERIFIERS] = Field(description="Which one.")
    configuration: Free | None = Field(None, description="What it should know.")


class EvaluatorReward(Said):
    """An evaluator of the project."""

    kind: Annotated[Literal["evaluator"], ANY_CASE] = Field(description="An evaluator.")
    evaluator: Text = Field(description="Which one.")
    input_mapping: Free | None = Field(None, description="What it gets as what.")


class DeploymentReward(Said):
    """A deployed model that judges by a rubric."""

    kind: Annotated[Literal["deployment"], ANY_CASE] = Field(description="A deployment.")
    deployment: Text = Field(description="Name or id of the deployment.")
    rubric: str | None = Field(None, description="By what it judges.")


class WeightedReward(Said):
    """A part of a composite."""

    reward: "Reward" = Field(description="The reward.")
    weight: float | None = Field(None, description="How much it counts; absent: 1.")


class CompositeReward(Said):
    """Several rewards, weighed against each other."""

    kind: Annotated[Literal["composite"], ANY_CASE] = Field(description="Several rewards.")
    rewards: Annotated[list[WeightedReward], Field(min_length=1)] = Field(
        description="The rewards, nested at most five deep."
    )

    @field_validator("rewards")
    @classmethod
    def _some_count(cls, rewards: list[WeightedReward]) -> list[WeightedReward]:
        if not any(part.weight != 0 for part in rewards):
            raise ValueError("at least one weight that is not 0")
        return rewards


class OtherReward(Said):
    """A kind that a later version of the service may have; it is sent as it is."""

    model_config = ConfigDict(extra="allow")

    kind: Annotated[Text, REWARDS] = Field(
        description="Its kind.", json_schema_extra=REWARDS.new_ones
    )


KINDS = frozenset(member(word) for word in REWARDS.known)


def _kind(value: object) -> str | None:
    chosen = kind("kind")(value)
    return chosen if chosen is None or chosen in KINDS else OTHER


Reward = Annotated[
    Annotated[ModelReward, Tag(member("model"))]
    | Annotated[FunctionReward, Tag(member("function"))]
    | Annotated[InlineFunctionReward, Tag(member("inline_function"))]
    | Annotated[BuiltinReward, Tag(member("builtin"))]
    | Annotated[EvaluatorReward, Tag(member("evaluator"))]
    | Annotated[DeploymentReward, Tag(member("deployment"))]
    | Annotated[CompositeReward, Tag(member("composite"))]
    | Annotated[OtherReward, Tag(OTHER)],
    Discriminator(
        _kind,
        custom_error_type="kind",
        custom_error_message=f"an object whose kind is one of: {', '.join(REWARDS.known)}",
    ),
]
WeightedReward.model_rebuild()
CompositeReward.model_rebuild()
