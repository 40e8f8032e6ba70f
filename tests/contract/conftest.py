"""Fixtures of the contract tests that more than one module uses."""

from collections.abc import Iterator

import pytest

from tests.contract.bus_namespace import REAL, Links, Namespace, Twin, namespace


@pytest.fixture(scope="session")
def bus() -> Iterator[Namespace]:
    """A Service Bus namespace: the twin's, or a real one."""
    with namespace() as found:
        yield found


@pytest.fixture
def twin(bus: Namespace) -> Iterator[Twin]:
    """The bus of the twin, for what only that can do."""
    if not isinstance(bus, Twin):
        pytest.skip(f"only the twin can do this, and {REAL} names another namespace")
    yield bus
    bus.control("DELETE", "/faults")


@pytest.fixture(scope="module")
def links(bus: Namespace) -> Iterator[Links]:
    """What opens senders and receivers, and closes them together."""
    opened = Links(bus.connection)
    yield opened
    opened.close()
