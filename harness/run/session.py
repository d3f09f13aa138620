"""One session of pytest as the harness holds it: which plugins, which options, and where it says what it has to say."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from harness.errors import EvidenceError
from harness.evidence.hiding_stream import HidingStream
from harness.ports import Secrets

INI = Path(__file__).with_name("pytest.ini")
PLUGINS = ("pytest_bdd.plugin", "harness.plugin")
"""What every session needs; plugins that happen to be installed beside cmkproof stay out of it."""


def arguments(features: Path, plugins: Iterable[str] = ()) -> Iterator[str]:
    """Options for a session over a directory of features, with these plugins beside those that every session needs."""
    yield str(features)
    yield from ("-c", str(INI), f"--rootdir={features.parent}", f"--confcutdir={features.parent}")
    yield from ("--capture=no", "--disable-plugin-autoload", "--tb=short", "--no-header")
    for plugin in (*plugins, *PLUGINS):
        yield from ("-p", plugin)


def perform(
    options: Sequence[str], plugins: Sequence[object], log: Path, secrets: Secrets | None = None
) -> int | pytest.ExitCode:
    """Hold the session; what pytest says goes into a file, without secrets.

    Raises:
        EvidenceError: the file cannot be written.
    """
    with _everything_said_goes_to(log, secrets), _nobody_else_has_a_say():
        return pytest.main([*options], plugins=plugins)


@contextmanager
def _everything_said_goes_to(log: Path, secrets: Secrets | None) -> Iterator[None]:
    hide = secrets.hide if secrets else str
    try:
        with (
            log.open("w", encoding="utf-8") as file,
            HidingStream(file, hide) as hiding,
            redirect_stdout(hiding),
            redirect_stderr(hiding),
        ):
            yield
        said = log.read_text(encoding="utf-8")
        if secrets and (hidden := secrets.hide_all(said)) != said:  # it turned out to be secret after it was said
            log.write_text(hidden, encoding="utf-8")
    except OSError as error:
        raise EvidenceError(f"{log.name} could not be written: {error}") from error


@contextmanager
def _nobody_else_has_a_say() -> Iterator[None]:
    """Variables that would add options or plugins to pytest, and so change an audit unseen, are out of force."""
    kept = {name: os.environ.pop(name) for name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS") if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(kept)
