"""Runs for the tests of parity: small, on the embedded fake, recorded on disk as `cmkproof run` records them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from harness import catalog
from harness.backends.clocks import RealClock
from harness.fake.kernel.readings import Readings
from harness.model.history import GENESIS, Acted, Claimed, Entry, History, Observed, as_record, chain
from harness.ports import BackendFactory
from harness.run import document
from harness.run.engine import Request, Watcher, execute
from harness.run.parity import Parity, RecordedRun, compare, read_run
from harness.run.parity.supposing import SupposedBackends
from harness.settings import Settings

REQUIREMENTS = catalog.load()
SOME = (
    *("EAR-005", "EAR-021", "EAR-025", "EAR-050", "EAR-053", "EAR-054", "EAR-055", "EAR-056"),
    *("EAR-058", "EAR-061", "EAR-078", "EAR-093", "EAR-126"),
)
"""Endpoints, refusals, settings, clusters, rotation: a little of everything that is quickly performed."""


def perform(
    reports: Path,
    requirements: Sequence[str] = SOME,
    *,
    seed: int = 3,
    factory: BackendFactory | None = None,
    readings: Mapping[str, str] | None = None,
    keyword: str = "",
) -> RecordedRun:
    """A recorded run."""
    settings = Settings(seed=seed, reports=str(reports), readings=dict(readings or {}))
    result = execute(Request(settings, tuple(requirements), keyword=keyword), RealClock(), Watcher(), factory)
    document.write(result)
    return read_run(result.directory)


def live_with(reading: str, answer: str, reports: Path, requirement: str, keyword: str = "") -> RecordedRun:
    """A run on a system that answers a question otherwise than everybody presumes."""
    factory = SupposedBackends(3, {reading: answer}, Readings().as_dict())
    return perform(reports, (requirement,), factory=factory, keyword=keyword)


def compared(fake: RecordedRun, live: RecordedRun) -> Parity:
    """Two runs, compared."""
    return compare(fake, live, REQUIREMENTS)


def rewritten(run: RecordedRun, to: Path, change: Callable[[History], Sequence[Entry]]) -> RecordedRun:
    """A copy of a run with other histories, sealed again."""
    (to / "history").mkdir(parents=True)
    result = json.loads((run.directory / "result.json").read_text())
    digests: dict[str, str] = {}
    for scenario, row in run.scenarios.items():
        history = run.history(scenario)
        if history is not None:
            sealed = _sealed(change(history))
            text = "".join(json.dumps(as_record(entry)) + "\n" for entry in sealed)
            (to / row.evidence).write_text(text)
            digests[scenario] = sealed[-1].digest
    for one in result["requirements"]:
        for row_ in one["scenarios"]:
            row_["digest"] = digests.get(row_["id"], row_["digest"])
    write_result(to, result)
    return read_run(to)


def write_result(directory: Path, result: Mapping[str, Any]) -> None:
    """The result of a run, as a file."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "result.json").write_text(json.dumps(result))


def _sealed(entries: Sequence[Entry]) -> list[Entry]:
    """Numbered and chained anew; claims go on counting from the entry that they counted from."""
    numbers = {entry.sequence: number for number, entry in enumerate(entries)}
    before, sealed = GENESIS, []
    for number, entry in enumerate(entries):
        what: Acted | Observed | Claimed = entry.what
        if isinstance(what, Claimed):
            what = replace(what, since=numbers.get(what.since, number))
        before = chain(before, number, entry.at, what)
        sealed.append(Entry(number, entry.at, what, before))
    return sealed
