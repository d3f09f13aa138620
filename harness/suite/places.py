"""Where the suite is: inside the installed package, or beside it in a checkout."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from harness.errors import UsageError

PACKAGE = Path(__file__).resolve().parent.parent


def import_root() -> Path:
    """The directory that holds `features` and `steps`."""
    installed = PACKAGE / "_suite"
    return installed if installed.is_dir() else PACKAGE.parent


def features_directory(named: str = "") -> Path:
    """The directory of the features: the named one, or the suite's own.

    Raises:
        UsageError: it does not exist.
    """
    directory = Path(named).resolve() if named else import_root() / "features"
    if directory.is_dir():
        return directory
    raise UsageError(
        f"there is no feature directory {named or 'features'}",
        advice="Name an existing one with --features or in cmkproof.toml, or leave it out to use those of cmkproof.",
    )


def step_modules() -> tuple[str, ...]:
    """Names of the modules with step definitions, importable from here on."""
    root = str(import_root())
    if root not in sys.path:
        sys.path.insert(0, root)
    modules: tuple[str, ...] = importlib.import_module("steps").MODULES
    return modules
