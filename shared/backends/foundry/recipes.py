"""Recipes: a model, a dataset and an algorithm, which the service makes a command of."""

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag, ValidationInfo, field_validator

from shared.backends.fields import ANY_CASE, Count, Text, kind, member
from shared.backends.foundry.rewards import Reward
from shared.backends.foundry.wire import Free, Int32, ReadOnly, Said, Share
from shared.backends.foundry.words import (
    ALGORITHMS,
    BENCHMARKS,
    CHAT_TEMPLATES,
    ENGINES,
    FRAMEWORKS,
)

OFFLINE, ONLINE, OTHER = (member(word) for word in ("offline", "online", "other algorithm"))
Framework = Annotated[Text, FRAMEWORKS]


class Columns(Said):
    """Which column of the dataset holds what."""

    prompt: Text | None = Field(None, description="Prompts.")
    chosen: Text | None = Field(None, description="The better of two responses.")
    rejected: Text | None = Field(None, description="The worse of two responses.")
    reference: Text | None = Field(None, description="What a reward compares with.")
    messages: Text | None = Field(None, description="Conversations.")
    response: Text | None = Field(None, description="Responses.")
    label: Text | None = Field(None, description="Whether a response is wanted.")
    score: Text | None = Field(None, description="How good a response is.")


class DataFormat(Said):
    """How conversations are written out for the model."""

    chat_template: Annotated[Text, CHAT_TEMPLATES] | None = Field(
        None, description="A template of the service."
    )
    chat_template_path: Text | None = Field(
        None, description="A template of one's own, in the job's code."
    )


class Dataset(Said):
    """What is learnt from."""

    train: Text = Field(description="The dataset that is learnt from.")
    eval: Text | None = Field(None, description="The dataset that the model is judged on.")
    columns: Columns | None = Field(None, description="Which column holds what.")
    data_format: DataFormat | None = Field(None, description="How conversations are written out.")


class Lora(Said):
    """Low-rank adapters in place of all weights."""

    rank: Count = Field(description="Their rank.")
    alpha: Int32 | None = Field(None, description="How much they are scaled; absent: 16.")
    dropout: Share | None = Field(
        None, description="How much of their input is dropped; absent: 0.05."
    )
    target_modules: Text | None = Field(
        None, description="The layers that get them; absent: `auto`, the framework's choice."
    )
    quantize: bool | None = Field(
        None, description="Whether the base is loaded in 4 bits; absent: no."
    )


class Rollout(Said):
    """How completions are generated while learning."""

    engine: Annotated[Text, ENGINES] = Field(description="What generates them.")
    num_generations: Count | None = Field(None, description="Completions per prompt.")
    max_prompt_length: Count | None = Field(None, description="In tokens.")
    max_completion_length: Count | None = Field(None, description="In tokens.")
    temperature: Annotated[float, Field(ge=0)] | None = Field(
        None, description="How much chance there is in them."
    )
    top_p: Share | None = Field(None, description="How many of the likeliest are drawn from.")
    stop: list[str] | None = Field(None, description="What ends a completion.")
    batch_size: Count | None = Field(None, description="Prompts at once.")
    seed: Int32 | None = Field(None, description="What chance begins with.")
    tensor_parallel_size: Count | None = Field(
        None, description="Over how many GPUs a model is spread; absent: 1."
    )
    gpu_memory_utilization: Share | None = Field(
        None, description="How much of a GPU's memory is used, from 0 to 1."
    )


class Evaluation(Said):
    """How the model is judged: by a benchmark or by a dataset."""

    benchmark: Annotated[Text, BENCHMARKS] | None = Field(
        None, description="A benchmark of the service."
    )
    dataset: Text | None = Field(None, description="A dataset of one's own.")
    every_n_steps: Count | None = Field(None, description="How often; absent: at the end.")

    @field_validator("dataset")
    @classmethod
    def _one_of_them(cls, dataset: str | None, info: ValidationInfo) -> str | None:
        if dataset is not None and info.data.get("benchmark") is not None:
            raise ValueError("nothing beside benchmark: the two exclude each other")
        return dataset


class Recipe(Said):
    """What every recipe has."""

    algorithm: str = Field(description="How the model learns.")
    framework: Framework | None = Field(
        None, description="What runs the algorithm; absent: the service chooses."
    )
    resolved_framework: ReadOnly = Field(None, description="Said by the service alone.")
    framework_version: ReadOnly = Field(None, description="Said by the service alone.")
    model: Text = Field(description="The model to begin with.")
    dataset: Dataset = Field(description="The data that it learns from.")
    hyperparameters: Free | None = Field(None, description="What the algorithm can be told.")
    lora: Lora | None = Field(None, description="Adapters in place of all weights.")
    eval: Evaluation | None = Field(None, description="How the model is judged.")


class OfflineRecipe(Recipe):
    """Learning from examples, preferences or scores that are there already."""

    algorithm: Annotated[
        Literal["sft", "dpo", "kto", "orpo", "cpo", "simpo", "reward_model"], ANY_CASE
    ] = Field(description="How the model learns.")


class OnlineRecipe(Recipe):
    """Learning from what a reward says of the model's own completions."""

    algorithm: Annotated[Literal["grpo", "ppo", "rloo", "reinforce_pp"], ANY_CASE] = Field(
        description="How the model learns."
    )
    reward: Reward = Field(description="What judges completions.")
    rollout: Rollout | None = Field(None, description="How completions are generated.")


class OtherRecipe(Recipe):
    """An algorithm that a later version of the service may have."""

    algorithm: Annotated[Text, ALGORITHMS] = Field(
        description="How the model learns.", json_schema_extra=ALGORITHMS.new_ones
    )
    reward: Reward | None = Field(None, description="What judges completions.")
    rollout: Rollout | None = Field(None, description="How completions are generated.")


OF_ONLINE = frozenset({"grpo", "ppo", "rloo", "reinforce_pp"})
FAMILIES = {member(word): ONLINE if word in OF_ONLINE else OFFLINE for word in ALGORITHMS.known}


def _family(value: object) -> str | None:
    chosen = kind("algorithm")(value)
    return None if chosen is None else FAMILIES.get(chosen, OTHER)


Training = Annotated[
    Annotated[OfflineRecipe, Tag(OFFLINE)]
    | Annotated[OnlineRecipe, Tag(ONLINE)]
    | Annotated[OtherRecipe, Tag(OTHER)],
    Discriminator(
        _family,
        custom_error_type="kind",
        custom_error_message=f"an object whose algorithm is one of: {', '.join(ALGORITHMS.known)}",
    ),
]
