"""One scenario on one backend: the parties, what they share, and the way promises are put to the test."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harness.checkers import check
from harness.driver.auditor import Auditor
from harness.driver.custodian import Custodian
from harness.driver.journal import Journal
from harness.driver.operator import Operator
from harness.driver.sightings import Sightings
from harness.driver.stagehand import Stagehand
from harness.driver.wait import until
from harness.errors import Undecided
from harness.limits import Limits
from harness.model.history import Claimed, History
from harness.model.verdict import Finding, Judgement
from harness.ports import Backend


class Scene:
    """What steps speak to: four parties and two ways of expecting something."""

    def __init__(self, backend: Backend, history: History, limits: Limits) -> None:
        self.backend = backend
        self.limits = limits
        self.journal = Journal(backend.clock, history)
        self.sightings = Sightings()
        self.custodian = Custodian(self.journal, backend)
        self.operator = Operator(self.journal, backend, self.custodian, self.sightings)
        self.auditor = Auditor(self.journal, backend, self.sightings)
        self.stagehand = Stagehand(self.journal, backend)

    @property
    def history(self) -> History:
        """The record of this scenario."""
        return self.journal.history

    def expect(self, checker: str, text: str, subject: str = "", *, period_s: float = 0.0, **arguments: Any) -> None:
        """Claim something; look until it is decided or `period_s` seconds after its start; say what came of it.

        Raises:
            AssertionError: the claim is broken.
            Undecided: the claim could not be decided.
        """
        if subject:
            arguments["subject"] = subject
        claim = self.journal.claim(checker, text, **arguments)
        finding = self._settle(claim, subject, period_s)
        if finding.judgement is Judgement.BROKEN:
            raise AssertionError(explain(finding))
        if finding.judgement is Judgement.UNDECIDED:
            raise Undecided(explain(finding))

    def reach(self, subject: str, where: Mapping[str, Any], within_s: float) -> None:
        """Bring about a starting state: look until `subject` is as required.

        Raises:
            Undecided: it was not reached in time, so the promise cannot be tested.
        """
        self.journal.arranged()
        claim = Claimed(
            "reaches", "", self.journal.last_act, {"subject": subject, "where": where, "within_s": within_s}
        )
        finding = self._settle(claim, subject, within_s)
        if finding.judgement is not Judgement.HOLDS:
            raise Undecided(f"the starting state was not reached: {subject}: {explain(finding)}")

    def let_pass(self, period_s: float) -> None:
        """Let time pass without looking; what follows counts from its end."""
        self.backend.clock.sleep(period_s)
        self.journal.mark("time", "passes", f"{period_s:g} s")

    def _settle(self, claim: Claimed, subject: str, period_s: float) -> Finding:
        finding = check(self.history, claim)

        def decided() -> bool:
            nonlocal finding
            if subject:
                self.auditor.look(subject)
            finding = check(self.history, claim)
            return finding.judgement is not Judgement.UNDECIDED

        start = self.history.entries[claim.since].at if self.history.entries else self.backend.clock.now()
        until(self.backend.clock, decided, deadline=start + period_s, every_s=self.limits.poll_s)
        return finding


def explain(finding: Finding) -> str:
    """A finding in one sentence."""
    since = f", since {finding.since}" if finding.since else ""
    return f"expected {finding.expected}; observed {finding.observed}{since}"
