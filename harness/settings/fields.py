"""Names, types and bounds of all settings, read off the schema: one list for files, environment and messages."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields as dataclass_fields
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec

from harness.limits import Limits
from harness.settings.schema import Atlas, Azure, Budget, Evidence, Network, Posture, Safety, Settings, Simulator

TABLES: Mapping[str, type[Any]] = {
    "atlas": Atlas,
    "azure": Azure,
    "network": Network,
    "safety": Safety,
    "posture": Posture,
    "budget": Budget,
    "evidence": Evidence,
    "simulator": Simulator,
    "limits": Limits,
}
"""Tables whose keys are fixed; the keys of `readings` are the readings that exist."""

_HINTS = get_type_hints(Settings)
SCALARS = tuple(name for name in _HINTS if name not in (*TABLES, "readings", "origins"))
KEYS: Mapping[str, tuple[str, ...]] = {name: tuple(get_type_hints(kind)) for name, kind in TABLES.items()} | {
    "limits": tuple(one.name for one in dataclass_fields(Limits))
}

SECRETS = frozenset(
    {"atlas.client_secret", "atlas.private_key", "azure.client_secret", "azure.application_secret", "evidence.key"}
    | {"evidence.commitment_key"}
)
"""Settings that hold references to secrets, and nothing else."""

LOWEST = {"workers": 1, "limits.poll_s": 0.1}
HIGHEST = {"workers": 64}


def typed(name: str, value: Any, *, strict: bool) -> Any:
    """A value as its setting wants it; from the environment and the command line everything comes as text.

    Raises:
        ValueError: it does not fit; the text says what would.
    """
    table, _, key = name.rpartition(".")
    kind = get_type_hints(TABLES[table])[key] if table else _HINTS[name]
    if get_origin(kind) is list and isinstance(value, str) and not strict:
        value = [part.strip() for part in value.split(",") if part.strip()]
    try:
        converted = msgspec.convert(value, kind, strict=strict)
    except msgspec.ValidationError:
        raise ValueError(_wanted(kind)) from None
    if get_origin(kind) is list and not all(part.strip() for part in converted):
        raise ValueError("no text of it may be empty")
    if isinstance(converted, float | int) and not isinstance(converted, bool) and name != "seed":
        _check_bounds(name, converted)
    return converted


def _wanted(kind: Any) -> str:
    """What a setting of this type takes, in words."""
    if get_origin(kind) is Literal:
        return "choose one of " + ", ".join(str(one) or "''" for one in get_args(kind))
    words = {int: "a whole number", float: "a number", bool: "true or false", str: "a text in quotes"}
    return words.get(kind, "a list of texts") + " is needed"


def _check_bounds(name: str, number: float) -> None:
    lowest, highest = LOWEST.get(name), HIGHEST.get(name, math.inf)
    if not math.isfinite(number) or number > highest or (number < lowest if lowest is not None else number <= 0):
        said = f"at least {lowest}" if lowest is not None else "more than 0"
        raise ValueError(f"it must be {said}" + (f" and at most {highest}" if math.isfinite(highest) else ""))
