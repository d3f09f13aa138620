"""How far requirements answer controls, and what a run says about them."""

from __future__ import annotations

import pytest

from harness.catalog.coverage import Reported, assess, by_requirement, coverage
from harness.model.control import Control, Coverage, Evidence, Framework, Kind, Link, Strength
from harness.model.requirement import Check, Label, Requirement
from harness.model.verdict import Assurance, Outcome

MET, NOT_MET, UNDECIDED = Outcome.MET, Outcome.NOT_MET, Outcome.INCONCLUSIVE


def control(**strengths: str) -> Control:
    """A control whose links are given as requirement to strength."""
    links = tuple(Link(one, Strength(strength), "because") for one, strength in strengths.items())
    return Control("C-1", "Something", Kind.BEHAVIOUR, links)


def rows(**checks: str) -> dict[str, Requirement]:
    return {
        one: Requirement(one, "It holds.", "chapter", "a page", Label.DOCUMENTED, Check(check))
        for one, check in checks.items()
    }


def ran(assurance: Assurance | None = Assurance.EXERCISED, **outcomes: Outcome) -> dict[str, Reported]:
    return {one: Reported(outcome, assurance) for one, outcome in outcomes.items()}


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        ({}, Coverage.NOT_COVERED),
        ({"A": "supporting"}, Coverage.SUPPORTED),
        ({"A": "supporting", "B": "partial"}, Coverage.PARTLY),
        ({"A": "partial", "B": "direct"}, Coverage.COVERED),
        ({"N": "direct"}, Coverage.NOT_COVERED),
        ({"N": "direct", "A": "supporting"}, Coverage.SUPPORTED),
        ({"N": "direct", "A": "direct"}, Coverage.PARTLY),
        ({"UNWRITTEN": "direct"}, Coverage.NOT_COVERED),
    ],
)
def test_a_control_is_covered_as_far_as_scenarios_can_show_it(links: dict[str, str], expected: Coverage) -> None:
    assert coverage(control(**links), rows(A="active", B="passive", N="none")) is expected


@pytest.mark.parametrize(
    ("links", "outcomes", "expected"),
    [
        ({"A": "direct"}, {"A": MET}, (MET, "")),
        ({"A": "direct", "B": "direct"}, {"A": MET, "B": UNDECIDED}, (UNDECIDED, "B INCONCLUSIVE")),
        ({"A": "direct", "B": "direct"}, {"A": MET}, (Outcome.NOT_TESTED, "B NOT_TESTED")),
        ({"A": "direct", "B": "direct"}, {"A": MET, "B": Outcome.WAIVED}, (Outcome.WAIVED, "B WAIVED")),
        ({"A": "direct", "B": "direct"}, {"A": UNDECIDED, "B": NOT_MET}, (NOT_MET, "B not met")),
        ({"A": "direct", "B": "partial"}, {"A": MET, "B": NOT_MET}, (NOT_MET, "B not met")),
        ({"A": "direct", "B": "partial"}, {"A": MET, "B": UNDECIDED}, (MET, "")),
        ({"A": "direct", "B": "supporting"}, {"A": MET, "B": NOT_MET}, (MET, "")),
        ({"A": "partial"}, {"A": MET}, (UNDECIDED, "nothing answers it directly")),
        ({"A": "supporting"}, {"A": MET}, (UNDECIDED, "nothing answers it directly")),
        ({"A": "direct"}, {}, (Outcome.NOT_TESTED, "none of its requirements was tested")),
        ({}, {"A": MET}, (Outcome.NOT_TESTED, "no requirement answers it")),
    ],
)
def test_the_worst_of_what_is_linked_directly_decides_and_parts_can_only_break(
    links: dict[str, str], outcomes: dict[str, Outcome], expected: tuple[Outcome, str]
) -> None:
    found = assess(control(**links), ran(**outcomes))
    assert (found.outcome, found.reason) == expected


@pytest.mark.parametrize(
    ("assurance", "expected"),
    [
        (Assurance.SIMULATED, Evidence.DESIGN),
        (Assurance.OBSERVED, Evidence.OPERATION),
        (Assurance.EXERCISED, Evidence.OPERATION),
        (Assurance.REPLAYED, Evidence.OPERATION),
        (None, Evidence.NONE),
    ],
)
def test_a_simulation_is_evidence_of_a_design_and_never_of_operation(
    assurance: Assurance | None, expected: Evidence
) -> None:
    assert assess(control(A="direct"), ran(assurance, A=MET)).evidence is expected
    assert assess(control(A="partial"), ran(assurance, A=MET)).evidence is expected
    assert assess(control(A="partial"), ran(assurance, A=NOT_MET)).evidence is expected


def test_one_simulated_outcome_keeps_the_whole_at_design() -> None:
    mixed = ran(Assurance.EXERCISED, A=MET) | ran(Assurance.SIMULATED, B=MET)
    assert assess(control(A="direct", B="direct"), mixed).evidence is Evidence.DESIGN


def test_requirements_know_their_controls_strongest_first() -> None:
    weak, strong = control(A="supporting"), control(A="direct", B="partial")
    frameworks = [Framework(name, name, "1", "us", "here", (one,)) for name, one in (("a", weak), ("b", strong))]
    found = by_requirement(frameworks)
    assert [(one.name, one.link.strength) for one in found["A"]] == [
        ("b C-1", Strength.DIRECT),
        ("a C-1", Strength.SUPPORTING),
    ]
    assert [one.name for one in found["B"]] == ["b C-1"]
