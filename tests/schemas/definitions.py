"""Models as JSON Schema (draft 2020-12), without the noise."""

from collections.abc import Iterable, Iterator
from typing import Any, Literal

from pydantic import AliasChoices, BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue, models_json_schema
from pydantic_core import core_schema

from shared.messages.fields import Sent
from shared.ports import Json

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Mode = Literal["validation", "serialization"]


class _Quiet(GenerateJsonSchema):
    """Titles for models alone, no defaults that say nothing, and names that are checked."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        found = super().default_schema(schema)
        if found.get("default") in (None, {}):
            found.pop("default", None)
        return found

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        found = super().dict_schema(schema)
        if "patternProperties" in found:
            found["additionalProperties"] = False
        return found


def definitions(models: Iterable[type[BaseModel]], mode: Mode, *, at: str = "#/$defs/") -> Json:
    """The schemas of models, and of all they are made of, by name."""
    _, schema = models_json_schema(
        [(model, mode) for model in models],
        ref_template=f"{at}{{model}}",
        schema_generator=_Quiet,
    )
    found: Json = schema["$defs"]
    for model in _models(Sent):
        if mode == "validation" and model.__name__ in found:
            _spell_in_two_ways(model, found[model.__name__])
    return found


def _models(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for each in model.__subclasses__():
        yield each
        yield from _models(each)


def _spell_in_two_ways(model: type[BaseModel], schema: Json) -> None:
    """Let a field be written under each name that the model reads it by."""
    for field in model.model_fields.values():
        if isinstance(field.validation_alias, AliasChoices):
            names = [str(choice) for choice in field.validation_alias.choices]
            known = next(name for name in names if name in schema["properties"])
            schema["properties"] |= dict.fromkeys(names, schema["properties"][known])
            one = [{"required": [name]} for name in names]
            if known in schema.get("required", []):
                schema["required"].remove(known)
                schema.setdefault("allOf", []).append({"oneOf": one})


def document(name: str, title: str, body: Json, parts: Json) -> Json:
    """A whole schema, with its parts behind it."""
    head = {
        "$schema": DIALECT,
        "$id": name,
        "title": title,
        "description": body["description"],
        "type": "object",
    }
    return {**head, **body, **head, "$defs": dict(sorted(parts.items()))}
