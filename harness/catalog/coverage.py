"""How far requirements answer a control, and what the outcomes of a run say about it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from harness.model.control import Control, Coverage, Evidence, Framework, Link, Strength
from harness.model.requirement import Check, Requirement
from harness.model.verdict import Assurance, Outcome, worst


@dataclass(frozen=True, slots=True)
class Reported:
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


@dataclass(frozen=True, slots=True)
class Answer:
    """A control that a requirement says something about, and how much."""

    framework: Framework
    control: Control
    link: Link

    @property
    def name(self) -> str:
        """The control with its framework, as `nist-800-53 SC-12`: identifiers alone are not unique."""
        return f"{self.framework.id} {self.control.id}"


def by_requirement(frameworks: Iterable[Framework]) -> Mapping[str, tuple[Answer, ...]]:
    """The controls that each requirement answers, strongest first and then in the order of the frameworks."""
    found: dict[str, list[Answer]] = {}
    for framework in frameworks:
        for control in framework.controls:
            for link in control.links:
                found.setdefault(link.requirement, []).append(Answer(framework, control, link))
    order = list(Strength)
    return {one: tuple(sorted(answers, key=lambda a: order.index(a.link.strength))) for one, answers in found.items()}


def is_testable(link: Link, requirements: Mapping[str, Requirement]) -> bool:
    """Whether a scenario can show anything about the linked requirement; a link to any other covers nothing."""
    requirement = requirements.get(link.requirement)
    return requirement is not None and requirement.check is not Check.NONE


def coverage(control: Control, requirements: Mapping[str, Requirement]) -> Coverage:
    """How far the control can be answered: wholly only when a scenario can show everything that is linked directly."""
    links = {strength: [one for one in control.links if one.strength is strength] for strength in Strength}
    shown = {strength: [is_testable(one, requirements) for one in found] for strength, found in links.items()}
    if shown[Strength.DIRECT] and all(shown[Strength.DIRECT]):
        return Coverage.COVERED
    if any(shown[Strength.DIRECT]) or any(shown[Strength.PARTIAL]):
        return Coverage.PARTLY
    return Coverage.SUPPORTED if any(shown[Strength.SUPPORTING]) else Coverage.NOT_COVERED


def assess(control: Control, reported: Mapping[str, Reported]) -> Assessment:
    """What follows for a control from the outcomes of a run, by requirement; what is absent there was not tested.

    Whatever is linked directly or in part and is NOT_MET breaks the control, and what is WAIVED keeps it from being
    MET. Apart from that the worst of the direct links decides. Without a direct link nothing makes a control MET: parts
    that hold do not show the whole.
    """
    direct = [link for link in control.links if link.strength is Strength.DIRECT]
    parts = [link for link in control.links if link.strength is not Strength.SUPPORTING]
    broken = [link for link in parts if _outcome(link, reported) is Outcome.NOT_MET]
    performed = [link for link in control.links if _outcome(link, reported) is not Outcome.NOT_TESTED]
    if broken:
        return Assessment(Outcome.NOT_MET, f"{_names(broken)} not met", _evidence(broken, reported))
    if not performed:
        reason = "none of its requirements was tested" if control.links else "no requirement answers it"
        return Assessment(Outcome.NOT_TESTED, reason, Evidence.NONE)
    if not direct:
        return Assessment(Outcome.INCONCLUSIVE, "nothing answers it directly", _evidence(performed, reported))
    waived = [link for link in parts if _outcome(link, reported) is Outcome.WAIVED]
    outcome = worst(_outcome(link, reported) for link in (*direct, *waived))
    decisive = [link for link in dict.fromkeys((*direct, *waived)) if _outcome(link, reported) is outcome]
    reason = "" if outcome is Outcome.MET else f"{_names(decisive)} {outcome.value}"
    return Assessment(outcome, reason, _evidence(direct, reported))


def _outcome(link: Link, reported: Mapping[str, Reported]) -> Outcome:
    found = reported.get(link.requirement)
    return found.outcome if found else Outcome.NOT_TESTED


def _evidence(links: Iterable[Link], reported: Mapping[str, Reported]) -> Evidence:
    """The weakest that any of the links brings: one simulated outcome among them keeps the whole at design."""
    order = list(Evidence)
    found = (reported.get(link.requirement) for link in links)
    return min((_worth(one.assurance) if one else Evidence.NONE for one in found), key=order.index)


def _worth(assurance: Assurance | None) -> Evidence:
    """A simulation is evidence of a design and never of operation."""
    if assurance is None:
        return Evidence.NONE
    return Evidence.DESIGN if assurance is Assurance.SIMULATED else Evidence.OPERATION


def _names(links: Iterable[Link]) -> str:
    return " ".join(link.requirement for link in links)
