"""What judges a completion during reinforcement learning: seven kinds of rewards."""

from typing import Annotated, Any, Literal, NotRequired

from pydantic import ConfigDict, Field, Tag, with_config
from typing_extensions import TypedDict

from tests.local.foundry.model.schema import Body, Text, kind

ENTRY_POINT = r"^[^\s:]+\.py:[A-Za-z_]\w*$"


class EntryPoint(Body):
    """A Python function in the code of the job."""

    entry_point: Annotated[str, Field(pattern=ENTRY_POINT)]


class InlineRuntime(Body):
    """What an inline function needs."""

    pip: list[Text] | None = None


# A Python function, written out; no attribute of a class can have the name `def`.
InlineFunction = TypedDict("InlineFunction", {"def": Text, "runtime": NotRequired[InlineRuntime]})
with_config(ConfigDict(extra="forbid", strict=True))(InlineFunction)


class ModelReward(Body):
    """A learned reward model."""

    kind: Literal["model"]
    model: Text


class FunctionReward(Body):
    """A function in the code of the job."""

    kind: Literal["function"]
    function: EntryPoint


class InlineFunctionReward(Body):
    """A function that comes with the recipe."""

    kind: Literal["inline_function"]
    inline_function: InlineFunction


class BuiltinReward(Body):
    """A verifier of the service: exact_match, regex, math_equivalence, unit_tests, or a later one.

    Its type is an open union.
    """

    kind: Literal["builtin"]
    type: Text
    configuration: dict[str, Any] | None = None


class EvaluatorReward(Body):
    """An evaluator of the project."""

    kind: Literal["evaluator"]
    evaluator: Text
    input_mapping: dict[str, str] | None = None


class DeploymentReward(Body):
    """A deployed model that judges by a rubric."""

    kind: Literal["deployment"]
    deployment: Text
    rubric: str | None = None


class WeightedReward(Body):
    """A part of a composite."""

    reward: "Reward"
    weight: float = 1.0


class CompositeReward(Body):
    """Several rewards, weighed against each other."""

    kind: Literal["composite"]
    rewards: Annotated[list[WeightedReward], Field(min_length=1)]


Reward = Annotated[
    Annotated[ModelReward, Tag("<model>")]
    | Annotated[FunctionReward, Tag("<function>")]
    | Annotated[InlineFunctionReward, Tag("<inline_function>")]
    | Annotated[BuiltinReward, Tag("<builtin>")]
    | Annotated[EvaluatorReward, Tag("<evaluator>")]
    | Annotated[DeploymentReward, Tag("<deployment>")]
    | Annotated[CompositeReward, Tag("<composite>")],
    kind("kind"),
]
WeightedReward.model_rebuild()
