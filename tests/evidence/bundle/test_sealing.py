"""Closing a bundle: every scenario accounted for, the same bytes for the same run, a place in the chain for each."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest

from harness.backends.clocks import RealClock
from harness.errors import EvidenceError
from harness.evidence.account import document_of, read_account
from harness.evidence.bundle import chain
from harness.evidence.forms import Ledger, Population
from harness.evidence.forms.population import State
from harness.evidence.verify import Standing, completeness
from harness.evidence.verify.integrity import incomplete
from harness.model import layout
from harness.model.verdict import Outcome
from harness.run.audit import audit
from harness.run.engine import NOBODY, Request, Result, Watcher, execute
from harness.run.exit_codes import ExitCode
from harness.run.records import Record
from harness.run.sealing import sealing
from harness.run.sealing.population import Unaccounted, population_of
from harness.run.sealing.sealing import mark, reason_of, seal
from harness.settings import Settings
from tests.evidence.bundle.conftest import Closed

PRIMARY_BUT_FOR_TIMES = ("exchanges", "history", "population.json", "faults.jsonl", "spec")


@pytest.fixture
def performed(tmp_path: Path, features: Path) -> Result:
    return perform(tmp_path / "reports", features)


def perform(reports: Path, features: Path, **asked: object) -> Result:
    settings = Settings(reports=str(reports), features=str(features))
    return execute(Request(settings, **{"requirements": ("EAR-062",), **asked}), RealClock())  # type: ignore[arg-type]


def test_every_scenario_known_is_accounted_for(performed: Result) -> None:
    found = population_of(performed)
    states = {one.state for one in found.scenarios}
    assert states == {State.EXECUTED, State.DESELECTED}
    assert found.known == len(performed.suite.scenarios) == found.selected + found.deselected
    assert all(one.reason == "not among --req EAR-062" for one in found.scenarios if one.state is State.DESELECTED)


def test_a_scenario_that_vanished_keeps_the_bundle_open(performed: Result) -> None:
    first, *others = performed.records
    spoilt = replace(performed, records={one: performed.records[one] for one in others})
    with pytest.raises(Unaccounted, match="selected, and the run knows nothing of it"):
        seal(spoilt, RealClock())
    assert first.split("::")[1] in incomplete(performed.directory) or incomplete(performed.directory)
    assert reason_of(performed.directory) == "CMK504"


def test_a_scenario_from_nowhere_keeps_the_bundle_open(performed: Result) -> None:
    (record, *_) = performed.records.values()
    with pytest.raises(Unaccounted, match="no feature file has"):
        seal(replace(performed, records={**performed.records, "x.feature::y": record}), RealClock())


def stop(_: Record) -> None:
    """Somebody presses Ctrl-C."""
    raise KeyboardInterrupt


def test_a_run_that_ended_early_says_what_it_did_not_reach(tmp_path: Path, features: Path) -> None:
    settings = Settings(reports=str(tmp_path), features=str(features))
    result = execute(Request(settings, ("EAR-062",)), RealClock(), Watcher(performed=stop))
    seal(result, RealClock())
    account = read_account(result.directory)
    assert (account.totals.executed, account.totals.not_run) == (1, 1)
    assert account.totals.scenarios[Outcome.NOT_TESTED] == 1
    assert completeness(result.directory).standing is Standing.VALID


def test_a_feature_file_that_nobody_can_read_is_no_complete_bundle(tmp_path: Path, features: Path) -> None:
    broken = tmp_path / "features" / "private_endpoints"
    broken.mkdir(parents=True)
    (broken / "deletion.feature").write_bytes((features / "private_endpoints" / "deletion.feature").read_bytes())
    (broken / "broken.feature").write_text("nonsense\n")
    result = perform(tmp_path / "reports", broken.parent)
    seal(result, RealClock())
    assert document_of(result.directory, layout.POPULATION, Population).unreadable
    assert completeness(result.directory).standing is Standing.INVALID


def digests(bundle: Path) -> dict[str, str]:
    return {
        path.relative_to(bundle).as_posix(): sha256(path.read_bytes().replace(bundle.name.encode(), b"RUN")).hexdigest()
        for path in sorted(bundle.rglob("*"))
        if path.is_file() and path.relative_to(bundle).as_posix().startswith(PRIMARY_BUT_FOR_TIMES)
    }


def test_the_same_run_gives_the_same_bytes(tmp_path: Path, features: Path) -> None:
    bundles = []
    for name in ("one", "other"):
        result = perform(tmp_path / name, features)
        seal(result, RealClock())
        bundles.append(digests(result.directory))
    assert bundles[0] == bundles[1]
    assert len(bundles[0]) > 5


def test_bundles_that_are_closed_at_once_each_get_a_place(tmp_path: Path, features: Path) -> None:
    results = [perform(tmp_path, features) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        closed = list(pool.map(lambda one: seal(one, RealClock()), results))
    assert sorted(one.sequence for one in closed) == [1, 2, 3, 4]
    places = sorted(
        (document_of(one.directory, layout.LEDGER, Ledger) for one in results), key=lambda one: one.sequence
    )
    listed = chain.entries(tmp_path)
    assert [one.previous for one in places[1:]] == listed[:-1]


def test_a_bundle_that_a_crash_kept_out_of_the_ledger_is_entered_later(bundle: Closed) -> None:
    reports = bundle.directory.parent
    ledger = reports / chain.FILE
    lines = ledger.read_bytes().splitlines(keepends=True)
    ledger.write_bytes(lines[0] + lines[1][:10])  # the last line was cut short
    with chain.next_place(reports, bundle.directory.name) as place:
        assert (place.sequence, place.previous and place.previous.run) == (3, bundle.directory.name)
    assert [one.sequence for one in chain.entries(reports)][:2] == [1, 2]


def test_a_ledger_that_makes_no_sense_is_not_written_over(performed: Result) -> None:
    ledger = performed.directory.parent / chain.FILE
    ledger.write_text("nonsense\n")
    with pytest.raises(EvidenceError, match="cannot be understood"):
        seal(performed, RealClock())
    assert ledger.read_text() == "nonsense\n"
    assert reason_of(performed.directory) == "CMK507"


def test_what_cannot_be_written_keeps_the_bundle_open(performed: Result) -> None:
    (performed.directory / layout.POPULATION).mkdir()
    with pytest.raises(EvidenceError, match="could not be written"):
        seal(performed, RealClock())
    assert incomplete(performed.directory)


def test_a_defect_in_a_report_costs_the_bundle_and_not_the_result(
    tmp_path: Path, features: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> None:
        raise KeyError("a key that nobody knows")

    monkeypatch.setattr(sealing, "write_derived", fail)
    settings = Settings(reports=str(tmp_path), features=str(features))
    done = audit(Request(settings, ("EAR-062",)), RealClock(), NOBODY)
    assert (done.sealed, done.result.exit_code) == (None, ExitCode.EVIDENCE)
    assert {one.outcome for one in done.result.outcomes} == {Outcome.MET}
    assert "KeyError" in done.trouble
    assert reason_of(done.result.directory) == "CMK513"


def test_what_changed_since_the_run_before_is_listed(tmp_path: Path, features: Path) -> None:
    settings = Settings(reports=str(tmp_path), features=str(features))
    runs = []
    for seed in (1, 1, 2):
        result = execute(Request(msgspec.structs.replace(settings, seed=seed), ("EAR-062",)), RealClock())
        seal(result, RealClock())
        runs.append(read_account(result.directory).run)
    assert [one.before for one in runs] == ["", runs[0].id, runs[1].id]
    assert [[change.what for change in one.changes] for one in runs] == [[], [], ["settings"]]


def test_every_record_of_a_simulated_run_says_so(bundle: Closed) -> None:
    for name in (layout.RUN, layout.POPULATION, layout.MANIFEST):
        assert json.loads((bundle.directory / name).read_text())["simulated"] is True
    for name in (layout.ROWS, layout.FAULTS):
        lines = (bundle.directory / name).read_text().splitlines()
        assert all(json.loads(line)["simulated"] is True for line in lines)
    assert "SIMULATED" in (bundle.directory / layout.README).read_text()


def test_the_mark_tells_why(tmp_path: Path) -> None:
    mark(tmp_path, "CMK999 for a reason")
    assert "CMK999 for a reason" in (tmp_path / layout.INCOMPLETE).read_text()
    assert reason_of(tmp_path) == "CMK999"
