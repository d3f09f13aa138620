"""What a person would say who has one minute: what holds, what failed first and foremost, what is not known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from harness.evidence.account import Account
from harness.evidence.forms import RequirementForm
from harness.evidence.page.words import SIGNS, WORST_FIRST, counted, listed
from harness.model.verdict import Outcome

ENDINGS = {
    4: "The system under test was left changed: something that the run did is not undone.",
    6: "Evidence could not be written as it should be.",
    130: "The run was interrupted before its end.",
}
"""What exit codes say that no count says."""


@dataclass(frozen=True, slots=True)
class Conclusion:
    """The top of the page."""

    outcome: Outcome
    """The worst that has to be said; for sign and colour."""
    headline: str
    foremost: RequirementForm | None
    """The failure to read first: the one behind most failed scenarios."""
    sentences: tuple[str, ...]


def conclude(account: Account) -> Conclusion:
    """The verdict of a run in words."""
    return Conclusion(_outcome(account), _headline(account), _foremost(account), tuple(_sentences(account)))


def _outcome(account: Account) -> Outcome:
    numbers = account.totals.requirements
    found = next((one for one in WORST_FIRST if numbers[one] and one is not Outcome.NOT_TESTED), Outcome.NOT_TESTED)
    if found in (Outcome.MET, Outcome.WAIVED) and _troubles(account):
        return Outcome.INCONCLUSIVE
    return found


def _headline(account: Account) -> str:
    numbers = account.totals.requirements
    asked = sum(numbers.values())
    where = " on the simulated system" if account.run.simulated else ""
    if not asked:
        return "Nothing was selected, so nothing is known"
    if failed := numbers[Outcome.NOT_MET]:
        verb = "does" if failed == 1 else "do"
        return f"{failed} of {counted(asked, 'requirement')} {verb} not hold{where}"
    if undecided := numbers[Outcome.INCONCLUSIVE]:
        return f"No requirement failed{where}, and {undecided} of {asked} could not be decided"
    if numbers[Outcome.MET] == asked:
        return f"{'The only requirement holds' if asked == 1 else f'All {asked} requirements hold'}{where}"
    rest = [f"{numbers[one]} {SIGNS[one].word}" for one in (Outcome.WAIVED, Outcome.NOT_TESTED) if numbers[one]]
    return f"{numbers[Outcome.MET]} of {counted(asked, 'requirement')} hold{where}; {listed(rest)}"


def _foremost(account: Account) -> RequirementForm | None:
    for outcome in (Outcome.NOT_MET, Outcome.INCONCLUSIVE):
        failed = [one for one in account.result.requirements if one.outcome is outcome]
        if failed:
            return max(failed, key=lambda one: sum(case.outcome is outcome for case in one.scenarios))
    return None


def _sentences(account: Account) -> Iterator[str]:
    totals = account.totals
    unknown = totals.requirements[Outcome.INCONCLUSIVE] + totals.requirements[Outcome.NOT_TESTED]
    if unknown:
        yield (
            f"Not known: {counted(unknown, 'requirement')}, of which {totals.requirements[Outcome.INCONCLUSIVE]} could "
            f"not be decided and {totals.requirements[Outcome.NOT_TESTED]} were not tested."
        )
    if waived := totals.requirements[Outcome.WAIVED]:
        yield f"{counted(waived, 'requirement')} failed and stands under a waiver; that is a failure, not a pass."
    if partial := sum(one.partial for one in account.result.requirements):
        yield f"Of {counted(partial, 'requirement')} only some scenarios were selected: their outcome is partial."
    yield from _troubles(account)
    if account.run.simulated:
        yield (
            "The run used a simulated system. It shows that the harness holds the simulation to the documentation; "
            "it says nothing about the operation of a real one."
        )


def _troubles(account: Account) -> list[str]:
    said = [ENDINGS[account.result.exit_code]] if account.result.exit_code in ENDINGS else []
    if failures := len(account.result.failures):
        said.append(f"The run itself failed in {counted(failures, 'place')} (section 11).")
    if unreadable := len(account.population.unreadable):
        said.append(f"{counted(unreadable, 'feature file')} could not be read: what it would have tested is unknown.")
    return said
