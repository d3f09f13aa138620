"""A run on the fake, and the same as if it had been seen on a real system."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from harness.evidence.account import Account, read_account
from tests.evidence.sealing import sealed_bundle


@pytest.fixture(scope="package")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Account:
    """A narrowed run on the fake: one requirement met, others broken on purpose, one that nothing can test."""
    reports = tmp_path_factory.mktemp("oscal") / "reports"
    chosen = ("EAR-054", "EAR-055", "EAR-090", "EAR-047", "AKV-001")
    return read_account(sealed_bundle(reports, *chosen, mutants=("connection-is-not-named",)))


@pytest.fixture(scope="package")
def real(simulated: Account) -> Account:
    """The same as if it had been seen on a real system."""
    run = msgspec.structs.replace(simulated.run, simulated=False, assurance="observed", profile="observe")
    seen = [msgspec.structs.replace(one, assurance="observed") for one in simulated.result.requirements]
    rows = [msgspec.structs.replace(one, assurance="observed", simulated=False) for one in simulated.rows]
    result = msgspec.structs.replace(simulated.result, requirements=seen)
    return replace(simulated, run=run, result=result, rows=rows)
