"""The log of the host: a line on standard error for each record, with its invocation."""

import logging
import sys
import time
from contextvars import ContextVar

FORMAT = "%(asctime)s.%(msecs)03dZ %(levelname)s %(invocation)s%(name)s: %(message)s"
INVOCATION: ContextVar[str] = ContextVar("INVOCATION", default="")
CHATTY = ("azure", "httpx", "msal")


class OneLine(logging.Formatter):
    """Writes a record, its traceback included, on one line."""

    converter = staticmethod(time.gmtime)

    def format(self, record: logging.LogRecord) -> str:
        return super().format(record).replace("\n", " | ")


def configure() -> None:
    """Send the records of all loggers to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(OneLine(FORMAT, "%Y-%m-%dT%H:%M:%S"))
    handler.addFilter(_with_invocation)
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)


def _with_invocation(record: logging.LogRecord) -> bool:
    invocation = INVOCATION.get()
    record.invocation = f"[{invocation}] " if invocation else ""
    return True
