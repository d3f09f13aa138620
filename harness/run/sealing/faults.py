"""The lines of `faults.jsonl`: what was taken away from the system under test on purpose, and what was given back.

Acts that were part of a fault of the catalogue say so themselves: they carry its id, and whether they undid it. Of the
other acts the verb decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from harness.evidence.forms import Fault
from harness.evidence.survey import Glance, Line, said
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
            if effect := _effect(line):
                yield Fault(
                    run=result.id,
                    scenario=one.scenario,
                    simulated=simulated,
                    entry=line.sequence,
                    effect=effect,
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


def _effect(line: Line) -> Literal["takes away", "gives back"] | None:
    """What an act did to the system; None: it was no fault, and no end of one."""
    if line.kind != "acted":
        return None
    arguments = said(line.arguments)
    if arguments.get("fault"):
        return "gives back" if arguments.get("undoing") else "takes away"
    if not (line.party in PARTIES or line.verb in OPERATORS_OWN):
        return None
    if line.verb in TAKES_AWAY:
        return "takes away"
    return "gives back" if line.verb in GIVES_BACK else None
