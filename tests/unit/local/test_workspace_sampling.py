"""What is drawn from a search space."""

import math
from itertools import islice
from statistics import fmean
from typing import Any

import pytest

from tests.local.workspace.sampling import samples

RANDOM = {"samplingAlgorithmType": "Random", "seed": 1}
GRID = {"samplingAlgorithmType": "Grid"}


def drawn(kind: str, *arguments: Any, count: int = 300, **algorithm: Any) -> list[Any]:
    """Draw so many values of one hyperparameter; a second keeps the combinations apart."""
    space = {"x": [kind, list(arguments)], "apart": ["uniform", [0, 1]]}
    return [values["x"] for values in islice(samples(space, {**RANDOM, **algorithm}), count)]


def test_a_grid_is_every_combination_in_order() -> None:
    space = {"size": ["choice", [[16, 32]]], "layers": ["choice", [[1, 2, 3]]]}

    assert [(values["size"], values["layers"]) for values in samples(space, GRID)] == [
        (16, 1),
        (16, 2),
        (16, 3),
        (32, 1),
        (32, 2),
        (32, 3),
    ]


def test_a_grid_goes_into_the_objects_among_its_choices() -> None:
    nested = {"kind": "sgd", "momentum": ["choice", [[0, 0.9]]]}
    space = {"optimizer": ["choice", [["adam", nested]]]}

    assert list(samples(space, GRID)) == [
        {"optimizer": "adam"},
        {"optimizer": {"kind": "sgd", "momentum": 0}},
        {"optimizer": {"kind": "sgd", "momentum": 0.9}},
    ]


def test_the_same_seed_draws_the_same() -> None:
    space = {"x": ["normal", [0, 1]], "y": ["choice", [["a", "b"]]]}

    first, second = (list(islice(samples(space, RANDOM), 20)) for _ in range(2))

    assert first == second


def test_another_seed_and_none_draw_something_else() -> None:
    space = {"x": ["uniform", [0, 1]]}

    algorithms: list[dict[str, Any]] = [
        RANDOM,
        {**RANDOM, "seed": 2},
        {"samplingAlgorithmType": "Random"},
        {"samplingAlgorithmType": "Random"},
    ]
    first = [next(samples(space, algorithm))["x"] for algorithm in algorithms]

    assert len(set(first)) == 4


def test_a_space_that_is_small_ends_without_a_repeat() -> None:
    space = {"x": ["choice", [[1, 2]]], "y": ["randint", [3]]}

    combinations = [(values["x"], values["y"]) for values in samples(space, RANDOM)]

    assert sorted(combinations) == [(1, 0), (1, 1), (1, 2), (2, 0), (2, 1), (2, 2)]


def test_bayesian_sampling_draws_as_well() -> None:
    space = {"x": ["choice", [[5]]]}

    assert list(samples(space, {"samplingAlgorithmType": "Bayesian"})) == [{"x": 5}]


def test_a_choice_is_drawn_as_it_was_sent() -> None:
    values = drawn("choice", [1, 0.5, "x", True])

    assert {(type(value), value) for value in values} == {
        (int, 1),
        (float, 0.5),
        (str, "x"),
        (bool, True),
    }


def test_a_distribution_within_a_choice_is_drawn() -> None:
    values = drawn("choice", [{"kind": "sgd", "momentum": ["randint", [2]], "sizes": [1, 2]}])

    assert {value["momentum"] for value in values} == {0, 1}
    assert values[0]["kind"] == "sgd"
    assert values[0]["sizes"] == [1, 2]


def test_randint_stays_below_its_bound() -> None:
    assert set(drawn("randint", 3)) == {0, 1, 2}


def test_uniform_stays_within_its_bounds() -> None:
    values = drawn("uniform", 2, 4)

    assert 2 <= min(values) < 2.1
    assert 3.9 < max(values) <= 4


def test_the_bounds_of_loguniform_are_exponents() -> None:
    values = drawn("loguniform", -6, -1)

    assert math.exp(-6) <= min(values) < math.exp(-5.9)
    assert math.exp(-1.1) < max(values) <= math.exp(-1)


def test_the_base_of_the_exponents_can_be_another() -> None:
    values = drawn("loguniform", 0, 3, logbase=10)

    assert 1 <= min(values) < 1.1
    assert 900 < max(values) <= 1000


def test_normal_has_its_mean_and_spread() -> None:
    values = drawn("normal", 10, 2, count=2000)

    assert fmean(values) == pytest.approx(10, abs=0.2)
    assert fmean(abs(value - 10) for value in values) == pytest.approx(1.6, abs=0.1)


def test_the_logarithm_of_lognormal_is_normal() -> None:
    values = [math.log(value) for value in drawn("lognormal", 1, 0.5, count=2000)]

    assert fmean(values) == pytest.approx(1, abs=0.05)


def test_q_makes_whole_steps() -> None:
    assert set(drawn("quniform", 0, 10, 5)) == {0, 5, 10}
    assert set(drawn("quniform", 0, 1, 0.5)) == {0, 0.5, 1}


def test_a_whole_step_makes_whole_numbers() -> None:
    kinds = {
        type(value)
        for kind in ("quniform", "qloguniform", "qnormal", "qlognormal")
        for value in drawn(kind, 1, 2, 1.0)
    }

    assert kinds == {int}


def test_q_rounds_the_power_and_not_the_exponent() -> None:
    assert max(drawn("qloguniform", 0, 3, 1)) == 20


def test_what_is_beyond_all_numbers_is_the_greatest_instead() -> None:
    assert drawn("loguniform", 1e100, 1e100, count=1) == [math.exp(700)]
    assert drawn("qloguniform", 1e100, 1e100, 1e-50, count=1) == [math.exp(700)]
