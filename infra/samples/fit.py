"""Learns the slope of a noisy line by gradient descent, and logs how far off it is."""

import argparse
import random

import mlflow

SLOPE = 3.0
POINTS = 200

parser = argparse.ArgumentParser()
parser.add_argument("--rate", type=float, required=True)
parser.add_argument("--steps", type=int, required=True)
options = parser.parse_args()

chance = random.Random(7)  # noqa: S311 -- the same noise in every trial, or none could be compared
points = [(x, SLOPE * x + chance.gauss(0, 0.1)) for x in (i / POINTS for i in range(POINTS))]

slope = 0.0
for step in range(options.steps):
    slope -= options.rate * sum(2 * x * (slope * x - y) for x, y in points) / POINTS
    mlflow.log_metric("error", sum((slope * x - y) ** 2 for x, y in points) / POINTS, step=step)
mlflow.log_metric("slope", slope)
