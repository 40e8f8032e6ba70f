"""Inputs and outputs of a job: where they are on this disk, and how a command names them.

A trial of a sweep has hyperparameters as well: they are the `parameters` that the service adds.
"""

import json
from pathlib import Path
from typing import Any

from tests.local.workspace.datastores import Datastores, default_output
from tests.local.workspace.schema import Json
from tests.local.workspace.state import Job


def values(job: Job, datastores: Datastores) -> dict[str, str]:
    """Give what stands for each placeholder; the places of outputs are made."""
    inputs = {
        f"inputs.{name}": given["value"] if "value" in given else str(datastores.path(given["uri"]))
        for name, given in job.definition.get("inputs", {}).items()
    }
    outputs = {
        f"outputs.{name}": str(_made(datastores.path(output["uri"]), output))
        for name, output in outputs_of(job).items()
    }
    parameters = {
        f"search_space.{name}": as_text(value)
        for name, value in job.definition.get("parameters", {}).items()
    }
    return {**inputs, **outputs, **parameters}


def names(definition: Json) -> set[str]:
    """Name the placeholders that have a value."""
    sides = {"inputs": "inputs", "outputs": "outputs", "searchSpace": "search_space"}
    return {f"{side}.{name}" for key, side in sides.items() for name in definition.get(key, {})}


def as_text(value: Any) -> str:
    """Write a hyperparameter as it stands in a command: a text as it is, the rest as JSON."""
    return value if isinstance(value, str) else json.dumps(value)


def outputs_of(job: Job) -> dict[str, Json]:
    """Give the named outputs, each with its address."""
    outputs = job.definition.get("outputs", {})
    return {
        name: {"uri": default_output(job.name, name, is_folder=_is_folder(output)), **output}
        for name, output in outputs.items()
    }


def addresses(definition: Json) -> list[str]:
    """Give the addresses that a definition names."""
    return [*_inputs(definition), *_uris(definition.get("outputs", {}))]


def lost_inputs(definition: Json, datastores: Datastores) -> list[str]:
    """Give the addresses of inputs at which there is nothing."""
    return [uri for uri in _inputs(definition) if not datastores.path(uri).exists()]


def _inputs(definition: Json) -> list[str]:
    return _uris(definition.get("inputs", {}))


def _uris(side: Json) -> list[str]:
    return [given["uri"] for given in side.values() if "uri" in given]


def _is_folder(output: Json) -> bool:
    return bool(output["jobOutputType"] != "uri_file")


def _made(place: Path, output: Json) -> Path:
    (place if _is_folder(output) else place.parent).mkdir(parents=True, exist_ok=True)
    return place
