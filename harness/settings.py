"""What a run is told: defaults < `cmkproof.toml` < profile < environment `CMKPROOF_…` < flags.

Each value remembers where it came from. Unknown keys are errors that name the file, the line and the nearest valid key.
Secrets never stand in the file, only references to them.
"""

from __future__ import annotations

import math
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import fields as dataclass_fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

import msgspec

from harness.errors import ConfigError, UsageError
from harness.limits import Limits
from harness.settings_file import line_of, refuse_secrets

FILE_NAME = "cmkproof.toml"
PREFIX = "CMKPROOF_"
CONFIG_VARIABLE = "CMKPROOF_CONFIG"
TEST_DATA_VARIABLES = frozenset({"CMKPROOF_ATLAS_OPENAPI", "CMKPROOF_ATLAS_RECORDINGS"})
"""Name data for this project's own tests; they are no settings."""

Severity = Literal["passive", "active", "destructive"]
Choices = Mapping[str, tuple[str, ...]]
"""Reading name to its allowed answers."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a run is told, checked. `origins` says of each value by dotted name where it came from."""

    profile: str = "fake"
    backend: Literal["fake"] = "fake"
    seed: int = 1
    """Everything made up on the fake follows from it."""
    workers: int = 1
    """Processes that share the scenarios."""
    allow: Severity = "destructive"
    """The most severe scenarios that may run."""
    strict: bool = False
    """NOT_TESTED, although its reason is declared, fails the run too."""
    features: str = ""
    """Directory of the features; empty: those that come with cmkproof."""
    reports: str = "reports"
    """Directory in which each run makes its own."""
    limits: Limits = Limits()
    readings: dict[str, str] = {}
    """Answers to open questions that differ from their defaults."""
    origins: dict[str, str] = {}

    def encoded(self) -> str:
        """As text, for other processes of the same run."""
        return msgspec.json.encode(self).decode()

    @classmethod
    def decoded(cls, text: str) -> Settings:
        """The settings that `encoded` gave."""
        return msgspec.json.decode(text, type=cls)


@dataclass(frozen=True, slots=True)
class Layer:
    """Values from one place. `name` is what to call it, `source` the text of a file, for line numbers."""

    name: str
    values: Mapping[str, Any]
    source: str = ""
    table: tuple[str, ...] = ()

    def origin(self, path: tuple[str, ...]) -> str:
        """Where a value stands: `file:line` for files."""
        if not self.source:
            return self.name
        return f"{self.name}:{line_of(self.source, (*self.table, *path))}"


SCALARS = ("profile", "backend", "seed", "workers", "allow", "strict", "features", "reports")
TABLES = ("limits", "readings")
LIMITS = tuple(field.name for field in dataclass_fields(Limits))


def load(
    flags: Mapping[str, Any] | None = None,
    *,
    environment: Mapping[str, str] | None = None,
    directory: Path | None = None,
    readings: Choices | None = None,
) -> Settings:
    """Merge all places and check the result. `readings` lists the readings that exist, with their answers.

    Raises:
        ConfigError: the file or the environment says something that means nothing.
        UsageError: the profile does not exist.
    """
    environment = os.environ if environment is None else environment
    file = _file_layer(environment, directory or Path.cwd())
    own = [layer for layer in (file, _environment_layer(environment, readings or {})) if layer]
    outer = [*own, Layer("command line", _given(flags or {}))]
    profiles = dict(file.values.get("profiles", {})) if file else {}
    profile = next((str(layer.values["profile"]) for layer in reversed(outer) if "profile" in layer.values), "fake")
    layers = list(outer)
    if file:
        layers[1:1] = [Layer(file.name, profiles.get(profile, {}), file.source, ("profiles", profile))]
        for name, values in profiles.items():
            _check_names(Layer(file.name, values, file.source, ("profiles", name)), readings, root=False)
    for layer in outer:
        _check_names(layer, readings, root=True)
    if profile != "fake" and profile not in profiles:
        raise UsageError(f"there is no profile {profile!r}.{nearest(profile, ['fake', *profiles])}", advice=_PROFILES)
    return _merge(layers, readings or {})


_PROFILES = "Profiles are the tables [profiles.NAME] of cmkproof.toml; `fake` is built in."


def nearest(word: str, known: Iterator[str] | list[str] | tuple[str, ...] | Mapping[str, Any]) -> str:
    """A hint that ends a sentence about an unknown word: the nearest known one, or nothing."""
    close = get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f" Did you mean {close[0]!r}?" if close else ""


def _given(flags: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in flags.items() if value not in (None, {}, "")}


def _file_layer(environment: Mapping[str, str], directory: Path) -> Layer | None:
    named = environment.get(CONFIG_VARIABLE)
    found = directory / named if named else find_file(directory)
    if found is None:
        return None
    text, values = _read(found)
    refuse_secrets(values, text, shown(found))
    layer = Layer(shown(found), values, text)
    profiles = values.get("profiles", {})
    if not isinstance(profiles, dict):
        raise ConfigError("profiles must be a table", where=layer.origin(("profiles",)))
    for name, table in profiles.items():
        if not isinstance(table, dict):
            where = layer.origin(("profiles", name))
            raise ConfigError(f"profiles.{name} must be a table [profiles.{name}]", where=where)
    for table in (values, *profiles.values()):
        _anchor(table, found.parent)
    return layer


def _read(path: Path) -> tuple[str, dict[str, Any]]:
    try:
        text = path.read_text(encoding="utf-8")
        return text, tomllib.loads(text)
    except FileNotFoundError:
        raise ConfigError(f"there is no file {path.name}", where=CONFIG_VARIABLE) from None
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        raise ConfigError(f"this is not TOML: {error}", where=f"{shown(path)}:{line[1] if line else 1}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"the file cannot be read: {error}", where=shown(path)) from None


def find_file(directory: Path) -> Path | None:
    """`cmkproof.toml` in this directory or the nearest one above it."""
    candidates = (place / FILE_NAME for place in (directory, *directory.parents))
    return next((path for path in candidates if path.is_file()), None)


def shown(path: Path) -> str:
    """A path as people expect it: relative to where they are, if it is below."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def _anchor(table: dict[str, Any], home: Path) -> None:
    """Paths in a file count from that file, wherever the command is run."""
    for key in ("features", "reports"):
        if isinstance(table.get(key), str):
            table[key] = str(home / table[key])


def _environment_layer(environment: Mapping[str, str], readings: Choices) -> Layer | None:
    known: dict[str, tuple[str, ...]] = {f"{PREFIX}{name.upper()}": (name,) for name in SCALARS}
    known |= {f"{PREFIX}LIMITS__{name.upper()}": ("limits", name) for name in LIMITS}
    known |= {f"{PREFIX}READINGS__{name.upper()}": ("readings", name) for name in readings}
    values: dict[str, Any] = {}
    for name, value in environment.items():
        if not name.startswith(PREFIX) or name == CONFIG_VARIABLE or name in TEST_DATA_VARIABLES:
            continue
        if name not in known:
            raise ConfigError(f"unknown variable {name}.{nearest(name, known)}", where="environment")
        *table, key = known[name]
        (values.setdefault(table[0], {}) if table else values)[key] = value
    return Layer("environment", values) if values else None


def _check_names(layer: Layer, readings: Choices | None, *, root: bool) -> None:
    """Refuse names that mean nothing."""
    top = [*SCALARS, *TABLES, "profiles"] if root else [name for name in (*SCALARS, *TABLES) if name != "profile"]
    _known(layer, (), layer.values, top)
    for table, names in (("limits", LIMITS), ("readings", tuple(readings) if readings is not None else None)):
        content = layer.values.get(table, {})
        if not isinstance(content, Mapping):
            raise ConfigError(f"{table} must be a table", where=layer.origin((table,)))
        if names is not None:
            _known(layer, (table,), content, names)


def _known(layer: Layer, path: tuple[str, ...], values: Mapping[str, Any], names: list[str] | tuple[str, ...]) -> None:
    for key in values:
        if key not in names:
            dotted = ".".join((*layer.table, *path, key))
            raise ConfigError(f"unknown key {dotted!r}.{nearest(key, names)}", where=layer.origin((*path, key)))


def _merge(layers: list[Layer], readings: Choices) -> Settings:
    merged: dict[str, Any] = {}
    origins: dict[str, str] = {}
    tables: dict[str, dict[str, Any]] = {name: {} for name in TABLES}
    for layer in layers:
        for key in SCALARS:
            if key in layer.values:
                merged[key] = _scalar(layer, key)
                origins[key] = layer.origin((key,))
        for table in TABLES:
            for key, value in layer.values.get(table, {}).items():
                check = _limit if table == "limits" else _reading
                tables[table][key] = check(layer, key, value, readings)
                origins[f"{table}.{key}"] = layer.origin((table, key))
    return Settings(**merged, limits=Limits(**tables["limits"]), readings=tables["readings"], origins=origins)


_TYPES = {field.name: field.type for field in msgspec.structs.fields(Settings)}


def _scalar(layer: Layer, key: str) -> Any:
    value = layer.values[key]
    if key == "backend" and value in ("live", "replay"):
        raise ConfigError(
            f"backend {value!r} is not available in this version: it audits the embedded fake only",
            where=layer.origin((key,)),
            advice='Use backend = "fake", or leave the key out.',
        )
    try:
        typed = msgspec.convert(value, _TYPES[key], strict=bool(layer.source))
    except msgspec.ValidationError as error:
        raise ConfigError(f"{key} = {value!r}: {error}", where=layer.origin((key,))) from None
    if key == "workers" and not 1 <= typed <= 64:
        raise ConfigError(f"workers = {typed}: choose 1 to 64", where=layer.origin((key,)))
    return typed


def _limit(layer: Layer, key: str, value: Any, _: Choices) -> float:
    try:
        seconds = msgspec.convert(value, float, strict=bool(layer.source))
    except msgspec.ValidationError as error:
        raise ConfigError(f"limits.{key} = {value!r}: {error}", where=layer.origin(("limits", key))) from None
    if not (math.isfinite(seconds) and seconds > 0):
        raise ConfigError(f"limits.{key} = {value!r}: seconds greater than 0", where=layer.origin(("limits", key)))
    return seconds


def _reading(layer: Layer, key: str, value: Any, readings: Choices) -> str:
    choices = readings.get(key, ())
    if choices and value not in choices:
        where = layer.origin(("readings", key))
        raise ConfigError(f"readings.{key} = {value!r}: choose one of {', '.join(choices)}", where=where)
    return str(value)
