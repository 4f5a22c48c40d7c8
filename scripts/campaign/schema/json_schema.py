"""JSON Schemas for editors that complete and check YAML.

Files name theirs in a line for the YAML language server: `# yaml-language-server: $schema=../schemas/contacts.json`.
Texts may be unquoted, so numbers and words such as `no` are texts too, and YAML 1.2 has no dates.
"""

from __future__ import annotations

import json
from typing import Any

import msgspec

from campaign.schema import kinds
from campaign.schema.kinds import KINDS, Kind
from campaign.schema.reference import describe_key

DIALECT = "https://json-schema.org/draft/2020-12/schema"
JSON_TYPES = {"string": ["string", "number", "boolean"], "boolean": ["boolean", "string"]}
YES_NO = ["yes", "no", "true", "false", "unknown"]


def json_schemas() -> dict[str, str]:
    """Return every schema by file name."""
    kinds = (kind for kind in KINDS.values() if not kind.is_table)
    return {f"{kind.name}.json": json.dumps(_schema(kind), indent=2, ensure_ascii=False) + "\n" for kind in kinds}


def _schema(kind: Kind) -> dict[str, Any]:
    (root,), components = msgspec.json.schema_components((kind.declaration,), ref_template="#/$defs/{name}")
    for name, component in components.items():
        for key, row in component["properties"].items():
            description, *examples = describe_key(getattr(kinds, name), key)
            texts = {"description": description, "examples": examples}
            component["properties"][key] = {name: text for name, text in texts.items() if text} | row
    definitions = {name: _as_typed(component) for name, component in components.items()}
    if kind.is_open:
        definitions[kind.declaration.__name__]["additionalProperties"] = True
    body: dict[str, Any] = root
    for _ in range(kind.names_above):
        # An empty file has no keys yet.
        body = {"type": ["object", "null"], "additionalProperties": body}
    if kind.is_translated:
        body["properties"] = {"translation": {"type": "object"}}
    for key in reversed(kind.below):
        # In a list of plugins, settings are below the plugin's name.
        inner = {"type": "object", "properties": {key: body}}
        body = {"type": "object", "properties": {"plugins": {"type": "array", "items": {"anyOf": [inner, True]}}}}
    return {"$schema": DIALECT, "title": kind.path, **body, "$defs": definitions}


def _as_typed(result: Any) -> Any:
    if isinstance(result, list):
        return [_as_typed(item) for item in result]
    if not isinstance(result, dict):
        return result
    schema = {
        key: value if key in ("properties", "examples") else _as_typed(value)
        for key, value in result.items()
        if key not in ("default", "format")
    }
    if "properties" in schema:
        schema["properties"] = {
            key: _as_typed(artifact) for key, artifact in schema["properties"].items() if key != "origin"
        }
    options = [item for item in schema.get("anyOf", ()) if item != {"type": "null"}]
    if "anyOf" in schema:
        other_keys = {key: value for key, value in schema.items() if key != "anyOf"}
        return {**options[0], **other_keys} if len(options) == 1 else {**other_keys, "anyOf": options}
    if schema.get("type") == "boolean":
        return {**schema, "type": JSON_TYPES["boolean"], "enum": [True, False, *YES_NO]}
    if schema.get("type") in JSON_TYPES and "enum" not in schema:
        schema["type"] = JSON_TYPES[schema["type"]]
    return schema
