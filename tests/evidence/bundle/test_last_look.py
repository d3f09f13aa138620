"""No bundle is closed over a byte that was not searched, whoever searched, and whatever was altered meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
import rfc8785

from harness.backends.clocks import RealClock
from harness.errors import EvidenceError
from harness.evidence.account import Account, document_of
from harness.evidence.bundle import chain
from harness.evidence.bundle.sums import canonical, manifest_of, with_file
from harness.evidence.companion import Companion
from harness.evidence.forms import Manifest
from harness.evidence.scan import Leak, Searched
from harness.evidence.verify.integrity import incomplete
from harness.model import layout
from harness.run.engine import Request, Result, execute
from harness.run.sealing import sealing, searching
from harness.run.sealing.sealing import reason_of, seal
from harness.settings import Settings

SECRET = "0123456789abcdef0123456789abcdefcafe"


@pytest.fixture
def performed(tmp_path: Path, features: Path) -> Result:
    settings = Settings(reports=str(tmp_path / "reports"), features=str(features))
    result = execute(Request(settings, ("EAR-062",)), RealClock())
    return replace(result, secrets=result.secrets | {SECRET})


@pytest.fixture(params=["here", "beside"])
def place(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Where the search takes place."""
    monkeypatch.setattr(searching, "MANY", 0 if request.param == "beside" else 1_000_000)
    return str(request.param)


def a_history(result: Result) -> Path:
    return next(iter(sorted((result.directory / "history").iterdir())))


def while_reports_are_made(do: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> None:
    write = sealing.write_derived

    def write_and_do(account: Account) -> None:
        write(account)
        do()

    monkeypatch.setattr(sealing, "write_derived", write_and_do)


def refused(result: Result) -> None:
    with pytest.raises(Leak, match=r"history/.*raw"):
        seal(result, RealClock())
    assert reason_of(result.directory) == "CMK502"
    assert SECRET not in incomplete(result.directory)
    assert not (result.directory / layout.SUMS).exists()
    assert not (result.directory.parent / chain.FILE).exists()


@pytest.mark.usefixtures("place")
def test_a_run_without_a_leak_is_closed_and_every_file_is_listed(performed: Result) -> None:
    seal(performed, RealClock())
    listed = document_of(performed.directory, layout.MANIFEST, Manifest)
    again = manifest_of(performed.directory, listed.run, simulated=listed.simulated)
    assert again == listed
    assert layout.LEDGER in {one.path for one in listed.files}


@pytest.mark.usefixtures("place")
def test_a_secret_that_another_scenario_met_is_found_in_what_was_written_before(performed: Result) -> None:
    attachment = next((performed.directory / "allure-results").glob("*-attachment.txt"))
    attachment.write_text(SECRET)
    with pytest.raises(Leak, match=r"allure-results/.*raw"):
        seal(performed, RealClock())


@pytest.mark.usefixtures("place")
def test_a_file_that_is_altered_while_reports_are_made_is_searched_as_it_is_sealed(
    performed: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    history = a_history(performed)
    while_reports_are_made(lambda: history.write_bytes(history.read_bytes() + SECRET.encode()), monkeypatch)
    refused(performed)


def test_a_file_that_is_altered_after_the_companion_has_searched_it_is_searched_again(
    performed: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "MANY", 0)
    history, searched = a_history(performed), Companion.searched

    def searched_before(companion: Companion) -> Searched:
        done = searched(companion)
        name = history.relative_to(performed.directory).as_posix()
        return Searched({**done.digests, name: "of what it was"}, set())

    while_reports_are_made(lambda: history.write_bytes(history.read_bytes() + SECRET.encode()), monkeypatch)
    monkeypatch.setattr(Companion, "searched", searched_before)
    refused(performed)


def test_a_companion_that_dies_costs_time_and_nothing_else(performed: Result, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "MANY", 0)
    monkeypatch.setattr(Companion, "searched", lambda _: Searched())
    history = a_history(performed)
    clean = history.read_bytes()
    while_reports_are_made(lambda: history.write_bytes(clean + SECRET.encode()), monkeypatch)
    refused(performed)
    monkeypatch.undo()
    history.write_bytes(clean)
    assert seal(performed, RealClock()).sequence == 1


def test_a_file_that_never_stays_the_same_keeps_the_bundle_open(
    performed: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    search = searching.search

    def something_writes(directory: Path, names: list[str], detector: searching.Detector) -> Searched:
        history = a_history(performed)
        history.write_bytes(history.read_bytes() + b"\n")
        return search(directory, names, detector)

    monkeypatch.setattr(searching, "search", something_writes)
    with pytest.raises(EvidenceError, match="changed while its bundle was being closed"):
        seal(performed, RealClock())
    assert incomplete(performed.directory)


def test_the_manifest_is_in_canonical_form(tmp_path: Path) -> None:
    for name in ("b", 'a "quoted" \\ name', "ä €\U0001f511", "z/del\x7f"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    manifest = manifest_of(tmp_path, "a run", simulated=True)
    assert canonical(manifest) == rfc8785.dumps(msgspec.to_builtins(manifest)) + b"\n"


def test_a_file_more_stands_where_it_would_have_stood(tmp_path: Path) -> None:
    for name in ("a", "c"):
        (tmp_path / name).write_text(name)
    before = manifest_of(tmp_path, "a run", simulated=True)
    (tmp_path / "b").write_text("b")
    added = with_file(before, tmp_path, "b")
    assert added == manifest_of(tmp_path, "a run", simulated=True)
    (tmp_path / "b").write_text("another")
    assert with_file(added, tmp_path, "b") == manifest_of(tmp_path, "a run", simulated=True) != added
