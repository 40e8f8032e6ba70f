"""The metrics of a recipe that is only played: they move as metrics do, always the same way."""

from typing import Any

import pytest

from tests.local.foundry import curves, training
from tests.local.foundry.model.recipes import ReinforcementRecipe, SupervisedRecipe, Training

REWARD = {"kind": "builtin", "type": "regex"}


def a_recipe(algorithm: str, **recipe: Any) -> Training:
    body = {"algorithm": algorithm, "model": "m", "dataset": {"train": "d"}, **recipe}
    if algorithm in {"grpo", "ppo", "rloo", "reinforce_pp"}:
        return ReinforcementRecipe.model_validate({"reward": REWARD, **body})
    return SupervisedRecipe.model_validate(body)


def test_a_loss_falls() -> None:
    values = [curves.USUAL["loss"].at(tenth / 10, seed="a job:loss") for tenth in range(1, 11)]

    assert values == sorted(values, reverse=True)
    assert values[-1] == 0.6


def test_an_accuracy_rises() -> None:
    values = [curves.USUAL["accuracy"].at(tenth / 10, seed="a job:x") for tenth in range(1, 11)]

    assert values == sorted(values)
    assert values[-1] == 0.86


def test_a_name_always_gives_the_same_curve() -> None:
    first, second = (curves.USUAL["loss"].at(0.3, seed="a job:loss") for _ in range(2))

    assert first == second


def test_another_name_gives_another_curve() -> None:
    loss = curves.USUAL["loss"]

    assert loss.at(0.3, seed="a job:loss") != loss.at(0.3, seed="another job:loss")


@pytest.mark.parametrize(
    ("algorithm", "more"),
    [
        ("sft", set()),
        ("reward_model", set()),
        ("kto", {"reward_margin"}),
        ("grpo", {"reward_mean", "kl"}),
    ],
)
def test_each_family_of_recipes_logs_its_own_metrics(algorithm: str, more: set[str]) -> None:
    found = curves.curves_of(a_recipe(algorithm))

    assert set(found) == {"loss", "accuracy", "learning_rate"} | more


@pytest.mark.parametrize(
    "recipe", [{"eval": {"benchmark": "mmlu"}}, {"dataset": {"train": "d", "eval": "e"}}]
)
def test_a_recipe_that_evaluates_logs_that(recipe: dict[str, Any]) -> None:
    assert "eval_accuracy" in curves.curves_of(a_recipe("sft", **recipe))


@pytest.mark.parametrize(
    ("hyperparameters", "steps"),
    [
        (None, [10, 20, 30, 40, 50, 60, 70, 80, 90, 100]),
        ({"max_steps": 3}, [1, 2, 3]),
        ({"max_steps": 25}, [3, 5, 8, 10, 13, 15, 18, 20, 23, 25]),
        ({"max_steps": "many"}, [10, 20, 30, 40, 50, 60, 70, 80, 90, 100]),
    ],
)
def test_ten_points_are_logged_or_each_step(
    hyperparameters: dict[str, Any] | None, steps: list[int]
) -> None:
    assert curves.steps_of(a_recipe("sft", hyperparameters=hyperparameters)) == steps


@pytest.mark.parametrize(
    ("algorithm", "asked", "expected"),
    [
        ("sft", None, "trl"),
        ("dpo", None, "trl"),
        ("grpo", None, "verl"),
        ("reinforce_pp", None, "open_rlhf"),
        ("grpo", "trl", "trl"),
        ("sft", "a framework of tomorrow", "a framework of tomorrow"),
    ],
)
def test_a_framework_is_chosen_where_none_is_named(
    algorithm: str, asked: str | None, expected: str
) -> None:
    assert training.framework_of(a_recipe(algorithm, framework=asked))[0] == expected
