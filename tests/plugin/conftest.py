"""Runs of made-up features with made-up sentences, in a directory of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from harness.backends.clocks import VirtualClock
from harness.run.engine import Request, Result, execute
from harness.run.options import load_settings

SENTENCES = """
import os, signal
import pytest
from pytest_bdd import given, when, then, parsers
from harness.errors import Undecided, Unsupported

@given("an act that succeeds")
def act(scene):
    scene.journal.act("operator", "does", "something", lambda: None)

@when("time passes")
def time_passes(scene):
    scene.backend.clock.sleep(60)

@when("it cannot be done here")
def unsupported(scene):
    raise Unsupported("this backend has no moon")

@when("the step skips")
def skips(scene):
    pytest.skip("no reason to go on")

@when("nobody knows")
def undecided(scene):
    raise Undecided("the sky was cloudy")

@when("the step has a defect")
def defect(scene):
    raise KeyError("oops")

@when("somebody interrupts")
def interrupted():
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a run in the background ignores it
    os.kill(os.getpid(), signal.SIGINT)

@then("it was accepted")
def accepted(scene):
    scene.expect("accepted", "the request is accepted")

@then(parsers.parse("it was accepted {times} times"))
def accepted_often(scene, times):
    scene.expect("accepted", f"the request is accepted {times} times")

@then("it was refused")
def refused(scene):
    scene.expect("refused", "the request is refused")

@then("nobody notices that it was not refused")
def unnoticed(scene):
    scene.journal.claim("refused", "the request is refused")

@then("it is asserted to be wrong")
def asserted(scene):
    assert scene is None, "this is wrong"

@then("nothing is claimed")
def nothing(scene):
    pass

@then("the judge has a defect")
def crash(scene):
    scene.journal.claim("there_is_no_such_judge", "something")
"""

Audit = Callable[..., Result]


@pytest.fixture
def audit(tmp_path: Path) -> Audit:
    """Performs features given as file name to text, and returns the result."""

    def perform(files: Mapping[str, str], *, flags: Mapping[str, Any] | None = None, **asked: Any) -> Result:
        (tmp_path / "conftest.py").write_text(SENTENCES)
        for name, text in files.items():
            path = tmp_path / "features" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        base = {"features": str(tmp_path / "features"), "reports": str(tmp_path / "reports")}
        settings = load_settings(base | dict(flags or {}), environment={}, directory=tmp_path)
        return execute(Request(settings, **asked), VirtualClock(1_800_000_000.0))

    return perform


def feature(*scenarios: str, tags: str = "@active @req:EAR-062") -> str:
    """A feature; each scenario is given by its steps, one a line, and is named after its number."""
    lines = [tags, "Feature: A promise"]
    for number, steps in enumerate(scenarios, 1):
        lines += [f"  Scenario: Case {number}", *(f"    {line.strip()}" for line in steps.strip().splitlines())]
    return "\n".join(lines) + "\n"
