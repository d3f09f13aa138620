"""The page in a browser, opened from disk: what it asks for, how it fits a screen and a sheet, who can read it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
A4_PX = 718
"""Width of what is printed on A4 with the usual margins, in CSS pixels."""

pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason="there is no chromium on this machine (apt-get install chromium)"),
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


def opened(browser: Browser, bundle: Path, width: int, **options: Any) -> tuple[Page, list[str]]:
    """The page at this width, and everything it asked for or complained about."""
    page = browser.new_context(viewport={"width": width, "height": 900}, **options).new_page()
    noticed: list[str] = []
    address = (bundle / "index.html").resolve().as_uri()
    page.on("request", lambda one: noticed.append(one.url) if one.url != address else None)
    page.on("console", lambda one: noticed.append(one.text))
    page.on("pageerror", lambda one: noticed.append(str(one)))
    page.goto(address)
    return page, noticed


@pytest.mark.parametrize("width", [1280, 390])
def test_it_asks_for_nothing_and_fits(browser: Browser, bundle: Path, width: int) -> None:
    page, noticed = opened(browser, bundle, width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert noticed == []
    assert "SIMULATED" in page.inner_text("body")


def test_no_column_is_cut_off_in_print(browser: Browser, bundle: Path) -> None:
    page, _ = opened(browser, bundle, A4_PX)
    page.emulate_media(media="print")
    outside = page.evaluate(
        """width => [...document.querySelectorAll('table, td, th, li, p, svg, pre')]
            .filter(one => one.getBoundingClientRect().right > width + 1).map(one => one.outerHTML.slice(0, 120))""",
        A4_PX,
    )
    assert outside == []
    cut = page.evaluate(
        """() => [...document.querySelectorAll('svg text')].filter(one => one.getBoundingClientRect().right >
            one.ownerSVGElement.getBoundingClientRect().right + 1).map(one => one.textContent)"""
    )
    assert cut == []
    assert page.pdf(format="A4").startswith(b"%PDF")


@pytest.mark.parametrize("width", [1280, 390])
def test_nobody_is_kept_from_reading_it(browser: Browser, bundle: Path, width: int) -> None:
    page, _ = opened(browser, bundle, width, bypass_csp=True)
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in ("serious", "critical")] == []
