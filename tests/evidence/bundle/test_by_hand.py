"""What `HOW-TO-VERIFY.txt` says, done as it says it: with a shell, sha256sum and openssl, and nothing of ours."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from harness.evidence.account import read_account
from harness.evidence.bundle.signing import KeyOnHand
from harness.evidence.bundle.texts import HOW_TO_VERIFY
from harness.model import layout
from harness.run.sealing.sealing import Vouching, vouch
from tests.evidence.bundle.conftest import Closed
from tests.evidence.bundle.keys import new_key

pytestmark = pytest.mark.skipif(not shutil.which("openssl"), reason="there is no openssl on this machine")
LINES_MAX = 30


def by_hand(bundle: Path, key: Path | None) -> tuple[int, Mapping[str, str]]:
    """Exit code, and the standing of each line, of exactly that text."""
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C"} | ({"KEY": str(key)} if key else {})
    done = subprocess.run(  # noqa: S603 - the text that is tested
        ["/bin/sh", layout.HOW_TO_VERIFY], cwd=bundle, env=environment, capture_output=True, text=True, check=False
    )
    lines = (line.split(maxsplit=1) for line in done.stdout.splitlines())
    return done.returncode, {line[0]: line[1] for line in lines}


@pytest.fixture
def key(bundle: Closed, tmp_path: Path) -> Path:
    """The public key, got by another way than the bundle."""
    path = tmp_path / "trusted.pub"
    path.write_bytes(bundle.trust.keys[0])
    return path


def test_the_text_is_short() -> None:
    assert len(HOW_TO_VERIFY.splitlines()) < LINES_MAX
    assert not any("cmkproof" in line for line in HOW_TO_VERIFY.splitlines() if not line.startswith("#"))


def test_a_bundle_in_order_is_valid(bundle: Closed, key: Path) -> None:
    assert by_hand(bundle.directory, key) == (
        0,
        {"INTEGRITY": "VALID", "AUTHENTICITY": "VALID", "COMPLETENESS": "VALID"},
    )


def test_without_a_key_nobody_knows_who_vouches(bundle: Closed) -> None:
    code, lines = by_hand(bundle.directory, None)
    assert code
    assert lines["AUTHENTICITY"].startswith("NOT CHECKED")


def test_a_key_on_the_curve_p256_works_as_well(bundle: Closed, tmp_path: Path) -> None:
    signer = KeyOnHand.from_pem(new_key("p256"), "test")
    vouch(read_account(bundle.directory), (bundle.directory / layout.SUMS).read_bytes(), Vouching(signer))
    trusted = tmp_path / "p256.pub"
    trusted.write_bytes(signer.public_key())
    assert by_hand(bundle.directory, trusted)[0] == 0


def drop_a_line(directory: Path) -> None:
    rows = directory / layout.ROWS
    rows.write_text("".join(rows.read_text().splitlines(keepends=True)[1:]))


@pytest.mark.parametrize(
    ("alter", "line"),
    [
        (lambda one: (one / "run.json").write_text("{}"), "INTEGRITY"),
        (lambda one: (one / "run.json").unlink(), "INTEGRITY"),
        (lambda one: (one / "extra").touch(), "INTEGRITY"),
        (lambda one: (one / ".extra").touch(), "INTEGRITY"),
        (lambda one: (one / layout.INCOMPLETE).touch(), "INTEGRITY"),
        (lambda one: (one / layout.SUMS).write_text(""), "INTEGRITY"),
        (lambda one: (one / layout.SUMS).write_text((one / layout.SUMS).read_text() + "\n"), "AUTHENTICITY"),
        (lambda one: (one / layout.SIGNATURE).unlink(), "AUTHENTICITY"),
        (lambda one: (one / layout.SIGNATURE).write_bytes(bytes(64)), "AUTHENTICITY"),
        (drop_a_line, "COMPLETENESS"),
        (lambda one: next((one / "exchanges").iterdir()).unlink(), "COMPLETENESS"),
    ],
)
def test_what_was_altered_shows(bundle: Closed, key: Path, alter: Callable[[Path], object], line: str) -> None:
    alter(bundle.directory)
    code, lines = by_hand(bundle.directory, key)
    assert code
    assert lines[line] == "INVALID"


def test_another_key_than_the_trusted_one_shows(bundle: Closed, tmp_path: Path) -> None:
    other = tmp_path / "other.pub"
    other.write_bytes(KeyOnHand.from_pem(new_key("ed25519"), "test").public_key())
    assert by_hand(bundle.directory, other)[1]["AUTHENTICITY"] == "INVALID"
