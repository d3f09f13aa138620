"""A small bundle that is closed, signed, and has one before it; nobody may change it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from harness.backends.clocks import RealClock
from harness.evidence.bundle.signing import KeyOnHand
from harness.evidence.verify import Standing, Trust, authenticity, completeness, integrity
from harness.run.engine import Request, execute
from harness.run.sealing.sealing import Vouching, seal
from harness.settings import Settings
from harness.suite import features_directory
from tests.evidence.bundle.keys import new_key


@dataclass(frozen=True, slots=True)
class Closed:
    """A bundle, and the public key that vouches for it."""

    directory: Path
    trust: Trust

    def in_order(self) -> bool:
        """Whether every line but REPLAY, which needs seconds, is valid."""
        return not self.complaints()

    def complaints(self) -> list[str]:
        """What the lines say that are not valid."""
        found = [integrity(self.directory), authenticity(self.directory, self.trust), completeness(self.directory)]
        return [f"{one.line.value}: {one.sentence}" for one in found if one.standing is not Standing.VALID]


@pytest.fixture(scope="session")
def features(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One of cmkproof's own feature files, so that bundles are small."""
    copy = tmp_path_factory.mktemp("few") / "features" / "private_endpoints"
    copy.mkdir(parents=True)
    shutil.copy(features_directory() / "private_endpoints" / "deletion.feature", copy)
    return copy.parent


@pytest.fixture(scope="session")
def pem() -> str:
    """A private key made for these tests."""
    return new_key("ed25519")


@pytest.fixture(scope="session")
def pair(tmp_path_factory: pytest.TempPathFactory, features: Path, pem: str) -> Closed:
    """The second of two bundles in a directory of reports."""
    reports = tmp_path_factory.mktemp("reports")
    signer = KeyOnHand.from_pem(pem, "test")
    settings = Settings(reports=str(reports), features=str(features))
    for _ in range(2):
        result = execute(Request(settings, ("EAR-062",)), RealClock())
        closed = seal(result, RealClock(), Vouching(signer))
    return Closed(closed.directory, Trust(keys=(signer.public_key(),)))


@pytest.fixture
def bundle(pair: Closed, tmp_path: Path) -> Closed:
    """A copy of the second bundle, with the first one beside it, to do with as one likes."""
    reports = tmp_path / "reports"
    shutil.copytree(pair.directory.parent, reports)
    return Closed(reports / pair.directory.name, pair.trust)
