"""The recipes of training jobs."""

from typing import Any

import pytest

from shared.errors import Fault
from shared.ports import Json
from tests.unit.backends.foundry.given import a_recipe, a_training, faults, inline, only_fault

OFFLINE = ["sft", "dpo", "kto", "orpo", "cpo", "simpo", "reward_model"]
ONLINE = ["grpo", "ppo", "rloo", "reinforce_pp"]
REWARD = {"kind": "builtin", "type": "exact_match"}
SHARED: Json = {
    "framework": "trl",
    "dataset": {
        "train": "azureai://data/a",
        "eval": "azureai://data/b",
        "columns": {},
        "data_format": {"chat_template": "llama_3", "chat_template_path": "chat.jinja"},
    },
    "hyperparameters": {"learningRate": 1e-5, "some_thing": {"aB": [None, "x"]}, "none": None},
    "lora": {
        "rank": 8,
        "alpha": 32,
        "dropout": 0.1,
        "target_modules": "q_proj,v_proj",
        "quantize": True,
    },
    "eval": {"benchmark": "gsm8k", "every_n_steps": 100},
}
ROLLOUT: Json = {
    "engine": "vllm",
    "num_generations": 8,
    "max_prompt_length": 1024,
    "max_completion_length": 512,
    "temperature": 0.0,
    "top_p": 0.9,
    "stop": ["</s>"],
    "batch_size": 4,
    "seed": -1,
    "tensor_parallel_size": 2,
    "gpu_memory_utilization": 0.5,
}


@pytest.mark.parametrize("algorithm", OFFLINE)
@pytest.mark.parametrize("more", [{}, SHARED])
def test_what_learns_from_examples_is_read_unchanged(algorithm: str, more: Json) -> None:
    job = a_recipe(algorithm, **more)

    assert inline(job) == job


@pytest.mark.parametrize("algorithm", ONLINE)
@pytest.mark.parametrize("more", [{}, {**SHARED, "rollout": ROLLOUT}])
def test_what_learns_from_rewards_is_read_unchanged(algorithm: str, more: Json) -> None:
    job = a_recipe(algorithm, reward=REWARD, **more)

    assert inline(job) == job


@pytest.mark.parametrize("judged_by", [{}, {"dataset": "azureai://data/b"}, {"benchmark": "arc"}])
def test_a_model_is_judged_by_a_dataset_or_a_benchmark(judged_by: Json) -> None:
    job = a_recipe(eval=judged_by)

    assert inline(job) == job


@pytest.mark.parametrize("algorithm", ONLINE)
def test_what_learns_from_rewards_needs_one(algorithm: str) -> None:
    expected = Fault("/job/training/reward", "nothing", "required")
    assert only_fault(a_recipe(algorithm)) == expected


@pytest.mark.parametrize("algorithm", OFFLINE)
@pytest.mark.parametrize(("name", "value"), [("reward", REWARD), ("rollout", ROLLOUT)])
def test_what_learns_from_examples_has_neither_reward_nor_rollout(
    algorithm: str, name: str, value: Json
) -> None:
    fault = only_fault(a_recipe(algorithm, **{name: value}))

    assert fault == Fault(f"/job/training/{name}", "an unknown field", "no such field here")


@pytest.mark.parametrize("more", [{}, SHARED, {"reward": REWARD, "rollout": ROLLOUT}])
def test_an_algorithm_to_come_may_say_what_any_recipe_says(more: Json) -> None:
    job = a_recipe("gspo", **more)

    assert inline(job) == job


def test_an_algorithm_to_come_is_held_to_what_all_recipes_share() -> None:
    job = a_recipe("gspo", dataset={}, colour="red")

    assert faults(a_training(job)) == [
        Fault("/job/training/dataset/train", "nothing", "required"),
        Fault("/job/training/colour", "an unknown field", "no such field here"),
    ]


def test_a_recipe_names_its_algorithm() -> None:
    job = a_recipe()
    del job["training"]["algorithm"]

    expected = (
        "an object whose algorithm is one of: sft, dpo, kto, orpo, cpo, simpo, grpo, ppo, rloo, "
        "reinforce_pp, reward_model"
    )
    assert only_fault(job) == Fault("/job/training", "an object", expected)


def test_a_recipe_needs_a_model_and_a_dataset() -> None:
    job = a_recipe()
    job["training"] = {"algorithm": "sft"}

    assert faults(a_training(job)) == [
        Fault("/job/training/model", "nothing", "required"),
        Fault("/job/training/dataset", "nothing", "required"),
    ]


@pytest.mark.parametrize("name", ["resolved_framework", "framework_version"])
def test_a_recipe_does_not_say_what_the_service_made_of_it(name: str) -> None:
    fault = only_fault(a_recipe(**{name: "trl"}))

    expected = "nothing: the service itself says this"
    assert fault == Fault(f"/job/training/{name}", "a string", expected)


@pytest.mark.parametrize(
    ("part", "value", "at", "found", "expected"),
    [
        ("lora", {}, "/lora/rank", "nothing", "required"),
        ("lora", {"rank": 0}, "/lora/rank", "a number", "greater than or equal to 1"),
        ("lora", {"rank": 1.5}, "/lora/rank", "a number", "an integer"),
        (
            "lora",
            {"rank": 1, "dropout": 1.1},
            "/lora/dropout",
            "a number",
            "less than or equal to 1",
        ),
        ("lora", {"rank": 1, "quantize": "no"}, "/lora/quantize", "a string", "true or false"),
        (
            "eval",
            {"benchmark": "mmlu", "dataset": "x"},
            "/eval/dataset",
            "a string",
            "nothing beside benchmark: the two exclude each other",
        ),
        (
            "eval",
            {"every_n_steps": 0},
            "/eval/every_n_steps",
            "a number",
            "greater than or equal to 1",
        ),
        ("hyperparameters", [], "/hyperparameters", "a list", "an object"),
        (
            "dataset",
            {"train": "x", "columns": {"answer": "y"}},
            "/dataset/columns/answer",
            "an unknown field",
            "no such field here",
        ),
        (
            "dataset",
            {"train": "x", "data_format": {"chat_template": 1}},
            "/dataset/data_format/chat_template",
            "a number",
            "a string",
        ),
    ],
)
def test_what_does_not_fit_is_named(
    part: str, value: Any, at: str, found: str, expected: str
) -> None:
    assert only_fault(a_recipe(**{part: value})) == Fault(f"/job/training{at}", found, expected)


@pytest.mark.parametrize(
    ("rollout", "at", "found", "expected"),
    [
        ({}, "/engine", "nothing", "required"),
        (
            {"engine": "vllm", "gpu_memory_utilization": 1.01},
            "/gpu_memory_utilization",
            "a number",
            "less than or equal to 1",
        ),
        (
            {"engine": "vllm", "gpu_memory_utilization": -0.01},
            "/gpu_memory_utilization",
            "a number",
            "greater than or equal to 0",
        ),
        (
            {"engine": "vllm", "tensor_parallel_size": 0},
            "/tensor_parallel_size",
            "a number",
            "greater than or equal to 1",
        ),
        (
            {"engine": "vllm", "temperature": -1},
            "/temperature",
            "a number",
            "greater than or equal to 0",
        ),
        ({"engine": "vllm", "top_p": 2}, "/top_p", "a number", "less than or equal to 1"),
        (
            {"engine": "vllm", "seed": 2**31},
            "/seed",
            "a number",
            "less than or equal to 2147483647",
        ),
        ({"engine": "vllm", "stop": [1]}, "/stop/0", "a number", "a string"),
    ],
)
def test_what_does_not_fit_into_a_rollout_is_named(
    rollout: Json, at: str, found: str, expected: str
) -> None:
    fault = only_fault(a_recipe("ppo", reward=REWARD, rollout=rollout))

    assert fault == Fault(f"/job/training/rollout{at}", found, expected)
