"""The JSON schemas of all models at once, so that each has one name wherever it is used."""

import re
from collections.abc import Iterable
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode

Json = dict[str, Any]


class Schemas:
    """Of models in a mode: "validation" for what is sent, "serialization" for what is answered or told."""

    def __init__(self, models: Iterable[tuple[Any, JsonSchemaMode]]) -> None:
        wanted = {key: TypeAdapter(key[0]) for key in models if key[0] not in (None, type(None))}
        self._by_key, rest = TypeAdapter.json_schemas(
            [(key, key[1], adapter) for key, adapter in wanted.items()],
            ref_template="#/components/schemas/{model}",
            schema_generator=_Words,
        )
        self.definitions: Json = dict(sorted(rest.get("$defs", {}).items()))

    def sent(self, model: Any) -> Json:
        return dict(self._by_key[(model, "validation"), "validation"])

    def answered(self, model: Any) -> Json:
        return dict(self._by_key[(model, "serialization"), "serialization"])

    def fields_of(self, model: Any) -> Json:
        """Of a query: it is described field by field, where it is asked."""
        schema = self.sent(model)
        return dict(self.definitions[_name(schema)]) if "$ref" in schema else schema

    def without(self, models: Iterable[Any]) -> Json:
        """All that may be referred to, but for these."""
        names = {_name(self.sent(model)) for model in models if model}
        return {name: schema for name, schema in self.definitions.items() if name not in names}


class _Words(GenerateJsonSchema):
    """Without titles that repeat the name; a page of something is called after it, and of two models with
    one name each after its feature too."""

    def normalize_name(self, name: str) -> str:
        name = re.sub(r"\bapp\.(\w+)\.\w+\.(\w+)", lambda it: it[1].capitalize() + it[2], name)
        return super().normalize_name(re.sub(r"^(?:app\.schema\.)?Page\[(\w+)\]$", r"\1Page", name))

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def _name(schema: Json) -> str:
    return str(schema.get("$ref", "")).rpartition("/")[2]
