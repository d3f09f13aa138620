"""What came of a comparison, as one JSON document and as an exit code."""

from __future__ import annotations

from typing import Any

from harness.run.exit_codes import ExitCode
from harness.run.parity.comparison import Finding, Parity
from harness.run.parity.ledger import Entry, Standing
from harness.run.parity.recorded import RecordedRun


def exit_code(parity: Parity, found: Standing) -> ExitCode:
    """1 for an open difference, 5 where the runs have nothing in common, 3 where nothing can be said of a scenario."""
    if found.open:
        return ExitCode.NOT_MET
    if not parity.compared:
        return ExitCode.NOTHING_SELECTED
    return ExitCode.COULD_NOT_TEST if parity.undecided else ExitCode.FINE


def as_document(parity: Parity, found: Standing) -> dict[str, Any]:
    """The comparison, ready for JSON."""
    return {
        "fake": _run(parity.fake),
        "live": _run(parity.live),
        "compared": len(parity.compared),
        "agreeing": parity.agreeing,
        "open": [{**_finding(finding), "why_open": why} for finding, why in found.open],
        "known": [{**_finding(finding), **_entry(entry)} for finding, entry in found.known],
        "stale": [
            {"fingerprint": entry.fingerprint, "scenario": entry.scenario, **_entry(entry)} for entry in found.stale
        ],
        "undecided": [{"scenario": scenario, "reason": why} for scenario, why in sorted(parity.undecided.items())],
        "not_compared": [{"scenario": scenario, "reason": why} for scenario, why in sorted(parity.left_out.items())],
        "exit_code": int(exit_code(parity, found)),
    }


def _run(run: RecordedRun) -> dict[str, Any]:
    row = run.run
    return {
        "id": row.id,
        "directory": str(run.directory),
        "profile": row.profile,
        "seed": row.seed,
        "assurance": row.assurance,
        "simulated": row.simulated,
        "readings": row.readings,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    said = finding.difference
    return {
        "fingerprint": finding.fingerprint,
        "scenario": said.scenario,
        "place": said.place,
        "kind": said.kind.value,
        "documented": finding.documented,
        "fake": said.fake,
        "live": said.live,
        "detail": said.detail,
        "triage": finding.standing.value,
        "reading": finding.reading,
    }


def _entry(entry: Entry) -> dict[str, Any]:
    return {"owner": entry.owner, "ledger_reason": entry.reason, "expires": entry.expires.isoformat()}
