"""The lines of `faults.jsonl`: what was taken away from the system under test on purpose, and what was given back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from harness.evidence.forms import Fault
from harness.evidence.survey import Glance, said
from harness.run.document import is_simulated
from harness.run.engine import Result

TAKES_AWAY = frozenset(
    {
        *("rejects", "removes", "closes the public side of", "limits by address"),  # the way to the vault
        *("disables", "deletes", "limits the validity of"),  # the key
        *("withdraws", "limits", "limits sign-in of", "unregisters"),  # who may use it
        *("sets the state of", "cuts off a region of"),  # the project, and its clusters' regions
    }
)
"""Verbs of the custodian, the stagehand and, for the outage that Atlas itself simulates, the operator."""
GIVES_BACK = frozenset({"opens the public side of", "enables", "recovers", "grants", "registers", "ends the outage of"})
PARTIES = frozenset({"key custodian", "stagehand"})
OPERATORS_OWN = frozenset({"cuts off a region of", "ends the outage of"})
"""Of the operator's acts only these: what he creates, pauses and deletes else is the use of the system."""


def faults_of(result: Result, glances: Iterable[Glance]) -> Iterator[Fault]:
    """Acts that took something away or gave it back, in order, scenario by scenario."""
    simulated = is_simulated(result)
    allowed = result.request.confirmed or ("none is needed: nothing real was touched" if simulated else "")
    restored = (
        "the world of the scenario ended with it"
        if simulated
        else "as the undo ledger says, which was written before the act"
    )
    for one in glances:
        for line in one.lines:
            if line.kind != "acted" or not (line.party in PARTIES or line.verb in OPERATORS_OWN):
                continue
            if line.verb in TAKES_AWAY | GIVES_BACK:
                yield Fault(
                    run=result.id,
                    scenario=one.scenario,
                    simulated=simulated,
                    entry=line.sequence,
                    effect="takes away" if line.verb in TAKES_AWAY else "gives back",
                    party=line.party,
                    verb=line.verb,
                    subject=line.subject,
                    arguments=said(line.arguments),
                    authorisation=allowed,
                    started=line.started,
                    ended=line.at,
                    completion=line.completion,
                    status=line.status,
                    restored=restored,
                )
