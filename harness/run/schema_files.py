"""Makes the JSON Schemas of a bundle's files from the forms that they are written and read by: `make schemas`."""

from __future__ import annotations

import ast
import inspect
import json
import textwrap
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec

from harness import ports
from harness.azure import clients
from harness.evidence import forms, schemas, tape
from harness.evidence.forms import history, undo

DIALECT = "https://json-schema.org/draft/2020-12/schema"
VERSION = 1

FORMS: Mapping[str, Any] = {
    "run": forms.RunForm,
    "result": forms.ResultDocument,
    "population": forms.Population,
    "manifest": forms.Manifest,
    "ledger": forms.Ledger,
    "clauses": forms.Clauses,
    "row": forms.ResultRow,
    "fault": forms.Fault,
    "waivers": forms.Waivers,
    "redaction": forms.Redaction,
    "sightings": forms.Sightings,
    "attestation": forms.Envelope,
    "history-line": history.HistoryLine,
    "tape-line": tape.Header | tape.Event,
    "undo-line": undo.UndoLine,
}
"""What each schema is made from."""

TITLES = {
    "run": "run.json: who ran what, when, with which tool, on which system",
    "result": "result.json: what came of a run",
    "population": "population.json: every scenario known, and what became of each",
    "manifest": "manifest.json: every file of a bundle",
    "ledger": "ledger.json: which bundle came before this one",
    "clauses": "spec/clauses.json: the clauses of the documentation that requirements rest on",
    "row": "results.jsonl: one attempt at one scenario",
    "fault": "faults.jsonl: something that was broken, or put right, on purpose",
    "waivers": "waivers.json: exceptions that somebody was given, and what they did",
    "redaction": "redactions.jsonl: what was taken out of the recordings",
    "sightings": "state/before.json, state/after.json: everything as a run saw it first and last",
    "attestation": "attestation.dsse.json: the envelope of a signed statement",
    "history-line": "history/*.jsonl: one line of the history of a scenario",
    "tape-line": "exchanges/*.jsonl: one line of the tape of a scenario",
    "undo-line": "undo.jsonl: one line of the undo ledger, without its checksum",
}


def written(name: str) -> str:
    """A schema as its file has it."""
    (body,), parts = msgspec.json.schema_components([FORMS[name]], ref_template="#/$defs/{name}")
    described = {part: _closed(_explained(part, schema)) for part, schema in parts.items()}
    whole = {
        "$schema": DIALECT,
        "$id": f"urn:cmkproof:schema:{name}:{VERSION}",
        "title": TITLES[name],
        **_told_apart(body),
        "$defs": described,
    }
    return json.dumps(_each(whole, _told_apart), indent=1, ensure_ascii=False) + "\n"


def _closed(schema: dict[str, Any]) -> dict[str, Any]:
    """An object with fields of its own has no others."""
    return {**schema, "additionalProperties": False} if "properties" in schema else schema


def _told_apart(schema: dict[str, Any]) -> dict[str, Any]:
    """Alternatives with a tag, as conditions on it: an error then names the field and not all alternatives."""
    if "discriminator" not in schema:
        return schema
    tag, mapping = schema["discriminator"]["propertyName"], schema["discriminator"]["mapping"]
    return {
        "type": "object",
        "required": [tag],
        "properties": {tag: {"enum": list(mapping)}},
        "allOf": [
            {"if": {"properties": {tag: {"const": value}}, "required": [tag]}, "then": {"$ref": place}}
            for value, place in mapping.items()
        ],
    }


def _each(schema: Any, change: Any) -> Any:
    """A schema with a change made to every object in it."""
    if isinstance(schema, dict):
        return change({key: _each(value, change) for key, value in schema.items()})
    return [_each(one, change) for one in schema] if isinstance(schema, list) else schema


def _explained(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    """With what the form says about each of its fields."""
    kind = _kinds().get(name)
    if kind is None or "properties" not in schema:
        return schema
    said = {field: words for one in reversed(kind.__mro__[:-1]) for field, words in _said_in(one)}
    fields = {
        field: {**value, "description": said[field]} if field in said else value
        for field, value in schema["properties"].items()
    }
    return {**schema, "properties": fields}


def _kinds() -> dict[str, type]:
    """Every class that may be a part of a schema, by name."""
    modules = (ports, clients, tape, undo, history, forms)  # a form goes before what happens to have its name
    return {name: one for module in modules for name, one in vars(module).items() if inspect.isclass(one)}


def _said_in(kind: type) -> Iterator[tuple[str, str]]:
    """The strings that follow fields in the source of a class."""
    if not kind.__module__.startswith("harness."):
        return
    (defined,) = ast.parse(textwrap.dedent(inspect.getsource(kind))).body
    for field, after in pairwise(defined.body if isinstance(defined, ast.ClassDef) else []):
        match field, after:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(words))):
                yield name, " ".join(words.split())


def main() -> None:
    """Bring the files of the schemas up to date."""
    for name in FORMS:
        place = Path(schemas.__file__).parent / f"{name}{schemas.SUFFIX}"
        place.write_text(written(name), encoding="utf-8")


if __name__ == "__main__":
    main()
