"""Sums up the numbers of a file: how many, their mean and how far they spread."""

import argparse
import json
import statistics
from pathlib import Path


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--numbers", type=Path, required=True)
    parser.add_argument("--summary", type=Path, required=True)
    options = parser.parse_args()
    numbers = [float(line) for line in (options.numbers / "numbers.txt").read_text().splitlines()]
    summary = {
        "count": len(numbers),
        "mean": statistics.fmean(numbers),
        "deviation": statistics.pstdev(numbers),
    }
    options.summary.write_text(json.dumps(summary))
    print(f"summed up {len(numbers)} numbers")


if __name__ == "__main__":
    main()
