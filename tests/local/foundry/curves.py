"""The metrics of a recipe that is only played: curves that any two runs of one name share."""

import hashlib
import math
from dataclasses import dataclass

from tests.local.foundry.model.recipes import ReinforcementRecipe, Training

PREFERENCE = frozenset({"dpo", "kto", "orpo", "cpo", "simpo"})
STEPS = 100  # of a recipe that does not say `max_steps`
POINTS = 10


@dataclass(frozen=True)
class Curve:
    """A metric on its way from one value to another, with a little noise."""

    first: float
    last: float
    noise: float = 0.02

    def at(self, share: float, *, seed: str) -> float:
        """Give the value after a share of the training; quick at first, then slower."""
        way = (1 - math.exp(-4 * share)) / (1 - math.exp(-4))
        swing = (2 * _chance(f"{seed}:{share:.6f}") - 1) * self.noise * (1 - way)
        return round(self.first + (self.last - self.first) * way + swing, 6)


USUAL = {
    "loss": Curve(2.4, 0.6),
    "accuracy": Curve(0.3, 0.86),
    "learning_rate": Curve(0.0002, 0.00001, noise=0.0),
}
OF_PREFERENCES = {"reward_margin": Curve(0.0, 1.8)}
OF_REINFORCEMENT = {"reward_mean": Curve(0.1, 0.8), "kl": Curve(0.0, 0.12)}
OF_EVALUATION = {"eval_accuracy": Curve(0.25, 0.8)}


def curves_of(recipe: Training) -> dict[str, Curve]:
    """Give the metrics that a recipe logs."""
    curves = dict(USUAL)
    if isinstance(recipe, ReinforcementRecipe):
        curves |= OF_REINFORCEMENT
    if recipe.algorithm in PREFERENCE:
        curves |= OF_PREFERENCES
    return curves | OF_EVALUATION if recipe.eval or recipe.dataset.eval else curves


def steps_of(recipe: Training) -> list[int]:
    """Give the steps at which metrics are logged, the last of the training among them."""
    asked = (recipe.hyperparameters or {}).get("max_steps")
    total = asked if isinstance(asked, int) and asked > 0 else STEPS
    return sorted({math.ceil(total * number / POINTS) for number in range(1, POINTS + 1)})


def _chance(seed: str) -> float:
    return int(hashlib.sha256(seed.encode()).hexdigest()[:8], 16) / 0xFFFFFFFF
