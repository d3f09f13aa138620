"""A bundle with failures to make pages of, and an account as large as a full run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from harness import catalog
from harness.catalog import controls
from harness.catalog.coverage import by_requirement, coverage
from harness.evidence.account import Account, read_account
from harness.evidence.forms import (
    AnsweredControl,
    AssessedControl,
    AssessedFramework,
    FindingForm,
    Known,
    ResultDocument,
    State,
)
from harness.evidence.histories import file_stem
from harness.model.verdict import Outcome
from tests.evidence.sealing import sealed_bundle

MUTANTS = ("approval-is-noticed-late", "connection-is-not-named")
REQUIREMENTS = ("EAR-020", "EAR-054", "EAR-056", "EAR-062", "EAR-067")


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Closed; some of it failed, some of it was not tested."""
    return sealed_bundle(tmp_path_factory.mktemp("page") / "reports", *REQUIREMENTS, mutants=MUTANTS)


@pytest.fixture(scope="session")
def account(bundle: Path) -> Account:
    return read_account(bundle)


@pytest.fixture(scope="session")
def whole(account: Account) -> Account:
    """As if every scenario known had been performed and were MET, with all requirements and controls."""
    replace, row = msgspec.structs.replace, next(one for one in account.rows if one.exchanges)
    known = [replace(one, state=State.EXECUTED, reason="") for one in account.population.scenarios]
    rows = [
        replace(
            row,
            number=one.number,
            scenario=one.id,
            title=one.title,
            requirements=one.requirements,
            outcome=Outcome.MET,
            reason="",
            findings=[],
            exchanges=f"exchanges/{file_stem(one.id)}.jsonl",
        )
        for one in known
    ]
    population = replace(
        account.population, scenarios=known, selected=len(known), executed=len(known), not_run=0, deselected=0
    )
    return Account(account.directory, account.run, _everything(account.result, known), population, rows, account.faults)


def _everything(result: ResultDocument, known: Sequence[Known]) -> ResultDocument:
    replace, requirements = msgspec.structs.replace, catalog.load()
    frameworks = controls.load(requirements)
    answers = by_requirement(frameworks.values())
    some = result.requirements[0]
    scenario = next(one for requirement in result.requirements for one in requirement.scenarios)
    return replace(
        result,
        requirements=[
            replace(
                some,
                id=one.id,
                statement=one.statement,
                outcome=Outcome.MET,
                scenarios=[
                    replace(scenario, id=each.id, outcome=Outcome.MET) for each in known if one.id in each.requirements
                ],
                controls=[
                    AnsweredControl(
                        framework=each.framework.id, control=each.control.id, strength=each.link.strength.value
                    )
                    for each in answers.get(one.id, ())
                ],
            )
            for one in requirements.values()
        ],
        frameworks=[
            AssessedFramework(
                id=one.id,
                title=one.title,
                edition=one.edition,
                controls=[
                    AssessedControl(
                        id=each.id,
                        title=each.title,
                        kind=each.kind.value,
                        coverage=coverage(each, requirements).value,
                        outcome=Outcome.MET,
                        reason="",
                        evidence="design",
                    )
                    for each in one.controls
                ],
            )
            for one in frameworks.values()
        ],
    )


@pytest.fixture(scope="session")
def ruined(whole: Account) -> Account:
    """The same, and nothing of it held, each time for a reason of its own."""
    replace = msgspec.structs.replace
    finding = FindingForm(claim="a claim " * 30, judgement="broken", expected="this " * 50, observed="that " * 200)
    rows = [
        replace(one, outcome=Outcome.NOT_MET, reason=f"endpoint {one.number} names nobody", findings=[finding])
        for one in whole.rows
    ]
    requirements = [
        replace(
            one,
            outcome=Outcome.NOT_MET,
            scenarios=[replace(each, outcome=Outcome.NOT_MET) for each in one.scenarios],
        )
        for one in whole.result.requirements
    ]
    frameworks = [
        replace(one, controls=[replace(each, outcome=Outcome.NOT_MET) for each in one.controls])
        for one in whole.result.frameworks
    ]
    result = replace(whole.result, requirements=requirements, frameworks=frameworks)
    return Account(whole.directory, whole.run, result, whole.population, rows, whole.faults)
