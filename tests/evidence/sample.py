"""Makes the sample bundle in `reports/sample/`: a run on a fake that is broken on purpose, closed and signed.

Run it with `python -m tests.evidence.sample` whenever features, steps or the format of bundles change. The private key
is made for the occasion and thrown away; the public key stands beside the bundle.
"""

from __future__ import annotations

import shutil
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from harness import catalog
from harness.backends.clocks import VirtualClock
from harness.catalog.waivers import read_waivers
from harness.evidence.bundle import chain
from harness.evidence.bundle.signing import KeyOnHand
from harness.fake.mutants import broken
from harness.run.engine import NOBODY, Request, execute
from harness.run.options import CHOICES, load_settings
from harness.run.sealing.sealing import Vouching, seal
from harness.suite import Known, features_directory, read_suite
from tests.evidence.bundle.keys import new_key

PLACE = Path(__file__).parents[2] / "reports" / "sample"
TRUSTED = "signer.pub"
MUTANTS = ("approval-is-noticed-late", "connection-is-not-named")
REQUIREMENTS = ("EAR-020", "EAR-050", "EAR-054", "EAR-056", "EAR-062", "EAR-067", "AKV-003", "AKV-015")
STARTED = 1_795_000_000.0
"""Unix seconds of the day on the wall on which the sample was made up."""
WAIVERS = """\
[[waiver]]
id = "W-1"
requirement = "EAR-056"
scope = "fake"
owner = "Ada Okafor"
approver = "Jun Sato"
reason = "Approval is noticed a minute late; the vendor works on it."
ticket = "SEC-142"
expires = 2027-03-31

[[waiver]]
id = "W-2"
requirement = "EAR-054"
scope = "fake"
owner = "Ada Okafor"
approver = "Jun Sato"
reason = "The connection is looked up in the portal until its name is shown."
ticket = "SEC-120"
expires = 2026-10-31
"""


def main() -> None:
    shutil.rmtree(PLACE, ignore_errors=True)
    PLACE.mkdir(parents=True)
    (PLACE / "waivers.toml").write_text(WAIVERS, encoding="utf-8")
    requirements = catalog.load()
    scenarios = read_suite(features_directory(), Known(requirements, CHOICES)).scenarios
    waivers = read_waivers(PLACE / "waivers.toml", requirements, scenarios)
    settings = load_settings({"reports": str(PLACE)}, environment={}, directory=PLACE)
    signer = KeyOnHand.from_pem(new_key("ed25519"), "the sample")
    clock = VirtualClock(STARTED)
    with ExitStack() as breaking:
        for one in MUTANTS:
            breaking.enter_context(broken(one))
        result = execute(replace(Request(settings, REQUIREMENTS), waivers=waivers), clock, NOBODY)
    seal(result, clock, Vouching(signer))
    (PLACE / TRUSTED).write_bytes(signer.public_key())
    (PLACE / chain.LOCK).unlink(missing_ok=True)


if __name__ == "__main__":
    main()
