"""What judges completions."""

from typing import Any

import pytest

from shared.errors import Fault
from shared.ports import Json
from tests.unit.backends.foundry.given import a_recipe, a_training, faults, inline, only_fault

AT = "/job/training/reward"
KINDS = "model, function, inline_function, builtin, evaluator, deployment, composite"


def with_reward(reward: Any) -> Json:
    return a_recipe("grpo", reward=reward)


def nested(levels: int) -> Json:
    """A reward so many levels deep, composites but for the last."""
    reward: Json = {"kind": "builtin", "type": "regex"}
    for _ in range(levels - 1):
        reward = {"kind": "composite", "rewards": [{"reward": reward}]}
    return reward


@pytest.mark.parametrize(
    "reward",
    [
        {"kind": "model", "model": "azureai://models/judge"},
        {"kind": "function", "function": {"entry_point": "score.py:grade"}},
        {"kind": "function", "function": {"entry_point": "a-b/..c/score.py:_grade2"}},
        {"kind": "inline_function", "inline_function": {"def": "def f(x):\n\treturn 1"}},
        {
            "kind": "inline_function",
            "inline_function": {"def": "def f(): pass", "runtime": {"pip": ["numpy"]}},
        },
        {"kind": "builtin", "type": "exact_match"},
        {"kind": "builtin", "type": "regex", "configuration": {"aB": {"c_d": None}}},
        {"kind": "builtin", "type": "math_equivalence"},
        {"kind": "builtin", "type": "unit_tests"},
        {"kind": "evaluator", "evaluator": "coherence"},
        {"kind": "evaluator", "evaluator": "x", "input_mapping": {"aB": "${data.a_b}"}},
        {"kind": "deployment", "deployment": "gpt"},
        {"kind": "deployment", "deployment": "gpt", "rubric": "Be kind.\nAlways."},
        {
            "kind": "composite",
            "rewards": [
                {"reward": {"kind": "model", "model": "x"}, "weight": 0.7},
                {"reward": {"kind": "deployment", "deployment": "y"}, "weight": -0.3},
                {"reward": {"kind": "evaluator", "evaluator": "z"}},
            ],
        },
        nested(5),
    ],
)
def test_each_kind_is_read_unchanged(reward: Json) -> None:
    assert inline(with_reward(reward))["training"]["reward"] == reward


@pytest.mark.parametrize(
    ("reward", "at", "found", "expected"),
    [
        ({}, "", "an object", f"an object whose kind is one of: {KINDS}"),
        ("regex", "", "a string", f"an object whose kind is one of: {KINDS}"),
        ({"kind": "model"}, "/model", "nothing", "required"),
        ({"kind": "function"}, "/function", "nothing", "required"),
        ({"kind": "function", "function": {}}, "/function/entry_point", "nothing", "required"),
        ({"kind": "inline_function"}, "/inline_function", "nothing", "required"),
        (
            {"kind": "inline_function", "inline_function": {}},
            "/inline_function/def",
            "nothing",
            "required",
        ),
        (
            {"kind": "inline_function", "inline_function": {"def": "x", "runtime": {"pip": "y"}}},
            "/inline_function/runtime/pip",
            "a string",
            "a list",
        ),
        ({"kind": "builtin"}, "/type", "nothing", "required"),
        ({"kind": "evaluator"}, "/evaluator", "nothing", "required"),
        ({"kind": "deployment"}, "/deployment", "nothing", "required"),
        (
            {"kind": "deployment", "deployment": "x", "weight": 1},
            "/weight",
            "an unknown field",
            "no such field here",
        ),
        ({"kind": "composite"}, "/rewards", "nothing", "required"),
        (
            {"kind": "composite", "rewards": [{"weight": 1}]},
            "/rewards/0/reward",
            "nothing",
            "required",
        ),
        (
            {"kind": "composite", "rewards": [{"reward": nested(1), "weight": 0}]},
            "/rewards",
            "a list",
            "at least one weight that is not 0",
        ),
        (
            {"kind": "composite", "rewards": [{"reward": nested(1), "weight": "1"}]},
            "/rewards/0/weight",
            "a string",
            "a number",
        ),
    ],
)
def test_what_does_not_fit_is_named(reward: Any, at: str, found: str, expected: str) -> None:
    assert only_fault(with_reward(reward)) == Fault(f"{AT}{at}", found, expected)


def test_a_composite_has_parts() -> None:
    fault = only_fault(with_reward({"kind": "composite", "rewards": []}))

    assert fault.path == f"{AT}/rewards"


@pytest.mark.parametrize(
    "entry_point",
    [
        "score.py",
        "score:grade",
        "score.py:2x",
        "score.py:",
        "/score.py:grade",
        "../score.py:grade",
        "a/../score.py:grade",
        "a/./score.py:grade",
        "a//score.py:grade",
        "a\\score.py:grade",
        "a b.py:grade",
        "score.py:a.b",
        "score.py:grade\n",
    ],
)
def test_a_function_is_named_below_the_code(entry_point: str) -> None:
    fault = only_fault(with_reward({"kind": "function", "function": {"entry_point": entry_point}}))

    expected = "path/file.py:function, below the job's code"
    assert fault == Fault(f"{AT}/function/entry_point", "a string", expected)


def test_rewards_nest_only_so_deep() -> None:
    step = "/rewards/0/reward"

    assert faults(a_training(with_reward(nested(6)))) == [
        Fault(f"{AT}{step * 5}", "deeper nesting", "rewards nested at most 5 deep")
    ]


def test_a_kind_to_come_is_read_unchanged() -> None:
    reward = {"kind": "jury", "jurors": [{"aB": None, "c_d": 1.5}]}

    assert inline(with_reward(reward))["training"]["reward"] == reward
