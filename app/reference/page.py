"""What the page of the reference shows, drawn from the OpenAPI document: nothing that is not in it."""

import json
from collections import defaultdict
from typing import Any, NamedTuple

from . import samples

Json = dict[str, Any]
LIMITS = {
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minimum": "at least {}",
    "maximum": "at most {}",
    "minItems": "at least {}",
    "maxItems": "at most {}",
    "default": "default {}",
}


class Field(NamedTuple):
    name: str
    type: str
    schema: str  # the name of the schema that describes it further, or ""
    is_required: bool
    notes: str


class Operation(NamedTuple):
    id: str
    method: str
    path: str
    summary: str
    description: str
    scopes: list[str]
    access: str
    parameters: list[Field]
    body: str
    curl: str
    status: str
    answer: str
    answer_type: str
    example: str
    errors: list[tuple[str, str]]


def operations(document: Json, base_url: str) -> dict[str, list[Operation]]:
    """By tag; what programs can use comes first."""
    found: dict[str, list[Operation]] = defaultdict(list)
    definitions = document["components"]["schemas"]
    for path, methods in document["paths"].items():
        for method, said in methods.items():
            found[said["tags"][0]].append(_operation(method.upper(), path, said, definitions, base_url))
    return dict(sorted(found.items(), key=lambda item: (not any(it.scopes for it in item[1]), item[0])))


def fields(schema: Json) -> list[Field]:
    required = schema.get("required", ())
    return [_field(name, value, name in required) for name, value in schema.get("properties", {}).items()]


def sockets(document: Json) -> Json:
    """As in the document, with names instead of schemas."""
    said: Json = document["x-socketio"]

    def named(event: Json) -> Json:
        return event | {key: _name_of(event[key] or {}) for key in ("payload", "answer") if key in event}

    return said | {"client": [*map(named, said["client"])], "server": [*map(named, said["server"])]}


def schemas(document: Json) -> dict[str, tuple[str, list[Field]]]:
    """name -> what it is, its fields."""
    definitions: Json = document["components"]["schemas"]
    return {
        name: (schema.get("description", ""), fields(schema))
        for name, schema in definitions.items()
        if schema.get("type") == "object"
    }


def _operation(method: str, path: str, said: Json, definitions: Json, base_url: str) -> Operation:
    scopes = [scope for way in said["security"] for scope in way.get("token", ())]
    body = said.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    status, success = next(iter(said["responses"].items()))
    contents: Json = success.get("content", {})
    kind = next(iter(contents), "")
    schema = contents.get(kind, {}).get("schema", {})
    sent = samples.sample(body, definitions, all_fields=False) if body else None
    curl = samples.curl(base_url, method, path, sent, needs_token=bool(scopes))
    return Operation(
        id=said["operationId"],
        method=method,
        path=path,
        summary=said["summary"],
        description=said.get("description", ""),
        scopes=scopes,
        access=_access(said["security"], scopes),
        parameters=[_field(p["name"], p["schema"], p.get("required", False)) for p in said["parameters"]],
        body=_name_of(body or {}),
        curl=curl if scopes or not said["security"] else "",
        status=status,
        answer=_name_of(schema),
        answer_type=kind,
        example=_example(schema, definitions),
        errors=[
            (code, answer["description"]) for code, answer in said["responses"].items() if code[0] in "45"
        ],
    )


def _access(security: list[Json], scopes: list[str]) -> str:
    if scopes:
        return "Access token or signed-in browser"
    return "Signed-in browser only" if any("session" in way for way in security) else "Anybody"


def _example(schema: Json, definitions: Json) -> str:
    if not schema:
        return ""
    return json.dumps(samples.sample(schema, definitions), indent=2, ensure_ascii=False)


def _field(name: str, schema: Json, is_required: bool) -> Field:
    kind, of = _type_of(schema)
    notes = [schema.get("description", "")]
    plain = samples.resolved(schema, {}) if "anyOf" in schema and "$ref" not in str(schema) else schema
    notes += [words.format(plain[key]) for key, words in LIMITS.items() if plain.get(key) is not None]
    return Field(name, kind, of, is_required, "; ".join(filter(None, notes)))


def _type_of(schema: Json) -> tuple[str, str]:
    """In words, and the name of the schema behind it."""
    if "$ref" in schema:
        return _name_of(schema), _name_of(schema)
    if "anyOf" in schema:
        parts = [_type_of(one) for one in schema["anyOf"]]
        return " or ".join(kind for kind, _ in parts), next((of for _, of in parts if of), "")
    if "enum" in schema or "const" in schema:
        return " | ".join(json.dumps(one) for one in schema.get("enum", [schema.get("const")])), ""
    if schema.get("type") == "array":
        kind, of = _type_of(schema.get("items", {}))
        return f"list of {kind}", of
    words = {"date-time": "date and time", "date": "date", "uuid": "id"}
    return words.get(schema.get("format", "")) or str(schema.get("type", "anything")), ""


def _name_of(schema: Json) -> str:
    if "anyOf" in schema:
        return " or ".join(_name_of(one) for one in schema["anyOf"])
    return str(schema.get("$ref", "")).rpartition("/")[2]
