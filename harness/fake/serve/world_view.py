"""The state of a world as JSON, for people and tests that want to look behind the services."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields, is_dataclass
from typing import Any

from harness.fake.kernel.world import World


def view(world: World) -> dict[str, Any]:
    """Everything that a world holds but its secrets: what no `repr` of a record shows is left out."""
    return {
        "now": world.now,
        "seed": world.streams.seed,
        "readings": world.readings.as_dict(),
        "knobs": asdict(world.knobs),
        "state": _plain(world.state),
    }


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value) if field.repr}
    if isinstance(value, Mapping):
        return {_name(key): _plain(held) for key, held in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(str(member) for member in value)
    if isinstance(value, list | tuple):
        return [_plain(member) for member in value]
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return str(value)


def _name(key: Any) -> str:
    return "/".join(str(part) for part in key) if isinstance(key, tuple) else str(key)
