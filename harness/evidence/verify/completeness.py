"""COMPLETENESS: every scenario known is accounted for, and every verdict has the recording it rests on."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from harness.evidence.verify.files import read
from harness.evidence.verify.findings import Line, Verdict, judged, whatever_it_holds
from harness.evidence.verify.integrity import sums_digest
from harness.evidence.verify.waivers import waived_rightly
from harness.model import layout

EXECUTED, NOT_RUN, DESELECTED = "executed", "not_run", "deselected"
Document = Mapping[str, Any]


@whatever_it_holds(Line.COMPLETENESS)
def completeness(directory: Path) -> Verdict:
    """What is missing in a bundle, or does not add up."""
    population = json.loads(read(directory, layout.POPULATION))
    rows = [json.loads(line) for line in read(directory, layout.ROWS).splitlines()]
    result = json.loads(read(directory, layout.RESULT))
    problems = [
        *_sums(population),
        *_rows(population, rows, directory),
        *_result(rows, result),
        *waived_rightly(result, json.loads(read(directory, layout.RUN))),
        *_features(population, directory),
        *_predecessor(directory),
    ]
    sentence = (
        f"{population['known']} scenarios known: {population['executed']} executed, {population['not_run']} not run, "
        f"{population['deselected']} not selected; each executed one has its recording; {_place(directory)}"
    )
    return judged(Line.COMPLETENESS, problems, sentence)


def _sums(population: Document) -> Iterator[str]:
    states = Counter(one["state"] for one in population["scenarios"])
    for state in (EXECUTED, NOT_RUN, DESELECTED):
        if population[state] != states[state]:
            yield f"{layout.POPULATION} says {population[state]} scenarios are {state}, and lists {states[state]}"
    if population["known"] != len(population["scenarios"]) or sum(states.values()) != population["known"]:
        yield f"{layout.POPULATION} says {population['known']} scenarios are known, and lists {sum(states.values())}"
    if population["selected"] != states[EXECUTED] + states[NOT_RUN]:
        yield f"{layout.POPULATION}: {population['selected']} selected are not those executed and those not run"
    for one in population["scenarios"]:
        if one["state"] != EXECUTED and not one["reason"]:
            yield f"{one['id']} is {one['state']}, and nobody says why"
    for scenario, times in Counter(one["id"] for one in population["scenarios"]).items():
        if times > 1:
            yield f"{scenario} stands in {layout.POPULATION} {times} times"
    for file in population["unreadable"]:
        yield f"a feature file could not be read, so nobody knows what it would have tested: {file}"


def _rows(population: Document, rows: list[Document], directory: Path) -> Iterator[str]:
    states = {one["id"]: one["state"] for one in population["scenarios"]}
    selected = [scenario for scenario, state in states.items() if state != DESELECTED]
    if [row["scenario"] for row in rows] != selected:
        yield f"{layout.ROWS} does not have one line for each selected scenario, in their order"
    for row in rows:
        executed = states.get(row["scenario"]) == EXECUTED
        for name in ("history", "exchanges"):
            if executed and not row[name]:
                yield f"{row['scenario']} was executed, and has no {name}"
            elif row[name] and not (directory / row[name]).is_file():
                yield f"{row['scenario']}: its {name} {row[name]} is missing"
        if row["outcome"] == "MET" and not (executed and row["claims"]):
            yield f"{row['scenario']} is MET without anything that could have shown it"


def _result(rows: list[Document], result: Document) -> Iterator[str]:
    outcomes = {row["scenario"]: row["outcome"] for row in rows}
    for requirement in result["requirements"]:
        for one in requirement["scenarios"]:
            if outcomes.get(one["id"]) != one["outcome"]:
                yield f"{one['id']} has another outcome in {layout.RESULT} than in {layout.ROWS}"
        if requirement["outcome"] == "MET" and not any(one["outcome"] == "MET" for one in requirement["scenarios"]):
            yield f"{requirement['id']} is MET without a scenario that is"
    counted = Counter(one["outcome"] for one in result["requirements"])
    if any(counted[outcome] != number for outcome, number in result["summary"].items()):
        yield f"the sums in {layout.RESULT} are not those of its requirements"
    listed = {one["id"] for requirement in result["requirements"] for one in requirement["scenarios"]}
    for scenario in sorted(outcomes.keys() - listed):
        yield f"{scenario} stands in no requirement of {layout.RESULT}"


def _features(population: Document, directory: Path) -> Iterator[str]:
    """The feature files in the bundle are those that the run counted."""
    root = directory / layout.FEATURES
    whole = sha256()
    names = sorted(path.relative_to(root).as_posix() for path in root.rglob("*.feature"))
    for name in names:
        content = read(root, name)
        whole.update(f"{name}\n{len(content)}\n".encode() + content)
    if whole.hexdigest() != population["features_digest"]:
        yield f"{layout.FEATURES} does not hold the feature files that {layout.POPULATION} counted"


def _place(directory: Path) -> str:
    """Where the bundle stands in its chain, and whether the one before could be looked at."""
    ledger = json.loads(read(directory, layout.LEDGER))
    if ledger["previous"] is None:
        return "first of its chain"
    before = ledger["previous"]["run"]
    here = (directory.resolve().parent / before / layout.SUMS).is_file()
    return f"number {ledger['sequence']} of its chain, after {before}" + ("" if here else ", which is not here")


def _predecessor(directory: Path) -> Iterator[str]:
    """The bundle before, where it lies beside this one, is the one that this one names."""
    ledger = json.loads(read(directory, layout.LEDGER))
    previous = ledger["previous"]
    if previous is None:
        if ledger["sequence"] != 1:
            yield f"the bundle has place {ledger['sequence']} in the chain and names none before it"
        return
    if previous["sequence"] != ledger["sequence"] - 1:
        yield f"place {ledger['sequence']} in the chain does not follow place {previous['sequence']}"
    beside = directory.resolve().parent / previous["run"]
    if (beside / layout.SUMS).is_file() and sums_digest(beside) != previous["digest"]:
        yield f"the bundle before, {previous['run']}, is another than the one that this bundle names"
