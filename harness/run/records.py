"""What came of one scenario, in a form that travels between processes and into the results."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from harness.evidence.texts import each_text
from harness.model.verdict import Finding, Outcome

PROPERTY = "cmkproof"
"""Name under which a test report carries its record."""


class FindingRow(msgspec.Struct, frozen=True):
    """A finding as results show it."""

    claim: str
    judgement: str
    expected: str
    observed: str
    since: str = ""
    resources: tuple[str, ...] = ()


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """One scenario's outcome with its reasons."""

    id: str
    outcome: Outcome
    assurance: str
    reason: str = ""
    """Why it is not MET, in one sentence."""
    declared: bool = False
    """NOT_TESTED on purpose, for the reason given; otherwise something went missing."""
    presumes_otherwise: bool = False
    """It rests on another answer to an open question than the one in force, and so says nothing here."""
    clock: str = "virtual"
    clock_seconds: float = 0.0
    """Seconds that passed on the run's clock."""
    seconds: float = 0.0
    """Seconds that passed on the wall."""
    failed_step: str = ""
    findings: tuple[FindingRow, ...] = ()
    """Those that do not hold; all others hold."""
    claims: int = 0
    checkers: tuple[str, ...] = ()
    """Names of the checkers that judged its claims."""
    laws: dict[str, str] = {}
    """What became of each law that it was an occasion for, by name: `holds`, `undecided` or `broken`."""
    digest: str = ""
    """Digest of the sealed history."""
    evidence: str = ""
    """File of the history, relative to the run's directory."""
    exchanges: str = ""
    """File of the tape, relative to the run's directory."""
    exchanges_digest: str = ""
    """SHA-256 of that file."""
    evidence_error: str = ""
    code: str = ""
    """Code of the error that kept it from being decided."""
    advice: str = ""
    """What to do about that error."""

    def encoded(self) -> str:
        """As text, for a test report."""
        return msgspec.json.encode(self).decode()

    def without(self, hide: Callable[[str], str]) -> Record:
        """The record with every text as `hide` gives it back, but for its id, by which others know it."""
        shown = msgspec.convert(each_text(msgspec.to_builtins(self), hide), type=Record)
        return msgspec.structs.replace(shown, id=self.id)

    @classmethod
    def decoded(cls, text: str) -> Record:
        """The record that `encoded` gave."""
        return msgspec.json.decode(text, type=cls)


def rows(findings: Iterable[Finding]) -> tuple[FindingRow, ...]:
    """Findings that do not hold, worst first."""
    remarkable = [finding for finding in findings if finding.outcome is not Outcome.MET]
    remarkable.sort(key=lambda finding: -finding.outcome.severity)
    return tuple(
        FindingRow(one.claim, one.judgement.value, one.expected, one.observed, one.since, one.resources)
        for one in remarkable
    )
