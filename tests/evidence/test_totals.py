"""One run, one set of sums: on the terminal, in the texts, in the page, in the statement that is signed, everywhere."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from pathlib import Path

import pytest
from typer.testing import CliRunner

from harness.cli import app
from harness.evidence.account import Account, read_account
from harness.fake.mutants import broken
from harness.model import layout
from harness.model.verdict import Outcome
from tests.evidence.bundle.keys import new_key

REQUIREMENTS = ("EAR-020", "EAR-056", "EAR-062")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Account]:
    """What a run that fails says on the terminal, and the bundle that it leaves."""
    place = tmp_path_factory.mktemp("totals")
    (place / "key.pem").write_text(new_key("ed25519"))
    words = ["run", *(word for one in REQUIREMENTS for word in ("--req", one)), "--reports", str(place / "reports")]
    with broken("approval-is-noticed-late"):
        found = CliRunner().invoke(app, words, env={"CMKPROOF_EVIDENCE__KEY": f"file:{place / 'key.pem'}"})
    assert found.exit_code == 1
    return found.stdout, read_account(Path(found.stdout.strip().splitlines()[-1].removeprefix("reports ")))


def counted(account: Account, which: str) -> dict[str, int]:
    sums = account.totals.requirements if which == "requirements" else account.totals.scenarios
    return {outcome.value: number for outcome, number in sums.items()}


def test_the_terminal(told: tuple[str, Account]) -> None:
    text, account = told
    line = next(one for one in text.splitlines() if re.match(r"\d+ requirements, \d+ scenarios: ", one))
    assert {name: int(number) for number, name in re.findall(r"(\d+) ([A-Z_]{3,})", line)} == counted(
        account, "requirements"
    )
    assert line.startswith(f"{len(account.requirements)} requirements, {account.totals.selected} scenarios")


def test_the_readme(told: tuple[str, Account]) -> None:
    _, account = told
    text = (account.directory / layout.README).read_text(encoding="utf-8")
    for which, heading in (("requirements", "Requirements:"), ("scenarios", "Scenarios:")):
        listed = re.findall(r"(\d+) ([A-Z_]{3,})", re.split(r"\.\n", text[text.index(heading) :])[0])
        assert {name: int(number) for number, name in listed} == counted(account, which)


def test_the_signed_statement(told: tuple[str, Account]) -> None:
    _, account = told
    envelope = json.loads((account.directory / layout.ATTESTATION).read_text(encoding="utf-8"))
    predicate = json.loads(b64decode(envelope["payload"]))["predicate"]
    assert predicate["requirements"] == counted(account, "requirements")
    assert predicate["scenarios"] == counted(account, "scenarios")
    assert predicate["population"]["known"] == account.totals.known


def test_oscal_is_satisfied_by_nothing_simulated(told: tuple[str, Account]) -> None:
    _, account = told
    found = json.loads((account.directory / "oscal/assessment-results.json").read_text(encoding="utf-8"))
    text = json.dumps(found["assessment-results"])
    outcomes = re.findall(r'"name": "outcome"[^}]*?"value": "([A-Z_]+)"', text)
    assert set(outcomes) == {one for one, number in counted(account, "scenarios").items() if number} | {
        one for one, number in counted(account, "requirements").items() if number
    }
    assert '"state": "satisfied"' not in text


def test_some_of_it_failed_and_some_was_not_tested(told: tuple[str, Account]) -> None:
    _, account = told
    assert all(account.totals.requirements[one] for one in (Outcome.MET, Outcome.NOT_MET, Outcome.NOT_TESTED))
