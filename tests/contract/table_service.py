"""Azurite for the contract suites of the store."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.local import azurite, node
from tests.local.process import Service, module, start


@contextmanager
def table_service() -> Iterator[Service]:
    """A running Azurite. What it needs may be missing at home, but not in CI."""
    try:
        azurite.command()
    except node.MissingError as missing:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(str(missing))
    service = start("azurite", module("azurite"))
    try:
        yield service
    finally:
        service.stop()
