"""A bundle with failures to make pages of, and an account as large as a full run."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from harness.evidence.account import Account, read_account
from harness.evidence.forms.population import State
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
    """As if every scenario known had been performed and were MET."""
    replace, row = msgspec.structs.replace, account.rows[0]
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
        )
        for one in known
    ]
    population = replace(account.population, scenarios=known, executed=len(known), not_run=0, deselected=0)
    return Account(account.directory, account.run, account.result, population, rows, account.faults)
