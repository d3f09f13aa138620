"""Bundles made for tests: narrowed runs on the fake, whole or broken on purpose."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from harness.backends.clocks import VirtualClock
from harness.evidence.bundle.signing import KeyOnHand
from harness.fake.mutants import broken
from harness.run.engine import Request, execute
from harness.run.options import load_settings
from harness.run.sealing.sealing import Vouching, seal
from tests.evidence.bundle.keys import new_key


def sealed_bundle(reports: Path, *requirements: str, mutants: tuple[str, ...] = ()) -> Path:
    """The closed bundle of a run of these requirements."""
    settings = load_settings({"reports": str(reports)}, environment={}, directory=reports.parent)
    with ExitStack() as breaking:
        for one in mutants:
            breaking.enter_context(broken(one))
        result = execute(Request(settings, requirements), VirtualClock(1_800_000_000.0))
    signer = KeyOnHand.from_pem(new_key("ed25519"), "test")
    return seal(result, VirtualClock(1_800_000_100.0), Vouching(signer)).directory
