"""The ledger: what is known does not fail until its day, and nothing that people wrote is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from harness.errors import ConfigError
from harness.fake.mutants import broken
from harness.run.parity import Parity, RecordedRun
from harness.run.parity.ledger import append, read_ledger, standing
from tests.parity.performing import compared, perform

TODAY = date(2026, 12, 1)


@pytest.fixture(scope="module")
def diverging(sound: RecordedRun, tmp_path_factory: pytest.TempPathFactory) -> Parity:
    """A comparison with a few differences."""
    with broken("endpoint-without-private-networking"):
        return compared(sound, perform(tmp_path_factory.mktemp("diverging"), ("EAR-050",)))


@pytest.fixture
def ledger(diverging: Parity, tmp_path: Path) -> Path:
    """A ledger in which somebody has taken everything on, with a remark of theirs at the top."""
    path = tmp_path / "divergences.toml"
    path.write_text("# ours\n")
    append(path, diverging.findings, TODAY)
    path.write_text(path.read_text().replace('owner = ""', 'owner = "platform"'))
    return path


def test_what_is_known_and_has_an_owner_does_not_fail(diverging: Parity, ledger: Path) -> None:
    """On the last day too."""
    entries = read_ledger(ledger)
    last_day = max(entry.expires for entry in entries)
    found = standing(diverging, entries, last_day)

    assert found.open == ()
    assert len(found.known) == len(diverging.findings) > 1
    assert found.stale == ()


def test_what_has_expired_fails(diverging: Parity, ledger: Path) -> None:
    """The day after its last."""
    found = standing(diverging, read_ledger(ledger), date(2027, 3, 2))

    assert len(found.open) == len(diverging.findings)
    assert {why for _, why in found.open} == {"it expired on 2027-03-01"}


def test_what_has_no_owner_fails(diverging: Parity, ledger: Path) -> None:
    """As it stands after --write-ledger."""
    ledger.write_text(ledger.read_text().replace('"platform"', '" "', 1))
    found = standing(diverging, read_ledger(ledger), TODAY)

    assert [why for _, why in found.open] == ["it has no owner"]


def test_what_no_longer_occurs_is_stale_only_where_its_scenario_was_compared(sound: RecordedRun, ledger: Path) -> None:
    """Otherwise nobody knows."""
    healed = compared(sound, sound)
    entries = read_ledger(ledger)

    assert standing(healed, entries, TODAY).stale == tuple(entries)
    ledger.write_text(ledger.read_text().replace('scenario = "', 'scenario = "gone/'))
    assert standing(healed, read_ledger(ledger), TODAY).stale == ()


def test_appending_keeps_what_stands_there_and_adds_nothing_twice(diverging: Parity, ledger: Path) -> None:
    """Remarks, order and entries that are not ours to touch."""
    before = ledger.read_text() + '[[divergence]]\nfingerprint = "feed"\nexpires = 2030-01-01 # a remark'
    kept = before.replace(diverging.findings[0].fingerprint, "f" * 16)
    ledger.write_text(kept)

    assert append(ledger, diverging.findings, TODAY) == 1
    assert ledger.read_text().startswith(kept + "\n")
    assert append(ledger, diverging.findings, TODAY) == 0
    added = read_ledger(ledger)[-1]
    said = diverging.findings[0].difference
    assert (added.fingerprint, added.owner, added.first_seen) == (said.fingerprint, "", TODAY)
    assert (added.scenario, added.fake, added.live) == (said.scenario, said.fake, said.live)


def test_a_fingerprint_is_the_same_in_the_next_run_and_under_another_seed(diverging: Parity, tmp_path: Path) -> None:
    """It holds no id and no time."""
    fake = perform(tmp_path / "fake", ("EAR-050",), seed=99)
    with broken("endpoint-without-private-networking"):
        again = compared(fake, perform(tmp_path / "live", ("EAR-050",), seed=99))

    assert {one.fingerprint for one in again.findings} == {one.fingerprint for one in diverging.findings}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[divergence]\n", "this is not TOML"),
        ('[[divergence]]\nfingerprint = "a"\n', "a: Object missing required field `expires`"),
        ('[[divergence]]\nfingerprint = "a"\nexpires = "soon"\n', "a: "),
        ('[[divergence]]\nfingerprint = "a"\nexpires = 2030-01-01\nowned = "x"\n', "unknown field `owned`"),
        ('[[divergence]]\nfingerprint = "a"\nexpires = 2030-01-01\n' * 2, "stands here twice"),
        ("divergence = 3\n", "entries are [[divergence]]"),
        ("[known]\n", "unknown key 'known'"),
    ],
)
def test_a_ledger_that_means_nothing_is_refused(text: str, said: str, tmp_path: Path) -> None:
    """With the place and what is wrong."""
    path = tmp_path / "divergences.toml"
    path.write_text(text)
    with pytest.raises(ConfigError) as refused:
        read_ledger(path)

    assert said in refused.value.message
    assert "divergences.toml" in refused.value.message


def test_texts_survive_the_way_through_the_file(diverging: Parity, tmp_path: Path) -> None:
    """Quotes, line ends and characters of all kinds."""
    awkward = 'say "no"\\ \n\t\x7f\x01 → é 😀'
    path = tmp_path / "divergences.toml"
    append(path, [replace(diverging.findings[0], documented=awkward)], TODAY)

    assert read_ledger(path)[0].documented == awkward
