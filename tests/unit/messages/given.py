"""Requests for tests of what may be sent."""

import json
from typing import Any

import pytest

from shared.errors import Fault, RejectedError
from shared.messages import Request, received
from tests.unit.flows.given import a_request, an_envelope


def body_of(document: dict[str, Any]) -> bytes:
    return json.dumps(document).encode()


def the_request(**fields: Any) -> Request:
    """The request with these fields."""
    request, _ = received(body_of(a_request(**fields)), an_envelope())
    return request


def faults_of(**fields: Any) -> list[Fault]:
    """What is wrong with it."""
    with pytest.raises(RejectedError) as caught:
        the_request(**fields)
    assert caught.value.reason == "invalid"
    return list(caught.value.faults)


def only_fault(**fields: Any) -> Fault:
    (fault,) = faults_of(**fields)
    return fault
