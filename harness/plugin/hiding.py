"""No secret leaves a scenario by way of pytest: reports, captured logs and what workers print pass the run's secrets.

Workers hand the secrets that they have met over to the process that leads the run, on reports and in memory only.
"""

from __future__ import annotations

import sys
from collections.abc import Generator
from typing import Any, TextIO, cast

import pytest

from harness.evidence.hiding_stream import HidingStream
from harness.plugin.context import SESSION
from harness.ports import Secrets
from harness.run.handing_over import KEY, SECRETS
from harness.run.records import PROPERTY
from harness.settings import secrets_in_settings
from harness.suite import ScenarioText

STREAM = pytest.StashKey[HidingStream]()
HANDED_OVER = pytest.StashKey[set[str]]()


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Know what the settings hold; in a worker, commit as the run does and let nothing through to the terminal."""
    session = config.stash[SESSION]
    for secret in secrets_in_settings(session.settings):
        session.factory.secrets.protect(secret)
    config.stash[HANDED_OVER] = set()
    told = getattr(config, "workerinput", {})
    if KEY in told:
        session.factory.secrets.commit_with(told[KEY])
    if told:
        config.stash[STREAM] = HidingStream(sys.stderr, lambda text: session.factory.secrets.hide(text))
        sys.stderr = cast(TextIO, config.stash[STREAM])


def pytest_unconfigure(config: pytest.Config) -> None:
    """Say the rest."""
    if stream := config.stash.get(STREAM, None):
        stream.finish()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Take secrets out of a report, and put those that are new onto it, for `Tally` to take off again."""
    report = yield
    session = item.config.stash[SESSION]
    hide_report(report, session.factory.secrets)
    known, handed = session.factory.secrets.known, item.config.stash[HANDED_OVER]
    if new := known - handed:
        setattr(report, SECRETS, sorted(new))
        handed |= new
    return report


def overlook_quoted(scenario: ScenarioText, secrets: Secrets) -> None:
    """What stands in quotes in a sentence is public, also where it goes out as a (wrong) secret."""
    for step in scenario.steps:
        if '"' in step:
            secrets.overlook(step)


def hide_report(report: pytest.TestReport, secrets: Secrets) -> None:
    """Take secrets out of everything that a report says: failure, its traceback, captured output and logs."""
    told: Any = report.longrepr
    if isinstance(told, tuple):
        report.longrepr = (told[0], told[1], secrets.hide(told[2]))
    elif told is not None and (hidden := secrets.hide(str(told))) != str(told):
        report.longrepr = hidden
    report.sections = [(name, secrets.hide(text)) for name, text in report.sections]
    report.user_properties[:] = [
        (name, secrets.hide(value) if isinstance(value, str) and name != PROPERTY else value)
        for name, value in report.user_properties
    ]  # records have no secrets by the time they are put there
