"""The committed sample: it holds, and its verdicts follow from its recordings with the network off."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from harness.backends.clocks import RealClock
from harness.evidence.account import read_account
from harness.evidence.verify import Standing, Trust
from harness.model.verdict import Outcome
from harness.run.verification import ALL, verify
from tests.evidence.sample import PLACE, REQUIREMENTS, TRUSTED


@pytest.fixture
def sample() -> Path:
    (bundle,) = (one for one in PLACE.iterdir() if one.is_dir())
    return bundle


def test_every_line_is_valid_without_a_socket(sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    found = verify(sample, Trust(keys=((PLACE / TRUSTED).read_bytes(),)), RealClock())
    assert [(one.line, one.standing, one.details) for one in found.verdicts] == [
        (line, Standing.VALID, ()) for line in ALL
    ]


def test_it_shows_planted_failures_and_what_became_of_them(sample: Path) -> None:
    account = read_account(sample)
    assert account.run.simulated
    assert set(account.requirements) == set(REQUIREMENTS)
    outcomes = {one.outcome for one in account.result.requirements}
    assert outcomes == {Outcome.MET, Outcome.NOT_MET, Outcome.WAIVED, Outcome.NOT_TESTED}
    assert {one.state for one in account.result.waivers} == {"in force", "expired"}
