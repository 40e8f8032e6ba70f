"""The twin: the whole system on this machine, without Azure.

python -m tests.local up      start it, and say where it is
python -m tests.local demo    start it, and show a request passing through

It runs the commands that requests bring, so it listens on 127.0.0.1 alone. It does not prove the
timing of the real services, nor roles, nor quotas.
"""

import argparse
import asyncio
import sys

from tests.local import demo, process, up


def main() -> int:
    """Read the command line and do it."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.local",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True)
    up.add_options(commands.add_parser("up", help="start it, and say where it is"))
    commands.add_parser("demo", help="start it, and show a request passing through")
    options = parser.parse_args()
    if options.command == "demo":
        return demo.run()
    if options.app_only and not options.endpoints:
        parser.error("--app-only needs --endpoints FILE")
    try:
        asyncio.run(up.up(options))
    except process.DiedError as exc:
        print(f"the twin does not start: {exc}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
