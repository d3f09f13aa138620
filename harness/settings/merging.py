"""Settings from all places, merged: defaults < `cmkproof.toml` < profile < environment `CMKPROOF_…` < flags."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from harness.errors import ConfigError, UsageError
from harness.settings.fields import KEYS, SCALARS, SECRETS, TABLES, typed
from harness.settings.schema import BUILT_IN_PROFILES, Settings
from harness.settings.text import (
    ADVICE,
    IN_A_VAULT,
    REFERENCE,
    SecretInFile,
    is_secret,
    line_of,
    line_of_error,
    refuse_secrets,
)

FILE_NAME = "cmkproof.toml"
PREFIX = "CMKPROOF_"
CONFIG_VARIABLE = "CMKPROOF_CONFIG"
NO_SETTINGS = frozenset(
    {CONFIG_VARIABLE, "CMKPROOF_APPLICATION_SECRET", "CMKPROOF_STOP"}  # what settings refer to, and the safety lever
    | {
        "CMKPROOF_ATLAS_OPENAPI",
        "CMKPROOF_ATLAS_RECORDINGS",
        "CMKPROOF_CRASHES",
        "CMKPROOF_EXAMPLES",
        "CMKPROOF_KILLS",
        "CMKPROOF_SEEDS",
        "CMKPROOF_WALKS",
    }  # data for this project's own tests
)
"""Variables with our prefix that are no settings."""

Choices = Mapping[str, tuple[str, ...]]
"""Reading name to its allowed answers."""


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
    for layer in outer:
        _check_names(layer, readings, root=True)
    own_profiles = (
        [Layer(file.name, one, file.source, ("profiles", name)) for name, one in profiles.items()] if file else []
    )
    for layer in own_profiles:
        _check_names(layer, readings, root=False)
    if profile not in BUILT_IN_PROFILES and profile not in profiles:
        known = [*BUILT_IN_PROFILES, *profiles]
        raise UsageError(f"there is no profile {profile!r}.{nearest(profile, known)}", advice=_PROFILES)
    chosen = [layer for layer in own_profiles if layer.table == ("profiles", profile)]
    built_in = Layer(f"profile {profile}", BUILT_IN_PROFILES.get(profile, {}))
    above = outer[1:] if file else outer
    return _merge([*([file] if file else []), built_in, *chosen, *above], readings or {})


_PROFILES = (
    "Profiles are the tables [profiles.NAME] of cmkproof.toml; built in are " + ", ".join(BUILT_IN_PROFILES) + "."
)


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
        text = path.read_text(encoding="utf-8-sig")
        return text, tomllib.loads(text)
    except FileNotFoundError:
        raise ConfigError(f"there is no file {path.name}", where=CONFIG_VARIABLE) from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"this is not TOML: {error}", where=f"{shown(path)}:{line_of_error(error)}") from None
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
    network, evidence, safety = table.get("network"), table.get("evidence"), table.get("safety")
    files = ((table, one) for one in ("features", "reports", "review", "waivers"))
    for holder, key in (*files, (network, "ca_file"), (evidence, "timestamp_ca"), (safety, "lever")):
        if isinstance(holder, dict) and isinstance(holder.get(key), str) and holder[key]:
            holder[key] = str(home / holder[key])
    for holder, key in ((table, "controls"), (evidence, "trusted_keys")):
        if isinstance(holder, dict) and isinstance(named := holder.get(key), list):
            holder[key] = [str(home / one) if isinstance(one, str) and one else one for one in named]


def _environment_layer(environment: Mapping[str, str], readings: Choices) -> Layer | None:
    known: dict[str, tuple[str, ...]] = {f"{PREFIX}{name.upper()}": (name,) for name in SCALARS}
    known |= {f"{PREFIX}{table.upper()}__{key.upper()}": (table, key) for table, keys in KEYS.items() for key in keys}
    known |= {f"{PREFIX}READINGS__{name.upper()}": ("readings", name) for name in readings}
    values: dict[str, Any] = {}
    for name, value in environment.items():
        if not name.startswith(PREFIX) or name in NO_SETTINGS:
            continue
        if name not in known:
            raise ConfigError(f"unknown variable {name}.{nearest(name, known)}", where="environment")
        *table, key = known[name]
        (values.setdefault(table[0], {}) if table else values)[key] = value
    return Layer("environment", values) if values else None


def _check_names(layer: Layer, readings: Choices | None, *, root: bool) -> None:
    """Refuse names that mean nothing."""
    everywhere = [*(name for name in SCALARS if name != "profile"), *TABLES, "readings"]
    _known(layer, (), layer.values, [*everywhere, "profile", "profiles"] if root else everywhere)
    for table, names in (*KEYS.items(), ("readings", tuple(readings) if readings is not None else None)):
        content = layer.values.get(table, {})
        if not isinstance(content, Mapping):
            raise ConfigError(f"{table} must be a table", where=layer.origin((table,)))
        if names is not None:
            _known(layer, (table,), content, names)


def _known(layer: Layer, path: tuple[str, ...], values: Mapping[str, Any], names: list[str] | tuple[str, ...]) -> None:
    for key in values:
        if key not in names:
            dotted = ".".join((*layer.table, *path, "…" if is_secret(key) else key))
            raise ConfigError(f"unknown key {dotted!r}.{nearest(key, names)}", where=layer.origin((*path, key)))


def _merge(layers: list[Layer], readings: Choices) -> Settings:
    merged: dict[str, Any] = {}
    origins: dict[str, str] = {}
    tables: dict[str, dict[str, Any]] = {name: {} for name in (*TABLES, "readings")}
    for layer in layers:
        for key in SCALARS:
            if key in layer.values:
                merged[key] = _value(layer, (key,), layer.values[key])
                origins[key] = layer.origin((key,))
        for table, kept in tables.items():
            for key, value in layer.values.get(table, {}).items():
                path = (table, key)
                kept[key] = _reading(layer, key, value, readings) if table == "readings" else _value(layer, path, value)
                origins[f"{table}.{key}"] = layer.origin(path)
    made = {name: kind(**tables[name]) for name, kind in TABLES.items()}
    return Settings(**merged, **made, readings=tables["readings"], origins=origins)


def _value(layer: Layer, path: tuple[str, ...], value: Any) -> Any:
    """A value as its setting wants it.

    Raises:
        ConfigError: it does not fit.
        SecretInFile: a secret stands where a reference belongs.
    """
    name = ".".join(path)
    if name in SECRETS and value and not (isinstance(value, str) and _is_reference(name, value)):
        raise SecretInFile(
            f"{name} must be a reference, not the secret itself", where=layer.origin(path), advice=ADVICE
        )
    try:
        return typed(name, value, strict=bool(layer.source))
    except ValueError as error:
        raise ConfigError(f"{name} = {value!r}: {error}", where=layer.origin(path)) from None


def _is_reference(name: str, value: str) -> bool:
    """Whether a value says where a secret is; the key that signs may be in a vault, too."""
    return bool(REFERENCE.fullmatch(value) or (name == "evidence.key" and IN_A_VAULT.fullmatch(value)))


def _reading(layer: Layer, key: str, value: Any, readings: Choices) -> str:
    choices = readings.get(key, ())
    if choices and value not in choices:
        where = layer.origin(("readings", key))
        raise ConfigError(f"readings.{key} = {value!r}: choose one of {', '.join(choices)}", where=where)
    return str(value)
