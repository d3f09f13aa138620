"""A run as it stands on disk: its result, and the sealed history of each scenario."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from harness.errors import UsageError
from harness.limits import Limits
from harness.model.history import GENESIS, Acted, Claimed, Completion, Entry, Happening, History, Observed, chain
from harness.model.verdict import Assurance, Outcome

RESULT = "result.json"


class Selection(msgspec.Struct, frozen=True):
    """What was asked for."""

    requirements: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    keyword: str = ""


class RunRow(msgspec.Struct, frozen=True):
    """What the result says about the run itself."""

    id: str
    version: str
    profile: str
    seed: int
    assurance: str
    allow: str
    readings: dict[str, str]
    limits: Limits
    selection: Selection = Selection()
    features_digest: str = ""
    """Of the feature files; empty where the result does not say."""

    @property
    def simulated(self) -> bool:
        """Whether nothing in it says anything about a real system."""
        return self.assurance == Assurance.SIMULATED.value


class ScenarioRow(msgspec.Struct, frozen=True):
    """What the result says about one scenario."""

    id: str
    outcome: Outcome
    reason: str = ""
    evidence: str = ""
    digest: str = ""


class _RequirementRow(msgspec.Struct, frozen=True):
    id: str
    scenarios: tuple[ScenarioRow, ...] = ()


class _ResultRow(msgspec.Struct, frozen=True):
    run: RunRow
    requirements: tuple[_RequirementRow, ...]


@dataclass(frozen=True, slots=True)
class RecordedRun:
    """A run that is over, as it stands on disk."""

    directory: Path
    run: RunRow
    scenarios: Mapping[str, ScenarioRow]
    """By id."""
    requirements: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Requirements that each scenario tests."""

    def history(self, scenario: str) -> History | None:
        """The sealed history of a scenario; None where it has none, because it did not run.

        Raises:
            UsageError: it is missing, or is not the one that the run sealed.
        """
        row = self.scenarios[scenario]
        return read_history(self.directory / row.evidence, row.digest) if row.evidence else None


def read_run(directory: Path) -> RecordedRun:
    """A run from its directory.

    Raises:
        UsageError: there is no run, or its result cannot be read.
    """
    path = directory / RESULT
    try:
        result = msgspec.json.decode(path.read_bytes(), type=_ResultRow)
    except FileNotFoundError:
        raise UsageError(
            f"there is no run in {directory}: {RESULT} is missing",
            advice="Name a directory that `cmkproof run` made, reports/20260101T000000Z for example.",
        ) from None
    except (OSError, msgspec.DecodeError) as error:
        raise UsageError(f"{path} cannot be read as the result of a run: {error}") from None
    scenarios = {row.id: row for one in result.requirements for row in one.scenarios}
    promises: dict[str, list[str]] = {}
    for one in result.requirements:
        for row in one.scenarios:
            promises.setdefault(row.id, []).append(one.id)
    return RecordedRun(directory, result.run, scenarios, {name: tuple(ids) for name, ids in promises.items()})


def read_history(path: Path, digest: str) -> History:
    """A sealed history.

    Raises:
        UsageError: it is missing, damaged, or not the one with this digest.
    """
    history, before = History(), GENESIS
    try:
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            what = happening(row)
            if chain(before, row["sequence"], row["at"], what) != row["digest"]:
                raise UsageError(f"{path.name} was changed after the run, at entry {row['sequence']}")
            before = row["digest"]
            history.entries.append(Entry(row["sequence"], row["at"], what, before))
    except (OSError, UnicodeDecodeError, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"the history {path} cannot be read: {error}") from None
    if history.seal() != digest:
        raise UsageError(f"{path.name} is not the history that the run sealed: its digest differs from the result's")
    return history


def happening(row: Mapping[str, Any]) -> Happening:
    """What an entry's JSON form says happened."""
    facts = {name: value for name, value in row.items() if name not in ("kind", "sequence", "at", "digest")}
    match row["kind"]:
        case "acted":
            return Acted(**{**facts, "completion": Completion(facts["completion"])})
        case "observed":
            return Observed(**facts)
        case "claimed":
            return Claimed(**facts)
    raise ValueError(f"unknown kind of entry {row['kind']!r}")
