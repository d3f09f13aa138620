"""Settings of a run, checked against the readings that exist."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from harness import settings
from harness.errors import UsageError
from harness.fake.kernel.readings import CATALOGUE, Readings
from harness.faults.catalogue import CATALOGUE as FAULT_CATALOGUE
from harness.settings import Settings, nearest
from harness.suite.tags import Breaks, Known

CHOICES = {reading.name: reading.choices for reading in CATALOGUE}
"""Allowed answers of each reading; the first is the default."""

FAULTS = {
    one.name: Breaks(one.severity, undone=one.changes_target, simulated=not one.live)
    for one in FAULT_CATALOGUE.values()
}
"""What a scenario has to say that brings a fault about, by the fault's name."""


def known_names(requirements: Collection[str]) -> Known:
    """What scenarios may name."""
    return Known(requirements, CHOICES, FAULTS)


def load_settings(
    flags: Mapping[str, Any] | None = None,
    *,
    environment: Mapping[str, str] | None = None,
    directory: Path | None = None,
) -> Settings:
    """Settings from all places. Raises what `harness.settings.load` raises."""
    return settings.load(flags, environment=environment, directory=directory, readings=CHOICES)


def readings_in_force(chosen: Settings) -> dict[str, str]:
    """Every reading with its answer in this run."""
    return Readings(**chosen.readings).as_dict()


def parse_readings(pairs: Iterable[str]) -> dict[str, str]:
    """Readings given as NAME=VALUE.

    Raises:
        UsageError: one is not of that form, or there is no such reading or answer.
    """
    parsed: dict[str, str] = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign:
            raise UsageError(f"--reading {pair!r} is not of the form NAME=VALUE")
        if name not in CHOICES:
            raise UsageError(f"there is no reading {name!r}.{nearest(name, CHOICES)}", advice=_LIST)
        if value not in CHOICES[name]:
            raise UsageError(f"reading {name} cannot be {value!r}: choose one of {', '.join(CHOICES[name])}")
        parsed[name] = value
    return parsed


_LIST = "`cmkproof list readings` shows them all."
