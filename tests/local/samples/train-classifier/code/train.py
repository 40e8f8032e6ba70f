"""Train a logistic regression on points that it makes itself; judge it on points it has not seen.

The same seed gives the same points, the same model and the same metrics on every machine.
"""

import argparse
import json
import math
import random
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

CENTRES = {0: (-1.0, -0.6), 1: (1.0, 0.9)}
SPREAD = 0.9


@dataclass(frozen=True)
class Point:
    """A place in the plane, and the class it belongs to."""

    x: float
    y: float
    label: int


@dataclass(frozen=True)
class Model:
    """A line through the plane, and how sure it is on either side."""

    weights: tuple[float, float] = (0.0, 0.0)
    bias: float = 0.0

    def probability(self, point: Point) -> float:
        """Give the probability that a point is of class 1."""
        return 1 / (
            1 + math.exp(-(self.weights[0] * point.x + self.weights[1] * point.y + self.bias))
        )

    def after(self, points: Sequence[Point], *, learning_rate: float) -> "Model":
        """Give the model after one step down the gradient of the loss."""
        errors = [(self.probability(point) - point.label, point) for point in points]
        step = learning_rate / len(points)
        return Model(
            (
                self.weights[0] - step * sum(error * point.x for error, point in errors),
                self.weights[1] - step * sum(error * point.y for error, point in errors),
            ),
            self.bias - step * sum(error for error, _ in errors),
        )


def points(count: int, *, seed: int) -> list[Point]:
    """Make points around two centres that overlap a little."""
    chance = random.Random(seed)
    made = []
    for number in range(count):
        label = number % 2
        x, y = CENTRES[label]
        made.append(Point(chance.gauss(x, SPREAD), chance.gauss(y, SPREAD), label))
    chance.shuffle(made)
    return made


def loss(model: Model, tested: Sequence[Point]) -> float:
    """Give the mean surprise of the model at the truth."""
    sure = [
        model.probability(point) if point.label else 1 - model.probability(point)
        for point in tested
    ]
    return -sum(math.log(max(value, 1e-12)) for value in sure) / len(tested)


def accuracy(model: Model, tested: Sequence[Point]) -> float:
    """Give the share of points that the model puts into their class."""
    return sum((model.probability(point) >= 0.5) == bool(point.label) for point in tested) / len(
        tested
    )


def options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--learning-rate", type=float, default=0.5)
    parser.add_argument("--epochs", type=int, default=40)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument(
        "--model", type=Path, required=True, help="the folder for model.json and metrics.json"
    )
    return parser.parse_args()


def main() -> None:
    """Train, tell how it goes, and write the model down."""
    asked = options()
    made = points(600, seed=asked.seed)
    training, tested = made[:480], made[480:]
    model = Model()
    for epoch in range(1, asked.epochs + 1):
        model = model.after(training, learning_rate=asked.learning_rate)
        print(f"epoch {epoch}/{asked.epochs} loss {loss(model, training):.4f}", flush=True)
    metrics = {
        "accuracy": accuracy(model, tested),
        "loss": loss(model, tested),
        "epochs": asked.epochs,
    }
    asked.model.mkdir(parents=True, exist_ok=True)
    (asked.model / "model.json").write_text(json.dumps(asdict(model)))
    (asked.model / "metrics.json").write_text(json.dumps(metrics))
    print(f"accuracy {metrics['accuracy']:.3f} on {len(tested)} points")


if __name__ == "__main__":
    main()
