"""The official API description as JSON Schemas of responses, strict about fields that it does not know.

OpenAPI 3.0 is not JSON Schema: `nullable` becomes a type, `writeOnly` fields are forbidden in answers, and `oneOf`
becomes `anyOf`, because the description's alternatives overlap (a hardware specification fits three clouds). A parent
that lists its children and is included by each of them would never end, so it is split into fields and choice.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import jsonschema_rs
import yaml

Json = dict[str, Any]
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
KEPT = (
    "enum",
    "format",
    "maximum",
    "minimum",
    "maxItems",
    "maxLength",
    "minItems",
    "minLength",
    "pattern",
    "required",
)


def load(path: Path) -> Json:
    """The description as it stands in its file."""
    with path.open(encoding="utf-8") as file:
        document: Json = yaml.load(file, Loader=_LOADER)  # noqa: S506 - both loaders are safe ones
    return document


@dataclass(frozen=True)
class Verdict:
    """What is wrong with one answer; empty: nothing."""

    problems: tuple[str, ...]
    schema: str
    """Fingerprint of what it was judged by."""


class Description:
    """Finds and applies the schema of an answer."""

    def __init__(self, document: Json) -> None:
        self._document = document
        self._schemas: Mapping[str, Json] = document["components"]["schemas"]
        self._validators: dict[tuple[str, str, int, str], tuple[Any, str] | None] = {}
        self._translated: dict[str, Json] = {}

    @cached_property
    def _templates(self) -> list[tuple[re.Pattern[str], str]]:
        return [(re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path) + "/?"), path) for path in self._document["paths"]]

    def template(self, path: str) -> str | None:
        """The path template that a request path matches; one without parameters goes first."""
        found = [template for pattern, template in self._templates if pattern.fullmatch(path)]
        return min(found, key=lambda template: template.count("{"), default=None)

    def offers(self, template: str, method: str) -> bool:
        """The description has this operation."""
        return method.lower() in self._document["paths"][template]

    def judge(self, method: str, template: str, status: int, media_type: str, body: Any) -> Verdict:
        """Hold an answer against the schema of its status and media type."""
        key = (method, template, status, media_type)
        if key not in self._validators:
            self._validators[key] = self._validator(*key)
        found = self._validators[key]
        if found is None:
            return Verdict((f"status {status} with {media_type or 'no body'} is not listed",), "")
        validator, fingerprint = found
        problems = tuple(f"{_pointer(e.instance_path)}: {e.message[:300]}" for e in validator.iter_errors(body))
        return Verdict(problems, fingerprint)

    def _validator(self, method: str, template: str, status: int, media_type: str) -> tuple[Any, str] | None:
        response = self._document["paths"][template][method.lower()]["responses"].get(str(status))
        if response is None:
            return None
        if "$ref" in response:
            response = self._document["components"]["responses"][response["$ref"].rpartition("/")[2]]
        content = response.get("content", {})
        if media_type not in content:
            return None if media_type or any("schema" in c and c["schema"] for c in content.values()) else (_ANY, "any")
        schema = self._closed(content[media_type].get("schema", {}))
        root = {"$defs": self._reachable(schema), **schema}
        return jsonschema_rs.Draft202012Validator(root, validate_formats=True), repr(root)

    def _reachable(self, schema: Json) -> Json:
        """Every definition that a schema needs, translated."""
        needed: Json = {}
        waiting = list(_references(schema))
        while waiting:
            name = waiting.pop()
            if name not in needed:
                needed[name] = self._definition(name)
                waiting += _references(needed[name])
        return needed

    def _definition(self, name: str) -> Json:
        if name not in self._translated:
            plain = name.removesuffix(".fields")
            schema = dict(self._schemas[plain])
            if name != plain:
                schema = {k: v for k, v in schema.items() if k not in ("oneOf", "anyOf", "discriminator")}
            self._translated[name] = self._open(schema, inside_all_of=False)
        return self._translated[name]

    def _closed(self, schema: Json) -> Json:
        """A schema where it is used: nothing beyond the fields it knows."""
        translated = self._open(schema, inside_all_of=False)
        return {**translated, "unevaluatedProperties": False} if self._lists_fields(schema) else translated

    def _lists_fields(self, schema: Json) -> bool:
        """The schema, or a part of it, says which fields there are; and none says that there may be others."""
        if "$ref" in schema:
            return self._lists_fields(self._schemas[schema["$ref"].rpartition("/")[2]])
        parts = [part for word in ("allOf", "oneOf", "anyOf") for part in schema.get(word, ()) if "$ref" not in part]
        named = [part for word in ("allOf", "oneOf", "anyOf") for part in schema.get(word, ()) if "$ref" in part]
        if "additionalProperties" in schema:
            return False
        return bool(schema.get("properties")) or bool(named) or any(self._lists_fields(part) for part in parts)

    def _open(self, schema: Json, *, inside_all_of: bool) -> Json:
        """A schema as JSON Schema, without forbidding further fields at this level."""
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            split = inside_all_of and _choices(self._schemas[name])
            return {"$ref": f"#/$defs/{name}{'.fields' if split else ''}"}
        made: Json = {word: schema[word] for word in KEPT if word in schema}
        if "type" in schema:
            made["type"] = [schema["type"], "null"] if schema.get("nullable") else schema["type"]
        if schema.get("nullable") and "enum" in made:
            made["enum"] = [*made["enum"], None]
        if "properties" in schema:
            made["properties"] = {
                name: False if part.get("writeOnly") else self._closed(part)
                for name, part in schema["properties"].items()
            }
        if "items" in schema:
            made["items"] = self._closed(schema["items"])
        if isinstance(schema.get("additionalProperties"), dict):
            made["additionalProperties"] = self._closed(schema["additionalProperties"])
        if "allOf" in schema:
            made["allOf"] = [self._open(part, inside_all_of=True) for part in schema["allOf"]]
        if choices := _choices(schema):
            made["anyOf"] = [self._open(part, inside_all_of=False) for part in choices]
        return made


_ANY = jsonschema_rs.Draft202012Validator({})


def amended(document: Json, amendments: Any) -> Json:
    """A copy of the description with amendments applied to it."""
    copy = deepcopy(document)
    for amend in amendments:
        amend(copy)
    return copy


def _choices(schema: Json) -> list[Json]:
    """Alternatives of a schema; a discriminator without a list names them too."""
    listed = schema.get("oneOf") or schema.get("anyOf")
    mapping = schema.get("discriminator", {}).get("mapping", {})
    return list(listed) if listed else [{"$ref": reference} for reference in mapping.values()]


def _references(schema: Any) -> list[str]:
    if isinstance(schema, dict):
        own = [schema["$ref"].removeprefix("#/$defs/")] if isinstance(schema.get("$ref"), str) else []
        return own + [name for part in schema.values() for name in _references(part)]
    if isinstance(schema, list):
        return [name for part in schema for name in _references(part)]
    return []


def _pointer(path: Any) -> str:
    return "/" + "/".join(str(part) for part in path)
