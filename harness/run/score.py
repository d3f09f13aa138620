"""Two numbers about a set of promises, never merged: how much of it was exercised of late, and how much of that held.

What is known of a promise is what the latest evidence about it says that has not grown too old. Evidence counts only
from bundles that are closed and whole. What a simulation shows is scored apart, and says nothing about operation.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from pathlib import Path

from harness.errors import EvidenceError, UsageError
from harness.evidence.account import Account, read_account
from harness.evidence.verify import Standing, integrity
from harness.evidence.verify.integrity import incomplete
from harness.model.verdict import Outcome

EXERCISED = frozenset({Outcome.MET, Outcome.WAIVED, Outcome.NOT_MET})
"""Outcomes that tell something; INCONCLUSIVE and NOT_TESTED count neither for a promise nor against it."""


class Standpoint(Enum):
    """What evidence there is about one promise."""

    HELD = "validated"
    BROKEN = "broken"
    EXPIRED = "expired"
    """It was exercised, and that is too long ago."""
    UNKNOWN = "configured"
    """There is nothing that tells, although there may be scenarios for it."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one run found out about one promise."""

    requirement: str
    outcome: Outcome
    at: datetime
    """The end of the run."""
    run: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One promise, and the latest evidence about it that tells anything; None: there is none."""

    requirement: str
    standpoint: Standpoint
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """The cells of one kind of evidence."""

    kind: str
    """`real` or `simulated`."""
    cells: Sequence[Cell]
    violated: Sequence[str] = ()
    """Laws that fresh evidence found broken."""

    def count(self, standpoint: Standpoint) -> int:
        """Cells of that standpoint."""
        return sum(1 for one in self.cells if one.standpoint is standpoint)

    @property
    def coverage(self) -> float | None:
        """Per cent of all promises that fresh evidence tells something about; None: there are no promises."""
        fresh = self.count(Standpoint.HELD) + self.count(Standpoint.BROKEN)
        return 100 * fresh / len(self.cells) if self.cells else None

    @property
    def conformance(self) -> float | None:
        """Per cent of the promises exercised that held; None: none was, and that is no pass.

        A broken law lowers no share, since it is no promise of the catalogue; it is told beside both numbers.
        """
        held, broken = self.count(Standpoint.HELD), self.count(Standpoint.BROKEN)
        return 100 * held / (held + broken) if held + broken else None


@dataclass(frozen=True, slots=True)
class Scored:
    """All that a set of bundles is worth."""

    scores: Sequence[Score]
    """Of real evidence first, then of simulated."""
    counted: Sequence[str]
    """Runs that count, oldest first."""
    left_out: Mapping[str, str]
    """Directories that do not count, and why."""


def score(bundles: Iterable[Path], requirements: Collection[str], now: datetime, valid_days: float) -> Scored:
    """Score bundles, at an instant.

    Raises:
        UsageError: not one of them counts.
    """
    accounts: list[Account] = []
    left_out: dict[str, str] = {}
    for bundle in bundles:
        try:
            if reason := _objection(bundle):
                left_out[bundle.name] = reason
            else:
                accounts.append(read_account(bundle))
        except EvidenceError as error:
            left_out[bundle.name] = error.message
    if not accounts:
        told = "".join(f"\n       - {name}: {reason}" for name, reason in left_out.items())
        raise UsageError(f"there is no bundle that counts{told}", advice="Run `cmkproof run`, or name a bundle.")
    accounts.sort(key=lambda one: (one.run.ended, one.run.id))
    oldest = now - timedelta(days=valid_days)
    kinds = [("real", False), ("simulated", True)]
    scores = [
        Score(
            kind,
            list(cells(_found(accounts, simulated=simulated), requirements, oldest)),
            violated(accounts, oldest, simulated=simulated),
        )
        for kind, simulated in kinds
    ]
    return Scored(scores, [one.run.id for one in accounts], left_out)


def cells(found: Iterable[Evidence], requirements: Collection[str], oldest: datetime) -> Iterator[Cell]:
    """One cell for each promise; `oldest` is the earliest instant from which evidence counts as fresh.

    Of two runs that tell something the later one counts. One that tells nothing takes nothing back.
    """
    latest: dict[str, Evidence] = {}
    for one in sorted(found, key=lambda one: (one.at, one.run)):
        if one.outcome in EXERCISED:
            latest[one.requirement] = one
    for requirement in requirements:
        evidence = latest.get(requirement)
        if evidence is None:
            yield Cell(requirement, Standpoint.UNKNOWN)
        elif evidence.at < oldest:
            yield Cell(requirement, Standpoint.EXPIRED, evidence)
        else:
            held = evidence.outcome is Outcome.MET
            yield Cell(requirement, Standpoint.HELD if held else Standpoint.BROKEN, evidence)


def violated(accounts: Iterable[Account], oldest: datetime, *, simulated: bool) -> list[str]:
    """Laws that fresh runs of one kind found broken, by name.

    A later run takes none of them back: a law is broken by one history, and kept by no number of others.
    """
    fresh = [
        account
        for account in accounts
        if account.run.simulated is simulated and not account.result.run.replays and _ended(account) >= oldest
    ]
    return sorted({law.name for account in fresh for law in account.result.laws if law.broken})


def _ended(account: Account) -> datetime:
    return datetime.fromisoformat(account.run.ended).astimezone(UTC)


def _objection(bundle: Path) -> str:
    """Why a directory does not count; empty: it does."""
    if reason := incomplete(bundle):
        return reason
    verdict = integrity(bundle)
    return "" if verdict.standing is Standing.VALID else f"INTEGRITY {verdict.standing.value}: {verdict.sentence}"


def _found(accounts: Iterable[Account], *, simulated: bool) -> Iterator[Evidence]:
    """What runs of one kind say; a replay says nothing that its recording did not say before."""
    for account in accounts:
        if account.run.simulated is simulated and not account.result.run.replays:
            ended = _ended(account)
            for one in account.result.requirements:
                if one.partial and one.outcome is Outcome.MET:
                    continue  # what was not selected might have broken it
                yield Evidence(one.id, one.outcome, ended, account.run.id)
