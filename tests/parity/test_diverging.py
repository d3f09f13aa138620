"""What is a difference: broken rules, and other answers to open questions, which are named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from harness.backends.clocks import RealClock
from harness.fake.mutants import MUTANTS, broken
from harness.run.engine import Watcher
from harness.run.parity import RecordedRun
from harness.run.parity.differences import Kind
from harness.run.parity.supposing import name_readings, perform_like
from harness.run.parity.triage import Triage
from harness.settings import Settings
from tests.parity.performing import REQUIREMENTS, compared, live_with, perform

DOZEN = (
    "active-without-approval",
    "approval-is-noticed-late",
    "approving-one-region-activates-all",
    "new-endpoint-waits-at-once",
    "connection-is-not-named",
    "failure-is-not-explained",
    "endpoint-without-private-networking",
    "deleted-endpoint-returns",
    "omitted-flag-turns-private-networking-off",
    "several-clouds-privately",
    "cluster-before-project",
    "key-of-another-vault",
    "secret-comes-back",
)


@pytest.mark.parametrize("mutant", DOZEN)
def test_a_broken_rule_diverges_from_the_sound_fake(mutant: str, sound: RecordedRun, tmp_path: Path) -> None:
    """A system that breaks a documented rule is the one that is off."""
    requirement = MUTANTS[mutant].breaks[0]
    with broken(mutant):
        found = compared(sound, perform(tmp_path, (requirement,)))

    assert found.findings
    assert found.findings[0].triage is Triage.LIVE
    assert requirement in found.findings[0].documented


def test_the_fake_is_off_when_it_is_the_one_that_breaks_the_rule(sound: RecordedRun, tmp_path: Path) -> None:
    """The same difference, seen from the other side."""
    with broken("key-off-under-clusters"):
        wrong = perform(tmp_path, ("EAR-093",))
    found = compared(wrong, sound).findings

    assert {one.triage for one in found} == {Triage.FAKE}
    refusal = next(one for one in found if one.difference.kind is Kind.REFUSAL)
    assert refusal.difference.place == "operator turns off the customer's key for project"
    assert (refusal.difference.fake, refusal.difference.live) == (
        "accepted 200",
        "refused 409 CANNOT_DISABLE_ENCRYPTION_AT_REST",
    )


@pytest.mark.parametrize(
    ("reading", "answer", "requirement", "keyword"),
    [
        ("key_disabled_rendering", "unchanged", "EAR-112", "public and stops"),
        ("missing_role_status", "403", "EAR-017", "ask"),
    ],
)
def test_the_reading_whose_answer_would_match_is_named(
    reading: str, answer: str, requirement: str, keyword: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Found by trying answers on the fake; a wrong answer tried before explains nothing."""
    live = live_with(reading, answer, tmp_path / "live", requirement, keyword)
    fake = perform(tmp_path / "fake", (requirement,), keyword=keyword)
    monkeypatch.setattr(
        "harness.run.parity.supposing._candidates", lambda *_: [("repeated_delete", "conflict"), (reading, answer)]
    )
    aside = Settings(reports=str(tmp_path / "aside"))
    tried: list[Mapping[str, str]] = []

    def again(world: Mapping[str, str], promises: Sequence[str]) -> RecordedRun:
        tried.append(world)
        assert requirement in promises
        return perform_like(live, aside, RealClock(), Watcher(), world=world, requirements=(requirement,))

    found = name_readings(compared(fake, live), REQUIREMENTS, again)

    assert found.findings
    assert {one.reading for one in found.findings} == {f"{reading}={answer}"}
    assert {one.standing for one in found.findings} == {Triage.SILENT}
    assert len(tried) == 2


def test_runs_that_presume_different_answers_differ_in_that(sound: RecordedRun, tmp_path: Path) -> None:
    """Even where no scenario shows it."""
    other = perform(tmp_path, ("EAR-050",), readings={"region_gate": "any_endpoint"})
    found = compared(sound, other).findings

    assert [(one.difference.kind, one.reading) for one in found] == [(Kind.READING, "region_gate=any_endpoint")]
