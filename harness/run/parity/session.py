"""One call of `cmkproof parity`: reads what is recorded, runs the fake where nothing is to compare with, compares."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec

from harness import catalog
from harness.errors import UsageError
from harness.ports import Clock
from harness.run.engine import Watcher
from harness.run.options import known_names
from harness.run.parity import ledger
from harness.run.parity.comparison import Parity, compare, refuse_other_suite
from harness.run.parity.ledger import Standing
from harness.run.parity.recorded import RecordedRun, read_run
from harness.run.parity.supposing import name_readings, perform_like
from harness.settings import Settings
from harness.suite import features_directory, read_suite
from harness.suite.digest import features_digest


@dataclass(frozen=True, slots=True)
class Observer:
    """Hears how it goes on: the run on the fake, and each answer that is tried."""

    run: Watcher
    trying: Callable[[str], None]


def settle(
    recorded: Path,
    other: Path | None,
    settings: Settings,
    clock: Clock,
    observer: Observer,
) -> Parity:
    """Compare a recorded run with another one, or with the fake as it is now.

    The live run stands on the live side; of two simulated ones the first does. Readings that explain a difference are
    looked for on the embedded fake.

    Raises:
        UsageError: there is no such run, or another cmkproof or other features made it.
        EvidenceError: the run on the fake cannot be written.
    """
    requirements = catalog.load()
    live, second = read_run(recorded), read_run(other) if other else None
    features = features_directory(settings.features)
    scenarios = read_suite(features, known_names(requirements)).scenarios
    for run in filter(None, (live, second)):
        refuse_other_suite(run, features_digest(features), scenarios)
    if second and live.run.simulated and not second.run.simulated:
        live, second = second, live
    fake = second or perform_like(live, settings, clock, observer.run)
    parity = compare(fake, live, requirements)
    if not fake.run.simulated:
        return parity
    with tempfile.TemporaryDirectory() as scratch:
        aside = msgspec.structs.replace(settings, reports=scratch)

        def perform(world: Mapping[str, str], promises: Sequence[str]) -> RecordedRun:
            changed = next(name for name, answer in world.items() if answer != fake.run.readings.get(name))
            observer.trying(f"{changed}={world[changed]}")
            return perform_like(live, aside, clock, Watcher(), world=world, requirements=promises)

        return name_readings(parity, requirements, perform)


def against_ledger(parity: Parity, named: Path | None, clock: Clock, *, write: bool) -> tuple[Standing, int]:
    """How findings stand against the ledger today, and how many were added to it; `named` None: the one here, if any.

    Raises:
        UsageError: the named ledger does not exist.
        ConfigError: the ledger means nothing.
        EvidenceError: it cannot be written.
    """
    today, path = today_by(clock), named or Path(ledger.FILE)
    if named and not write and not named.exists():
        raise UsageError(f"there is no ledger {named}", advice="With --write-ledger a new one is made.")
    found = ledger.standing(parity, ledger.read_ledger(path), today)
    added = ledger.append(path, (finding for finding, _ in found.open), today) if write else 0
    return found, added


def today_by(clock: Clock) -> date:
    """The day in UTC."""
    return datetime.fromtimestamp(clock.now(), UTC).date()
