"""The audit notices when the fake breaks a documented rule, and names a requirement that the rule stands for."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness import catalog
from harness.backends.clocks import RealClock
from harness.fake.mutants import MUTANTS, Mutant, broken
from harness.model.verdict import Outcome
from harness.run.engine import Request, Result, execute
from harness.run.exit_codes import ExitCode
from harness.settings import Settings


def audit(requirements: tuple[str, ...], reports: Path) -> Result:
    """Run the scenarios of some requirements as `cmkproof run` does."""
    return execute(Request(Settings(seed=7, reports=str(reports)), requirements), RealClock())


@pytest.mark.parametrize("mutant", MUTANTS.values(), ids=MUTANTS.keys())
def test_a_broken_rule_is_noticed_and_named(mutant: Mutant, tmp_path: Path) -> None:
    """The run ends with exit code 1, and one of the requirements that the mutant breaks is NOT_MET."""
    with broken(mutant.id):
        result = audit(mutant.breaks, tmp_path)

    named = {one.requirement.id for one in result.outcomes if one.outcome is Outcome.NOT_MET}
    assert result.exit_code is ExitCode.NOT_MET, mutant.what
    assert named & set(mutant.breaks), mutant.what


def test_every_mutant_says_what_it_breaks() -> None:
    """By requirements that exist, and in a sentence."""
    known = catalog.load()

    assert len(MUTANTS) >= 15
    assert all(mutant.breaks and set(mutant.breaks) <= set(known) and mutant.what for mutant in MUTANTS.values())


def test_lifting_a_mutant_heals_the_fake(tmp_path: Path) -> None:
    """The same requirement is MET again right after."""
    with broken("active-without-approval"):
        audit(("EAR-055",), tmp_path)

    assert audit(("EAR-055",), tmp_path).exit_code is ExitCode.FINE
