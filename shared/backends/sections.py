"""The parts of a job as JSON."""

from collections.abc import Mapping
from typing import Any

from shared.ports import Json


def section(job: Json, name: str) -> Json:
    """A part of a job that is an object; empty when it is none."""
    found = job.get(name)
    return found if isinstance(found, dict) else {}


def present(values: Mapping[str, Any]) -> Json:
    """What is given."""
    return {name: value for name, value in values.items() if value is not None}


def filled(job: Json) -> Json:
    """A job without what says nothing."""
    return {name: value for name, value in job.items() if value not in ({}, [], None)}


def pruned(part: Json) -> Json:
    """A part of a job without what is not set: services write `null` for that."""
    return {name: _pruned(value) for name, value in part.items() if value is not None}


def _pruned(value: object) -> object:
    return pruned(value) if isinstance(value, dict) else value
