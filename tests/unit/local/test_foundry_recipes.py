"""Declarative recipes: the eleven algorithms, the smallest and the fullest of each, every rule."""

from typing import Any

import pytest

from tests.local.foundry.model.command_job import written
from tests.local.foundry.model.schema import Surface
from tests.local.foundry.refusals import RefusedError
from tests.unit.local.test_foundry_command_job import created

Json = dict[str, Any]
SUPERVISED = ["sft", "dpo", "kto", "orpo", "cpo", "simpo", "reward_model"]
REINFORCEMENT = ["grpo", "ppo", "rloo", "reinforce_pp"]
REWARD = {"kind": "builtin", "type": "exact_match"}
LORA = {"rank": 8, "alpha": 32, "dropout": 0.1, "target_modules": "q_proj", "quantize": True}
EVAL = {"dataset": "e", "every_n_steps": 5}
ROLLOUT = {
    "engine": "vllm",
    "num_generations": 8,
    "max_prompt_length": 256,
    "max_completion_length": 512,
    "temperature": 0.7,
    "top_p": 0.9,
    "stop": ["END"],
    "batch_size": 4,
    "seed": -1,
    "tensor_parallel_size": 2,
    "gpu_memory_utilization": 0.5,
}
DATASET = {
    "train": "d",
    "eval": "e",
    "columns": {
        "prompt": "a",
        "chosen": "b",
        "rejected": "c",
        "reference": "d",
        "messages": "e",
        "response": "f",
        "label": "g",
        "score": "h",
    },
    "data_format": {"chat_template": "chatml", "chat_template_path": "chat.jinja"},
}


def a_recipe(algorithm: str = "sft", **recipe: Any) -> Json:
    return {"algorithm": algorithm, "model": "m", "dataset": {"train": "d"}, **recipe}


def a_full_recipe(algorithm: str, **recipe: Any) -> Json:
    more = {"framework": "trl", "dataset": DATASET, "lora": LORA, "eval": EVAL}
    return a_recipe(
        algorithm, hyperparameters={"snake_key": [1, None], "none": None}, **more, **recipe
    )


def kept(recipe: Json) -> Json:
    sent = {"job_type": "command", "compute_id": "c", "training": recipe}
    shown: Json = written(created(sent), Surface.TRAINING_JOBS)["training"]
    return shown


@pytest.mark.parametrize("algorithm", SUPERVISED)
def test_a_small_recipe_without_a_reward_is_taken(algorithm: str) -> None:
    assert kept(a_recipe(algorithm)) == a_recipe(algorithm)


@pytest.mark.parametrize("algorithm", REINFORCEMENT)
def test_a_small_recipe_with_a_reward_is_taken(algorithm: str) -> None:
    assert kept(a_recipe(algorithm, reward=REWARD)) == a_recipe(algorithm, reward=REWARD)


@pytest.mark.parametrize("algorithm", SUPERVISED)
def test_a_full_recipe_without_a_reward_is_kept_whole(algorithm: str) -> None:
    assert kept(a_full_recipe(algorithm)) == a_full_recipe(algorithm)


@pytest.mark.parametrize("algorithm", REINFORCEMENT)
def test_a_full_recipe_with_a_reward_is_kept_whole(algorithm: str) -> None:
    full = a_full_recipe(algorithm, reward=REWARD, rollout=ROLLOUT)

    assert kept(full) == full


def test_a_recipe_may_name_an_image() -> None:
    sent = {
        "job_type": "command",
        "compute_id": "c",
        "environment_image_reference": "image",
        "training": a_recipe(),
    }

    assert created(sent).environment_image_reference == "image"


def test_adapters_have_defaults() -> None:
    assert kept(a_recipe(lora={"rank": 8}))["lora"] == {
        "rank": 8,
        "alpha": 16,
        "dropout": 0.05,
        "target_modules": "auto",
        "quantize": False,
    }


def test_a_rollout_runs_on_one_machine_unless_told_otherwise() -> None:
    recipe = a_recipe("grpo", reward=REWARD, rollout={"engine": "hf"})

    assert kept(recipe)["rollout"] == {"engine": "hf", "tensor_parallel_size": 1}


@pytest.mark.parametrize(
    "change",
    [
        {"framework": "a framework of tomorrow"},
        {"eval": {"benchmark": "a benchmark of tomorrow"}},
        {"dataset": {"train": "d", "data_format": {"chat_template": "a template of tomorrow"}}},
    ],
)
def test_a_word_of_tomorrow_is_taken(change: Json) -> None:
    assert kept(a_recipe(**change)) == a_recipe(**change)


@pytest.mark.parametrize("algorithm", REINFORCEMENT)
def test_learning_by_rewards_needs_a_reward(algorithm: str) -> None:
    with pytest.raises(RefusedError, match=r"properties\.training\.reward: Field required"):
        kept(a_recipe(algorithm))


@pytest.mark.parametrize("algorithm", SUPERVISED)
@pytest.mark.parametrize("part", [{"reward": REWARD}, {"rollout": {"engine": "hf"}}])
def test_learning_from_examples_has_no_reward_and_no_rollout(algorithm: str, part: Json) -> None:
    with pytest.raises(RefusedError, match=r"properties\.training\.\w+: Extra inputs"):
        kept(a_recipe(algorithm, **part))


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"algorithm": None}, "training: needs an algorithm that exists"),
        ({"algorithm": "SFT"}, "training: needs an algorithm that exists"),
        ({"algorithm": ["sft"]}, "training: needs an algorithm that exists"),
        ({"model": None}, "training.model"),
        ({"model": ""}, "training.model"),
        ({"dataset": None}, "training.dataset"),
        ({"dataset": {}}, "training.dataset.train: Field required"),
        ({"dataset": {"train": "d", "test": "e"}}, "training.dataset.test: Extra inputs"),
        ({"dataset": {"train": "d", "columns": {"answer": "a"}}}, "columns.answer: Extra inputs"),
        ({"dataset": {"train": "d", "data_format": {"x": 1}}}, "data_format.x: Extra inputs"),
        ({"framework": 7}, "training.framework"),
        ({"resolved_framework": "trl"}, "training.resolved_framework: Extra inputs"),
        ({"framework_version": "1"}, "training.framework_version: Extra inputs"),
        ({"hyperparameters": []}, "training.hyperparameters"),
        ({"lora": {}}, "training.lora.rank: Field required"),
        ({"lora": {"rank": 0}}, "training.lora.rank"),
        ({"lora": {"rank": 8, "dropout": 2}}, "training.lora.dropout"),
        ({"lora": {"rank": 8, "quantize": 1}}, "training.lora.quantize"),
        ({"eval": {"benchmark": "mmlu", "dataset": "d"}}, "benchmark and dataset exclude"),
        ({"eval": {"every_n_steps": 0}}, "training.eval.every_n_steps"),
    ],
)
def test_a_recipe_that_breaks_a_rule_is_refused(change: Json, complaint: str) -> None:
    with pytest.raises(RefusedError) as refused:
        kept(a_recipe() | change)

    assert complaint in str(refused.value)


@pytest.mark.parametrize("training", ["sft", 7, [], {}])
def test_a_recipe_that_is_none_is_refused(training: Any) -> None:
    with pytest.raises(RefusedError, match="training: needs an algorithm that exists"):
        kept(training)


@pytest.mark.parametrize(
    "change",
    [
        {"engine": None},
        {"engine": ""},
        {"gpu_memory_utilization": 1.5},
        {"gpu_memory_utilization": -0.1},
        {"num_generations": 0},
        {"stop": "END"},
        {"tensor_parallel_size": 0},
        {"beam": 3},
    ],
)
def test_a_rollout_that_breaks_a_rule_is_refused(change: Json) -> None:
    with pytest.raises(RefusedError, match=r"properties\.training\.rollout"):
        kept(a_recipe("ppo", reward=REWARD, rollout={"engine": "vllm"} | change))


REWARDS = [
    {"kind": "model", "model": "m"},
    {"kind": "function", "function": {"entry_point": "judges/sums.py:is_right"}},
    {
        "kind": "inline_function",
        "inline_function": {"def": "def f(): ...", "runtime": {"pip": ["sympy"]}},
    },
    {"kind": "inline_function", "inline_function": {"def": "def f(): ..."}},
    {"kind": "builtin", "type": "regex", "configuration": {"pattern": "x"}},
    {"kind": "builtin", "type": "a verifier of tomorrow"},
    {"kind": "evaluator", "evaluator": "e", "input_mapping": {"a": "b"}},
    {"kind": "deployment", "deployment": "gpt", "rubric": "be strict"},
    {"kind": "deployment", "deployment": "gpt"},
    {
        "kind": "composite",
        "rewards": [
            {"reward": {"kind": "model", "model": "m"}, "weight": 0.25},
            {
                "reward": {
                    "kind": "composite",
                    "rewards": [{"reward": {"kind": "builtin", "type": "regex"}, "weight": 2.0}],
                },
                "weight": 0.75,
            },
        ],
    },
]


@pytest.mark.parametrize("reward", REWARDS)
def test_every_kind_of_reward_is_kept_whole(reward: Json) -> None:
    assert kept(a_recipe("grpo", reward=reward))["reward"] == reward


def test_a_part_of_a_composite_weighs_one_unless_told_otherwise() -> None:
    reward = {"kind": "composite", "rewards": [{"reward": REWARD}]}

    shown = kept(a_recipe("grpo", reward=reward))["reward"]

    assert shown["rewards"] == [{"reward": REWARD, "weight": 1.0}]


@pytest.mark.parametrize(
    ("reward", "complaint"),
    [
        ({}, "reward: needs a kind that exists"),
        ({"kind": "coin"}, "reward: needs a kind that exists"),
        ({"kind": "model"}, "reward.model: Field required"),
        ({"kind": "function"}, "reward.function: Field required"),
        ({"kind": "function", "function": {"entry_point": "sums"}}, "function.entry_point"),
        ({"kind": "function", "function": {"entry_point": "a.py:"}}, "function.entry_point"),
        ({"kind": "inline_function", "inline_function": {}}, "inline_function.def"),
        (
            {"kind": "inline_function", "inline_function": {"def": "x", "runtime": {"pip": "a"}}},
            "inline_function.runtime.pip",
        ),
        (
            {"kind": "inline_function", "inline_function": {"def": "x", "lambda": "y"}},
            "inline_function.lambda: Extra inputs",
        ),
        ({"kind": "builtin"}, "reward.type: Field required"),
        ({"kind": "evaluator"}, "reward.evaluator: Field required"),
        ({"kind": "deployment"}, "reward.deployment: Field required"),
        ({"kind": "composite"}, "reward.rewards: Field required"),
        ({"kind": "composite", "rewards": []}, "reward.rewards"),
        ({"kind": "composite", "rewards": [REWARD]}, "reward.rewards.0.reward: Field required"),
        (
            {"kind": "composite", "rewards": [{"reward": {"kind": "builtin"}}]},
            "reward.rewards.0.reward.type: Field required",
        ),
        ({"kind": "model", "model": "m", "type": "regex"}, "reward.type: Extra inputs"),
    ],
)
def test_a_reward_that_breaks_a_rule_is_refused(reward: Json, complaint: str) -> None:
    with pytest.raises(RefusedError) as refused:
        kept(a_recipe("grpo", reward=reward))

    assert complaint in str(refused.value)


def test_rewards_nested_without_end_are_refused() -> None:
    reward: Json = REWARD
    for _ in range(400):
        reward = {"kind": "composite", "rewards": [{"reward": reward}]}

    with pytest.raises(RefusedError):
        kept(a_recipe("grpo", reward=reward))
