"""`cmkproof laws`: what a run says about every law, how it was conducted, and what never occurred in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from harness.cli.terminal import Output, TableFormat, explained, print_json, while_somebody_reads

if TYPE_CHECKING:
    from harness.checkers.laws import Ruling
    from harness.evidence.account import Account
    from harness.run.conduct import Never


@explained
def laws(
    run_directory: Annotated[Path, typer.Argument(metavar="BUNDLE", help="Directory of a run, or an archive of one.")],
    output: Output = TableFormat.TEXT,
) -> None:
    """Say in how many scenarios of a run each law held, and judge how the run itself was conducted.

    A law without an occasion proves nothing and is named. Exit code 1: a law is broken.
    """
    from harness.evidence.account import read_account
    from harness.evidence.bundle.archive import opened
    from harness.model.verdict import Judgement
    from harness.run.conduct import conduct, never

    with opened(run_directory) as bundle:
        account = read_account(bundle)
        rulings, left = conduct(account), never(account)
    with while_somebody_reads():
        if output is TableFormat.JSON:
            print_json(_document(account, rulings, left))
        else:
            typer.echo("\n".join([*_of_histories(account), *_of_conduct(rulings), *_left(left)]))
    if any(one.broken for one in account.result.laws) or any(one.judgement is Judgement.BROKEN for one in rulings):
        raise typer.Exit(1)


def _of_histories(account: Account) -> Iterator[str]:
    yield "LAWS OF HISTORIES (scenarios)"
    if not account.result.laws:
        yield "  the run is of a version that did not count them"
    for one in account.result.laws:
        undecided = f", undecided in {one.undecided}" if one.undecided else ""
        broken = f", BROKEN in {one.broken}" if one.broken else ""
        yield f"  {_number(one.invariant)} {one.name}: held in {one.held}{undecided}{broken}"


def _of_conduct(rulings: Sequence[Ruling]) -> Iterator[str]:
    yield "LAWS OF CONDUCT (occasions)"
    for one in rulings:
        said = "no occasion" if one.vacuous else f"{one.judgement.value.upper()}, {one.cases}"
        yield f"  {_number(one.law.number)} {one.law.name}: {said}"
        for finding in one.findings:
            yield f"       {finding.claim}: expected {finding.expected}; observed {finding.observed}"


def _left(left: Never) -> Iterator[str]:
    yield "NEVER OCCURRED"
    for kind, named in _kinds(left).items():
        yield f"  {kind}: {'; '.join(named) or 'nothing is missing'}"


def _kinds(left: Never) -> dict[str, Sequence[str]]:
    return {
        "statuses": left.statuses,
        "refusals": left.refusals,
        "recoveries": left.recoveries,
        "occasions of laws": left.laws,
    }


def _number(number: int | None) -> str:
    return f"{number:>2}" if number is not None else " -"


def _document(account: Account, rulings: Sequence[Ruling], left: Never) -> dict[str, Any]:
    from dataclasses import asdict

    from msgspec import to_builtins

    return {
        "run": account.run.id,
        "simulated": account.run.simulated,
        "histories": to_builtins(account.result.laws),
        "conduct": [
            {
                "name": one.law.name,
                "invariant": one.law.number,
                "sentence": one.law.sentence,
                "source": one.law.source,
                "judgement": one.judgement.value,
                "cases": one.cases,
                "findings": [
                    {"claim": it.claim, "expected": it.expected, "observed": it.observed} for it in one.findings
                ],
            }
            for one in rulings
        ],
        "never": asdict(left),
    }
