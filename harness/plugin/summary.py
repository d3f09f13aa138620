"""What a plain run of pytest says at its end about scenarios and their requirements."""

from __future__ import annotations

from collections import Counter

import pytest

from harness.model.verdict import Outcome
from harness.plugin.context import SESSION
from harness.run.prove.trials import Trials
from harness.run.tally import Tally
from harness.run.waiving import Use
from harness.suite import read_suite

TALLY = pytest.StashKey[Tally]()


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Count, unless a command does it already or this is one of its workers."""
    led = any(isinstance(plugin, Tally | Trials) for plugin in config.pluginmanager.get_plugins())
    if not led and not hasattr(config, "workerinput"):
        session = config.stash[SESSION]
        config.stash[TALLY] = Tally(lambda: read_suite(session.features, session.known).scenarios, lambda _: None)
        config.pluginmanager.register(config.stash[TALLY], "cmkproof-tally")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """A line for each requirement that is not MET, one for each waiver about what was performed, and the totals."""
    tally = config.stash.get(TALLY, None)
    if tally is None or not tally.records:
        return
    session = config.stash[SESSION]
    outcomes = [session.waiving.applied(one) for one in tally.outcomes(session.requirements.values())]
    tested = [one for one in outcomes if one.records]
    counts = Counter(one.outcome for one in tested)
    totals = ", ".join(f"{counts[outcome]} {outcome.value}" for outcome in Outcome if counts[outcome])
    terminalreporter.section("requirements")
    for one in tested:
        if one.outcome is not Outcome.MET:
            terminalreporter.line(f"{one.requirement.id} {one.outcome.value}: {one.reason}")
    for waiver in session.waiving.waivers:
        use = session.waiving.use_of(waiver, tested)
        if use not in (Use.ELSEWHERE, Use.NOT_ASKED):
            terminalreporter.line(session.waiving.told(waiver, use))
    terminalreporter.line(f"{totals} ({session.factory.assurance.value})")
