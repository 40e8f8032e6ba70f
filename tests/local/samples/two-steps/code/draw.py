"""Draws numbers from the standard normal distribution, and writes one to a line."""

import argparse
import random
from pathlib import Path


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--numbers", type=Path, required=True)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    numbers = [f"{chance.gauss():.6f}" for _ in range(options.count)]
    (options.numbers / "numbers.txt").write_text("\n".join(numbers) + "\n")
    print(f"drew {options.count} numbers")


if __name__ == "__main__":
    main()
