"""What can be done with a bundle that is closed: look into it, compare it with another, vouch for it, pack it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.errors import UsageError
from harness.evidence.account import Account, document_of, read_account
from harness.evidence.bundle.signing import fingerprint
from harness.evidence.forms import Ledger, Manifest
from harness.evidence.verify import Standing, Trust, authenticity, integrity
from harness.evidence.verify.integrity import incomplete
from harness.model import layout
from harness.run.sealing.sealing import Vouching, close, reason_of, vouch

LATER_WILL_DO = ("CMK507", "CMK508", "CMK512")
"""Reasons for which a bundle stayed open although all in it is in order: no place in the chain, no timestamp, a key in a
vault that did not sign. They come up after the last look for secrets; any other reason stands."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that differs between two bundles."""

    about: str
    before: str
    now: str


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


def compare(before: Path, now: Path) -> list[Difference]:
    """What differs between two runs: tool, features, settings, and every outcome.

    Raises:
        UsageError: one of them is no closed bundle.
        EvidenceError: its documents cannot be read.
    """
    closed(before)
    closed(now)
    return list(_differences(read_account(before), read_account(now)))


def _differences(before: Account, now: Account) -> Iterator[Difference]:
    yield from _changed("", _circumstances(before), _circumstances(now))
    limits = before.result.run.limits, now.result.run.limits
    yield from _changed("limit ", *({name: f"{value:g} s" for name, value in one.items()} for one in limits))
    yield from _changed("reading ", before.result.run.readings, now.result.run.readings)
    requirements = ({one.id: one.outcome.value for one in side.result.requirements} for side in (before, now))
    yield from _changed("", *requirements)
    yield from _changed("", *({one.scenario: one.outcome.value for one in side.rows} for side in (before, now)))


def _circumstances(account: Account) -> dict[str, str]:
    run = account.run
    return {
        "version": run.tool.version,
        "commit": run.tool.commit + (" with changes" if run.tool.modified else ""),
        "features": run.features_digest,
        "profile": run.profile,
        "assurance": run.assurance,
        **{f"target {name}": value for name, value in run.target.items()},
        "scenarios known": str(account.totals.known),
        "scenarios executed": str(account.totals.executed),
    }


def _changed(prefix: str, before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[Difference]:
    for name in dict.fromkeys((*before, *now)):
        if before.get(name) != now.get(name):
            yield Difference(prefix + name, before.get(name, "absent"), now.get(name, "absent"))


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
    close(read_account(bundle), vouching)
