"""Start the bus; see the package for what it is, and for what it does not prove."""

import argparse
import asyncio
import logging
from pathlib import Path

import tests.local.bus
from tests.local.bus import topology
from tests.local.process import ROOT

try:
    from tests.local.bus import server
except ModuleNotFoundError as exc:
    if exc.name not in {"proton", "cproton"}:
        raise
    raise SystemExit(
        "The bus needs python-qpid-proton 0.40, which pip builds with a C compiler."
    ) from exc

DEFAULT = ROOT / "tests" / "local" / "topology.json"


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.local.bus",
        description=tests.local.bus.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--topology",
        type=Path,
        default=DEFAULT,
        help="the entities, as JSON (default: %(default)s)",
    )
    parser.add_argument(
        "--port", type=int, default=0, help="the port to listen on (default: any that is free)"
    )
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.WARNING, format="bus: %(levelname)s %(message)s")
    try:
        entities = topology.load(arguments.topology)
    except topology.TopologyError as exc:
        raise SystemExit(f"The topology is no good: {exc}") from exc
    asyncio.run(server.run(entities, arguments.port))


if __name__ == "__main__":
    main()
