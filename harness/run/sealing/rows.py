"""The lines of `results.jsonl` and `faults.jsonl`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from harness.catalog.coverage import by_requirement
from harness.catalog.documents import shipped_references
from harness.evidence.forms import Fault, FindingForm, Known, Population, ResultRow, State
from harness.evidence.survey import Glance, said
from harness.model.control import Strength
from harness.model.verdict import Outcome
from harness.run.document import is_simulated
from harness.run.engine import Result
from harness.run.records import Record
from harness.run.waiving import excused
from harness.suite import features_directory
from harness.suite.digest import file_digests

BREAKING = ("key custodian", "stagehand")
"""Parties whose acts take something away from the system, or give it back; others use it."""
OPERATORS_OWN = ("cuts off a region of", "ends the outage of")
"""Acts of the operator that break something on purpose: Atlas's own simulation of an outage."""


def rows_of(result: Result, population: Population) -> Iterator[ResultRow]:
    """One line for each scenario that was selected, in order of their numbers."""
    answers = by_requirement(result.frameworks.values())
    direct = {
        requirement: [f"{one.framework.id}:{one.control.id}" for one in found if one.link.strength is Strength.DIRECT]
        for requirement, found in answers.items()
    }
    digests = file_digests(features_directory(result.request.settings.features))
    waived = excused(result.outcomes)
    for known in population.scenarios:
        if known.state is not State.DESELECTED:
            yield _row(known, result, direct, digests[known.path], waived.get(known.id, ""))


def _row(known: Known, result: Result, direct: Mapping[str, list[str]], feature_digest: str, waiver: str) -> ResultRow:
    record = result.records.get(known.id) or _absent(known)
    clauses = (reference for one in known.requirements for reference in shipped_references().get(one, ()))
    return ResultRow(
        run=result.id,
        number=known.number,
        scenario=known.id,
        attempt=1,
        outcome=record.outcome,
        assurance=record.assurance or result.assurance,
        simulated=is_simulated(result),
        title=known.title,
        requirements=known.requirements,
        controls=list(dict.fromkeys(control for one in known.requirements for control in direct.get(one, ()))),
        feature_digest=feature_digest,
        clauses=list(dict.fromkeys(one.digest for one in clauses)),
        reason=record.reason,
        findings=[
            FindingForm(
                claim=one.claim,
                judgement=one.judgement,
                expected=one.expected,
                observed=one.observed,
                since=one.since,
                resources=list(one.resources),
            )
            for one in record.findings
        ],
        claims=record.claims,
        checkers=list(record.checkers),
        failed_step=record.failed_step,
        code=record.code,
        advice=record.advice,
        waiver=waiver,
        seconds=round(record.seconds, 3),
        clock_seconds=record.clock_seconds,
        history=record.evidence,
        history_digest=record.digest,
        exchanges=record.exchanges,
        exchanges_digest=record.exchanges_digest,
    )


def _absent(known: Known) -> Record:
    return Record(id=known.id, outcome=Outcome.NOT_TESTED, assurance="", reason=known.reason)


def faults_of(result: Result, glances: Iterable[Glance]) -> Iterator[Fault]:
    """Acts of those who break things, in order, scenario by scenario."""
    simulated = is_simulated(result)
    allowed = result.request.confirmed or ("none is needed: nothing real was touched" if simulated else "")
    restored = (
        "the world of the scenario ended with it"
        if simulated
        else "as the undo ledger says, which was written before the act"
    )
    for one in glances:
        for line in one.lines:
            if line.kind == "acted" and (line.party in BREAKING or line.verb in OPERATORS_OWN):
                yield Fault(
                    run=result.id,
                    scenario=one.scenario,
                    simulated=simulated,
                    entry=line.sequence,
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
