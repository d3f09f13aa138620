"""What follows for requirements, controls and exit codes; on made-up records."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness import catalog
from harness.catalog.coverage import Reported, assess
from harness.model.control import Control, Kind, Link, Strength
from harness.model.verdict import Assurance, Outcome, worst
from harness.model.waiver import Scope, Waiver
from harness.run.records import Record
from harness.run.tally import RequirementOutcome
from harness.run.waiving import Use, Waiving, excused

AT = datetime(2027, 1, 15, tzinfo=UTC)
ALL = Waiver("W-1", "EAR-062", Scope("fake"), "Ada", "because", "SEC-142", date(2027, 3, 31), "Jun")
RECORDED = (Outcome.MET, Outcome.NOT_MET, Outcome.INCONCLUSIVE, Outcome.NOT_TESTED)
"""What a scenario can come to: a waiver never changes that."""


def outcome(*outcomes: Outcome, requirement: str = "EAR-062", of: int = 0) -> RequirementOutcome:
    """A requirement whose scenarios `1`, `2` and so on ended so."""
    records = tuple(
        Record(id=str(n), outcome=one, assurance="", reason=f"{n} is so") for n, one in enumerate(outcomes, 1)
    )
    found = worst(outcomes)
    reason = next((one.reason for one in records if one.outcome is found), "")
    return RequirementOutcome(catalog.load()[requirement], found, reason, False, "", records, of or len(records))


def waiving(*waivers: Waiver, profile: str = "fake") -> Waiving:
    return Waiving(waivers, profile, AT)


def only(*scenarios: str, **changes: str) -> Waiver:
    return replace(ALL, scope=Scope("fake", scenarios), **changes)


@given(st.lists(st.sampled_from(RECORDED), max_size=5))
def test_a_waiver_for_everything_turns_failures_and_nothing_else(outcomes: list[Outcome]) -> None:
    found = waiving(ALL).applied(outcome(*outcomes))
    weighed = [Outcome.WAIVED if one is Outcome.NOT_MET else one for one in outcomes]
    assert found.outcome is worst(weighed)
    assert set(found.waived) == {str(n) for n, one in enumerate(outcomes, 1) if one is Outcome.NOT_MET}
    assert [record.outcome for record in found.records] == outcomes, "what was seen stays as it is"


@given(st.lists(st.sampled_from(RECORDED), min_size=1, max_size=5))
def test_waivers_that_do_not_count_change_no_outcome(outcomes: list[Outcome]) -> None:
    before = outcome(*outcomes)
    useless = waiving(replace(ALL, expires=date(2027, 1, 14)), replace(ALL, approver=""), replace(ALL, owner="Jun"))
    found = useless.applied(before)
    assert (found.outcome, found.waived, found.waiver) == (before.outcome, {}, "")
    for other in (
        waiving(),
        waiving(ALL, profile="sandbox"),
        waiving(replace(ALL, requirement="EAR-061")),
        waiving(only("9")),
    ):
        assert other.applied(before) == before


def test_the_reason_names_waiver_ticket_end_and_what_failed() -> None:
    found = waiving(ALL).applied(outcome(Outcome.MET, Outcome.NOT_MET))
    assert (found.outcome, found.waiver) == (Outcome.WAIVED, "W-1")
    assert found.reason == "waived until 2027-03-31 by W-1, ticket SEC-142; what failed: 2 is so"


def test_a_waiver_that_does_not_count_is_named_beside_the_failure() -> None:
    expired, alone = replace(ALL, expires=date(2026, 12, 31)), replace(ALL, id="W-2", approver="")
    found = waiving(expired, alone).applied(outcome(Outcome.NOT_MET))
    assert found.reason == (
        "1 is so; waiver W-1 expired on 2026-12-31; waiver W-2 is not approved: it names no approver"
    )


def test_a_failure_outside_the_scope_keeps_the_requirement_broken() -> None:
    found = waiving(only("1")).applied(outcome(Outcome.NOT_MET, Outcome.NOT_MET))
    assert (found.outcome, found.reason, found.waiver) == (Outcome.NOT_MET, "2 is so", "")
    assert found.waived == {"1": "W-1"}
    assert waiving(only("1")).use_of(only("1"), [found]) is Use.APPLIED


def test_several_waivers_may_share_the_failures() -> None:
    shared = waiving(only("1"), only("2", id="W-2"))
    found = shared.applied(outcome(Outcome.NOT_MET, Outcome.NOT_MET))
    assert (found.outcome, found.waiver) == (Outcome.WAIVED, "W-1, W-2")


def test_the_first_that_is_in_force_counts() -> None:
    expired, spare = replace(ALL, id="W-0", expires=date(2026, 1, 1)), replace(ALL, id="W-2")
    given_ones = waiving(expired, ALL, spare)
    found = given_ones.applied(outcome(Outcome.NOT_MET))
    assert found.waiver == "W-1"
    uses = [given_ones.use_of(one, [found]) for one in given_ones.waivers]
    assert uses == [Use.NOT_NEEDED, Use.APPLIED, Use.NOT_NEEDED]


def test_what_presumes_another_answer_has_no_say() -> None:
    before = outcome(Outcome.NOT_MET, Outcome.NOT_TESTED)
    records = (before.records[0], Record(id="2", outcome=Outcome.NOT_TESTED, assurance="", presumes_otherwise=True))
    assert waiving(ALL).applied(replace(before, records=records)).outcome is Outcome.WAIVED


@pytest.mark.parametrize(
    ("waiver", "found", "use"),
    [
        (ALL, outcome(Outcome.MET, Outcome.MET), Use.NOT_NEEDED),
        (only("1"), outcome(Outcome.MET, Outcome.NOT_MET), Use.NOT_NEEDED),
        (only("1"), outcome(Outcome.MET, Outcome.INCONCLUSIVE), Use.NOT_NEEDED),
        (only("1"), outcome(Outcome.MET, of=2), Use.NOT_NEEDED),
        (ALL, outcome(Outcome.MET, of=2), Use.NOT_DECIDED),
        (ALL, outcome(Outcome.MET, Outcome.INCONCLUSIVE), Use.NOT_DECIDED),
        (ALL, outcome(Outcome.NOT_TESTED), Use.NOT_DECIDED),
        (only("9"), outcome(Outcome.MET), Use.NOT_DECIDED),
        (ALL, outcome(Outcome.NOT_MET), Use.APPLIED),
        (replace(ALL, approver=""), outcome(Outcome.NOT_MET), Use.REFUSED),
        (replace(ALL, expires=date(2026, 1, 1)), outcome(Outcome.NOT_MET), Use.REFUSED),
        (replace(ALL, scope=Scope("sandbox")), outcome(Outcome.NOT_MET), Use.ELSEWHERE),
        (ALL, outcome(Outcome.NOT_MET, requirement="EAR-061"), Use.NOT_ASKED),
    ],
)
def test_every_waiver_is_accounted_for(waiver: Waiver, found: RequirementOutcome, use: Use) -> None:
    given_one = waiving(waiver)
    assert given_one.use_of(waiver, [given_one.applied(found)]) is use


def test_a_failure_is_excused_only_where_every_requirement_it_tests_waives_it() -> None:
    both = waiving(ALL, replace(ALL, id="W-2", requirement="EAR-061"))
    one, other = outcome(Outcome.NOT_MET), outcome(Outcome.NOT_MET, requirement="EAR-061")
    assert excused(map(both.applied, [one, other])) == {"1": "W-1, W-2"}
    assert excused(map(waiving(ALL).applied, [one, other])) == {}
    assert excused(map(waiving(ALL).applied, [one])) == {"1": "W-1"}, "as far as the run was asked"


@pytest.mark.parametrize(
    ("direct", "partial", "supporting", "expected"),
    [
        (Outcome.WAIVED, Outcome.MET, Outcome.MET, Outcome.WAIVED),
        (Outcome.MET, Outcome.WAIVED, Outcome.MET, Outcome.WAIVED),
        (Outcome.MET, Outcome.MET, Outcome.WAIVED, Outcome.MET),
        (Outcome.NOT_TESTED, Outcome.WAIVED, Outcome.MET, Outcome.NOT_TESTED),
        (Outcome.WAIVED, Outcome.NOT_MET, Outcome.MET, Outcome.NOT_MET),
    ],
)
def test_a_control_on_a_waived_requirement_is_not_met(
    direct: Outcome, partial: Outcome, supporting: Outcome, expected: Outcome
) -> None:
    links = (
        Link("EAR-001", Strength.DIRECT, "it says so"),
        Link("EAR-002", Strength.PARTIAL, "a part of it"),
        Link("EAR-003", Strength.SUPPORTING, "helps"),
    )
    outcomes = {"EAR-001": direct, "EAR-002": partial, "EAR-003": supporting}
    reported = {name: Reported(one, Assurance.SIMULATED) for name, one in outcomes.items()}
    found = assess(Control("C-1", "a control", next(iter(Kind)), links), reported)
    assert found.outcome is expected
    if expected is Outcome.WAIVED:
        assert found.reason.endswith("WAIVED")
