"""Tell how high a parabola is at one point; the trials of a sweep look for its lowest."""

import argparse
import json
from pathlib import Path

import mlflow


def main() -> None:
    """Log the height, and keep the point with it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--x", type=float, required=True)
    parser.add_argument("--y", type=float, required=True)
    parser.add_argument("--lowest", type=float, required=True, help="the x of the lowest point")
    parser.add_argument("--point", type=Path, required=True, help="file for the result")
    options = parser.parse_args()
    loss = (options.x - options.lowest) ** 2 + options.y**2
    mlflow.log_metric("loss", loss)
    options.point.write_text(json.dumps({"x": options.x, "y": options.y, "loss": loss}))
    print(f"the loss is {loss}")


if __name__ == "__main__":
    main()
