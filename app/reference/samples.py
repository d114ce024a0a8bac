"""Samples of what a schema describes: something a reader can send as it stands. Pure."""

import json
import re
from typing import Any

from pydantic.alias_generators import to_snake

Json = dict[str, Any]
ID = "01a1f834-fe20-76c5-bcca-706d7b61564f"
# By the name of a field, where its type alone would say little.
BY_NAME: dict[str, Any] = {
    "email": "maya@acme.test",
    "name": "Launch",
    "title": "Write the plan",
    "description": "In **Markdown**",
    "url": "https://workhub.test/plan",
    "timeZone": "Europe/Berlin",
    "avatarUrl": None,
    "currentPage": "/boards",
    "customStatus": "Deep work",
    "customEmoji": "🎧",
    "prefix": "whp_V1StGX",
    "nextCursor": None,
}
BY_TYPE: Json = {"integer": 1, "number": 1, "boolean": True, "null": None}


def sample(schema: Json, definitions: Json, name: str = "", *, all_fields: bool = True) -> Any:
    """Without `all_fields` only what is required, or the first field if nothing is."""
    schema = resolved(schema, definitions)
    for key in ("const", "default"):
        if schema.get(key) is not None:
            return schema[key]
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("type") == "object":
        return _object(schema, definitions, all_fields)
    if schema.get("type") == "array":
        return [sample(schema.get("items", {}), definitions, name)]
    if name in BY_NAME and schema.get("type") == "string":  # "email" may also be a choice
        return BY_NAME[name]
    if schema.get("type") == "string":
        formats = {"uuid": ID, "date-time": "2026-08-10T12:34:00.000Z", "date": "2026-08-10"}
        return formats.get(schema.get("format", ""), "text")
    return BY_TYPE.get(schema.get("type", ""))


def _object(schema: Json, definitions: Json, all_fields: bool) -> Json:
    fields = schema.get("properties", {})
    wanted = list(fields) if all_fields else [name for name in fields if name in schema.get("required", ())]
    wanted = wanted or list(fields)[:1]
    return {name: sample(fields[name], definitions, name) for name in wanted}


def resolved(schema: Json, definitions: Json) -> Json:
    """Behind references; of alternatives the first that is something."""
    while True:
        if "$ref" in schema:
            schema = {**schema, **definitions[schema["$ref"].rpartition("/")[2]]}
            del schema["$ref"]
        elif "anyOf" in schema:
            schema = next((one for one in schema["anyOf"] if one != {"type": "null"}), {})
        else:
            return schema


def curl(base_url: str, method: str, path: str, body: Any, *, needs_token: bool) -> str:
    """Ids stand as $BOARD_ID: braces would mean something to curl itself."""
    path = re.sub(r"\{(\w+)\}", lambda place: "$" + to_snake(place[1]).upper(), path)
    lines = [f"curl {'' if method == 'GET' else f'-X {method} '}{base_url.rstrip('/')}{path}"]
    if needs_token:
        lines.append('-H "Authorization: Bearer $TOKEN"')
    if body is not None:
        text = json.dumps(body, ensure_ascii=False).replace("'", "'\\''")
        lines += ['-H "Content-Type: application/json"', f"-d '{text}'"]
    return " \\\n  ".join(lines)
