"""Every mutant is noticed by a scenario of the requirement that it breaks, and the sound fake by none."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness import catalog
from harness.backends.clocks import RealClock
from harness.checkers import CHECKERS
from harness.checkers.laws import LAWS
from harness.fake.mutants import MUTANTS
from harness.model.verdict import Outcome
from harness.run.engine import Request, execute
from harness.run.prove.command import Question, carry_out
from harness.run.prove.proof import Proof
from harness.settings import Settings
from harness.suite import features_directory, read_suite


@pytest.fixture(scope="module")
def proof(tmp_path_factory: pytest.TempPathFactory) -> Proof:
    """All mutants, on another seed than usual."""
    reports = tmp_path_factory.mktemp("proof")
    return carry_out(Question(Settings(seed=7, reports=str(reports), workers=2)), RealClock())[0]


def test_every_mutant_is_noticed_by_a_scenario_of_what_it_breaks(proof: Proof) -> None:
    """But for those that say why they cannot be, which may be one in twenty."""
    got_away = {kill.mutant.id: kill.reason for kill in proof.kills if not kill.named and not kill.mutant.survives}

    assert got_away == {}
    assert len(proof.kills) >= 80
    assert proof.score >= 0.95


def test_what_says_that_it_survives_does(proof: Proof) -> None:
    """A reason that no longer holds is taken back."""
    assert [kill.mutant.id for kill in proof.kills if kill.mutant.survives and kill.killed] == []


def test_the_sound_fake_raises_no_alarm(proof: Proof) -> None:
    assert proof.unsound == []
    assert sum(record.outcome is Outcome.MET for record in proof.baseline) >= 200


def test_requirements_name_the_checkers_that_judge_them(proof: Proof) -> None:
    """Those of the claims that their scenarios make, and no other, but for laws, which judge every history.

    A requirement with readings may name one that only judges under another answer.
    """
    known, scenarios = catalog.load(), read_suite(features_directory()).scenarios
    judging: dict[str, set[str]] = {}
    for record in proof.baseline:
        if record.outcome is Outcome.MET:
            for requirement in scenarios[record.id].tags.requirements:
                judging.setdefault(requirement, set()).update(record.checkers)
    named = {one: set(promise.checkers) for one, promise in known.items()}
    missing = {one: found - named[one] for one, found in judging.items() if found - named[one]}
    idle = {
        one: named[one] - found - set(LAWS)
        for one, found in judging.items()
        if not known[one].readings and named[one] - found - set(LAWS)
    }

    assert (missing, idle) == ({}, {})


def test_every_checker_and_every_law_judges_some_requirement() -> None:
    """And the catalogue names no other."""
    named = {checker for one in catalog.load().values() for checker in one.checkers}

    assert named == set(CHECKERS) | set(LAWS)


def test_every_mutant_says_what_it_breaks() -> None:
    """By requirements that exist, and in a sentence."""
    known = catalog.load()

    assert all(mutant.breaks and set(mutant.breaks) <= set(known) and mutant.what for mutant in MUTANTS.values())


def test_lifting_a_mutant_heals_the_fake(few: Path, tmp_path: Path) -> None:
    """The requirement that it broke is MET again right after, in the same process."""
    settings = Settings(reports=str(tmp_path / "reports"), features=str(few), workers=1)
    (kill,) = carry_out(Question(settings, ("active-without-approval",)), RealClock())[0].kills

    (outcome,) = execute(Request(settings, ("EAR-055",)), RealClock()).outcomes
    assert (kill.named, outcome.outcome) == (True, Outcome.MET)
