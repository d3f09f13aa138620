"""Which program ran, and what started it."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import harness
from harness.errors import EvidenceError
from harness.evidence.account import document_of
from harness.evidence.bundle import chain
from harness.evidence.forms import Origin, RunForm, Tool
from harness.model import layout
from harness.suite import import_root

PIPELINES = (
    (
        "GITHUB_ACTIONS",
        "GitHub Actions",
        ("GITHUB_REPOSITORY", "GITHUB_WORKFLOW", "GITHUB_RUN_ID", "GITHUB_RUN_ATTEMPT"),
    ),
    ("TF_BUILD", "Azure Pipelines", ("BUILD_REPOSITORY_NAME", "BUILD_DEFINITIONNAME", "BUILD_BUILDID")),
    ("GITLAB_CI", "GitLab CI", ("CI_PROJECT_PATH", "CI_PIPELINE_ID", "CI_JOB_ID")),
    ("JENKINS_URL", "Jenkins", ("JOB_NAME", "BUILD_NUMBER")),
    ("KUBERNETES_SERVICE_HOST", "Kubernetes", ("HOSTNAME",)),
)
"""Variable by which a pipeline is known, its name, and the variables that identify the job."""
GIT_TIMEOUT_S = 10.0


def origin_of(environment: Mapping[str, str] | None = None) -> Origin:
    """What started the run, as the environment shows it."""
    environment = os.environ if environment is None else environment
    for variable, name, reference in PIPELINES:
        if environment.get(variable):
            return Origin(trigger=name, reference="/".join(filter(None, map(environment.get, reference))))
    if environment.get("CI"):
        return Origin(trigger="a pipeline", reference="")
    return Origin(trigger="command line", reference="")


def tool() -> Tool:
    """This program: version, commit where it runs from a checkout, and every package that it rests on."""
    commit, modified = _checkout(import_root())
    return Tool(
        name="cmkproof",
        version=harness.__version__,
        commit=commit,
        modified=modified,
        python=platform.python_version(),
        dependencies=_dependencies(),
    )


def run_before(reports: Path) -> RunForm | None:
    """What the bundle that was closed last in a directory of reports says about its run, if it is still there.

    Raises:
        BrokenChain: the ledger of that directory cannot be read.
    """
    listed = chain.entries(reports)
    try:
        return document_of(reports / listed[-1].run, layout.RUN, RunForm) if listed else None
    except EvidenceError:
        return None


def _dependencies() -> dict[str, str]:
    found: dict[str, str] = {}
    open_names = _required("cmkproof")
    while open_names:
        name = open_names.pop()
        if name not in found:
            try:
                found[name] = version(name)
            except PackageNotFoundError:
                continue  # of an extra, or for another system
            open_names |= _required(name)
    return dict(sorted(found.items()))


def _required(name: str) -> set[str]:
    try:
        listed = requires(name) or []
    except PackageNotFoundError:
        return set()
    plain = (one for one in listed if "extra ==" not in one)
    return {_name_in(one) for one in plain}


def _name_in(requirement: str) -> str:
    end = next((at for at, sign in enumerate(requirement) if not (sign.isalnum() or sign in "-_.")), len(requirement))
    return requirement[:end].lower().replace("_", "-")


def _checkout(root: Path) -> tuple[str, bool]:
    """Commit and whether anything is changed; empty where git knows nothing of the directory."""
    if not (root / ".git").exists():
        return "", False
    commit = _git(root, "rev-parse", "HEAD")
    return commit, bool(_git(root, "status", "--porcelain"))


def _git(root: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - fixed words
            ["git", "-C", str(root), *arguments],  # noqa: S607 - the git that the user has
            capture_output=True,
            text=True,
            timeout=GIT_TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
