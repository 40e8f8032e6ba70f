"""Declarative recipes: eleven algorithms, each with what it may and must say."""

from typing import Annotated, Any, Literal, get_args

from pydantic import Discriminator, Field, Tag, model_validator

from tests.local.foundry.model.rewards import Reward
from tests.local.foundry.model.schema import Body, Count, Int32, Text

SupervisedAlgorithm = Literal["sft", "dpo", "kto", "orpo", "cpo", "simpo", "reward_model"]
ReinforcementAlgorithm = Literal["grpo", "ppo", "rloo", "reinforce_pp"]


class Columns(Body):
    """Which column of the dataset holds what."""

    prompt: str | None = None
    chosen: str | None = None
    rejected: str | None = None
    reference: str | None = None
    messages: str | None = None
    response: str | None = None
    label: str | None = None
    score: str | None = None


class DataFormat(Body):
    """How conversations are written out for the model."""

    chat_template: Text | None = None
    chat_template_path: Text | None = None


class Dataset(Body):
    """What is learnt from, and what the model is judged on."""

    train: Text
    eval: Text | None = None
    columns: Columns | None = None
    data_format: DataFormat | None = None


class Lora(Body):
    """Low-rank adapters in place of all weights."""

    rank: Count
    alpha: Int32 = 16
    dropout: Annotated[float, Field(ge=0, le=1)] = 0.05
    target_modules: str = "auto"
    quantize: bool = False


class Rollout(Body):
    """How completions are generated while learning."""

    engine: Text
    num_generations: Count | None = None
    max_prompt_length: Count | None = None
    max_completion_length: Count | None = None
    temperature: float | None = None
    top_p: float | None = None
    stop: list[str] | None = None
    batch_size: Count | None = None
    seed: Int32 | None = None
    tensor_parallel_size: Count = 1
    gpu_memory_utilization: Annotated[float, Field(ge=0, le=1)] | None = None


class Eval(Body):
    """How the model is judged: by a benchmark or by a dataset."""

    benchmark: Text | None = None
    dataset: Text | None = None
    every_n_steps: Count | None = None

    @model_validator(mode="after")
    def _by_one_of_them(self) -> "Eval":
        if self.benchmark is not None and self.dataset is not None:
            raise ValueError("benchmark and dataset exclude each other")
        return self


class Recipe(Body):
    """What every recipe has."""

    algorithm: str
    framework: Text | None = None
    model: Text
    dataset: Dataset
    hyperparameters: dict[str, Any] | None = None
    lora: Lora | None = None
    eval: Eval | None = None


class SupervisedRecipe(Recipe):
    """Learning from examples, with nobody to judge."""

    algorithm: SupervisedAlgorithm


class ReinforcementRecipe(Recipe):
    """Learning from what a reward says of the model's own completions."""

    algorithm: ReinforcementAlgorithm
    reward: Reward
    rollout: Rollout | None = None


FAMILIES = {
    **dict.fromkeys(get_args(SupervisedAlgorithm), "<supervised>"),
    **dict.fromkeys(get_args(ReinforcementAlgorithm), "<reinforcement>"),
}


def _family(value: Any) -> str | None:
    is_sent = isinstance(value, dict)
    found = value.get("algorithm") if is_sent else getattr(value, "algorithm", None)
    return FAMILIES.get(found) if isinstance(found, str) else None


Training = Annotated[
    Annotated[SupervisedRecipe, Tag("<supervised>")]
    | Annotated[ReinforcementRecipe, Tag("<reinforcement>")],
    Discriminator(
        _family, custom_error_type="kind", custom_error_message="needs an algorithm that exists"
    ),
]
