"""`cmkproof export` and `cmkproof report`: where files go, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from harness.cli import app
from harness.evidence.verify import Standing, integrity
from tests.evidence.sealing import sealed_bundle


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sealed_bundle(tmp_path_factory.mktemp("x") / "reports", "EAR-062")


def cmkproof(*arguments: object) -> Result:
    return CliRunner().invoke(app, list(map(str, arguments)), catch_exceptions=False)


@pytest.mark.parametrize("kind", ["oscal", "csv", "jsonl", "junit", "sarif", "allure", "cucumber", "xlsx"])
def test_every_format_goes_where_it_is_told(bundle: Path, tmp_path: Path, kind: str) -> None:
    target = tmp_path / "made" / kind
    assert cmkproof("export", kind, bundle, "--to", target).exit_code == 0
    assert (any(target.iterdir()) if target.is_dir() else target.stat().st_size) > 0


def test_without_a_place_a_report_is_named_by_its_run(
    bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cmkproof("report", bundle).exit_code == 0
    assert [one.name for one in tmp_path.iterdir()] == [f"{bundle.name}.html"]
    assert (tmp_path / f"{bundle.name}.html").read_bytes() == (bundle / "index.html").read_bytes()


@pytest.mark.parametrize("words", [("report", "--html"), ("report", "--xlsx"), ("export", "csv", "--to")])
def test_nothing_is_written_into_a_bundle(bundle: Path, words: tuple[str, ...]) -> None:
    found = cmkproof(*words[:-1], bundle, words[-1], bundle / "x")
    assert (found.exit_code, "inside the bundle" in found.stderr) == (2, True)
    assert integrity(bundle).standing is Standing.VALID


def test_a_directory_without_a_run_is_refused_with_a_sentence(tmp_path: Path) -> None:
    found = cmkproof("report", tmp_path)
    assert (found.exit_code, "CMK503" in found.stderr) == (6, True)
