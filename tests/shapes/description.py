"""Microsoft's description of what can be sent to create a job.

It is Microsoft.MachineLearningServices.json, 2024-10-01, of Azure/azure-resource-manager-schemas on
GitHub, read from `../shared/specs` beside the checkout. Three relaxations make a REST body fit what
describes a template: the alternative that is a template expression is dropped, so is
`additionalProperties: false`, under which no polymorphic type is ever valid there, and numbers may
have fractions where only templates have none.
"""

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # it comes without types
import pytest

from shared.ports import Json

FILE = "Microsoft.MachineLearningServices.2024-10-01.json"
PLACE = Path(__file__).parents[3] / "shared" / "specs" / FILE
MISSING = f"BODIES ARE NOT COMPARED WITH MICROSOFT'S SCHEMA: ../shared/specs has no {FILE}"
EXPRESSION = "common/definitions.json#/definitions/expression"
DEFINITIONS = "#/definitions/"
JOB = "JobBaseProperties"
# Doubles and floats in the service's own contract (mfe.json of Azure/azure-rest-api-specs).
FRACTIONS = {
    "slackFactor",
    "slackAmount",
    "exitScore",
    "testDataSize",
    "validationDataSize",
    "stackMetaLearnerTrainPercentage",
    "learningRate",
}

Part = tuple[str, Json]


@dataclass(frozen=True)
class Field:
    """A field of a type, and the word in it if it takes certain words only."""

    owner: str
    name: str
    word: str | None = None


@dataclass(frozen=True)
class Description:
    """The relaxed description."""

    definitions: Json

    def faults(self, job: Json) -> list[str]:
        """What is wrong with the properties of a job, unknown names at any depth included."""
        root = {"$ref": f"{DEFINITIONS}{JOB}", "definitions": self.definitions}
        found = jsonschema.Draft4Validator(root).iter_errors(job)
        unknown = self.said(job) - self.fields()
        return [*(error.message for error in found), *sorted(field.name for field in unknown)]

    def said(self, job: Json) -> set[Field]:
        """The fields in the properties of a job."""
        return set(self._said({"$ref": f"{DEFINITIONS}{JOB}"}, job, JOB))

    def fields(self, *, but: Collection[str] = ()) -> set[Field]:
        """The fields of a job and of all that it may be made of, but for these types."""
        found, seen, waiting = set[Field](), {*but}, [JOB]
        while waiting:
            owner = waiting.pop()
            if owner not in seen:
                seen.add(owner)
                found |= set(_declared(self.definitions[owner], owner))
                waiting += _named(self.definitions[owner])
        return found

    def _said(self, schema: Json, value: object, owner: str) -> Iterator[Field]:
        parts = list(self._parts(schema, value, owner))
        if isinstance(value, dict):
            for name, inside in value.items():
                yield from self._said_in(parts, name, inside)
        for each in value if isinstance(value, list) else ():
            for part_owner, part in parts:
                yield from self._said(part.get("items", {}), each, part_owner)

    def _said_in(self, parts: list[Part], name: str, inside: object) -> Iterator[Field]:
        """The fields of a member of an object, known or not; what may be anything has none."""
        declared, others = _declared_as(parts, name), _of_any_name(parts)
        for owner, its in declared:
            yield from (Field(owner, name, word) for word in (None, *_words_in(its, inside)))
        for owner, its in declared or others:
            yield from self._said(its, inside, owner)
        if not (declared or others) and all("properties" in part for _, part in parts):
            yield Field(parts[-1][0], name)

    def _parts(self, schema: Json, value: Any, owner: str) -> Iterator[Part]:
        """The plain schemas that together describe a value, each with the type that it is of."""
        if "$ref" in schema:
            name = schema["$ref"].removeprefix(DEFINITIONS)
            yield from self._parts(self.definitions[name], value, name)
            return
        chosen = [each for each in schema.get("oneOf", ()) if _is_chosen(each, value)]
        for each in (*schema.get("allOf", ()), *chosen):
            yield from self._parts(each, value, owner)
        if "allOf" not in schema and "oneOf" not in schema:
            yield owner, schema


@cache
def description() -> Description:
    """The description; where there is no file of it the test is skipped."""
    if not PLACE.exists():
        pytest.skip(MISSING)
    return Description(_relaxed(json.loads(PLACE.read_text())["definitions"]))


def _relaxed(schema: Any, name: str = "") -> Any:
    """A schema under the three relaxations; an alternative that is left alone is no alternative."""
    if isinstance(schema, list):
        return [_relaxed(each, name) for each in schema if not _is_expression(each)]
    if not isinstance(schema, dict):
        return schema
    kept = {
        key: _relaxed(value, name if key == "oneOf" else key)
        for key, value in schema.items()
        if not _forbids(key, value)
    }
    if kept.get("type") == "integer" and name in FRACTIONS:
        kept["type"] = "number"
    match kept.pop("oneOf", None):
        case [alone]:
            return {**kept, **alone}
        case list(several):
            return {**kept, "oneOf": several}
        case _:
            return kept


def _is_expression(schema: object) -> bool:
    return isinstance(schema, dict) and str(schema.get("$ref")).endswith(EXPRESSION)


def _forbids(key: str, value: object) -> bool:
    return key == "additionalProperties" and value is False


def _is_chosen(branch: Json, value: Any) -> bool:
    """Does a branch ask for the words that the value has?"""
    asked = [each["properties"] for each in branch.get("allOf", ()) if "properties" in each]
    return isinstance(value, dict) and all(
        value.get(name) == its["const"]
        for each in asked
        for name, its in each.items()
        if "const" in its
    )


def _declared_as(parts: list[Part], name: str) -> list[Part]:
    """What a member of this name is."""
    known = ((owner, part.get("properties", {})) for owner, part in parts)
    return [(owner, members[name]) for owner, members in known if name in members]


def _of_any_name(parts: list[Part]) -> list[Part]:
    """What a member of any other name is."""
    rest = "additionalProperties"
    return [(owner, part[rest]) for owner, part in parts if rest in part]


def _declared(schema: Json, owner: str) -> Iterator[Field]:
    """The fields that a type has itself."""
    for name, its in schema.get("properties", {}).items():
        yield from (Field(owner, name, word) for word in (None, *_words(its)))
    for each in (*schema.get("allOf", ()), *schema.get("oneOf", ())):
        yield from _declared(each, owner)


def _words(schema: Json) -> list[str]:
    """The only words that a field, or what is listed in it, may be."""
    words: list[str] = schema.get("items", schema).get("enum", [])
    return words


def _words_in(schema: Json, value: object) -> list[str]:
    given = value if isinstance(value, list) else [value]
    return [word for word in _words(schema) if word in given]


def _named(schema: Json) -> list[str]:
    """The types that a type is made of."""
    return re.findall(f'"{DEFINITIONS}(\\w+)"', json.dumps(schema))
