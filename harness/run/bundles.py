"""What can be done with a bundle that is closed: look into it, compare it with another, vouch for it, pack it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from harness.errors import UsageError
from harness.evidence.account import Account, document_of, read_account
from harness.evidence.bundle.signing import fingerprint
from harness.evidence.circumstances import circumstances, differing
from harness.evidence.forms import Change, Ledger, Manifest
from harness.evidence.verify import Standing, Trust, authenticity, integrity
from harness.evidence.verify.integrity import incomplete
from harness.model import layout
from harness.run.sealing.sealing import Vouching, close, reason_of, vouch
from harness.run.sealing.searching import search_beside

LATER_WILL_DO = ("CMK507", "CMK508", "CMK512")
"""Reasons for which a bundle stayed open although all in it is in order: no place in the chain, no timestamp, a key in
a vault that did not sign. They come up after the last look for secrets; any other reason stands."""


def closed(bundle: Path) -> None:
    """Insist that a directory is a closed bundle.

    Raises:
        UsageError: it is none.
    """
    if not bundle.is_dir():
        raise UsageError(f"{bundle} is no directory of a run", advice=_WHICH)
    if reason := incomplete(bundle):
        raise UsageError(f"{bundle} is no closed bundle: {reason}", advice=_WHICH)


_WHICH = "Give the directory that a run names at its end, such as reports/20260101T120000Z."


def inspect(bundle: Path) -> dict[str, Any]:
    """What a bundle says of itself, unchecked.

    Raises:
        UsageError: it is none.
        EvidenceError: its documents cannot be read.
    """
    closed(bundle)
    account = read_account(bundle)
    run, totals = account.run, account.totals
    files = document_of(bundle, layout.MANIFEST, Manifest).files
    ledger = document_of(bundle, layout.LEDGER, Ledger)
    signer = bundle / layout.SIGNER
    kinds = Counter(one.kind for one in files)
    return {
        "run": run.id,
        "simulated": run.simulated,
        "assurance": run.assurance,
        "started": run.started,
        "ended": run.ended,
        "profile": run.profile,
        "target": dict(run.target),
        "tool": f"{run.tool.name} {run.tool.version}" + (f" ({run.tool.commit[:12]})" if run.tool.commit else ""),
        "trigger": " ".join(filter(None, (run.origin.trigger, run.origin.reference))),
        "requirements": {outcome.value: number for outcome, number in totals.requirements.items()},
        "scenarios": {outcome.value: number for outcome, number in totals.scenarios.items()},
        "known": totals.known,
        "selected": totals.selected,
        "executed": totals.executed,
        "exit_code": account.result.exit_code,
        "files": len(files),
        "bytes": sum(one.bytes for one in files),
        "kinds": dict(sorted(kinds.items())),
        "sequence": ledger.sequence,
        "previous": ledger.previous.run if ledger.previous else "",
        "signer": fingerprint(signer.read_bytes()) if signer.exists() else "",
        "timestamp": (bundle / layout.TIMESTAMP).exists(),
    }


def compare(before: Path, now: Path) -> list[Change]:
    """What differs between two runs: circumstances, limits, readings, how much was performed, and every outcome.

    Raises:
        UsageError: one of them is no closed bundle.
        EvidenceError: its documents cannot be read.
    """
    closed(before)
    closed(now)
    return list(differing(_told(read_account(before)), _told(read_account(now))))


def _told(account: Account) -> dict[str, str]:
    """Everything about a run that can be compared, each under a name for people."""
    run = account.result.run
    return {
        **circumstances(account.run),
        "scenarios known": str(account.totals.known),
        "scenarios executed": str(account.totals.executed),
        **{f"limit {name}": f"{value:g} s" for name, value in run.limits.items()},
        **{f"reading {name}": answer for name, answer in run.readings.items()},
        **{one.id: one.outcome.value for one in account.result.requirements},
        **{one.scenario: one.outcome.value for one in account.rows},
    }


def sign(bundle: Path, vouching: Vouching, *, again: bool) -> str:
    """Vouch for a bundle that is closed; returns the fingerprint of the key.

    Raises:
        UsageError: it is no closed bundle, it was altered, or somebody has signed it and `again` was not asked for.
        EvidenceError: the signature cannot be written.
    """
    closed(bundle)
    if (bundle / layout.SIGNATURE).exists() and not again:
        raise UsageError(f"{bundle} is signed", advice="--again puts your signature in the place of that one.")
    found = integrity(bundle)
    if found.standing is not Standing.VALID:
        raise UsageError(f"{bundle} was altered, and is not signed: {found.sentence}")
    vouch(read_account(bundle), (bundle / layout.SUMS).read_bytes(), vouching)
    mark = fingerprint((bundle / layout.SIGNER).read_bytes())
    if (bad := authenticity(bundle, Trust(fingerprints=(mark,)))).standing is not Standing.VALID:
        raise UsageError(f"the signature does not hold: {bad.sentence}")
    return mark


def close_late(bundle: Path, vouching: Vouching) -> None:
    """Close a bundle that only lacked its place in the chain or its timestamp.

    Raises:
        UsageError: it stayed open for another reason.
        EvidenceError: it cannot be closed now either.
    """
    code = reason_of(bundle)
    if code not in LATER_WILL_DO:
        raise UsageError(
            f"{bundle} is no closed bundle, and cannot be closed: {incomplete(bundle)}",
            advice="Its run did not finish, or its evidence is not in order; run the audit again.",
        )
    with search_beside(bundle, ()) as search:  # the run's secrets have gone with it; shapes are still known
        close(read_account(bundle), vouching, search)
