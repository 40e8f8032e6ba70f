"""Draws the hyperparameters of trials from a search space.

What each kind draws is told in
https://learn.microsoft.com/azure/machine-learning/how-to-tune-hyperparameters#define-the-search-space.
Bayesian sampling draws by chance as well, and so does the rule Sobol: nothing is learnt from the
trials that are over. No combination comes twice: where the space is smaller than the number of
trials there are fewer of them
(https://learn.microsoft.com/python/api/azureml-train-core/azureml.train.hyperdrive.hyperdriveconfig).
"""

import itertools
import json
import math
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from tests.local.workspace.schema import Json
from tests.local.workspace.searchspace import is_expression

GREATEST_EXPONENT = 700.0  # of e, for a number that is still finite
ATTEMPTS = 1000  # draws without anything new, after which the space counts as used up


def samples(space: Json, algorithm: Json) -> Iterator[Json]:
    """Give one combination after the other, as long as there are new ones."""
    if algorithm["samplingAlgorithmType"] == "Grid":
        return _new(grid(space))
    random, logarithm = Random(algorithm.get("seed")), _logarithm(algorithm.get("logbase"))
    return _new(_draws(space, random, logarithm))


def grid(space: Json) -> Iterator[Json]:
    """Give every combination of choices, the last hyperparameter changing first."""
    columns = [_values(expression) for expression in space.values()]
    return (dict(zip(space, row, strict=True)) for row in itertools.product(*columns))


def _values(expression: Any) -> list[Any]:
    values: list[Any] = []
    for value in expression[1][0]:
        values.extend(_variants(value) if isinstance(value, dict) else [value])
    return values


def _variants(value: Json) -> Iterator[Json]:
    """Give an object once for each combination of the choices within it."""
    columns = [_values(member) if is_expression(member) else [member] for member in value.values()]
    return (dict(zip(value, row, strict=True)) for row in itertools.product(*columns))


def _draws(space: Json, random: Random, logarithm: float) -> Iterator[Json]:
    while True:
        yield {name: _drawn(expression, random, logarithm) for name, expression in space.items()}


def _new(draws: Iterator[Json]) -> Iterator[Json]:
    """Leave out what has been; end after too many draws in vain."""
    seen: set[str] = set()
    in_vain = 0
    for drawn in draws:
        key = json.dumps(drawn)
        in_vain = in_vain + 1 if key in seen else 0
        if in_vain == ATTEMPTS:
            return
        if key not in seen:
            seen.add(key)
            yield drawn


def _drawn(expression: Any, random: Random, logarithm: float) -> Any:
    kind, arguments = expression
    if kind == "choice":
        return _resolved(random.choice(arguments[0]), random, logarithm)
    if kind == "randint":
        return random.randrange(arguments[0])
    draw = _DRAWS[kind.removeprefix("q").removeprefix("log")]
    value = draw(random, *arguments[:2])
    if "log" in kind:
        value = math.exp(min(value * logarithm, GREATEST_EXPONENT))
    return _rounded(value, arguments[2]) if kind.startswith("q") else value


_DRAWS: dict[str, Callable[[Random, float, float], float]] = {
    "uniform": Random.uniform,
    "normal": Random.normalvariate,
}


def _resolved(value: Any, random: Random, logarithm: float) -> Any:
    if not isinstance(value, dict):
        return value
    return {
        name: _drawn(member, random, logarithm) if is_expression(member) else member
        for name, member in value.items()
    }


def _rounded(value: float, q: float) -> float:
    """Give the nearest multiple; a whole number where q is one, so that scripts can read it."""
    step = int(q) if q == int(q) else q
    count = value / step
    return round(count) * step if math.isfinite(count) else value


def _logarithm(base: float | str | None) -> float:
    return 1.0 if base is None or isinstance(base, str) else math.log(base)
