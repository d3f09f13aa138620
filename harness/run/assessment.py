"""What a run says about the controls of frameworks, as parts of the result document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from harness import catalog
from harness.catalog.coverage import Answer, Reported, assess, coverage
from harness.model.control import Control, Framework
from harness.model.requirement import Requirement
from harness.model.verdict import Assurance, Outcome
from harness.run.engine import Result
from harness.run.tally import RequirementOutcome


def controls_of(answers: Iterable[Answer]) -> list[dict[str, str]]:
    """The controls that one requirement answers, and how much it says about each."""
    return [
        {"framework": one.framework.id, "control": one.control.id, "strength": one.link.strength.value}
        for one in answers
    ]


def assessed(result: Result) -> list[dict[str, Any]]:
    """Each framework with what the run says about its controls.

    A run that was narrowed speaks only of controls that its requirements answer; a whole run shows the gaps too.
    """
    requirements = catalog.load()
    reported = {one.requirement.id: _reported(one) for one in result.outcomes}
    return [
        {"id": one.id, "title": one.title, "edition": one.edition, "controls": found}
        for one in result.frameworks.values()
        if (found := list(_controls(one, requirements, reported, narrowed=result.request.narrows)))
    ]


def _controls(
    framework: Framework, requirements: Mapping[str, Requirement], reported: Mapping[str, Reported], *, narrowed: bool
) -> Iterable[dict[str, Any]]:
    for control in framework.controls:
        if not narrowed or any(link.requirement in reported for link in control.links):
            yield _control(control, requirements, reported)


def _control(
    control: Control, requirements: Mapping[str, Requirement], reported: Mapping[str, Reported]
) -> dict[str, Any]:
    found = assess(control, reported)
    return {
        "id": control.id,
        "title": control.title,
        "kind": control.kind.value,
        "coverage": coverage(control, requirements).value,
        "outcome": found.outcome.value,
        "reason": found.reason,
        "evidence": found.evidence.value,
    }


def _reported(one: RequirementOutcome) -> Reported:
    """A requirement of which only some scenarios were asked for is not shown to be met by those."""
    outcome = Outcome.INCONCLUSIVE if one.is_partial and one.outcome is Outcome.MET else one.outcome
    return Reported(outcome, Assurance(one.assurance) if one.assurance else None)
