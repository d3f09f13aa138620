"""Small parts that all OSCAL documents consist of: stable ids, properties, single lines."""

from __future__ import annotations

from typing import Any
from uuid import NAMESPACE_URL, uuid5

Node = dict[str, Any]
"""A JSON object."""

VERSION = "1.2.1"
"""Of OSCAL."""
NAMESPACE = uuid5(NAMESPACE_URL, "urn:cmkproof")
"""Under which ids of this project are made; never changes, since tools recognise things by their ids."""
NS = "urn:cmkproof:oscal"
"""Namespace of our properties."""
SIMULATED = "SIMULATED"
NO_EVIDENCE = "SIMULATED: performed on the built-in simulation. This is no evidence of the operation of a real system."


def uid(*names: str) -> str:
    """The id of a thing, from what names it: the same names give the same id, in every run and on every machine."""
    return str(uuid5(NAMESPACE, "\x1f".join(names)))


def line(text: str) -> str:
    """A text as one line, which titles and values have to be."""
    return " ".join(text.split())


def prop(name: str, value: str, remarks: str = "", group: str = "") -> Node:
    """A property in our namespace."""
    found: Node = {"name": name, "ns": NS, "value": line(value)}
    if group:
        found["class"] = group
    if remarks:
        found["remarks"] = remarks
    return found


def props(*pairs: tuple[str, str]) -> list[Node]:
    """Properties; those without a value are left out, which OSCAL insists on."""
    return [prop(name, value) for name, value in pairs if value.strip()]


def filled(**fields: Any) -> Node:
    """An object without its empty fields, which OSCAL does not allow; `_` stands for `-` in names."""
    return {name.replace("_", "-"): value for name, value in fields.items() if value not in ("", [], {}, None)}


def yes(condition: object) -> str:
    """A truth as the value of a property."""
    return "true" if condition else "false"


def sentences(*texts: str) -> str:
    """Those that are not empty, as paragraphs."""
    return "\n\n".join(filter(None, texts))
