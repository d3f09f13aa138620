"""What docs/signing.md tells people to type makes keys that sign, and fingerprints that fit."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from harness.evidence.bundle.signing import KeyOnHand, fingerprint
from harness.run.sealing.vouching import signer_for
from harness.settings import Settings

PAGE = (Path(__file__).parents[3] / "docs" / "signing.md").read_text(encoding="utf-8")


def block(beginning: str) -> str:
    """The one block of shell that begins like this."""
    (found,) = (one for one in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) if one.startswith(beginning))
    return str(found)


@pytest.mark.skipif(not shutil.which("openssl"), reason="there is no openssl on this machine")
def test_the_commands_of_the_page_make_a_key_and_its_fingerprint(tmp_path: Path) -> None:
    commands = block("openssl genpkey") + block("openssl pkey -pubin")
    done = subprocess.run(["/bin/sh", "-ec", commands], cwd=tmp_path, check=True, capture_output=True, text=True)  # noqa: S603
    signer = signer_for(f"file:{tmp_path / 'signing.pem'}", "test", Settings())
    assert isinstance(signer, KeyOnHand)
    assert done.stdout.split()[0] == fingerprint(signer.public_key())
    assert signer.public_key() == (tmp_path / "signer.pub").read_bytes()
