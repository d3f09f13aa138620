"""Secrets are planted wherever a scenario can put them, in every encoding; none reaches a file or a terminal."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from harness.evidence.scan import scan
from harness.model import layout
from harness.run.sealing.sealing import reason_of

CANARIES = {
    "service account": "mdb_sa_canary_VZq3wW0n7Yt-5uK_pR2s",
    "api key": "5c1f7a9e-canary-4d2b-8e60-0b9d3f6a2c71",
    "client secret": 'q8Q~ca"na/ry+Zt:7&kP%xWv0 é<>lm\\n9_eB',
    "token": "eyJcanary.QkZ2b0x1cEFzc3dvcmQ5.n0t-a-signature_77",
    "proxy": "p%40ss-canary-w0rd",
}
HERE = Path(__file__).parent
RUN = """
import sys
from harness.cli import main
sys.argv = ["cmkproof", "run", *sys.argv[1:]]
main()
"""


def spellings(secret: str) -> Iterator[bytes]:
    raw = secret.encode()
    yield from (raw, quote(secret, safe="").encode(), json.dumps(secret)[1:-1].encode(), raw.hex().encode())
    yield json.dumps(secret, ensure_ascii=False)[1:-1].encode()
    for lead in range(3):
        encoded = base64.b64encode(bytes(lead) + raw)
        yield encoded[(lead * 8 + 5) // 6 : (lead + len(raw)) * 8 // 6]


def leaks(content: bytes) -> list[str]:
    return [name for name, secret in CANARIES.items() if any(form in content for form in spellings(secret))]


def audit(home: Path, workers: int, feature: str) -> tuple[Path, subprocess.CompletedProcess[bytes]]:
    (home / "features" / "one").mkdir(parents=True)
    (home / "conftest.py").write_text((HERE / "canary_steps.py").read_text(encoding="utf-8"), encoding="utf-8")
    (home / "canaries.json").write_text(json.dumps(CANARIES), encoding="utf-8")
    (home / "features" / "one" / "case.feature").write_text(feature, encoding="utf-8")
    options = ["--features", "features", "--reports", "reports", "--workers", str(workers), "-o", "json"]
    proxy = f"http://someone:{CANARIES['proxy']}@proxy.example:3128"
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", RUN, *options],
        cwd=home,
        capture_output=True,
        check=False,
        env={**os.environ, "CMKPROOF_NETWORK__PROXY": proxy, "PYTHONPATH": str(HERE.parents[1])},
    )
    (directory,) = (one for one in (home / "reports").iterdir() if one.is_dir())
    return directory, done


@pytest.fixture(scope="module", params=[1, 2])
def planted(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, subprocess.CompletedProcess[bytes]]:
    feature = (HERE / "canary_feature.txt").read_text(encoding="utf-8")
    return audit(tmp_path_factory.mktemp("planted"), request.param, feature)


def test_every_scenario_was_performed_and_left_its_evidence(planted) -> None:
    directory, done = planted
    result = json.loads(done.stdout)
    scenarios = [one for requirement in result["requirements"] for one in requirement["scenarios"]]
    outcomes = {one["id"].partition("::")[2]: one["outcome"] for one in scenarios}
    assert outcomes == {
        "Over the wire": "MET",
        "By an assertion": "NOT_MET",
        "By a chain of errors": "INCONCLUSIVE",
        "By an error of ours": "INCONCLUSIVE",
        "By a reason": "INCONCLUSIVE",
    }, done.stderr
    assert len(list((directory / "exchanges").iterdir())) == 5
    assert len(list((directory / "allure-results").glob("*-result.json"))) == 5
    everything = b"".join(path.read_bytes() for path in directory.rglob("*") if path.is_file())
    assert everything.count(b"[redacted]") > 500


def test_no_canary_reaches_a_byte_of_the_runs_directory(planted) -> None:
    directory, _ = planted
    assert (directory / layout.SUMS).exists()
    found = {path.name: leaks(path.read_bytes()) for path in directory.rglob("*") if path.is_file()}
    assert {name: names for name, names in found.items() if names} == {}
    assert scan(directory, CANARIES.values()) == ()


def test_no_canary_reaches_the_terminal(planted) -> None:
    _, done = planted
    assert (leaks(done.stdout), leaks(done.stderr)) == ([], [])


def test_a_leak_that_is_put_in_on_purpose_is_found(tmp_path: Path) -> None:
    feature = "@active @req:EAR-062\nFeature: One\n  Scenario: Leaky\n    Then a leak is put in on purpose\n"
    directory, done = audit(tmp_path, 1, feature)
    assert (done.returncode, reason_of(directory)) == (6, "CMK502")
    assert [name for path in directory.rglob("*") if path.is_file() for name in leaks(path.read_bytes())] == ["token"]
    (found,) = scan(directory, CANARIES.values())
    assert (found.file, found.what) == ("history/leak.txt", "a known secret (raw)")
    assert CANARIES["token"] not in str(found)
    assert leaks(done.stdout + done.stderr) == []
