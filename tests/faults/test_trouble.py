"""Trouble with the harness itself while something is broken: a full disk, a directory that is read only, no network,
somebody else at work. Each has its documented outcome, and nothing stays broken that a recovery does not undo.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from harness.backends.live.connecting import wired
from harness.backends.live.holding import held
from harness.backends.live.workshop import workshop_of
from harness.errors import EvidenceError, ForeignChange, LeftChanged, Stopped
from harness.faults import lines
from harness.faults.ledger import FILE, read_only
from harness.model.resource import KeyVersion
from harness.ports import KeyService
from harness.run.exit_codes import for_error
from harness.run.options import load_settings
from harness.run.recover import recover, recover_from_cloud
from tests.faults.crashing import Boundaries, NoWatchdog, break_and_undo
from tests.faults.standing import Standing

PROFILE = {"profile": "staging"}


@pytest.fixture(autouse=True)
def whole(standing: Standing) -> Any:
    """Whatever happens, nothing stays broken."""
    yield
    standing.behind.call("DELETE", "/faults")
    assert standing.changed() == {}


def break_here(standing: Standing, directory: Path, between: Callable[[], None] = lambda: None) -> None:
    directory.mkdir(exist_ok=True)
    break_and_undo(standing.breakage("F-08", directory), Boundaries(-1, NoWatchdog()), between)


def undone_later(directory: Path) -> list[str | None]:
    """What recover does about it, and then nothing more."""
    settings = load_settings(PROFILE, directory=directory)
    outcomes = [one.outcome for one in recover(directory, settings).done]
    assert recover(directory, settings).done == ()
    return list(outcomes)


LINES = ("opened", "plan", "fault", "armed", "applied", "observed", "undone")


@pytest.mark.parametrize("number", range(len(LINES)), ids=LINES)
@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EROFS], ids=["full", "read-only"])
def test_a_disk_that_takes_no_more_lines_breaks_nothing_for_long(
    tmp_path: Path,
    standing: Standing,
    changes: list[str],
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    error: int,
) -> None:
    """Before the fault stands in the ledger nothing is touched; afterwards it is undone, and exit 6 says the rest."""
    write, written = lines._write_through, []

    def full(path: Path, encoded: bytes, size: int) -> None:
        if len(written) >= number:
            raise OSError(error, os.strerror(error))
        written.append(encoded)
        write(path, encoded, size)

    changes.clear()
    with monkeypatch.context() as patch:
        patch.setattr(lines, "_write_through", full)
        with pytest.raises(EvidenceError, match="cannot be written") as caught:
            break_here(standing, tmp_path)
    assert int(for_error(caught.value)) == 6
    assert bool(changes) is (number > LINES.index("fault"))
    assert standing.changed().keys() <= {"groups"}  # a tag may be left, which recover takes off
    if number > LINES.index("fault"):
        assert undone_later(tmp_path) == ["restored"]


def test_the_safety_lever_ends_it_and_everything_is_undone(
    tmp_path: Path, standing: Standing, monkeypatch: pytest.MonkeyPatch
) -> None:
    lever, write = tmp_path / "stop", lines._write_through

    def pulled_after_the_fault_was_seen(path: Path, encoded: bytes, size: int) -> None:
        write(path, encoded, size)
        if b'"kind":"observed"' in encoded:
            lever.touch()

    monkeypatch.setenv("CMKPROOF_SAFETY__LEVER", str(lever))
    monkeypatch.setattr(lines, "_write_through", pulled_after_the_fault_was_seen)
    with pytest.raises(Stopped, match="the safety lever is on") as caught:
        break_here(standing, tmp_path)
    assert int(for_error(caught.value)) == 3
    assert read_only(tmp_path / FILE).unresolved == []


def test_a_directory_that_cannot_be_written_lets_no_run_begin(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EvidenceError, match="cannot be written"), held(tmp_path / "file"):
        pytest.fail("it was held")


def test_without_a_network_the_undo_waits_and_recover_does_it(tmp_path: Path, standing: Standing) -> None:
    cut = {"kind": "reset", "path": "/keys/", "times": None}
    with pytest.raises(LeftChanged, match="could not be undone"):
        break_here(standing, tmp_path, lambda: standing.behind.call("PUT", "/faults", [cut]))
    (left,) = read_only(tmp_path / FILE).unresolved
    with pytest.raises(LeftChanged, match="could not be undone") as caught:
        recover(tmp_path, load_settings(PROFILE, directory=tmp_path))
    assert int(for_error(caught.value)) == 4
    assert "By hand: Run `az keyvault key set-attributes" in caught.value.message
    assert left.about is not None
    assert left.about.image["version"] in caught.value.message
    standing.behind.call("DELETE", "/faults")
    assert undone_later(tmp_path) == ["restored"]


@pytest.mark.parametrize(("way", "later_s"), [("ledger", 1), ("cloud", 2)])
def test_what_somebody_else_has_changed_is_shown_and_left_and_accepted_only_on_demand(
    tmp_path: Path, standing: Standing, way: str, later_s: int
) -> None:
    """Exit 4 until it is as it was, or somebody says that it is wanted as it is."""
    settings = load_settings(PROFILE, directory=tmp_path)

    def again(**how: bool) -> Any:
        return recover(tmp_path, settings, **how) if way == "ledger" else recover_from_cloud(settings, **how)

    with pytest.raises(ForeignChange, match="not_before"):
        break_here(standing, tmp_path, lambda: somebody_changes_the_key(later_s))
    for _ in range(2):
        with pytest.raises(ForeignChange, match=r"not_before was .* and is") as caught:
            again()
        assert int(for_error(caught.value)) == 4
    assert [one.outcome for one in again(accept_foreign=True).done] == ["foreign"]
    assert again().done == ()
    _, (key, *_) = standing.changed()["keys"]
    assert key["enabled"] is False  # as it was found: nothing of it was overwritten
    enable_again()


def somebody_changes_the_key(later_s: int) -> None:
    """Another person lets the key begin a little later, which does no harm."""
    with the_key() as (keys, version):
        assert version.created is not None
        begins = version.created + timedelta(seconds=later_s)
        keys.set_key_validity("atlas-cmk", version.version, not_before=begins, expires=None)


def enable_again() -> None:
    """That person also enables it."""
    with the_key() as (keys, version):
        keys.set_key_enabled("atlas-cmk", version.version, enabled=True)


@contextmanager
def the_key() -> Iterator[tuple[KeyService, KeyVersion]]:
    settings = load_settings(PROFILE)
    with wired(settings, reads_only=False) as (wiring, _):
        workshop = workshop_of(wiring, settings.azure.vault)
        yield workshop.keys, workshop.keys.key("atlas-cmk")
        workshop.close()
