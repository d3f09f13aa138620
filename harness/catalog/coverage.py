"""How far requirements answer a control, and what the outcomes of a run say about it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from harness.model.control import Control, Coverage, Evidence, Link, Strength
from harness.model.requirement import Check, Requirement
from harness.model.verdict import Assurance, Outcome, worst

OF_STRENGTH = {
    Strength.DIRECT: Coverage.COVERED,
    Strength.PARTIAL: Coverage.PARTLY,
    Strength.SUPPORTING: Coverage.SUPPORTED,
}
"""What the strongest link of a control makes of it."""


@dataclass(frozen=True, slots=True)
class Tested:
    """What a run says about one requirement; without an assurance nothing was performed for it."""

    outcome: Outcome
    assurance: Assurance | None


@dataclass(frozen=True, slots=True)
class Assessment:
    """What a run says about one control."""

    outcome: Outcome
    reason: str
    """Why it is not MET; empty when it is."""
    evidence: Evidence


def is_testable(link: Link, requirements: Mapping[str, Requirement]) -> bool:
    """Whether a scenario can show anything about the linked requirement; a link to any other covers nothing."""
    requirement = requirements.get(link.requirement)
    return requirement is not None and requirement.check is not Check.NONE


def coverage(control: Control, requirements: Mapping[str, Requirement]) -> Coverage:
    """How far the control can be answered: as far as the strongest of its links that can be tested."""
    strengths = {link.strength for link in control.links if is_testable(link, requirements)}
    return next((OF_STRENGTH[one] for one in Strength if one in strengths), Coverage.NOT_COVERED)


def assess(control: Control, requirements: Mapping[str, Requirement], tested: Mapping[str, Tested]) -> Assessment:
    """What follows for a control from the outcomes of a run, by requirement; what is absent there was not tested.

    Whatever is linked directly or in part and is NOT_MET breaks the control. Apart from that the worst of the direct
    links decides. Without a direct link nothing makes a control MET: parts that hold do not show the whole.
    """
    links = [link for link in control.links if is_testable(link, requirements)]
    parts = [link for link in links if link.strength is not Strength.SUPPORTING]
    broken = [link for link in parts if _outcome(link, tested) is Outcome.NOT_MET]
    direct = [link for link in links if link.strength is Strength.DIRECT]
    performed = [link for link in links if _outcome(link, tested) is not Outcome.NOT_TESTED]
    if broken:
        return Assessment(Outcome.NOT_MET, f"{_names(broken)} not met", _evidence(broken, tested))
    if not performed:
        reason = "none of its requirements was tested" if links else "no requirement answers it"
        return Assessment(Outcome.NOT_TESTED, reason, Evidence.NONE)
    if not direct:
        return Assessment(Outcome.INCONCLUSIVE, "nothing answers it directly", _evidence(performed, tested))
    outcome = worst(_outcome(link, tested) for link in direct)
    decisive = [link for link in direct if _outcome(link, tested) is outcome]
    reason = "" if outcome is Outcome.MET else f"{_names(decisive)} {outcome.value}"
    return Assessment(outcome, reason, _evidence(direct, tested))


def _outcome(link: Link, tested: Mapping[str, Tested]) -> Outcome:
    found = tested.get(link.requirement)
    return found.outcome if found else Outcome.NOT_TESTED


def _evidence(links: Iterable[Link], tested: Mapping[str, Tested]) -> Evidence:
    """The weakest that any of the links brings: one simulated outcome among them keeps the whole at design."""
    order = list(Evidence)
    found = (tested.get(link.requirement) for link in links)
    return min((_worth(one.assurance) if one else Evidence.NONE for one in found), key=order.index)


def _worth(assurance: Assurance | None) -> Evidence:
    """A simulation is evidence of a design and never of operation."""
    if assurance is None:
        return Evidence.NONE
    return Evidence.DESIGN if assurance is Assurance.SIMULATED else Evidence.OPERATION


def _names(links: Iterable[Link]) -> str:
    return " ".join(link.requirement for link in links)
