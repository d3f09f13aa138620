"""The component definition: which controls the two systems answer, by the promises that their documentation makes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from harness.evidence.account import Account
from harness.evidence.forms import AnsweredControl, AssessedFramework, RequirementForm
from harness.evidence.oscal.frame import ATLAS, STRENGTHS, VAULT, metadata, sources, system_of, system_uid
from harness.evidence.oscal.parts import NO_EVIDENCE, SIMULATED, Node, filled, prop, props, sentences, uid, yes
from harness.evidence.oscal.tokens import token_of

Answers = list[tuple[AnsweredControl, RequirementForm]]
"""What requirements say about one control, the most first."""


def component_definition(account: Account) -> Node:
    """The whole document."""
    return {
        "component-definition": filled(
            uuid=uid("component-definition", account.run.id),
            metadata=metadata(account, "Component definition"),
            components=[_component(account, one) for one in (ATLAS, VAULT)],
            back_matter=filled(resources=list(sources(account))),
        )
    }


def _component(account: Account, system: str) -> Node:
    promises = [one for one in account.result.requirements if system_of(one.id) == system]
    simulated = account.run.simulated
    said = f"{len(promises)} documented promises about {system} that this run assessed."
    return filled(
        uuid=system_uid(account, system),
        type="service",
        title=system + (f" ({SIMULATED})" if simulated else ""),
        description=sentences(said, NO_EVIDENCE if simulated else ""),
        props=props(("simulated", yes(simulated))),
        control_implementations=list(_implementations(account, system, promises)),
        remarks="What is promised stands here; whether it was seen to be kept stands in the assessment results.",
    )


def _implementations(account: Account, system: str, promises: Iterable[RequirementForm]) -> Iterator[Node]:
    answered = _answers(promises)
    for framework in account.result.frameworks:
        implemented = [
            _implemented(system, framework, control.id, control.title, answered[framework.id, control.id])
            for control in framework.controls
            if (framework.id, control.id) in answered
        ]
        if implemented:
            yield {
                "uuid": uid("implementation", system, framework.id, framework.edition),
                "source": f"#{uid('framework', framework.id, framework.edition)}",
                "description": f"{framework.title}, {framework.edition}: what promises about {system} answer.",
                "implemented-requirements": implemented,
            }


def _answers(promises: Iterable[RequirementForm]) -> Mapping[tuple[str, str], Answers]:
    found: defaultdict[tuple[str, str], Answers] = defaultdict(list)
    for promise in promises:
        for one in promise.controls:
            found[one.framework, one.control].append((one, promise))
    for answers in found.values():
        answers.sort(key=lambda pair: STRENGTHS.index(pair[0].strength))
    return found


def _implemented(system: str, framework: AssessedFramework, control: str, title: str, answers: Answers) -> Node:
    promised = (f"- {promise.id} ({one.strength}): {promise.statement}" for one, promise in answers)
    return {
        "uuid": uid("implemented", system, framework.id, framework.edition, control),
        "control-id": token_of(framework.id, control),
        "description": f"{control}: {title}\n\n" + "\n".join(promised),
        "props": [prop("requirement", promise.id, group=one.strength) for one, promise in answers],
    }
