"""One scenario on one backend: the parties, what they share, and the way promises are put to the test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from harness.checkers import check
from harness.driver import arrangements
from harness.driver.auditor import Auditor
from harness.driver.bounds import Bound
from harness.driver.breaker import Breaker
from harness.driver.custodian import Custodian
from harness.driver.journal import Journal
from harness.driver.operator import Operator
from harness.driver.posture import Check
from harness.driver.sightings import Sightings, subject
from harness.driver.stagehand import Stagehand
from harness.driver.surveyor import Surveyor
from harness.driver.vocabulary import (
    CLUSTER_STATES,
    FACTS,
    INITIATING,
    LASTING_STATES,
    PROJECT_STATES,
    STOPPED_BY_READING,
)
from harness.errors import EndpointStuck, Undecided, Unsupported
from harness.limits import Limits
from harness.model.history import AGREEMENT, HARNESS, Claimed, History
from harness.model.verdict import Finding, Judgement
from harness.ports import Backend
from harness.wait import until

LOOKS_PER_WAIT = 60
"""How often a wait looks at something whose states last minutes."""


class Scene:
    """What steps speak to: four parties and two ways of expecting something."""

    def __init__(self, backend: Backend, history: History, limits: Limits, severity: str = "destructive") -> None:
        """`severity` is what the scenario is tagged with: the most that may be broken in it."""
        self.backend = backend
        self.limits = limits
        self._slack = {} if backend.clock.kind == "virtual" else {"slack_s": limits.look_s}
        """What every bound forgives because looking takes time."""
        self.journal = Journal(backend.clock, history, lambda: backend.recorder.last_status, backend.recorder.hide)
        self.journal.observe(HARNESS, AGREEMENT, {"limits": asdict(limits), "readings": dict(backend.readings)})
        self.sightings = Sightings()
        self.custodian = Custodian(self.journal, backend)
        self.operator = Operator(self.journal, backend, self.custodian, self.sightings)
        self.auditor = Auditor(self.journal, backend, self.sightings)
        self.surveyor = Surveyor(self.journal, backend, self.auditor)
        self.stagehand = Stagehand(self.journal, backend)
        self.breaker = Breaker(self.journal, backend, limits, severity)

    @property
    def history(self) -> History:
        """The record of this scenario."""
        return self.journal.history

    def expect(self, checker: str, text: str, about: str = "", *, period_s: float = 0.0, **arguments: Any) -> None:
        """Claim something; look until it is decided or `period_s` seconds after its start; say what came of it.

        Raises:
            AssertionError: the claim is broken.
            Undecided: the claim could not be decided.
        """
        if about:
            arguments["subject"] = about
        arguments |= self._slack
        claim = self.journal.claim(checker, text, **arguments)
        finding = self._settle(claim, about, period_s)
        if finding.judgement is Judgement.BROKEN:
            raise AssertionError(explain(finding))
        if finding.judgement is Judgement.UNDECIDED:
            raise Undecided(explain(finding))

    def reach(self, about: str, where: Mapping[str, Any], within_s: float) -> None:
        """Bring about a starting state: look until the subject is as required.

        Raises:
            Undecided: it was not reached in time, so the promise cannot be tested.
        """
        self.journal.arranged()
        claim = Claimed(
            "reaches",
            "",
            self.journal.last_act,
            {"subject": about, "where": where, "within_s": within_s, **self._slack},
        )
        finding = self._settle(claim, about, within_s)
        if finding.judgement is not Judgement.HOLDS:
            sentence = f"the starting state was not reached: {about}: {explain(finding)}"
            raise EndpointStuck(sentence) if self._is_stuck(about, within_s) else Undecided(sentence)

    def _is_stuck(self, about: str, within_s: float) -> bool:
        """An endpoint that was given the time to be created still is being created."""
        looks, created = list(self.history.observations(about)), self.endpoint_state("being created")
        return bool(looks) and within_s > 0 and looks[-1][1].facts.get("status") == created["status"]

    def let_pass(self, period: Bound) -> None:
        """Let time pass without looking; what follows counts from its end."""
        self.backend.clock.sleep(period.seconds(self.limits))
        self.journal.mark("time", "passes", period.text)

    def expect_posture(self, text: str, check: Check, limit: Bound | None = None, *, denied: bool = False) -> None:
        """Expect that project and vault are in order as they stand; with `denied`, that they are not.

        Raises:
            Unseen, Unsupported: what has to be looked at cannot be seen, or is not there.
        """
        since = len(self.history.entries)
        for about in dict.fromkeys(check.looks):
            self.surveyor.survey(about)
        arguments: dict[str, Any] = {} if limit is None else {"limit_s": limit.seconds(self.limits)}
        judge = check.judge
        if denied:
            arguments, judge = {**arguments, "denied": judge}, "denies"
        self.expect(judge, text, since=since, **arguments)

    def expect_now(self, text: str, about: str, where: Mapping[str, Any]) -> None:
        """Expect what a look at this moment shows."""
        self.expect("reads", text, about, since=len(self.history.entries), where=where)

    def expect_within(self, text: str, about: str, where: Mapping[str, Any], bound: Bound) -> None:
        """Expect that a state is reached within a bound that counts from the latest act."""
        within_s = bound.seconds(self.limits)
        text = f"{text} within {bound.describe(self.limits)}"
        self.expect("reaches", text, about, period_s=within_s, where=where, within_s=within_s)

    def expect_throughout(self, text: str, about: str, where: Mapping[str, Any], bound: Bound) -> None:
        """Expect that a state holds from now on for a period."""
        for_s = bound.seconds(self.limits)
        since = len(self.history.entries)
        self.expect("stays", f"{text} for {bound.text}", about, period_s=for_s, since=since, where=where, for_s=for_s)

    def expect_passage(self, region: str, states: Sequence[str], bound: Bound) -> None:
        """Expect that the first endpoint of a region passes through states, in that order."""
        within_s = bound.seconds(self.limits)
        self.expect(
            "passes_through",
            f"the private endpoint in {region} passes through {', '.join(states)} within {bound.describe(self.limits)}",
            subject(region),
            period_s=within_s,
            field="status",
            stages=[self.endpoint_state(state)["status"] for state in states],
            within_s=within_s,
            gap_s=self.limits.poll_s,
        )

    def expect_fact(self, fact: str) -> None:
        """Expect a fact that is named whole."""
        about, where = FACTS[fact]
        if about == "coverage":
            self._expect_coverage(fact)
        elif about == "answer":
            self._expect_agreement(fact, where)
        else:
            self.expect_now(fact, about, where)

    def _expect_coverage(self, text: str) -> None:
        """An active endpoint in every region where nodes of customer-encrypted clusters stand (EAR-009)."""
        since = len(self.history.entries)
        self._look("clusters")
        self._look("endpoints")
        whole, part = ["clusters", "regions"], ["endpoints", "active_regions"]
        self.expect("covers", text, since=since, whole=whole, part=part)

    def _expect_agreement(self, text: str, where: Mapping[str, Any]) -> None:
        """What the latest request was answered with is what a look at the configuration then shows (EAR-022)."""
        self.auditor.look("encryption")
        self.expect("agrees", text, one="answer", other="encryption", apart=["secret_revealed"], where=dict(where))

    def arrange_key(self, *, private: bool) -> None:
        """Turn on the customer's key, over public or private networking."""
        self._arrange_key(None, private=private)

    def _arrange_key(self, settings: Mapping[str, Any] | None, *, private: bool) -> None:
        self.operator.key.turn_on(settings, private=True if private else None)
        state = "requires private networking" if private else "finds its key valid"
        self.reach("encryption", PROJECT_STATES[state], 0)

    def arrange_secret(self, *, private: bool) -> None:
        """Turn on the customer's key with static credentials, whatever Atlas usually signs in with here."""
        self._arrange_key(self.operator.key.static_settings(), private=private)

    def arrange_role(self, *, versioned: bool) -> None:
        """Turn on the customer's key through an access role, one version of it or always the latest."""
        self.operator.access.ask()
        self.journal.arranged()
        if versioned:
            self.operator.key.turn_on(self.operator.key.role_settings())
        else:
            self.operator.key.turn_on_latest_by_role()
        self.reach("encryption", PROJECT_STATES["finds its key valid"], 0)

    def arrange_endpoint(self, region: str, state: str) -> None:
        """Bring an endpoint into a starting state."""
        arrangements.endpoint(self, region, state)

    def stand_in(self) -> None:
        """Set up a project for passive scenarios to look at where the run may make one; else look at what is there."""
        if "operate" in self.backend.capabilities:
            arrangements.project_in_production(self)

    def placements(self, regions: Sequence[str], size: str) -> list[tuple[str, str, str, int]]:
        """Three electable nodes in all, on Azure, spread over the regions."""
        share, rest = divmod(max(3, len(regions)), len(regions))
        return [("AZURE", region, size, share + (1 if at < rest else 0)) for at, region in enumerate(regions)]

    def project_state(self, words: str) -> Mapping[str, Any]:
        """What the words for a project's state mean here.

        Raises:
            Unsupported: the profile does not say which application or key they are about.
        """
        site = self.backend.site
        needed = {
            "shows the application and the tenant": site.client_id,
            "signs in with its secret": site.client_id,
            "shows the key in use": site.key,
        }
        if not needed.get(words, "named"):
            raise Unsupported(f"the profile does not name what a project has that {words}")
        known: Mapping[str, Mapping[str, Any]] = {
            "shows the application and the tenant": {"client_id": site.client_id, "tenant_id": site.tenant_id},
            "signs in with its secret": {"client_id": site.client_id, "tenant_id": site.tenant_id},
            "shows another vault": {"key_vault_name": site.other_vault},
        }
        where = {**PROJECT_STATES[words], **known.get(words, {})}
        if words == "shows the key in use":
            where["key_identifier"] = self.custodian.key_in_use().identifier
        if words == "signs in through the access role":
            where["role_id"] = self.operator.access.role_id
        return where

    def endpoint_state(self, words: str) -> Mapping[str, Any]:
        """What the words for an endpoint's state mean under the readings in force."""
        where = LASTING_STATES[words]
        if where.get("status") == INITIATING:
            return {**where, "status": self.backend.readings.get("initiating_spelling", INITIATING)}
        return where

    def cluster_state(self, words: str) -> Mapping[str, Any]:
        """What the words for a cluster's state mean under the readings in force.

        Raises:
            Unsupported: under the reading in force nothing can be observed.
        """
        if words != "stopped":
            return CLUSTER_STATES[words]
        reading = self.backend.readings.get("key_disabled_rendering", "paused")
        if reading not in STOPPED_BY_READING:
            raise Unsupported(f"with reading key_disabled_rendering={reading} the API does not show a stopped cluster")
        return STOPPED_BY_READING[reading]

    def _settle(self, claim: Claimed, about: str, period_s: float) -> Finding:
        finding = check(self.history, claim)

        def decided() -> bool:
            nonlocal finding
            if about:
                self._look(about)
            finding = check(self.history, claim)
            return finding.judgement is not Judgement.UNDECIDED

        start = self.history.entries[claim.since].at
        until(self.backend.clock, decided, deadline=start + period_s, every_s=self._interval(claim, period_s))
        return finding

    def _look(self, about: str) -> None:
        """Look at a subject; where nothing but looking is possible, what may not be seen is not tested (`Unseen`).

        Where things are done as well, a refused look may be a consequence of them, and stays a failure.
        """
        if "operate" in self.backend.capabilities:
            self.auditor.look(about)
        else:
            self.surveyor.survey(about)

    def _interval(self, claim: Claimed, period_s: float) -> float:
        """Endpoints pass through short-lived statuses, so what they reach is looked for closely."""
        about = str(claim.arguments.get("subject", ""))
        fleeting = about.startswith(("endpoint", "region")) and claim.checker != "stays"
        return self.limits.poll_s if fleeting else max(self.limits.poll_s, period_s / LOOKS_PER_WAIT)


def explain(finding: Finding) -> str:
    """A finding in one sentence."""
    since = f", since {finding.since}" if finding.since else ""
    return f"expected {finding.expected}; observed {finding.observed}{since}"
